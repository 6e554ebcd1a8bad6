"""How the array of all derivatives folds to a matrix, and why backward() never needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.explain.jacobian_map import Convention, Map
from retrograd.explain.jacobian_product import Factor
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array

LIMIT: Final = 64
"""Most elements of a factor that is shown beside the step that speaks of it."""


@dataclass(frozen=True, slots=True)
class FoldStep:
    """One step: what is said, the formula that goes with it, a small matrix that shows it.

    ``equal`` says whether the claim was compared with every number of the matrix, and held; None
    where there was nothing to compare.
    """

    text: Message
    formula: str | None = None
    matrix: Array | None = None
    label: str = ""
    equal: bool | None = None


def fold(found: Map, matrix: Array | None, names: Mapping[str, str]) -> Iterator[FoldStep]:
    """Yield the steps for one input; of a product all, of other ops what holds for every op."""
    factor = found.factor
    if factor is not None:
        yield from _product(found, factor, matrix, names)
    else:
        id = "jacobian-vjp-summed" if found.stretched else "jacobian-vjp"
        formula = f"Σ {names['formula']}" if found.stretched else names["formula"]
        yield FoldStep(message(id, gradient=names["gradient"]), f"vᵀJ = {formula}")
    shape = _shape(found.source.value.shape)
    kept = found.source.value.slot.parameter is not None
    id = "jacobian-same-shape-parameter" if kept else "jacobian-same-shape"
    yield FoldStep(message(id, input=names["input"], shape=shape))
    yield FoldStep(
        message(
            "jacobian-cost",
            jacobian=f"{found.rows:,} × {found.columns:,} = {found.rows * found.columns:,}",
            vector=f"{found.columns:,}",
        )
    )


def _product(
    found: Map, factor: Factor, matrix: Array | None, names: Mapping[str, str]
) -> Iterator[FoldStep]:
    result, own, other = names["result"], names["input"], names["other"]
    outputs, into = found.result.shape, factor.own.shape
    yield FoldStep(
        message(
            "jacobian-fold-indices",
            result=result,
            input=own,
            outputs=f"{found.rows:,}",
            inputs=f"{found.columns:,}",
            dimensions=str(len(outputs) + len(into)),
            shape="×".join(map(str, outputs + into)) or "1",
        )
    )
    primed = {letter: f"{letter}′" for letter in factor.kept}
    scale = "" if _is_one(factor.scale) else f"{_number(factor.scale)} · "
    here = f"{own}{_index(factor.mine)}"
    there = f"{other}{_index(factor.theirs)}"
    product = f"{here} · {there}" if factor.left else f"{there} · {here}"
    total = f"Σ_{''.join(factor.summed)} " if factor.summed else ""
    yield FoldStep(
        message("jacobian-fold-element", result=result),
        _join(result, factor.out, total, scale, product),
    )
    same = " ∧ ".join(f"{letter} = {letter}′" for letter in factor.kept)
    entry = f"∂{result}{_index(factor.out)}/∂{own}{_index(factor.mine, primed)} = {scale}{there}"
    yield FoldStep(
        message("jacobian-fold-entry" if same else "jacobian-fold-entry-always", other=other),
        f"{entry} if {same} else 0" if same else entry,
    )
    yield FoldStep(
        message(
            "jacobian-fold-flatten",
            rows=_listed(factor.out),
            columns=_listed(factor.mine, primed),
            size=f"{found.rows:,} × {found.columns:,}",
        )
    )
    yield from _named(factor, matrix, other, scale, own)
    yield from _pulled_back(found, factor, names, scale)


def _named(
    factor: Factor, matrix: Array | None, other: str, scale: str, own: str
) -> Iterator[FoldStep]:
    """Say which matrix the folded array is, and compare every number where it was computed."""
    if not factor.foldable:
        batch = ", ".join(letter for letter in factor.kept if letter in factor.theirs)
        yield FoldStep(message("jacobian-fold-batch", letters=batch, other=other))
        return
    label = scale + (f"{other}ᵀ" if factor.transposed else other)
    small = factor.other.slot.count <= LIMIT
    folded = factor.folded if small or matrix is not None else None
    shown = folded if small else None
    if factor.single:
        equal = None if matrix is None or folded is None else _same(matrix, folded)
        letters = " ∧ ".join(f"{letter} = {letter}′" for letter in factor.kept)
        id = "jacobian-fold-is" if letters else "jacobian-fold-is-always"
        text = message(id, matrix=label, input=own, letters=letters or "-")
        yield FoldStep(text, f"J = {label}", shown, label, equal)
        return
    size = int(np.prod([factor.lengths[letter] for letter in factor.kept], dtype=int))
    first = factor.out[: len(factor.kept)] == factor.kept
    identity = f"I{_subscript(size)}"
    formula = f"J = {identity} ⊗ {label}" if first else f"J = {label} ⊗ {identity}"
    equal = None
    if matrix is not None and folded is not None:
        eye = np.eye(size)
        equal = _same(matrix, np.kron(eye, folded) if first else np.kron(folded, eye))
    if equal is False:  # the indices of the factor lie otherwise: copies, but no Kronecker product
        yield FoldStep(message("jacobian-fold-copies", matrix=label, count=str(size)))
        return
    id = "jacobian-fold-kronecker-blocks" if first else "jacobian-fold-kronecker-strided"
    text = message(id, matrix=label, count=str(size), letters=", ".join(factor.kept))
    yield FoldStep(text, formula, shown, label, equal)


def _pulled_back(
    found: Map, factor: Factor, names: Mapping[str, str], scale: str
) -> Iterator[FoldStep]:
    """Say what vᵀJ is, element by element and then as a product of matrices."""
    complex_ = found.convention is not Convention.REAL
    other = f"conj({names['other']})" if complex_ else names["other"]
    there, vector = f"{other}{_index(factor.theirs)}", f"v{_index(factor.out)}"
    product = f"{vector} · {there}" if factor.left else f"{there} · {vector}"
    total = f"Σ_{''.join(factor.free)} " if factor.free else ""
    left = f"(vᵀJ){_index(factor.mine)}"
    yield FoldStep(
        message("jacobian-fold-vjp", gradient=names["gradient"]),
        f"{left} = {scale}{total}{product}",
    )
    yield FoldStep(
        message("jacobian-fold-formula", input=names["input"]), f"vᵀJ = {names['formula']}"
    )


def _join(result: str, out: str, total: str, scale: str, product: str) -> str:
    return f"{result}{_index(out)} = {scale}{total}{product}"


def _index(letters: str, primed: Mapping[str, str] | None = None) -> str:
    listed = ",".join((primed or {}).get(letter, letter) for letter in letters)
    return f"[{listed}]" if listed else ""


def _listed(letters: str, primed: Mapping[str, str] | None = None) -> str:
    return f"({', '.join((primed or {}).get(letter, letter) for letter in letters)})"


def _same(matrix: Array, ours: Array) -> bool:
    return matrix.shape == ours.shape and bool(np.array_equal(matrix, ours, equal_nan=True))


def _is_one(scale: object) -> bool:
    return bool(np.all(np.asarray(scale) == 1))


def _number(scale: object) -> str:
    return f"{np.asarray(scale).item():.4g}"


def _shape(lengths: tuple[int, ...]) -> str:
    return "×".join(map(str, lengths)) or "scalar"


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
