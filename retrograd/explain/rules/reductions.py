"""Reductions: sums share the gradient out, extremes hand it to the element that was chosen."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_BACK: Final = "restore(G, self, dim, keepdim)"
_RESULT: Final = "restore(y, self, dim, keepdim)"


def _reduce(
    op: str, formula: str, vjp: str, structure: Structure = Structure.DENSE, *notes: str
) -> Rule:
    return rule(op, formula, {"self": vjp}, structure, "calculus", notes=notes)


def _chosen(op: str, values: str, keepdim: str = "keepdim", note: str = "one-index") -> Rule:
    """Return the rule of an op that gives elements of a dimension and their indices."""
    return rule(
        op,
        f"({values}, index_of(y1, self, {values}, dim, {keepdim}))",
        {"self": f"put_along(G, y1, self, dim, {keepdim})"},
        Structure.PERMUTATION,
        "definition",
        notes=(note,),
    )


def _shared(op: str, value: str) -> Rule:
    """Return the rule of an op that gives one element of all; ties share evenly."""
    return rule(
        op,
        value,
        {"self": "where(same(self, y), G, 0) / sum(same(self, y))"},
        Structure.PERMUTATION,
        "definition",
        notes=("ties-share-evenly",),
    )


def _test(op: str, formula: str) -> Rule:
    return rule(op, formula, {}, Structure.ZERO, "definition", smooth=False)


def _share(value: str, gradient: str) -> str:
    """Return a gradient shared by the elements of a dimension that equal a value.

    NaN equals nothing: where it is the value, PyTorch divides 0 by 0 and gives NaN to all.
    """
    mask = f"(self == restore({value}, self, dim, keepdim))"
    return f"restore({gradient}, self, dim, keepdim) * {mask} / sum({mask}, dim, True)"


SUMS: Final = (
    _reduce("sum", "sum(self)", "G", Structure.SUM),
    _reduce("sum.dim_IntList", "sum(self, dim, keepdim)", _BACK, Structure.SUM),
    _reduce("mean", "mean(self)", "G / count(self)", Structure.SUM),
    _reduce("mean.dim", "mean(self, dim, keepdim)", f"{_BACK} / count(self, dim)", Structure.SUM),
    _reduce(
        "nansum",
        "sum(where(is_nan(self), 0, self), dim, keepdim)",
        f"where(is_nan(self), 0, {_BACK})",
        Structure.SUM,
    ),
    _reduce("trace", "trace(self)", "where(eye_like(self) == 1, G, 0)", Structure.SUM),
    _reduce("prod", "prod(self)", "G * conj(others(self))"),
    _reduce("prod.dim_int", "prod(self, dim, keepdim)", f"{_BACK} * conj(others(self, dim))"),
    _reduce(
        "logsumexp",
        "logsumexp(self, dim, keepdim)",
        f"{_BACK} * conj(exp(self - {_RESULT}))",
    ),
)

_SPREAD: Final = "2 * deviation_factor(self, dim, correction) * (self - mean(self, dim, True))"
_OF_STD: Final = f"ratio_or_zero({_BACK}, 2 * {_RESULT}) * {_SPREAD}"
_OF_MEAN: Final = "restore(G1, self, dim, keepdim) / count(self, dim)"

MOMENTS: Final = (
    _reduce("var.correction", "var(self, dim, correction, keepdim)", f"{_BACK} * {_SPREAD}"),
    _reduce(
        "std.correction",
        "sqrt(var(self, dim, correction, keepdim))",
        _OF_STD,
        Structure.DENSE,
        "std-at-zero",
    ),
    _reduce(
        "var_mean.correction",
        "(var(self, dim, correction, keepdim), mean(self, dim, keepdim))",
        f"{_BACK} * {_SPREAD} + {_OF_MEAN}",
    ),
    _reduce(
        "std_mean.correction",
        "(sqrt(var(self, dim, correction, keepdim)), mean(self, dim, keepdim))",
        f"{_OF_STD} + {_OF_MEAN}",
        Structure.DENSE,
        "std-at-zero",
    ),
)

EXTREMES: Final = (
    _shared("max", "amax(self)"),
    _shared("min", "amin(self)"),
    _shared("median", "median(self)"),
    _shared("nanmedian", "nanmedian(self)"),
    _chosen("max.dim", "amax(self, dim, keepdim)"),
    _chosen("min.dim", "amin(self, dim, keepdim)"),
    _chosen("median.dim", "median(self, dim, keepdim)"),
    _chosen("nanmedian.dim", "nanmedian(self, dim, keepdim)"),
    _chosen("mode", "mode(self, dim, keepdim)"),
    _chosen("kthvalue", "kth(self, k, dim, keepdim)"),
    _chosen("sort", "sorted(self, dim, descending)", "True"),
    _chosen("topk", "largest(self, k, dim, largest)", "True"),
    _chosen("cummax", "cummax(self, dim)", "True"),
    _chosen("cummin", "cummin(self, dim)", "True"),
    _reduce(
        "amax",
        "amax(self, dim, keepdim)",
        _share("y", "G"),
        Structure.PERMUTATION,
        "ties-share-evenly",
    ),
    _reduce(
        "amin",
        "amin(self, dim, keepdim)",
        _share("y", "G"),
        Structure.PERMUTATION,
        "ties-share-evenly",
    ),
    _reduce(
        "aminmax",
        "(amin(self, dim, keepdim), amax(self, dim, keepdim))",
        f"{_share('y', 'G')} + {_share('y1', 'G1')}",
        Structure.PERMUTATION,
        "ties-share-evenly",
    ),
)

RUNNING: Final = (
    _reduce("cumsum", "cumsum(self, dim)", "reverse_cumsum(G, dim)"),
    _reduce(
        "cumprod",
        "cumprod(self, dim)",
        "cumprod_vjp(G, self, dim) if any(self == 0, None, False)"
        " else reverse_cumsum(G * conj(y), dim) / conj(self)",
    ),
    _reduce("logcumsumexp", "logcumsumexp(self, dim)", "logcumsumexp_vjp(G, self, y, dim)"),
)

TESTS: Final = (
    _test("any", "any(self)"),
    _test("any.dim", "any(self, dim, keepdim)"),
    _test("any.dims", "any(self, dim, keepdim)"),
    _test("all", "all(self)"),
    _test("_is_all_true", "all(self)"),
    _test("_is_any_true", "any(self)"),
    _test("nonzero", "nonzero(self)"),
    _test("histc", "histogram(self, bins, min, max)"),
    _test("bincount", "bincount(self, weights, minlength)"),
    _test("all.dim", "all(self, dim, keepdim)"),
    _test("all.dims", "all(self, dim, keepdim)"),
    _test("count_nonzero", "count_nonzero(self, dim)"),
    _test("count_nonzero.dim_IntList", "count_nonzero(self, dim)"),
    _test("argmax", "arg(self, dim, keepdim, True)"),
    _test("argmin", "arg(self, dim, keepdim, False)"),
)

RULES: Final = (*SUMS, *MOMENTS, *EXTREMES, *RUNNING, *TESTS)
