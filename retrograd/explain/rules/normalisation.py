"""Softmax and the normalisations: subtract a mean, divide by a deviation, scale, shift.

All gradients of a normalisation have one form. With D the gradient scaled by the weight and x̂ the
normalised input, it is (D − mean(D) − x̂ · mean(D · x̂)) / σ: what would change mean or deviation
is taken out of D, because both are put back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_NORM: Final = "Ioffe & Szegedy, Batch Normalization, 2015"
_DENSE: Final = {
    "input": Structure.BLOCK_DIAGONAL,
    "weight": Structure.BLOCK_DIAGONAL,
    "bias": Structure.SUM,
}


def _standardised(slope: str, hat: str, mean: str, scale: str) -> str:
    """Return the gradient through (x − mean) · scale; ``mean`` is a template of one argument."""
    inner, product = mean.format(slope), mean.format(f"{slope} * {hat}")
    return f"({slope} - {inner} - {hat} * {product}) * {scale}"


_LAYER_HAT: Final = "((input - y1) * y2)"
_LAYER_SLOPE: Final = "(G * given(weight, 1))"

_BATCH_SLOPE: Final = "(G * along(given(weight, 1), G))"
_BATCH_HAT: Final = "((input - along(y1, input)) * along(y2, input))"
_BATCH_TRAINED: Final = (
    "(input - channel_mean(input)) / sqrt(channel_var(input) + {eps})"
    " * along(given(weight, 1), input) + along(given(bias, 0), input)"
)
_BATCH_FIXED: Final = (
    "(input - along(running_mean, input)) / sqrt(along(running_var, input) + {eps})"
    " * along(given(weight, 1), input) + along(given(bias, 0), input)"
)
_BATCH_STATISTICS: Final = "flat(channel_mean(input)), 1 / sqrt(flat(channel_var(input)) + {eps})"
_BATCH_INPUT: Final = _standardised(
    _BATCH_SLOPE, _BATCH_HAT, "channel_mean({0})", "along(y2, input)"
)
_BATCH_INPUT_FIXED: Final = f"{_BATCH_SLOPE} / sqrt(along(running_var, input) + {{eps}})"
_BATCH_WEIGHT: Final = f"channel_sum(G * {_BATCH_HAT})"
_BATCH_WEIGHT_FIXED: Final = (
    "channel_sum(G * (input - along(running_mean, input))"
    " / sqrt(along(running_var, input) + {eps}))"
)


def _batch(op: str, eps: str = "eps", *, more: str = "") -> Rule:
    """Return the rule of a batch normalisation that has a ``training`` argument."""
    vjps = {
        "input": f"{_BATCH_INPUT} if training else {_BATCH_INPUT_FIXED}",
        "weight": f"{_BATCH_WEIGHT} if training else {_BATCH_WEIGHT_FIXED}",
        "bias": "channel_sum(G)",
    }
    trained = f"({_BATCH_TRAINED}, {_BATCH_STATISTICS}{more})"
    fixed = f"({_BATCH_FIXED}, empty(), empty(){more})"
    return rule(
        op,
        f"{trained} if training else {fixed}".replace("{eps}", eps),
        {name: text.replace("{eps}", eps) for name, text in vjps.items()},
        _DENSE,
        _NORM,
        notes=("batch-norm-saved-statistics",),
    )


_GROUP_SLOPE: Final = "grouped(G * along(given(weight, 1), G), group)"
_GROUP_HAT: Final = "((grouped(input, group) - column(y1)) * column(y2))"

_RMS_SLOPE: Final = "(G * given(weight, 1))"

_SOFTMAX_VJP: Final = "y * (G - sum_along(G * y, dim))"


def _softmax(op: str, function: str) -> Rule:
    return rule(
        op, f"{function}(self, dim)", {"self": _SOFTMAX_VJP}, Structure.BLOCK_DIAGONAL, "calculus"
    )


def _softmax_backward(op: str, formula: str, vjps: Mapping[str, str]) -> Rule:
    return rule(op, formula, vjps, Structure.BLOCK_DIAGONAL, "calculus")


RULES: Final = (
    _softmax("_softmax", "softmax"),
    _softmax("_safe_softmax", "safe_softmax"),
    rule(
        "_log_softmax",
        "self - log_total(self, dim)",
        {"self": "G - exp(y) * sum_along(G, dim)"},
        Structure.BLOCK_DIAGONAL,
        "calculus",
    ),
    _softmax_backward(
        "_softmax_backward_data",
        "output * (grad_output - sum_along(grad_output * output, dim))",
        {
            "grad_output": "output * (G - sum_along(G * output, dim))",
            "output": "G * (grad_output - sum_along(grad_output * output, dim))"
            " - grad_output * sum_along(G * output, dim)",
        },
    ),
    _softmax_backward(
        "_log_softmax_backward_data",
        "grad_output - exp(output) * sum_along(grad_output, dim)",
        {
            "grad_output": "G - sum_along(G * exp(output), dim)",
            "output": "-G * exp(output) * sum_along(grad_output, dim)",
        },
    ),
    rule(
        "native_layer_norm",
        "((input - inner_mean(input, normalized_shape))"
        " / sqrt(inner_var(input, normalized_shape) + eps) * given(weight, 1) + given(bias, 0),"
        " inner_mean(input, normalized_shape),"
        " 1 / sqrt(inner_var(input, normalized_shape) + eps))",
        {
            "input": _standardised(
                _LAYER_SLOPE, _LAYER_HAT, "inner_mean({0}, normalized_shape)", "y2"
            ),
            "weight": f"G * {_LAYER_HAT}",
            "bias": "G",
        },
        _DENSE,
        "Ba, Kiros & Hinton, Layer Normalization, 2016",
    ),
    rule(
        "_fused_rms_norm",
        "(input * y1 * given(weight, 1), 1 / sqrt(inner_mean(input ** 2, normalized_shape)"
        " + given(eps, 1.1920928955078125e-07)))",
        {
            "input": f"({_RMS_SLOPE} - input * y1 * inner_mean({_RMS_SLOPE} * input * y1,"
            " normalized_shape)) * y1",
            "weight": "G * input * y1",
        },
        Structure.BLOCK_DIAGONAL,
        "Zhang & Sennrich, Root Mean Square Layer Normalization, 2019",
    ),
    _batch("native_batch_norm"),
    _batch("_native_batch_norm_legit"),
    _batch("cudnn_batch_norm", "epsilon", more=", y3"),
    rule(
        "_batch_norm_with_update",
        f"({_BATCH_TRAINED}, {_BATCH_STATISTICS}, y3)".replace("{eps}", "eps"),
        {"input": _BATCH_INPUT, "weight": _BATCH_WEIGHT, "bias": "channel_sum(G)"},
        _DENSE,
        _NORM,
    ),
    rule(
        "native_group_norm",
        "(ungrouped((grouped(input, group) - last_mean(grouped(input, group)))"
        " / sqrt(last_var(grouped(input, group)) + eps), input)"
        " * along(given(weight, 1), input) + along(given(bias, 0), input),"
        " uncolumn(last_mean(grouped(input, group))),"
        " uncolumn(1 / sqrt(last_var(grouped(input, group)) + eps)))",
        {
            "input": "ungrouped("
            + _standardised(_GROUP_SLOPE, _GROUP_HAT, "last_mean({0})", "column(y2)")
            + f" + (column(G1) - column(G2 * y2 ** 2) * {_GROUP_HAT})"
            " / last_size(grouped(input, group)), input)",
            "weight": f"channel_sum(G * ungrouped({_GROUP_HAT}, input))",
            "bias": "channel_sum(G)",
        },
        _DENSE,
        "Wu & He, Group Normalization, 2018",
    ),
    rule(
        "_weight_norm_interface",
        "(g * v / weight_norm(v, dim), weight_norm(v, dim))",
        {
            "v": "g / y1 * (G - v * sum_all_but(G * v, dim) / y1 ** 2)",
            "g": "sum_all_but(G * v, dim) / y1",
        },
        Structure.BLOCK_DIAGONAL,
        "Salimans & Kingma, Weight Normalization, 2016, equation 3",
    ),
)
