"""Recomputes an update term by term, and holds parameter and state against the recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import NotKept, wide
from retrograd.explain.check import Check, Status, not_checked
from retrograd.explain.comparison import compare
from retrograd.explain.formula import Rounding
from retrograd.explain.noise import Noise
from retrograd.explain.precision import PRECISIONS
from retrograd.explain.updates import adam, adaptive, sgd
from retrograd.explain.updates.manual import manual_terms
from retrograd.explain.updates.muon import muon
from retrograd.explain.updates.recipe import Recipe, shown
from retrograd.explain.updates.term import Term, largest
from retrograd.explain.worked import Index, worked
from retrograd.store.elements import Array
from retrograd.store.model import Update
from retrograd.store.step import Step
from retrograd.store.value import Value

RECIPES: Final[Mapping[str, Callable[[Mapping[str, Any], frozenset[str]], Recipe]]] = {
    "SGD": sgd.sgd,
    "Adam": adam.adam,
    "AdamW": adam.adamw,
    "Adamax": adam.adamax,
    "NAdam": adam.nadam,
    "RAdam": adam.radam,
    "SparseAdam": adam.sparse_adam,
    "Adagrad": adaptive.adagrad,
    "Adadelta": adaptive.adadelta,
    "RMSprop": adaptive.rmsprop,
    "Rprop": adaptive.rprop,
    "ASGD": adaptive.asgd,
    "Adafactor": adaptive.adafactor,
    "Muon": muon,
}
# Tuples of hyperparameters, taken apart.
_TUPLES: Final = {
    "betas": ("beta1", "beta2"),
    "etas": ("eta_minus", "eta_plus"),
    "step_sizes": ("smallest", "largest"),
    "ns_coefficients": ("ns_a", "ns_b", "ns_c"),
}
_COUNTER: Final = "step"
_MACHINE_EPSILON: Final = {"float64": 2.0**-52, "float16": 2.0**-10, "bfloat16": 2.0**-7}


@dataclass(frozen=True, slots=True)
class ExplainedUpdate:
    """An update, term by term; the check covers the parameter and every entry of the state."""

    terms: tuple[Term, ...]
    check: Check


def explain_update(step: Step, update: Update, index: Index | None = None) -> ExplainedUpdate:
    """Recompute an update from the values that it read.

    The terms are worked out for one element: ``index``, else the largest.
    """
    name = step.recording.parameters[update.parameter].name
    try:
        if update.manual:
            return ExplainedUpdate(*manual_terms(step, update))
        if update.gradient is None:
            return ExplainedUpdate((), _untouched(update))
        recipe_of = RECIPES.get(update.name)
        if recipe_of is None:
            reason = "lbfgs" if update.name == "LBFGS" else "unknown-optimizer"
            return ExplainedUpdate((), not_checked(reason))
        return _explained(update, recipe_of(_options(update), _entries(update)), name, index)
    except NotKept as error:
        return ExplainedUpdate((), not_checked(str(error)))


def _untouched(update: Update) -> Check:
    """Check that a parameter without a gradient has stayed as it was."""
    if update.before is None or update.after is None:
        return not_checked("values-not-kept")

    def again(noise: Noise | None = None) -> list[Array | None]:
        return [np.asarray(wide(update.before))]

    return compare(again(), [update.after], again, None)


def _options(update: Update) -> dict[str, Any]:
    """Return the hyperparameters as Python numbers and words, tuples taken apart."""
    found: dict[str, Any] = {"shape": () if update.before is None else update.before.shape}
    for name, item in update.hyperparameters.items():
        value = _plain(item)
        if name in _TUPLES and isinstance(value, tuple):
            found.update(zip(_TUPLES[name], value, strict=False))
        elif name == "eps" and isinstance(value, tuple):
            first = value[0]
            if first is None:
                dtype = update.after.dtype if update.after is not None else ""
                first = _MACHINE_EPSILON.get(dtype, 2.0**-23)
            found |= {"eps1": first, "eps2": value[1]}
        else:
            found[name] = value
    return found


def _plain(item: Any) -> Any:
    if isinstance(item, tuple):
        return tuple([_plain(part) for part in item])
    if not isinstance(item, Value):
        return item
    array = item.array
    if array is None:
        raise NotKept("values-not-kept")
    return array.reshape(-1)[0].item() if array.size == 1 else array


def _entries(update: Update) -> frozenset[str]:
    """Return the names of the state's entries that hold something before or will after."""
    names = {name for name, value in update.state_before.items() if value is not None}
    if "momentum_buffer" not in names:
        return frozenset(names | (set(update.state_after) - {"momentum_buffer"}))
    return frozenset(names | set(update.state_after))


def _start(update: Update, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the names of a recipe stand for before the first formula."""
    theta, g = _real(wide(update.before)), _real(wide(update.gradient))
    values: dict[str, Any] = {**options, "theta": theta, "g": g}
    for name, after in update.state_after.items():
        before = update.state_before.get(name)
        entry = "sum_of_squares" if name == "sum" else name
        if before is not None:
            values[entry] = _real(np.asarray(wide(before)))
        elif after is not None:
            values[entry] = _initial(name, after, options)
    if update.name == "SparseAdam":
        values["rows"] = np.any(g != 0, axis=tuple(range(1, g.ndim)), keepdims=True) | (g != 0)
    return values


def _initial(name: str, after: Value, options: Mapping[str, Any]) -> Any:
    """Return what PyTorch fills an entry of the state with before its first use."""
    if name in ("mu", "mu_product"):
        return 1.0
    shape = (*after.shape, 2) if "complex" in after.dtype else after.shape
    return np.full(shape, options["lr"] if name in ("eta", "step_size") else 0.0)


def _real(array: Any) -> Array:
    """Return complex numbers as pairs: optimizers treat the two parts as two numbers."""
    found = np.asarray(array)
    if found.dtype.kind != "c":
        return found
    return np.stack([found.real, found.imag], axis=-1)


def _explained(
    update: Update, recipe: Recipe, parameter: str, index: Index | None
) -> ExplainedUpdate:
    options = _options(update)
    start = _start(update, options)

    def run(noise: Noise | None = None) -> dict[str, Any]:
        values = dict(start)
        if noise is not None:
            for name, value in start.items():
                if isinstance(value, np.ndarray) and name != "rows":
                    values[name] = noise.on(value, name)
            values |= _narrow(update, start, noise)
        for name, formula in recipe.terms:
            rounding = None if noise is None else Rounding(noise.after, values)
            values[name] = formula.evaluate(values, rounding)
        return values

    def held(results: list[tuple[str, Value | None]]) -> Check:
        def again(noise: Noise | None = None) -> list[Array | None]:
            values = run(noise)
            return [
                None if value is None else _like(values[name], value) for name, value in results
            ]

        theirs = [value for _, value in results]
        return compare(again(), theirs, again, None, spread=recipe.coarse)

    values = run()
    results = [(recipe.new, update.after)]
    results += [
        (name, update.state_after.get(entry))
        for entry, name in recipe.state.items()
        if entry != _COUNTER
    ]
    check = held(results)
    if _COUNTER in recipe.state and check.status is not Status.WRONG:
        # apart: it is single precision in any training, and exact
        counted = held([(recipe.state[_COUNTER], update.state_after.get(_COUNTER))])
        if counted.status is Status.WRONG:
            check = counted
    if recipe.coarse and _says_nothing(check, update):
        check = not_checked("bfloat16-inside")
    return ExplainedUpdate(tuple(_terms(recipe, values, parameter, index)), check)


def _says_nothing(check: Check, update: Update) -> bool:
    """Return whether coarse roundings may come to a twentieth of what the parameter has moved."""
    before, after = wide(update.before), wide(update.after)
    return check.status is Status.VERIFIED and bool(
        (check.tolerance or 0.0) > np.abs(after - before).max(initial=0.0) / 20
    )


def _narrow(update: Update, values: Mapping[str, Any], noise: Noise) -> dict[str, Any]:
    """Return hyperparameters that are tensors with the noise of their own, lesser precision."""
    own = PRECISIONS.get(update.after.dtype) if update.after is not None else None
    found: dict[str, Any] = {}
    for name, item in update.hyperparameters.items():
        if own and isinstance(item, Value) and item.slot.kind != "scalar":
            precision = PRECISIONS.get(item.dtype)
            if precision is not None and precision.rounding > own.rounding:
                value = float(values[name])
                change = noise.on(value, name) - value
                found[name] = value + change * precision.rounding / own.rounding
    return found


def _like(result: Any, value: Value) -> Array:
    """Return a result in the shape and kind of the recorded value."""
    array = np.asarray(result, dtype=np.float64)
    if "complex" in value.dtype:
        array = array[..., 0] + 1j * array[..., 1]
    return np.broadcast_to(array, value.shape)


def _terms(
    recipe: Recipe, values: Mapping[str, Any], parameter: str, index: Index | None
) -> list[Term]:
    names = {name: shown(name) for name in values}
    telling = np.asarray(values[recipe.new])
    if np.isfinite(telling).all():
        telling = np.asarray(values["theta"])
    names |= {
        "theta_decayed": f"{parameter}_decayed",
        "theta": parameter,
        "g": f"{parameter}.grad",
        "new": f"{parameter}′",
    }
    found = []
    for name, formula in recipe.terms:
        result = np.asarray(values[name])
        example = None
        if result.size and result.ndim:
            asked = index is not None and len(index) == result.ndim
            place = index if asked and index is not None else largest(telling)
            if len(place) != result.ndim:
                place = largest(result)
            place = tuple([min(i, n - 1) for i, n in zip(place, result.shape, strict=True)])
            example = worked(formula, values, result, place)
        elif not result.ndim:
            example = worked(formula, values, result, ())
        found.append(Term(names[name], formula, names, result, example))
    return found
