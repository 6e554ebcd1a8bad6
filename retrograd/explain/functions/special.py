"""Special functions that NumPy lacks, in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.store.elements import Array


def _each(function: Callable[[float], float]) -> Callable[[Any], Array]:
    """Return an element-wise version of a function of one number; where it fails stands NaN."""

    def guarded(number: float) -> float:
        try:
            return function(number)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    vectorised = np.vectorize(guarded, otypes=[np.float64])

    def compute(array: Any) -> Array:
        return np.asarray(vectorised(array)) if np.size(array) else np.zeros(np.shape(array))

    return compute


_ERF_STEPS: Final = 256
_ERF_END: Final = 6  # beyond, 1 in float64
_ERF: Final = np.array([math.erf(k / _ERF_STEPS) for k in range(_ERF_END * _ERF_STEPS + 1)])


def erf(array: Any) -> Array:
    """Return the error function: a Taylor series around the nearest of many known points."""
    wide = np.asarray(array, np.float64)
    size = np.abs(wide)
    place = np.rint(np.fmin(size, _ERF_END) * _ERF_STEPS)
    x = place / _ERF_STEPS
    d = np.where(size < _ERF_END, size - x, 0.0)
    # the derivatives are Hermite polynomials times the first one
    square = x * x
    terms = ((-32 * square + 160) * square - 120) * x / 720
    terms = terms * d + ((16 * square - 48) * square + 12) / 120
    terms = terms * d + (12 - 8 * square) * x / 24
    terms = terms * d + (4 * square - 2) / 6
    terms = (terms * d - x) * d + 1
    slope = 2 / math.sqrt(math.pi) * np.exp(-square)
    known = _ERF[np.where(np.isnan(place), 0, place).astype(np.intp)]
    found = np.where(np.isnan(wide), np.nan, known + slope * d * terms)
    return np.asarray(np.copysign(found, wide))


erfc = _each(math.erfc)


def _lgamma(x: float) -> float:
    if math.isinf(x):
        return math.inf
    return math.inf if x <= 0 and x == math.floor(x) else math.lgamma(x)


lgamma = _each(_lgamma)


def digamma(array: Any) -> Array:
    """Return the derivative of ln Γ: recurrence up to 10, then the asymptotic series."""
    x = np.asarray(array, np.float64)
    pole = (x <= 0) & (x == np.floor(x))
    with np.errstate(all="ignore"):
        reflected = np.where(x < 0, 1.0 - x, x)
        total = np.zeros_like(x)
        for _ in range(10):
            small = reflected < 10
            total = np.where(small, total - 1.0 / reflected, total)
            reflected = np.where(small, reflected + 1.0, reflected)
        squared = 1.0 / reflected**2
        series = squared * (
            1 / 12
            - squared
            * (
                1 / 120
                - squared
                * (1 / 252 - squared * (1 / 240 - squared * (1 / 132 - squared * 691 / 32760)))
            )
        )
        found = total + np.log(reflected) - 0.5 / reflected - series
        # the fractional part keeps the cotangent exact far from zero
        found = np.where(x < 0, found - np.pi / np.tan(np.pi * (x - np.floor(x))), found)
    at_zero = np.copysign(np.inf, -x)
    return np.asarray(np.where(pole, np.where(x == 0, at_zero, np.nan), found))


_BERNOULLI: Final = (
    1 / 6,
    -1 / 30,
    1 / 42,
    -1 / 30,
    5 / 66,
    -691 / 2730,
    7 / 6,
    -3617 / 510,
    43867 / 798,
    -174611 / 330,
)


def zeta(s: Any, q: Any) -> Array:
    """Return Hurwitz's zeta function Σ 1 / (k + q)^s by Euler and Maclaurin, for s > 1."""
    s, q = np.broadcast_arrays(np.asarray(s, np.float64), np.asarray(q, np.float64))
    terms = 12
    with np.errstate(all="ignore"):
        # PyTorch, as Cephes does, takes the sum literally for negative q
        shift = np.where(q < 0, np.minimum(np.ceil(-q), 1e4), 0.0)
        total = np.zeros_like(s)
        for k in range(int(shift.max(initial=0.0))):
            total = total + np.where(k < shift, (q + k) ** -s, 0.0)
        start = q + shift
        for k in range(terms):
            total = total + (start + k) ** -s
        end = start + terms
        total = total + end ** (1 - s) / (s - 1) + 0.5 * end**-s
        factor = s * end ** (-s - 1)
        for index, number in enumerate(_BERNOULLI, 1):
            total = total + number / math.factorial(2 * index) * factor
            factor = factor * (s + 2 * index - 1) * (s + 2 * index) / end**2
    total = np.where(np.isposinf(q), np.nan, total)  # PyTorch's series has 0 · ∞ there
    total = np.where((q <= 0) & (q == np.floor(q)), np.inf, total)
    total = np.where((q < 0) & (q != np.floor(q)) & (s != np.floor(s)), np.nan, total)
    return np.asarray(np.where(s < 1, np.nan, np.where(s == 1, np.inf, total)))


def trigamma(array: Any) -> Array:
    """Return the derivative of the digamma function: reflection, recurrence, asymptotic series.

    As in PyTorch, the sine of a rounded multiple of π is not 0, and so a pole below 0 is finite.
    """
    x = np.asarray(array)
    pi = x.dtype.type(math.pi)
    with np.errstate(all="ignore"):
        reflected = x < 0.5
        sine = np.sin(pi * x)
        start = np.where(reflected, 1 - x, x)
        total = sum(1 / (start + k) ** 2 for k in range(10))
        end = start + 10
        square = 1 / end**2
        series = 1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30))
        found = total + (1 + 1 / (2 * end) + square * series) / end
        return np.asarray(np.where(reflected, pi * pi / (sine * sine) - found, found))


def polygamma(n: int, array: Any) -> Array:
    """Return the n-th derivative of the digamma function."""
    n = int(n)
    if n == 0:
        return digamma(array)
    if n == 1:
        return trigamma(array)
    return np.asarray((-1.0) ** (n + 1) * math.factorial(n) * zeta(n + 1.0, array))


def multigammaln(array: Array, p: int) -> Array:
    """Return the logarithm of the multivariate gamma function of dimension p."""
    constant = p * (p - 1) / 4 * math.log(math.pi)
    return np.asarray(sum(lgamma(array - j / 2) for j in range(int(p))) + constant)


def multidigamma(array: Array, p: int) -> Array:
    """Return the derivative of ``multigammaln``."""
    return np.asarray(sum(digamma(array - j / 2) for j in range(int(p))))


def _erfcx(x: float) -> float:
    if x < 25:
        return math.exp(x * x) * math.erfc(x)
    # a continued fraction, exact where exp(x²) would overflow
    tail = x
    for k in range(30, 0, -1):
        tail = x + k / 2 / tail
    return 1 / (math.sqrt(math.pi) * tail)


erfcx = _each(_erfcx)


def _ndtri(p: float) -> float:
    if not 0 < p < 1:
        return -math.inf if p == 0 else math.inf if p == 1 else math.nan
    side, tail = (-1.0, p) if p < 0.5 else (1.0, 1 - p)
    # Newton's method on ln of the tail from an asymptotic start; convex, hence safe
    x = math.sqrt(-2 * math.log(tail)) if tail < 0.3 else 0.0
    for _ in range(60):
        area = 0.5 * math.erfc(x / math.sqrt(2))
        slope = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        if area <= 0 or slope <= 0:
            break
        step = (math.log(area) - math.log(tail)) * area / slope
        x += step
        if abs(step) <= 1e-16 * max(abs(x), 1e-300):
            break
    return side * x


ndtri = _each(_ndtri)


def erfinv(array: Any) -> Array:
    """Return the inverse of the error function, exact near 0 and near ±1."""
    x = np.asarray(array, np.float64)
    found = ndtri((x + 1) / 2) / math.sqrt(2)
    with np.errstate(all="ignore"):
        for _ in range(2):  # Newton's method, where (x + 1) / 2 has lost digits
            step = (erf(found) - x) * math.sqrt(math.pi) / 2 * np.exp(found**2)
            found = np.where(np.isfinite(step), found - step, found)
    return np.asarray(found)


def _log_ndtr(x: float) -> float:
    if x < -1:
        return math.log(_erfcx(-x / math.sqrt(2)) / 2) - x * x / 2
    return math.log1p(-math.erfc(x / math.sqrt(2)) / 2)


log_ndtr = _each(_log_ndtr)


def ndtr(array: Any) -> Array:
    """Return the cumulative distribution of the standard normal distribution."""
    return np.asarray(0.5 * erfc(-np.asarray(array, np.float64) / math.sqrt(2)))


def normal_density(array: Any) -> Array:
    """Return the density of the standard normal distribution."""
    return np.asarray(np.exp(-np.square(array) / 2) / math.sqrt(2 * math.pi))


def _bessel(x: float, order: int) -> float:
    """Return exp(−|x|) times the modified Bessel function of order 0 or 1."""
    size = abs(x)
    sign = -1.0 if order == 1 and x < 0 else 1.0
    if size < 30:
        term = (size / 2) ** order
        total = term
        for k in range(1, 200):
            term *= size * size / 4 / (k * (k + order))
            total += term
            if term < total * 1e-18:
                break
        return sign * total * math.exp(-size)
    mu = 4.0 * order * order
    term = total = 1.0
    for k in range(1, 40):
        change = -(mu - (2 * k - 1) ** 2) / (k * 8 * size)
        if abs(change) >= 1:
            break
        term *= change
        total += term
    return sign * total / math.sqrt(2 * math.pi * size)


i0e = _each(lambda x: _bessel(x, 0))
i1e = _each(lambda x: _bessel(x, 1))
i0 = _each(lambda x: _bessel(x, 0) * math.exp(abs(x)))
i1 = _each(lambda x: _bessel(x, 1) * math.exp(abs(x)))


def _over(value: Any, x: Any) -> Array:
    """Return ``value / x``, and at zero its limit 1 / 2 for odd Bessel functions."""
    with np.errstate(all="ignore"):
        return np.where(np.asarray(x) == 0, 0.5, np.asarray(value) / x)


FUNCTIONS: Final[dict[str, Function]] = {
    "erf": Function(erf, "erf({0})", r"\operatorname{{erf}}({0})", shared=True),
    "erfc": Function(erfc, "erfc({0})", r"\operatorname{{erfc}}({0})"),
    "erfcx": Function(erfcx, "erfcx({0})", r"\operatorname{{erfcx}}({0})"),
    "erfinv": Function(erfinv, "erf⁻¹({0})", r"\operatorname{{erf}}^{{-1}}({0})"),
    "lgamma": Function(lgamma, "ln Γ({0})", r"\ln\Gamma({0})"),
    "digamma": Function(digamma, "ψ({0})", r"\psi({0})"),
    "polygamma": Function(polygamma, "ψ⁽{0}⁾({1})", r"\psi^{{({0})}}({1})"),
    "multigammaln": Function(multigammaln, "ln Γ_{1}({0})", r"\ln\Gamma_{{{1}}}({0})"),
    "multidigamma": Function(multidigamma, "ψ_{1}({0})", r"\psi_{{{1}}}({0})"),
    "zeta": Function(zeta, "ζ({0}, {1})", r"\zeta({0}, {1})"),
    "ndtri": Function(ndtri, "Φ⁻¹({0})", r"\Phi^{{-1}}({0})"),
    "log_ndtr": Function(log_ndtr, "ln Φ({0})", r"\ln\Phi({0})"),
    "ndtr": Function(ndtr, "Φ({0})", r"\Phi({0})"),
    "normal_density": Function(normal_density, "φ({0})", r"\varphi({0})"),
    "i0": Function(i0, "I₀({0})", r"I_0({0})"),
    "i1": Function(i1, "I₁({0})", r"I_1({0})"),
    "i0e": Function(i0e, "exp(−|{0}|) I₀({0})", r"e^{{-\lvert {0} \rvert}} I_0({0})"),
    "i1e": Function(i1e, "exp(−|{0}|) I₁({0})", r"e^{{-\lvert {0} \rvert}} I_1({0})"),
    "i1_over": Function(_over, "{0!p} / {1!p}", r"\frac{{{0}}}{{{1}}}"),
}
