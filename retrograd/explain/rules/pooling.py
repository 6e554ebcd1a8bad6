"""Pooling: a mean shares its gradient out, a maximum sends it to the element that won."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_TIES: Final = ("max-first-of-ties",)


def _maximum(op: str, formula: str, dims: int) -> Rule:
    """Return the rule of an op whose second output says where each maximum stood."""
    vjp = f"scatter_to(G, y1, self, {dims})"
    return rule(op, formula, {"self": vjp}, Structure.PERMUTATION, notes=_TIES)


def _average(op: str, dims: int) -> Rule:
    how = f"{dims}, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override"
    return rule(
        op,
        f"average_pool(self, {how})",
        {"self": f"average_pool_adjoint(G, self, {how})"},
        Structure.CONVOLUTION,
        "calculus",
    )


def _adaptive_average(op: str) -> Rule:
    return rule(
        op,
        "adaptive_pool(self, output_size)",
        {"self": "adaptive_pool_adjoint(G, self, output_size)"},
        Structure.CONVOLUTION,
        "calculus",
    )


def _max_pool(op: str, dims: int) -> Rule:
    how = f"{dims}, kernel_size, stride, padding, dilation, ceil_mode"
    return _maximum(op, f"max_pool(self, {how})", dims)


def _average_backward(op: str, dims: int) -> Rule:
    how = f"{dims}, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override"
    return _pooled_backward(
        op, f"average_pool_adjoint(grad_output, self, {how})", f"average_pool(G, {how})"
    )


def _adaptive_average_backward(op: str, dims: int) -> Rule:
    return _pooled_backward(
        op,
        f"adaptive_pool_adjoint(grad_output, self, last_sizes(grad_output, {dims}))",
        f"adaptive_pool(G, last_sizes(grad_output, {dims}))",
    )


def _pooled_backward(op: str, formula: str, vjp: str) -> Rule:
    vjps = {"grad_output": vjp, "self": "zeros(self)"}
    shapes = {"grad_output": Structure.CONVOLUTION, "self": Structure.ZERO}
    return rule(op, formula, vjps, shapes, "calculus")


def _max_pool_backward(op: str, dims: int) -> Rule:
    return rule(
        op,
        f"scatter_to(grad_output, indices, self, {dims})",
        {"grad_output": f"pick(G, indices, {dims})", "self": "zeros(self)"},
        {"grad_output": Structure.PERMUTATION, "self": Structure.ZERO},
    )


def _unpool(op: str, dims: int) -> Rule:
    return rule(
        op,
        "unpool(self, indices, output_size)",
        {"self": f"pick(G, indices, {dims})"},
        Structure.PERMUTATION,
        smooth=False,  # where places repeat, PyTorch's gradient goes to each of the elements
    )


RULES: Final = (
    _average("avg_pool2d", 2),
    _average("avg_pool3d", 3),
    _adaptive_average("_adaptive_avg_pool2d"),
    _adaptive_average("_adaptive_avg_pool3d"),
    _max_pool("max_pool2d_with_indices", 2),
    _max_pool("max_pool3d_with_indices", 3),
    _max_pool_backward("max_pool2d_with_indices_backward", 2),
    _max_pool_backward("max_pool3d_with_indices_backward", 3),
    _max_pool_backward("adaptive_max_pool2d_backward", 2),
    _max_pool_backward("adaptive_max_pool3d_backward", 3),
    _average_backward("avg_pool2d_backward", 2),
    _average_backward("avg_pool3d_backward", 3),
    _adaptive_average_backward("_adaptive_avg_pool2d_backward", 2),
    _adaptive_average_backward("_adaptive_avg_pool3d_backward", 3),
    _maximum("adaptive_max_pool2d", "adaptive_max_pool(self, output_size)", 2),
    _maximum("adaptive_max_pool3d", "adaptive_max_pool(self, output_size)", 3),
    _maximum(
        "fractional_max_pool2d",
        "fractional_max_pool(self, kernel_size, output_size, random_samples)",
        2,
    ),
    _maximum(
        "fractional_max_pool3d",
        "fractional_max_pool(self, kernel_size, output_size, random_samples)",
        3,
    ),
    _unpool("max_unpool2d", 2),
    _unpool("max_unpool3d", 3),
)
