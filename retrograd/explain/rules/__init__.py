"""The derivative rules, one module for each family; ``find`` looks them up by op."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Final

from retrograd.explain.rule import Rule

FAMILIES: Final = (
    "elementwise",
    "reductions",
    "shape",
    "indexing",
    "foreach",
    "linear_algebra",
    "decompositions",
    "convolution",
    "pooling",
    "interpolation",
    "normalisation",
    "attention",
    "losses",
    "random",
    "recurrent",
    "distances",
    "complex",
    "fourier",
)


@cache
def all_rules() -> dict[str, Rule]:
    """Return every rule by the name of its op; raises ``ValueError`` where two claim one op."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        path = f"retrograd.explain.rules.{family}"
        if importlib.util.find_spec(path) is None:
            continue
        for entry in importlib.import_module(path).RULES:
            if entry.op in found:
                raise ValueError(f"two rules for {entry.op}")
            found[entry.op] = entry
    return found


def find(op: str) -> Rule | None:
    """Return the rule of an op such as ``aten::add_.Tensor``, None where there is none yet."""
    name = op.partition("::")[2].partition(".")[0]
    rules = all_rules()
    known = rules.get(name)
    if known is None and name.endswith("_") and not name.endswith("__"):
        known = rules.get(name[:-1])
    return known
