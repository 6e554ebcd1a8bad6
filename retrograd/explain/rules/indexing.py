"""Indexing: what was read gets its gradient added where it lay, what was overwritten gets none."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_ALONG: Final = "gather(positions(self), dim, index)"
_PARTS: Final = "take(positions(self), index, dim)"


def _read(op: str, template: str) -> Rule:
    """Return the rule of an op that reads elements of ``self``, from a template over it."""
    places = template.format("positions(self)")
    vjps = {"self": f"put_back(G, {places}, self)"}
    return rule(op, template.format("self"), vjps, Structure.PERMUTATION, "definition")


def _write(op: str, places: str, source: str = "src", read: str | None = None) -> Rule:
    """Return the rule of an op that overwrites places with a source of their shape."""
    return rule(
        op,
        f"overwritten(self, {source}, {places})",
        {"self": f"overwritten(G, 0, {places})", source: read or f"at_places(G, {places}, 0)"},
        Structure.PERMUTATION,
        "definition",
    )


def _reduce(op: str, places: str, source: str) -> Rule:
    """Return the rule of an op that joins sources to the elements at places."""
    covered = f"beside({source}, index)" if source == "src" else source
    arguments = f"self, {places}, {covered}, reduce, include_self"
    given = f"reduced_into_source(G, {arguments}, y)"
    return rule(
        op,
        f"reduced_into({arguments})",
        {
            "self": f"reduced_into_self(G, {arguments}, y)",
            source: f"put_beside({given}, {source})" if source == "src" else given,
        },
        Structure.BLOCK_DIAGONAL,
        notes=("ties-share-evenly",),
    )


READS: Final = (
    _read("index", "index({}, indices)"),
    _read("_unsafe_index", "index({}, indices)"),
    _read("index_select", "take({}, index, dim)"),
    _read("gather", "gather({}, dim, index)"),
    _read("take", "at_flat({}, index)"),
    _read("masked_select", "masked_select({}, mask)"),
    rule(
        "_unsafe_masked_index",
        "at_places(self, clamped_index(self, mask, indices), fill)",
        {"self": "put_back(G, clamped_index(self, mask, indices), self)"},
        Structure.PERMUTATION,
        "definition",
    ),
)


def _index_put(op: str) -> Rule:
    return rule(
        op,
        "index_put(self, indices, values, accumulate)",
        {
            "self": "G if accumulate else index_put(G, indices, 0, False)",
            "values": "index(G, indices)",
        },
        Structure.PERMUTATION,
        "definition",
    )


# as_strided_scatter has no rule: PyTorch 2.13 sends self the part of the gradient that belongs to
# what was overwritten, and nothing for the rest.
WRITES: Final = (
    _index_put("index_put"),
    _index_put("_unsafe_index_put"),
    _index_put("_index_put_impl"),
    rule(
        "_unsafe_masked_index_put_accumulate",
        "self + put_back(values, clamped_index(self, mask, indices), self)",
        {"self": "G", "values": "at_places(G, clamped_index(self, mask, indices), 0)"},
        Structure.PERMUTATION,
        "definition",
    ),
    rule(
        "index_add",
        f"added(self, alpha * source, {_PARTS})",
        {"self": "G", "source": "conj(alpha) * take(G, index, dim)"},
        Structure.SUM,
        "definition",
    ),
    _write("index_copy", _PARTS, "source"),
    rule(
        "index_fill",
        f"overwritten(self, value, {_PARTS})",
        {
            "self": f"overwritten(G, 0, {_PARTS})",
            "value": "take(G, distinct(index), dim)",
        },
        Structure.PERMUTATION,
        "definition",
    ),
    rule(
        "scatter.src",
        f"overwritten(self, beside(src, index), {_ALONG})",
        {
            "self": f"overwritten(G, 0, {_ALONG})",
            "src": "put_beside(gather(G, dim, index), src)",
        },
        Structure.PERMUTATION,
        "definition",
    ),
    rule(
        "scatter.value",
        f"overwritten(self, value, {_ALONG})",
        {"self": f"overwritten(G, 0, {_ALONG})"},
        Structure.PERMUTATION,
        "definition",
    ),
    rule(
        "scatter_add",
        f"added(self, beside(src, index), {_ALONG})",
        {"self": "G", "src": "put_beside(gather(G, dim, index), src)"},
        Structure.SUM,
        "definition",
    ),
    _reduce("scatter_reduce", _ALONG, "src"),
    _reduce("index_reduce", _PARTS, "source"),
    rule(
        "put",
        "added(self, source, flat_places(self, index)) if accumulate"
        " else overwritten(self, source, flat_places(self, index))",
        {
            "self": "G if accumulate else overwritten(G, 0, flat_places(self, index))",
            "source": "at_flat(G, index)",
        },
        Structure.PERMUTATION,
        "definition",
    ),
    _write("select_scatter", "select(positions(self), dim, index)"),
    _write("slice_scatter", "slice(positions(self), dim, start, end, step)"),
    _write("diagonal_scatter", "diagonal(positions(self), offset, dim1, dim2)"),
)

MASKS: Final = (
    rule(
        "masked_fill",
        "where(mask, value, self)",
        {"self": "where(mask, 0, G)", "value": "where(mask, G, 0)"},
        Structure.DIAGONAL,
        "definition",
    ),
    rule(
        "masked_scatter",
        "masked_scatter(self, mask, source)",
        {"self": "where(mask, 0, G)", "source": "masked_source(G, mask, source)"},
        Structure.PERMUTATION,
        "definition",
    ),
)

SEGMENTS: Final = (
    rule(
        "segment_reduce",
        "segment_reduce(data, reduce, lengths, offsets, axis, initial)",
        {"data": "segment_reduce_vjp(G, y, data, reduce, lengths, offsets, axis, initial)"},
        Structure.BLOCK_DIAGONAL,
        notes=("ties-share-evenly",),
    ),
    rule(
        "repeat_interleave.Tensor",
        "repeat_each(repeats)",
        {},
        Structure.ZERO,
        "definition",
    ),
)

RULES: Final = (*READS, *WRITES, *MASKS, *SEGMENTS)
