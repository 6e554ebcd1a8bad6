"""Activation functions: element-wise, most of them with a kink whose slope is a convention."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, elementwise, rule


def _gate(op: str, formula: str, slope: str, *notes: str, source: str = "calculus") -> Rule:
    """Return the rule of a function of one tensor."""
    return rule(op, formula, {"self": slope}, Structure.DIAGONAL, source, notes=notes)


# as PyTorch computes it: 1 + erf cancels where x is far below 0
_NORMAL_CDF: Final = "((1 + erf(self / sqrt(2))) / 2)"
_BENT: Final = "tanh(gelu_bend(self))"
_GELU_TANH: Final = f"self * (1 + {_BENT}) / 2"
GELU_SLOPE: Final = (
    f"({_NORMAL_CDF} + self * normal_density(self) if approximate == 'none' else"
    f" (1 + {_BENT}) / 2 + self * (1 - {_BENT} ** 2) * gelu_bend_slope(self) / 2)"
)

RULES: Final = (
    elementwise("sigmoid", "1 / (1 + exp(-self))", {"self": "y * (1 - y)"}),
    _gate("relu", "maximum(self, 0)", "where(y <= 0, 0, G)", "relu-at-zero"),
    _gate(
        "threshold",
        "where(self <= threshold, value, self)",
        "where(self <= threshold, 0, G)",
        "relu-at-zero",
    ),
    _gate(
        "leaky_relu",
        "where(self > 0, self, negative_slope * self)",
        "where(self > 0, G, negative_slope * G)",
        "relu-at-zero",
    ),
    rule(
        "_prelu_kernel",
        "where(self > 0, self, weight * self)",
        {
            "self": "where(self > 0, G, weight * G)",
            "weight": "where(self > 0, 0, self * G)",
        },
        Structure.DIAGONAL,
        "He et al., Delving Deep into Rectifiers, 2015",
        notes=("relu-at-zero",),
    ),
    _gate(
        "elu",
        "where(self > 0, scale * self, scale * alpha * expm1(input_scale * self))",
        "where(self > 0, scale * G, scale * alpha * input_scale * exp(input_scale * self) * G)",
        source="Clevert et al., Exponential Linear Units, 2016",
    ),
    _gate(
        "celu",
        "where(self > 0, self, alpha * expm1(self / alpha))",
        "where(self > 0, G, exp(self / alpha) * G)",
        source="Barron, Continuously Differentiable Exponential Linear Units, 2017",
    ),
    rule(
        "gelu",
        f"self * {_NORMAL_CDF} if approximate == 'none' else {_GELU_TANH}",
        {"self": f"G * {GELU_SLOPE}"},
        Structure.DIAGONAL,
        "Hendrycks & Gimpel, Gaussian Error Linear Units, 2016",
    ),
    _gate(
        "silu",
        "self * logistic(self)",
        "G * logistic(self) * (1 + self * (1 - logistic(self)))",
    ),
    _gate(
        "mish",
        "self * tanh(softplus(self))",
        "G * (tanh(softplus(self)) + self * logistic(self) * (1 - tanh(softplus(self)) ** 2))",
        source="Misra, Mish, 2019",
    ),
    _gate(
        "softplus",
        "where(beta * self > threshold, self, softplus(beta * self) / beta)",
        "where(beta * self > threshold, G, G * logistic(beta * self))",
    ),
    rule(
        "log_sigmoid_forward",
        "(-softplus(-self), exp(-abs(self)))",
        {"self": "G * logistic(-self)"},
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "hardtanh",
        "clamped(self, min_val, max_val)",
        {"self": "where(both(self > min_val, self < max_val), G, 0)"},
        Structure.DIAGONAL,
        "calculus",
        notes=("kink-outside",),
        finite_only=True,  # a vectorised loop stops the gradient at NaN, its remainder does not
    ),
    _gate(
        "hardsigmoid",
        "clamped(self + 3, 0, 6) / 6",
        # PyTorch's sixth is a float32 whatever the dtype
        "where(both(self > -3, self < 3), G * 0.1666666716337204, 0)",
        "kink-outside",
    ),
    _gate(
        "hardswish",
        "self * clamped(self + 3, 0, 6) / 6",
        "where(self <= -3, 0, where(self >= 3, G, G * (self / 3 + 0.5)))",
        "kink-outside",
        source="Howard et al., Searching for MobileNetV3, 2019",
    ),
    _gate(
        "hardshrink",
        "where(within(self, -lambd, lambd), 0, self)",
        "where(within(self, -lambd, lambd), 0, G)",
        "kink-outside",
    ),
    _gate(
        "softshrink",
        "where(within(self, -lambd, lambd), 0, self - lambd * sgn(self))",
        "where(within(self, -lambd, lambd), 0, G)",
        "kink-outside",
    ),
    _gate("logit", "logit(self, eps)", "G * logit_slope(self, eps)"),
    rule(
        "glu",
        "half(self, 0, dim) * logistic(half(self, 1, dim))",
        {
            "self": "cat((G * logistic(half(self, 1, dim)), G * y * (1 - logistic(half(self, 1,"
            " dim)))), dim)"
        },
        Structure.DIAGONAL,
        "Dauphin et al., Gated Convolutional Networks, 2017",
    ),
)
