"""Views, copies and rearrangements: every element goes back to where it came from."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule


def _move(op: str, formula: str, vjp: str, *notes: str) -> Rule:
    """Return the rule of an op whose elements are elements of ``self``."""
    return rule(op, formula, {"self": vjp}, Structure.PERMUTATION, "definition", notes=notes)


def _pick(op: str, function: str) -> Rule:
    """Return the rule of a rearrangement that only its positions describe."""
    formula, places = function.format("self"), function.format("positions(self)")
    return _move(op, formula, f"put_back(G, {places}, self)")


VIEWS: Final = (
    _move("view", "reshape(self, size)", "reshape_like(G, self)"),
    _move("_unsafe_view", "reshape(self, size)", "reshape_like(G, self)"),
    _move("_reshape_alias", "reshape(self, size)", "reshape_like(G, self)"),
    _move("squeeze", "squeeze(self)", "reshape_like(G, self)"),
    _move("squeeze.dim", "squeeze(self, dim)", "reshape_like(G, self)"),
    _move("squeeze.dims", "squeeze(self, dim)", "reshape_like(G, self)"),
    _move("unsqueeze", "unsqueeze(self, dim)", "reshape_like(G, self)"),
    _move("t", "matrix_T(self)", "matrix_T(G)"),
    _move("transpose", "swap(self, dim0, dim1)", "swap(G, dim0, dim1)"),
    _move("permute", "permute(self, dims)", "permute_back(G, dims)"),
    rule("expand", "expand(self, size)", {"self": "G"}, Structure.SUM, "definition"),
    _pick("select", "select({}, dim, index)"),
    _pick("slice", "slice({}, dim, start, end, step)"),
    _pick("narrow", "narrow({}, dim, start, length)"),
    _pick("as_strided", "strided({}, layout_of_self, size, stride, storage_offset)"),
    _move(
        "diagonal",
        "diagonal(self, offset, dim1, dim2)",
        "put_back(G, diagonal(positions(self), offset, dim1, dim2), self)",
    ),
    _pick("unfold", "windows({}, dimension, size, step)"),
    rule(
        "unfold_backward",
        "windows_placed(grad_in, input_sizes, dim, size, step)",
        {"grad_in": "windows(G, dim, size, step)"},
        Structure.SUM,
        "definition",
    ),
    _move("split", "split(self, split_size, dim)", "cat(Gs, dim)"),
    _move("unsafe_split", "split(self, split_size, dim)", "cat(Gs, dim)"),
    _move("split_with_sizes", "split_sizes(self, split_sizes, dim)", "cat(Gs, dim)"),
    _move("unsafe_split_with_sizes", "split_sizes(self, split_sizes, dim)", "cat(Gs, dim)"),
    _move("unbind", "unbind(self, dim)", "stack(Gs, dim)"),
)

COPIES: Final = (
    _move("alias", "self", "G"),
    _move("clone", "self", "G"),
    _move("contiguous", "self", "G"),
    _move("lift", "self", "G"),
    _move("lift_fresh", "self", "G"),
    rule("detach", "self", {}, Structure.ZERO, "definition"),
    _move("_to_copy", "cast(self, dtype)", "G"),
    rule(
        "copy",
        "cast_like(expand_like(src, self), self)",
        {"self": "zeros(self)", "src": "G"},
        {"self": Structure.ZERO, "src": Structure.PERMUTATION},
        "definition",
    ),
    rule(
        "fill",
        "cast_like(expand_like(value, self), self)",
        {"self": "zeros(self)", "value": "G"},
        {"self": Structure.ZERO, "value": Structure.SUM},
        "definition",
    ),
    rule("zero", "zeros(self)", {"self": "zeros(self)"}, Structure.ZERO, "definition"),
    rule(
        "where",
        "where(condition, self, other)",
        {"self": "where(condition, G, 0)", "other": "where(condition, 0, G)"},
        Structure.DIAGONAL,
        "definition",
    ),
)

JOINED: Final = (
    rule(
        "cat",
        "cat(tensors, dim)",
        {"tensors": "cut_like(G, tensors, dim)"},
        Structure.PERMUTATION,
        "definition",
    ),
    rule(
        "stack",
        "stack(tensors, dim)",
        {"tensors": "unbind(G, dim)"},
        Structure.PERMUTATION,
        "definition",
    ),
    rule(
        "block_diag",
        "block_diagonal(tensors)",
        {"tensors": "blocks_of(G, tensors)"},
        Structure.PERMUTATION,
        "definition",
    ),
)

REARRANGED: Final = (
    _pick("repeat", "repeat({}, repeats)"),
    _pick("roll", "roll({}, shifts, dims)"),
    _move("flip", "flip(self, dims)", "flip(G, dims)"),
    _move("rot90", "quarter_turn(self, k, dims)", "quarter_turn(G, -k, dims)"),
    _move("tril", "tril(self, diagonal)", "tril(G, diagonal)"),
    _move("triu", "triu(self, diagonal)", "triu(G, diagonal)"),
    _move(
        "diag_embed",
        "diagonal_embed(self, offset, dim1, dim2)",
        "diagonal(G, offset, dim1, dim2)",
    ),
    _pick("channel_shuffle", "shuffle_channels({}, groups)"),
    _move(
        "pixel_shuffle", "pixel_shuffle(self, upscale_factor)", "pixel_unshuffle(G, upscale_factor)"
    ),
    _move(
        "pixel_unshuffle",
        "pixel_unshuffle(self, downscale_factor)",
        "pixel_shuffle(G, downscale_factor)",
    ),
    _move(
        "constant_pad_nd",
        "pad(self, pad, value)",
        "put_back(G, pad(positions(self), pad, -1), self)",
    ),
    *[_pick(f"reflection_pad{n}d", "pad_reflect({}, padding)") for n in (1, 2, 3)],
    *[_pick(f"replication_pad{n}d", "pad_edge({}, padding)") for n in (1, 2, 3)],
)

RULES: Final = (*VIEWS, *COPIES, *JOINED, *REARRANGED)
