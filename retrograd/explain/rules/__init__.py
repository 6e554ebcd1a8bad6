"""The derivative rules, one module for each family; ``find`` looks them up by op."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Final

from retrograd.explain.rule import Rule

FAMILIES: Final = (
    "elementwise",
    "activations",
    "comparisons",
    "reductions",
    "shape",
    "indexing",
    "factories",
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
    "norms",
    "complex",
    "fourier",
    "double_backward",
    "double_normalisation",
    "inference",
    "scaling",
    "sparse",
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


@cache
def find(op: str) -> Rule | None:
    """Return the rule of an op such as ``aten::add_.Tensor``, None where there is none yet.

    An overload may have a rule of its own. An op in place, or one that copies where its namesake
    gives a view (``view_copy``), goes by the rule of the plain one.
    """
    rules = all_rules()
    name, _, overload = op.partition("::")[2].partition(".")
    names = [name]
    if name.endswith("_") and not name.endswith("__"):
        names.append(name[:-1])
    names += [each.removesuffix("_copy") for each in names if each.endswith("_copy")]
    for each in names:
        found = rules.get(f"{each}.{overload}") or rules.get(each)
        if found is not None:
            return found
    return None
