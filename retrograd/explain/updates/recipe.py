"""A recipe: the arithmetic of one optimizer for given options, as a list of named formulas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retrograd.explain.formula import Formula

Options = Mapping[str, Any]

# How the letters of recipes are written for people.
_GREEK: Final = {
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "eps1": "ε₁",
    "eps2": "ε₂",
    "weight_decay": "λ",
    "momentum": "μ",
    "dampening": "τ",
    "rho": "ρ",
    "alpha": "α",
    "m_hat": "m̂",
    "v_hat": "v̂",
    "delta": "Δ",
}


class Recipe:
    """Formulas in order, each named; later ones use the names of earlier ones.

    ``theta`` is the parameter before, ``g`` the gradient that was read; the state's entries go by
    the names in ``state``; all other names are hyperparameters.
    """

    def __init__(self) -> None:
        self.terms: list[tuple[str, Formula]] = []
        self.new = "theta"
        self.coarse = False  # whether it rounds to a coarser dtype on the way
        self.state: dict[str, str] = {}  # entry of the state -> name of its new value

    def let(self, name: str, formula: str) -> str:
        """Add a formula and return its name."""
        self.terms.append((name, Formula(formula)))
        return name

    def keep(self, entry: str, name: str) -> None:
        """Say which name holds the new value of an entry of the state."""
        self.state[entry] = name

    def update(self, formula: str) -> None:
        """Add the formula of the new parameter."""
        self.new = self.let("new", formula)


def gradient(recipe: Recipe, options: Options, decoupled: bool = False) -> str:
    """Return the name of the gradient after ``maximize`` and coupled weight decay."""
    g = "g"
    if options.get("maximize"):
        g = recipe.let("g_up", "-g")
    if options.get("weight_decay") and not decoupled:
        g = recipe.let("g_decayed", f"{g} + weight_decay * theta")
    return g


def decayed(recipe: Recipe, options: Options) -> str:
    """Return the name of the parameter after decoupled weight decay."""
    if not options.get("weight_decay"):
        return "theta"
    return recipe.let("theta_decayed", "theta * (1 - lr * weight_decay)")


def count(recipe: Recipe) -> str:
    """Add the step counter and return its name."""
    t = recipe.let("t", "step + 1")
    recipe.keep("step", t)
    return t


def shown(name: str) -> str:
    """Return how a recipe's name is written for people."""
    if name in _GREEK:
        return _GREEK[name]
    base, _, suffix = name.partition("_")
    if suffix == "new":
        return f"{_GREEK.get(base, base)}′"
    return name
