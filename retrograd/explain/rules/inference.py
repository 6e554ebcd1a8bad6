"""Composite ops: in inference mode PyTorch runs them in one piece, and no gradient comes back."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule


def _whole(op: str, formula: str, *, notes: tuple[str, ...] = ()) -> Rule:
    return rule(op, formula, {}, Structure.ZERO, "definition", smooth=False, notes=notes)


def _pool(op: str, dims: int) -> Rule:
    how = f"{dims}, kernel_size, stride, padding, dilation, ceil_mode"
    return _whole(op, f"first(max_pool(self, {how}))")


_CONVOLVE: Final = "convolve_padded(input, weight, stride, padding, dilation, groups)"
_MOVED: Final = "cast_like(reshape_like(self, y), y)"
_LAYER: Final = "inner_{0}(input, normalized_shape)"

RULES: Final = (
    _whole("linear", "input @ T(weight) + given(bias, 0)"),
    _whole("matmul", "self @ other"),
    _whole("outer", "outer(self, vec2)"),
    *[_whole(f"conv{dims}d", f"{_CONVOLVE} + along(given(bias, 0), input)") for dims in (1, 2, 3)],
    *[_pool(f"max_pool{dims}d", dims) for dims in (1, 2, 3)],
    *[_whole(op, _MOVED) for op in ("reshape", "flatten", "unflatten")],
    *[_whole(op, _MOVED) for op in ("to", "type_as", "float", "double")],
    _whole("l1_loss", "reduced(abs(self - target), reduction)"),
    _whole("numpy_T", "matrix_T(self)"),
    _whole("mT", "T(self)"),
    _whole("mH", "H(self)"),
    _whole("expand_as", "expand_like(self, other)"),
    _whole("chunk", "cut_like(self, ys, dim)"),
    _whole("dropout", "y if train else input"),
    _whole("softmax.int", "softmax(self, dim)"),
    _whole("log_softmax.int", "self - log_total(self, dim)"),
    _whole(
        "layer_norm",
        f"(input - {_LAYER.format('mean')}) / sqrt({_LAYER.format('var')} + eps)"
        " * given(weight, 1) + given(bias, 0)",
    ),
    _whole(
        "batch_norm",
        "(input - (channel_mean(input) if training else along(running_mean, input)))"
        " / sqrt((channel_var(input) if training else along(running_var, input)) + eps)"
        " * along(given(weight, 1), input) + along(given(bias, 0), input)",
    ),
    _whole(
        "scaled_dot_product_attention",
        "attention_weights(query, key, is_causal, attn_mask, scale) @ value",
    ),
)
