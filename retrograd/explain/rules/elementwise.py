"""Element-wise arithmetic and functions: one local derivative for each argument."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, elementwise, rule

_PI: Final = "3.141592653589793"
_DLMF: Final = "NIST Digital Library of Mathematical Functions"


def _one(op: str, formula: str, derivative: str, *notes: str, source: str = "calculus") -> Rule:
    """Return the rule of a smooth function of one tensor."""
    return elementwise(op, formula, {"self": derivative}, source, notes=notes)


def _step(op: str, formula: str) -> Rule:
    """Return the rule of a function that is constant between its jumps."""
    return elementwise(op, formula, {"self": "0"}, smooth=False, notes=("flat-between-jumps",))


ARITHMETIC: Final = (
    elementwise("add", "self + alpha * other", {"self": "1", "other": "alpha"}),
    elementwise("sub", "self - alpha * other", {"self": "1", "other": "-alpha"}),
    elementwise("rsub", "other - alpha * self", {"self": "-alpha", "other": "1"}),
    elementwise("mul", "self * other", {"self": "other", "other": "self"}),
    elementwise("div", "self / other", {"self": "1 / other", "other": "-self / other ** 2"}),
    rule(
        "div.Tensor_mode",
        "divided(self, other, rounding_mode)",
        {
            "self": "G * conj(1 / other) if rounding_mode is None else zeros(G)",
            "other": "G * conj(-self / other ** 2) if rounding_mode is None else zeros(G)",
        },
        Structure.DIAGONAL,
        smooth=False,
        notes=("flat-between-jumps",),
    ),
    rule(
        "div.Scalar_mode",
        "divided(self, other, rounding_mode)",
        {"self": "G * conj(1 / other) if rounding_mode is None else zeros(G)"},
        Structure.DIAGONAL,
        smooth=False,
        notes=("flat-between-jumps",),
    ),
    elementwise("neg", "-self", {"self": "-1"}),
    _one("reciprocal", "1 / self", "-y ** 2"),
    _one("square", "self ** 2", "2 * self"),
    _one("sqrt", "sqrt(self)", "1 / (2 * y)", "root-at-zero"),
    _one("rsqrt", "1 / sqrt(self)", "-0.5 * y ** 3"),
    rule(
        "pow",
        "power(self, exponent)",
        {
            "self": "G * conj(power_slope(self, exponent))",
            "exponent": "G * conj(exponent_slope(y, self, exponent))",
        },
        Structure.DIAGONAL,
        "calculus",
        notes=("power-zero",),
    ),
    elementwise(
        "addcmul",
        "self + value * tensor1 * tensor2",
        {"self": "1", "tensor1": "value * tensor2", "tensor2": "value * tensor1"},
    ),
    elementwise(
        "addcdiv",
        "self + value * tensor1 / tensor2",
        {
            "self": "1",
            "tensor1": "value / tensor2",
            "tensor2": "-value * tensor1 / tensor2 ** 2",
        },
    ),
    elementwise(
        "lerp",
        "self + weight * (end - self)",
        {"self": "1 - weight", "end": "weight", "weight": "end - self"},
    ),
    elementwise("fmod", "fmod(self, other)", {"self": "1", "other": "-trunc(self / other)"}),
    rule(
        "floor_divide", "floor_divided(self, other)", {}, Structure.ZERO, "definition", smooth=False
    ),
    elementwise(
        "remainder", "remainder(self, other)", {"self": "1", "other": "-floor_divided(self, other)"}
    ),
    rule(
        "hypot",
        "hypot(self, other)",
        {"self": "G * self / y", "other": "G * other / y"},
        Structure.DIAGONAL,
        "calculus",
    ),
    elementwise(
        "atan2",
        "atan2(self, other)",
        {
            "self": "ratio_or_zero(other, self ** 2 + other ** 2)",
            "other": "-ratio_or_zero(self, self ** 2 + other ** 2)",
        },
    ),
    elementwise(
        "ldexp",
        "self * power(2.0, other)",
        {"self": "power(2.0, other)", "other": "y * log(2)"},
    ),
    elementwise(
        "copysign",
        "copysign(self, other)",
        {"self": "ratio_or_zero(y, self)", "other": "0"},
    ),
    rule(
        "nextafter",
        "nextafter(self, other)",
        {"self": "where(self != other, G, 0)", "other": "zeros(other)"},
        Structure.DIAGONAL,
        smooth=False,
    ),
)

EXPONENTIALS: Final = (
    _one("exp", "exp(self)", "y"),
    _one("exp2", "power(2.0, self)", "y * log(2)"),
    _one("expm1", "expm1(self)", "y + 1"),
    _one("log", "log(self)", "1 / self"),
    _one("log2", "log2(self)", "1 / (self * log(2))"),
    _one("log10", "log10(self)", "1 / (self * log(10))"),
    _one("log1p", "log1p(self)", "1 / (1 + self)"),
    elementwise(
        "logaddexp",
        "logaddexp(self, other)",
        {"self": "1 / (1 + exp(other - self))", "other": "1 / (1 + exp(self - other))"},
    ),
    elementwise(
        "logaddexp2",
        "logaddexp2(self, other)",
        {
            "self": "1 / (1 + power(2.0, other - self))",
            "other": "1 / (1 + power(2.0, self - other))",
        },
    ),
    rule(
        "xlogy",
        "xlogy(self, other)",
        {
            "self": "where(both(self == 0, other <= 0), 0, xlogy(G, other))",
            "other": "G * self / other",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "special_xlog1py",
        "xlogy(self, 1 + other)",
        {
            "self": "where(both(self == 0, other <= -1), 0, xlogy(G, 1 + other))",
            "other": "G * self / (1 + other)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    _one(
        "special_entr", "where(self < 0, log(zeros(self)), -xlogy(self, self))", "-(1 + log(self))"
    ),
)

TRIGONOMETRY: Final = (
    _one("sin", "sin(self)", "cos(self)"),
    _one("cos", "cos(self)", "-sin(self)"),
    _one("tan", "tan(self)", "1 + y ** 2"),
    _one("asin", "asin(self)", "1 / sqrt(1 - self ** 2)"),
    _one("acos", "acos(self)", "-1 / sqrt(1 - self ** 2)"),
    _one("atan", "atan(self)", "1 / (1 + self ** 2)"),
    _one("sinh", "sinh(self)", "cosh(self)"),
    _one("cosh", "cosh(self)", "sinh(self)"),
    _one("tanh", "tanh(self)", "1 - y ** 2"),
    _one("asinh", "asinh(self)", "1 / sqrt(1 + self ** 2)"),
    _one("acosh", "acosh(self)", "1 / hyperbola(self)"),
    _one("atanh", "atanh(self)", "1 / (1 - self ** 2)"),
    _one(
        "sinc",
        "sinc(self)",
        f"where(self == 0, 0, ({_PI} * self * cos({_PI} * self) - sin({_PI} * self))"
        f" / ({_PI} * self * self))",
    ),
    _one("deg2rad", "self * 3.141592653589793 / 180", "3.141592653589793 / 180"),
    _one("rad2deg", "self * 180 / 3.141592653589793", "180 / 3.141592653589793"),
)

SPECIAL: Final = (
    _one("erf", "erf(self)", "2 / sqrt(3.141592653589793) * exp(-self ** 2)"),
    _one("erfc", "erfc(self)", "-2 / sqrt(3.141592653589793) * exp(-self ** 2)"),
    _one("erfinv", "erfinv(self)", "sqrt(3.141592653589793) / 2 * exp(y ** 2)"),
    _one("special_erfcx", "erfcx(self)", "2 * self * y - 2 / sqrt(3.141592653589793)"),
    _one("special_ndtri", "ndtri(self)", "sqrt(2 * 3.141592653589793) * exp(y ** 2 / 2)"),
    _one(
        "special_log_ndtr",
        "log_ndtr(self)",
        "exp(-y - self ** 2 / 2) / sqrt(2 * 3.141592653589793)",
    ),
    _one("lgamma", "lgamma(self)", "digamma(self)", source=_DLMF),
    _one("digamma", "digamma(self)", "polygamma(1, self)", source=_DLMF),
    _one("polygamma", "polygamma(n, self)", "polygamma(n + 1, self)", source=_DLMF),
    _one("mvlgamma", "multigammaln(self, p)", "multidigamma(self, p)", source=_DLMF),
    _one("i0", "i0(self)", "i1(self)", source=_DLMF),
    _one("special_i0e", "i0e(self)", "i1e(self) - sgn(self) * y", source=_DLMF),
    _one("special_i1", "i1(self)", "i0(self) - i1_over(y, self)", source=_DLMF),
    _one(
        "special_i1e",
        "i1e(self)",
        "i0e(self) - sgn(self) * y - i1_over(y, self)",
        source=_DLMF,
    ),
)

ROUNDING: Final = (
    _step("floor", "floor(self)"),
    _step("ceil", "ceil(self)"),
    _step("trunc", "trunc(self)"),
    _step("round", "round(self)"),
    _step("round.decimals", "rounded(self, decimals)"),
    _step("sign", "sgn(self)"),
    elementwise("frac", "self - trunc(self)", {"self": "1"}),
    rule(
        "frexp",
        "(mantissa(self), exponent(self))",
        {"self": "G / power(2.0, y1)"},
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "nan_to_num",
        "nan_to_num(self, nan, posinf, neginf)",
        {"self": "G * is_finite(self)"},
        Structure.DIAGONAL,
    ),
)

LIMITS: Final = (
    rule(
        "clamp",
        "clamped(self, min, max)",
        {"self": "where(within(self, min, max), G, 0)"},
        Structure.DIAGONAL,
        notes=("clamp-inclusive",),
    ),
    rule(
        "clamp.Tensor",
        "clamped(self, min, max)",
        {
            "self": "where(within(self, min, max), G, 0)",
            "min": "where(self < min, G, 0) if max is None else"
            " where(both(self < min, min < max), G, 0)",
            "max": "where(self > max, G, 0) if min is None else"
            " where(either(self > max, max < min), G, 0)",
        },
        Structure.DIAGONAL,
        notes=("clamp-inclusive",),
    ),
    rule(
        "clamp_min",
        "maximum(self, min)",
        {"self": "where(self >= min, G, 0)", "min": "where(self < min, G, 0)"},
        Structure.DIAGONAL,
        notes=("clamp-inclusive",),
    ),
    rule(
        "clamp_max",
        "minimum(self, max)",
        {"self": "where(self <= max, G, 0)", "max": "where(self > max, G, 0)"},
        Structure.DIAGONAL,
        notes=("clamp-inclusive",),
    ),
    rule(
        "maximum",
        "maximum(self, other)",
        {
            "self": "where(self == other, G / 2, where(self < other, 0, G))",
            "other": "where(self == other, G / 2, where(self > other, 0, G))",
        },
        Structure.DIAGONAL,
        notes=("ties-share-evenly",),
    ),
    rule(
        "minimum",
        "minimum(self, other)",
        {
            "self": "where(self == other, G / 2, where(self > other, 0, G))",
            "other": "where(self == other, G / 2, where(self < other, 0, G))",
        },
        Structure.DIAGONAL,
        notes=("ties-share-evenly",),
    ),
    rule(
        "fmax",
        "fmax(self, other)",
        {
            "self": "where(either(self >= other, is_nan(other)), G, 0)",
            "other": "where(either(self >= other, is_nan(other)), 0, G)",
        },
        Structure.DIAGONAL,
        notes=("ties-go-to-self",),
    ),
    rule(
        "fmin",
        "fmin(self, other)",
        {
            "self": "where(either(self <= other, is_nan(other)), G, 0)",
            "other": "where(either(self <= other, is_nan(other)), 0, G)",
        },
        Structure.DIAGONAL,
        notes=("ties-go-to-self",),
    ),
    rule(
        "abs",
        "abs(self)",
        {"self": "G * sgn(self)"},
        Structure.DIAGONAL,
        "calculus",
        notes=("abs-at-zero",),
    ),
)

RULES: Final = (*ARITHMETIC, *EXPONENTIALS, *TRIGONOMETRY, *SPECIAL, *ROUNDING, *LIMITS)
