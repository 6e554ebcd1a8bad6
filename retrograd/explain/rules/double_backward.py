"""Ops that a backward pass runs, differentiated once more: for gradient penalties and the like.

``create_graph=True`` makes nodes of these ops, such as ``TanhBackwardBackward0``. Most multiply
the gradient by a slope; the second gradient brings in the slope of the slope.
"""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule
from retrograd.explain.rules.activations import GELU_SLOPE


def _slope(
    op: str, slope: str, curve: str | None, *, at: str = "self", gradient: str = "grad_output"
) -> Rule:
    """Return the rule of ``gradient * slope``; ``curve`` is the derivative of the slope."""
    bent = f"zeros({at})" if curve is None else f"G * {gradient} * {curve}"
    return rule(
        op,
        f"{gradient} * {slope}",
        {gradient: f"G * {slope}", at: bent},
        Structure.DIAGONAL,
        "calculus",
        smooth=False,
    )


def _linear(op: str, formula: str, vjp: str, gradient: str = "grad_output") -> Rule:
    """Return the rule of an op that moves or adds up what it is given."""
    return rule(op, formula, {gradient: vjp}, Structure.SUM, "definition")


def _shared(op: str, slope: str, curve: str, *, target: bool = True) -> Rule:
    """Return the rule of a loss's gradient, which weighs each difference by its share."""
    share = "share(self, reduction)"
    vjps = {
        "grad_output": f"G * {slope} * {share}",
        "self": f"G * grad_output * {curve} * {share}",
        "target": f"-G * grad_output * {curve} * {share}",
    }
    if not target:
        del vjps["target"]
    text = f"grad_output * {slope} * {share}"
    return rule(op, text, vjps, Structure.DIAGONAL, "calculus", smooth=False)


def where_given(gradient: str, text: str) -> str:
    """Return a term that counts only where a gradient came in."""
    return f"(0 if {gradient} is None else {text})"


_SIGMOID: Final = "logistic(self) * logistic(-self)"
_GELU_CURVE: Final = (
    "(normal_density(self) * (2 - self ** 2) if approximate == 'none' else"
    " (1 - tanh(gelu_bend(self)) ** 2) * (gelu_bend_slope(self) + self *"
    " (0.134145 * self * sqrt(2 / 3.141592653589793)"
    " - tanh(gelu_bend(self)) * gelu_bend_slope(self) ** 2)))"
)
_DIFFERENCE: Final = "(self - target)"
_BCE_SPREAD: Final = "at_least(self * (1 - self), 1e-12)"
_RESULT_ELU: Final = "(self_or_result + alpha * scale)"
_PLAIN_ELU: Final = "scale * alpha * exp(input_scale * self_or_result)"
_GATE: Final = "logistic(half(self, 1, dim))"
_VALUE: Final = "half(self, 0, dim)"
_GATE_SLOPE: Final = f"{_GATE} * (1 - {_GATE})"

ACTIVATIONS: Final = (
    rule(
        "sigmoid_backward",
        "grad_output * conj((1 - output) * output)",
        {
            "grad_output": "G * (1 - output) * output",
            "output": "conj(G) * grad_output * conj(1 - 2 * output)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "tanh_backward",
        "grad_output * conj(1 - output ** 2)",
        {
            "grad_output": "G * (1 - output ** 2)",
            "output": "-2 * conj(G) * grad_output * conj(output)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    _slope("threshold_backward", "where(self > threshold, 1, 0)", None),
    _slope("leaky_relu_backward", "where(self > 0, 1, negative_slope)", None),
    _slope("hardtanh_backward", "where(both(self > min_val, self < max_val), 1, 0)", None),
    _slope("softshrink_backward", "where(within(self, -lambd, lambd), 0, 1)", None),
    _slope(
        "hardshrink_backward",
        "where(within(self, -lambd, lambd), 0, 1)",
        None,
        gradient="grad_out",
    ),
    _slope("gelu_backward", GELU_SLOPE, _GELU_CURVE),
    _slope(
        "silu_backward",
        "(logistic(self) * (1 + self * logistic(-self)))",
        f"({_SIGMOID} * (2 + self * (logistic(-self) - logistic(self))))",
    ),
    _slope(
        "softplus_backward",
        "where(beta * self > threshold, 1, logistic(beta * self))",
        "where(beta * self > threshold, 0, beta * logistic(beta * self) * logistic(-beta * self))",
    ),
    _slope(
        "hardswish_backward",
        "where(self <= -3, 0, where(self < 3, self / 3 + 0.5, 1))",
        "where(both(self > -3, self < 3), 1, 0) / 3",
    ),
    _slope(
        "hardsigmoid_backward",
        "where(both(self > -3, self < 3), 0.1666666716337204, 0)",
        None,
    ),
    _slope("log_sigmoid_backward", "logistic(-self)", f"(-{_SIGMOID})"),
    _slope(
        "elu_backward",
        f"(where(self_or_result <= 0, input_scale * ({_RESULT_ELU} if is_result else"
        f" {_PLAIN_ELU}), scale))",
        f"(where(self_or_result <= 0, input_scale * (1 if is_result else"
        f" input_scale * {_PLAIN_ELU}), 0))",
        at="self_or_result",
    ),
    rule(
        "glu_backward",
        f"cat((grad_output * {_GATE}, grad_output * {_VALUE} * {_GATE_SLOPE}), dim)",
        {
            "grad_output": f"half(G, 0, dim) * {_GATE}"
            f" + half(G, 1, dim) * {_VALUE} * {_GATE_SLOPE}",
            "self": f"cat((half(G, 1, dim) * grad_output * {_GATE_SLOPE},"
            f" grad_output * {_GATE_SLOPE} * (half(G, 0, dim)"
            f" + half(G, 1, dim) * {_VALUE} * (1 - 2 * {_GATE}))), dim)",
        },
        Structure.BLOCK_DIAGONAL,
        "calculus",
    ),
    rule(
        "_prelu_kernel_backward",
        "(where(self > 0, grad_output, weight * grad_output),"
        " where(self > 0, 0, self * grad_output))",
        {
            "grad_output": f"where(self >= 0, given(G, 0), given(G, 0) * weight"
            f" + {where_given('G1', 'G1 * self')})",
            "self": where_given("G1", "where(self >= 0, 0, grad_output * G1)"),
            "weight": where_given("G", "where(self >= 0, 0, grad_output * G)"),
        },
        Structure.DIAGONAL,
        notes=("relu-at-zero",),
    ),
)

LOSSES: Final = (
    _shared(
        "smooth_l1_loss_backward",
        f"smooth_l1_slope({_DIFFERENCE}, beta)",
        f"where(abs({_DIFFERENCE}) < beta, 1 / beta, 0)",
    ),
    _shared(
        "huber_loss_backward",
        f"huber_slope({_DIFFERENCE}, delta)",
        f"where(abs({_DIFFERENCE}) < delta, 1, 0)",
    ),
    _shared(
        "soft_margin_loss_backward",
        "(-target * logistic(-target * self))",
        "(target ** 2 * logistic(target * self) * logistic(-target * self))",
        target=False,
    ),
    rule(
        "binary_cross_entropy_backward",
        f"given(weight, 1) * {_DIFFERENCE} / {_BCE_SPREAD} * grad_output * share(self, reduction)",
        {
            "grad_output": f"given(weight, 1) * {_DIFFERENCE} / {_BCE_SPREAD} * G"
            " * share(self, reduction)",
            "self": "given(weight, 1) * (self ** 2 - 2 * self * target + target)"
            f" / {_BCE_SPREAD} ** 2 * G * grad_output * share(self, reduction)",
            "target": f"-given(weight, 1) / {_BCE_SPREAD} * G * grad_output"
            " * share(self, reduction)",
        },
        Structure.DIAGONAL,
        notes=("bce-log-clamped",),
    ),
)

_HOW: Final = "stride, padding, dilation, groups"
_OUT: Final = "stride, padding, output_padding, dilation, groups"


def _convolution() -> Rule:
    """Return the rule of a convolution's three gradients: each is linear in what it is given."""
    flat, turned = f"convolve({{}}, {_HOW})", f"convolve_transposed({{}}, {_OUT})"

    def forward(*terms: tuple[str, str]) -> str:
        plain = " + ".join(where_given(g, flat.format(text)) for g, text in terms)
        other = " + ".join(where_given(g, turned.format(text)) for g, text in terms)
        return f"(({other}) if transposed else ({plain}))"

    back = f"convolve_adjoint(grad_output, conj(G1), input, {_HOW})"
    back_turned = f"trimmed(convolve(grad_output, conj(G1), {_HOW}), input)"
    kernel = f"convolve_kernel(conj(G), grad_output, weight, {_HOW})"
    kernel_turned = f"convolve_kernel(grad_output, conj(G), weight, {_HOW})"
    result = f"convolve_adjoint(grad_output, conj(weight), input, {_HOW})"
    result_turned = f"trimmed(convolve(grad_output, conj(weight), {_HOW}), input)"
    own = f"convolve_kernel(conj(input), grad_output, weight, {_HOW})"
    own_turned = f"convolve_kernel(grad_output, conj(input), weight, {_HOW})"
    return rule(
        "convolution_backward",
        f"({result_turned} if transposed else {result},"
        f" {own_turned} if transposed else {own}, channel_sum(grad_output))",
        {
            "grad_output": forward(("G", "G, weight"), ("G1", "input, G1"))
            + " + "
            + where_given("G2", "along(G2, grad_output)"),
            "input": where_given("G1", f"({back_turned} if transposed else {back})"),
            "weight": where_given("G", f"({kernel_turned} if transposed else {kernel})"),
        },
        Structure.CONVOLUTION,
        "calculus",
    )


LINEAR: Final = (
    _convolution(),
    _linear(
        "slice_backward",
        "put_back(grad_output, slice(positions(full(input_sizes, 0)), dim, start, end, step),"
        " full(input_sizes, 0))",
        "slice(G, dim, start, end, step)",
    ),
    _linear(
        "select_backward",
        "put_back(grad_output, select(positions(full(input_sizes, 0)), dim, index),"
        " full(input_sizes, 0))",
        "select(G, dim, index)",
    ),
    _linear(
        "diagonal_backward",
        "put_back(grad_output, diagonal(positions(full(input_sizes, 0)), offset, dim1, dim2),"
        " full(input_sizes, 0))",
        "diagonal(G, offset, dim1, dim2)",
    ),
    _linear(
        "embedding_dense_backward",
        "lookup_vjp(grad_output, indices, num_weights, padding_idx, scale_grad_by_freq)",
        "where(column(indices == padding_idx), 0, lookup(G, indices))",
    ),
    *[
        rule(
            f"{kind}_pad{n}d_backward",
            f"put_back(grad_output, {function}(positions(self), padding), self)",
            {"grad_output": f"{function}(G, padding)", "self": "zeros(self)"},
            {"grad_output": Structure.SUM, "self": Structure.ZERO},
            "definition",
        )
        for kind, function in (("reflection", "pad_reflect"), ("replication", "pad_edge"))
        for n in (1, 2, 3)
    ],
)

RULES: Final = (*ACTIVATIONS, *LOSSES, *LINEAR)
