"""Element-wise functions."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array


def sgn(array: Any) -> Array:
    """Return the sign of real and z / |z| of complex numbers, 0 at zero and for a real NaN."""
    wide = np.asarray(array)
    if wide.dtype.kind != "c":
        return np.where(np.isnan(wide), 0.0, np.sign(wide))
    size = np.abs(wide)
    with np.errstate(all="ignore"):
        return np.where(size == 0, 0, wide / size)


def sgn_vjp(gradient: Array, array: Array) -> Array:
    """Return the part of a gradient across the direction of z, over |z|; 0 for real numbers."""
    if array.dtype.kind != "c":
        return np.zeros_like(gradient)
    size, sign = np.abs(array), sgn(array)
    with np.errstate(all="ignore"):
        across = gradient - np.real(gradient * np.conj(sign)) * sign
        return np.where(size == 0, 0, across / size)


def angle_vjp(gradient: Array, array: Array) -> Array:
    """Return the gradient across the direction of z, over |z|; 0 for real numbers."""
    if array.dtype.kind != "c":
        return np.zeros_like(gradient)
    with np.errstate(all="ignore"):
        return np.where(array == 0, 0, gradient * 1j * array / np.abs(array) ** 2)


def logaddexp(left: Any, right: Any) -> Array:
    """Return ln(exp(x) + exp(y)) without overflow: the larger one, plus ln(1 + exp(difference))."""
    if not np.iscomplexobj(left) and not np.iscomplexobj(right):
        return np.asarray(np.logaddexp(left, right))
    first = np.real(left) >= np.real(right)
    large, small = np.where(first, left, right), np.where(first, right, left)
    return np.asarray(large + np.log1p(np.exp(small - large)))


def hyperbola(array: Array) -> Array:
    """Return √(x² − 1), for complex numbers on the branch of the area hyperbolic cosine."""
    if array.dtype.kind == "c":
        return np.asarray(np.sqrt(array + 1) * np.sqrt(array - 1))
    return np.asarray(np.sqrt(array * array - 1))


def rounded(array: Array, decimals: int) -> Array:
    """Round half to even at a number of decimals, as PyTorch does: scale, round, scale back."""
    scale = 10.0 ** abs(decimals)
    if decimals < 0:
        return np.asarray(np.rint(array / scale) * scale)
    return np.asarray(np.rint(array * scale) / scale)


def divided(left: Any, right: Any, mode: str | None) -> Array:
    """Return a quotient, rounded towards zero (trunc) or minus infinity (floor) if asked."""
    if mode == "floor":
        return np.asarray(np.floor_divide(left, right))
    quotient = np.true_divide(left, right)
    return np.asarray(np.trunc(quotient) if mode == "trunc" else quotient)


def xlogy(left: Any, right: Any) -> Array:
    """Return x ln y, 0 for x = 0 unless y is NaN."""
    with np.errstate(all="ignore"):
        found = np.asarray(left) * np.log(right)
    return np.where((np.asarray(left) == 0) & ~np.isnan(right), 0.0, found)


def clamped(array: Array, low: Any, high: Any) -> Array:
    """Return x limited to [low, high]; either may be missing. NaN stays NaN."""
    found = array if low is None else np.maximum(array, low)
    return np.asarray(found if high is None else np.minimum(found, high))


def within(array: Array, low: Any, high: Any) -> Array:
    """Return whether x lies in [low, high], ends included; either may be missing."""
    kept = np.ones(np.shape(array), bool)
    if low is not None:
        kept = kept & (array >= low)
    return kept if high is None else np.asarray(kept & (array <= high))


def same(left: Any, right: Any) -> Array:
    """Return whether numbers are equal, NaN to NaN as well."""
    return np.asarray((left == right) | (np.isnan(left) & np.isnan(right)))


def nan_to_num(array: Array, nan: float | None, high: float | None, low: float | None) -> Array:
    """Return finite numbers for NaN and the infinities."""
    limits = np.finfo(np.float64)
    return np.asarray(
        np.nan_to_num(
            array,
            nan=0.0 if nan is None else nan,
            posinf=limits.max if high is None else high,
            neginf=limits.min if low is None else low,
        )
    )


def logit_slope(array: Array, eps: float | None) -> Array:
    """Return 1 / (x (1 − x)); outside [eps, 1 − eps] 0, without eps NaN outside [0, 1]."""
    with np.errstate(all="ignore"):
        slope = 1.0 / (array * (1.0 - array))
    low = 0.0 if eps is None else eps
    outside = (array < low) | (array > 1.0 - low)
    return np.where(outside, np.nan if eps is None else 0.0, slope)


def logit(array: Array, eps: float | None) -> Array:
    """Return ln(x / (1 − x)), of x limited to [eps, 1 − eps] where eps is given."""
    limited = array if eps is None else np.clip(array, eps, 1.0 - eps)
    return np.asarray(np.log(limited / (1.0 - limited)))


_TANH_SCALE: Final = math.sqrt(2 / math.pi)
_TANH_CUBIC: Final = 0.044715


def gelu_bend(array: Array) -> Array:
    """Return what the approximation of GELU takes the hyperbolic tangent of."""
    return np.asarray(_TANH_SCALE * (array + _TANH_CUBIC * array**3))


def gelu_bend_slope(array: Array) -> Array:
    """Return the derivative of ``gelu_bend``."""
    return np.asarray(_TANH_SCALE * (1 + 3 * _TANH_CUBIC * array**2))


def power(base: Any, exponent: Any) -> Array:
    """Return base^exponent, also of whole numbers."""
    base, exponent = np.asarray(base), np.asarray(exponent)
    if base.dtype.kind in "iub" and exponent.dtype.kind == "f":
        base = base.astype(np.float64)
    return np.asarray(np.power(base, exponent))


def power_slope(base: Any, exponent: Any) -> Array:
    """Return exponent · base^(exponent − 1), and 0 for the exponent 0."""
    exponent = np.asarray(exponent)
    with np.errstate(all="ignore"):
        return np.where(exponent == 0, 0.0, exponent * power(base, exponent - 1))


def exponent_slope(result: Any, base: Any, exponent: Any) -> Array:
    """Return base^exponent · ln(base), and 0 at base 0 for exponents that are not negative."""
    base, exponent = np.asarray(base), np.asarray(exponent)
    flat = base == 0
    if exponent.dtype.kind != "c":
        flat = flat & (exponent >= 0)
    with np.errstate(all="ignore"):
        return np.where(flat, 0.0, np.asarray(result) * np.log(base))


def ratio_or_zero(left: Array, right: Array) -> Array:
    """Return a quotient, 0 where the divisor is 0."""
    with np.errstate(all="ignore"):
        return np.where(np.asarray(right) == 0, 0.0, np.asarray(left) / right)


def half(array: Array, part: int, dim: int) -> Array:
    """Return the first (0) or second (1) half of an array along a dimension."""
    return np.split(array, 2, axis=dim)[part]


def cast(array: Any, dtype: str | None) -> Array:
    """Return an array as another dtype has it: complex to real drops the imaginary part."""
    wide = np.asarray(array)
    name = (dtype or "").removeprefix("torch.")
    if name.startswith(("float", "bfloat", "int", "uint", "bool")) and wide.dtype.kind == "c":
        wide = wide.real
    if name.startswith(("int", "uint")):
        return np.asarray(np.trunc(wide) if wide.dtype.kind == "f" else wide)
    return wide != 0 if name == "bool" else wide


def cast_like(array: Any, like: Array) -> Array:
    """Return an array as it fits into another's memory: whole numbers lose the fraction."""
    kind = np.asarray(like).dtype.kind
    return cast(array, {"i": "int64", "u": "uint8", "b": "bool", "f": "float64"}.get(kind))


def _bool(function: Any) -> Any:
    return lambda *arguments: function(*[np.asarray(item) for item in arguments])


FUNCTIONS: Final[dict[str, Function]] = {
    "exp": Function(np.exp, "exp({0})", r"\exp({0})"),
    "expm1": Function(np.expm1, "exp({0}) − 1", r"\exp({0}) - 1"),
    "log": Function(np.log, "ln({0})", r"\ln({0})"),
    "log2": Function(np.log2, "log₂({0})", r"\log_2({0})"),
    "log10": Function(np.log10, "log₁₀({0})", r"\log_{{10}}({0})"),
    "log1p": Function(np.log1p, "ln(1 + {0})", r"\ln(1 + {0})"),
    "logaddexp": Function(logaddexp, "ln(exp({0}) + exp({1}))", r"\ln(\exp({0}) + \exp({1}))"),
    "logaddexp2": Function(
        np.logaddexp2, "log₂(2^{0!p} + 2^{1!p})", r"\log_2(2^{{{0}}}+2^{{{1}}})"
    ),
    "xlogy": Function(xlogy, "{0!p} · ln({1})", r"{0!p} \cdot \ln({1})"),
    "sqrt": Function(np.sqrt, "√({0})", r"\sqrt{{{0}}}"),
    "hyperbola": Function(hyperbola, "√({0!p}² − 1)", r"\sqrt{{{0!p}^2 - 1}}"),
    "abs": Function(np.abs, "|{0}|", r"\lvert {0} \rvert"),
    "sin": Function(np.sin, "sin({0})", r"\sin({0})"),
    "cos": Function(np.cos, "cos({0})", r"\cos({0})"),
    "tan": Function(np.tan, "tan({0})", r"\tan({0})"),
    "sinh": Function(np.sinh, "sinh({0})", r"\sinh({0})"),
    "cosh": Function(np.cosh, "cosh({0})", r"\cosh({0})"),
    "tanh": Function(np.tanh, "tanh({0})", r"\tanh({0})"),
    "asin": Function(np.arcsin, "arcsin({0})", r"\arcsin({0})"),
    "acos": Function(np.arccos, "arccos({0})", r"\arccos({0})"),
    "atan": Function(np.arctan, "arctan({0})", r"\arctan({0})"),
    "atan2": Function(np.arctan2, "atan2({all})", r"\operatorname{{atan2}}({all})"),
    "asinh": Function(np.arcsinh, "arsinh({0})", r"\operatorname{{arsinh}}({0})"),
    "acosh": Function(np.arccosh, "arcosh({0})", r"\operatorname{{arcosh}}({0})"),
    "atanh": Function(np.arctanh, "artanh({0})", r"\operatorname{{artanh}}({0})"),
    "hypot": Function(np.hypot, "√({0!p}² + {1!p}²)", r"\sqrt{{{0!p}^2 + {1!p}^2}}"),
    "sinc": Function(np.sinc, "sinc({0})", r"\operatorname{{sinc}}({0})"),
    "logit": Function(logit, "logit({0})", r"\operatorname{{logit}}({0})"),
    "logit_slope": Function(logit_slope, "logit′({0})", r"\operatorname{{logit}}'({0})"),
    "gelu_bend": Function(
        gelu_bend,
        "√(2/π) · ({0} + 0.044715 · {0!p}³)",
        r"\sqrt{{2/\pi}} ({0} + 0.044715 {0!p}^3)",
    ),
    "gelu_bend_slope": Function(
        gelu_bend_slope,
        "√(2/π) · (1 + 0.134145 · {0!p}²)",
        r"\sqrt{{2/\pi}} (1 + 0.134145 {0!p}^2)",
    ),
    "power": Function(power, "{0!p} ^ {1!p}", r"{{{0!p}}}^{{{1}}}"),
    "power_slope": Function(
        power_slope, "{1!p} · {0!p} ^ ({1} − 1)", r"{1!p} \cdot {{{0!p}}}^{{{1} - 1}}"
    ),
    "exponent_slope": Function(exponent_slope, "{0!p} · ln({1})", r"{0!p} \cdot \ln({1})"),
    "ratio_or_zero": Function(ratio_or_zero, "{0!p} / {1!p}", r"\frac{{{0}}}{{{1}}}"),
    "sgn": Function(sgn, "sgn({0})", r"\operatorname{{sgn}}({0})"),
    "sgn_vjp": Function(sgn_vjp),
    "angle": Function(np.angle, "arg({0})", r"\arg({0})"),
    "angle_vjp": Function(angle_vjp),
    "floor": Function(np.floor, "⌊{0}⌋", r"\lfloor {0} \rfloor"),
    "ceil": Function(np.ceil, "⌈{0}⌉", r"\lceil {0} \rceil"),
    "trunc": Function(np.trunc, "trunc({0})", r"\operatorname{{trunc}}({0})"),
    "round": Function(np.rint, "round({0})", r"\operatorname{{round}}({0})"),
    "rounded": Function(rounded, "round({all})", r"\operatorname{{round}}({all})"),
    "divided": Function(divided, "{0!p} / {1!p}", r"\frac{{{0}}}{{{1}}}"),
    "floor_divided": Function(
        np.floor_divide, "⌊{0!p} / {1!p}⌋", r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor"
    ),
    "fmod": Function(np.fmod, "fmod({all})", r"\operatorname{{fmod}}({all})"),
    "remainder": Function(np.remainder, "{0!p} mod {1!p}", r"{0!p} \bmod {1!p}"),
    "copysign": Function(np.copysign),
    "nextafter": Function(np.nextafter),
    "mantissa": Function(lambda a: np.frexp(a)[0]),
    "exponent": Function(lambda a: np.frexp(a)[1]),
    "nan_to_num": Function(nan_to_num),
    "same": Function(same, "{0!p} = {1!p}", "{0!p} = {1!p}", exact=True),
    "is_finite": Function(np.isfinite, "[{0} finite]", r"[{0} \text{{ finite}}]", exact=True),
    "is_nan": Function(np.isnan, "[{0} is NaN]", r"[{0} \text{{ is NaN}}]", exact=True),
    "is_inf": Function(np.isinf, "[{0} = ±∞]", r"[{0} = \pm\infty]", exact=True),
    "clamped": Function(clamped, "clamp({all})", r"\operatorname{{clamp}}({all})"),
    "within": Function(within, "[{1} ≤ {0} ≤ {2}]", r"[{1} \le {0} \le {2}]", exact=True),
    "maximum": Function(np.maximum, "max({all})", r"\max({all})"),
    "minimum": Function(np.minimum, "min({all})", r"\min({all})"),
    "fmax": Function(np.fmax, "max({all})", r"\max({all})"),
    "fmin": Function(np.fmin, "min({all})", r"\min({all})"),
    "both": Function(_bool(np.logical_and), "{0!p} ∧ {1!p}", r"{0!p} \land {1!p}", exact=True),
    "either": Function(_bool(np.logical_or), "{0!p} ∨ {1!p}", r"{0!p} \lor {1!p}", exact=True),
    "exclusive": Function(
        _bool(np.logical_xor), "{0!p} ⊕ {1!p}", r"{0!p} \oplus {1!p}", exact=True
    ),
    "negated": Function(_bool(np.logical_not), "¬{0!p}", r"\lnot {0!p}", exact=True),
    "inverted": Function(np.invert, "~{0!p}", r"\lnot {0!p}"),
    "bit_and": Function(np.bitwise_and, "{0!p} & {1!p}", r"{0!p} \mathbin{{\&}} {1!p}"),
    "bit_or": Function(np.bitwise_or, "{0!p} | {1!p}", r"{0!p} \mid {1!p}"),
    "bit_xor": Function(np.bitwise_xor, "{0!p} ^ {1!p}", r"{0!p} \oplus {1!p}"),
    "half": Function(half, "{0}[{1}]", r"{0}_{{{1}}}"),
    "conj": Function(np.conj, "conj({0})", r"\overline{{{0}}}"),
    "real": Function(np.real, "Re({0})", r"\operatorname{{Re}}({0})"),
    "imag": Function(np.imag, "Im({0})", r"\operatorname{{Im}}({0})"),
    "where": Function(
        np.where,
        "({1} if {0} else {2})",
        r"\begin{{cases}} {1} & {0} \\ {2} & \text{{else}} \end{{cases}}",
    ),
    "zeros": Function(np.zeros_like, "0", "0"),
    "cast": Function(cast, "{0}", "{0}"),
    "cast_like": Function(cast_like, "{0}", "{0}"),
}
