"""A derivative rule: what an op computes, and how a gradient goes back through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from retrograd.explain.formula import Formula


class Structure(Enum):
    """Where a Jacobian's non-zero entries lie."""

    DENSE = "dense"
    DIAGONAL = "diagonal"
    BLOCK_DIAGONAL = "block-diagonal"
    PERMUTATION = "permutation"  # views and copies: each output is one input
    SUM = "sum"  # sums and broadcasts: ones
    KRONECKER = "kronecker"
    CONVOLUTION = "convolution"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Rule:
    """The derivative rule of one ATen op, whatever its overload, in place or not.

    ``vjps`` holds, for each differentiable argument in the order of the schema (which is the
    order of the node's edges), the formula of the gradient that goes out to it. The engine sums
    a result over dimensions that were broadcast, and drops the imaginary part for a real argument.
    """

    op: str  # such as "mm", without "aten::" and overload
    formula: Formula  # of the output; of the first one where there are several
    vjps: Mapping[str, Formula]
    structure: Mapping[str, Structure]
    source: str  # where the derivative comes from
    smooth: bool = True  # whether finite differences can check it nearly everywhere
    notes: tuple[str, ...] = ()  # message ids on special values
    normwise: bool = False  # computed as exactly as the largest element allows, not each
    finite_only: bool = False  # NaN and infinities change finite results too, as LAPACK's do
    defaults: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


_PYTORCH = "PyTorch tools/autograd/derivatives.yaml"


def rule(
    op: str,
    formula: str,
    vjps: Mapping[str, str],
    structure: Structure | Mapping[str, Structure],
    source: str = _PYTORCH,
    *,
    smooth: bool = True,
    notes: tuple[str, ...] = (),
    normwise: bool = False,
    finite_only: bool = False,
) -> Rule:
    """Return a rule from texts; one structure may stand for all arguments."""
    shapes = dict.fromkeys(vjps, structure) if isinstance(structure, Structure) else dict(structure)
    parsed = {name: Formula(text) for name, text in vjps.items()}
    return Rule(op, Formula(formula), parsed, shapes, source, smooth, notes, normwise, finite_only)


def elementwise(
    op: str,
    formula: str,
    derivatives: Mapping[str, str],
    source: str = "calculus",
    *,
    smooth: bool = True,
    notes: tuple[str, ...] = (),
) -> Rule:
    """Return the rule of an element-wise op from the local derivative by each argument.

    The VJP is ``G * conj(derivative)``: PyTorch's gradients of complex numbers are conjugated.
    """
    vjps = {name: _times(text) for name, text in derivatives.items()}
    return rule(op, formula, vjps, Structure.DIAGONAL, source, smooth=smooth, notes=notes)


def _times(derivative: str) -> str:
    plain = {"1": "G", "-1": "-G", "0": "zeros(G)"}
    return plain.get(derivative) or f"G * conj({derivative})"
