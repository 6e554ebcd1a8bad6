"""The Jacobian of one op, for the page: whole where it is small, else row by row."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Final

import numpy as np

from retrograd.explain.jacobian import Block, Jacobian, jacobian
from retrograd.explain.jacobian_fold import FoldStep
from retrograd.explain.simplified import for_call
from retrograd.store.elements import Array
from retrograd.store.errors import RecordingError
from retrograd.store.step import Step
from retrograd.views.data.elements import ArrayData, array_data
from retrograd.views.data.explanation import CheckData, MessageData, check_data, message_data
from retrograd.views.data.mathml import equation, for_real

ENTRIES: Final = 4096
"""Most entries of a matrix, a row or a product that are sent."""


@dataclass(frozen=True, slots=True)
class FoldData:
    """One step of the folding; ``matrix`` goes with what is said."""

    text: MessageData
    formula: str | None
    label: str
    matrix: ArrayData | None
    equal: bool | None


@dataclass(frozen=True, slots=True)
class RowData:
    """How one output element changes with the input, in the input's own shape.

    It is zero outside of the box that begins at ``corner``.
    """

    place: int  # of the output element
    corner: tuple[int, ...]
    box: ArrayData


@dataclass(frozen=True, slots=True)
class BlockData:
    """The derivatives of the output by one input."""

    symbol: str  # of the input
    shape: tuple[int, ...]
    rows: int
    columns: int
    math: str | None  # vᵀJ
    structure: MessageData
    claim: str  # the structure that the derivative rule names
    agrees: bool
    counted: bool  # whether the structure was seen in the numbers
    matrix: ArrayData | None  # None where it is too large
    row: RowData | None  # where the matrix is not here
    fold: tuple[FoldData, ...]
    upstream: int | None  # slots of the recorded gradients
    downstream: int | None
    product: ArrayData | None  # vᵀJ, ours, rounded to the dtype of the recorded one
    check: CheckData | None


@dataclass(frozen=True, slots=True)
class JacobianData:
    """The Jacobian of one op, a block for each input."""

    event: int
    symbol: str
    slot: int  # of the output
    shape: tuple[int, ...]
    gradient: str
    blocks: tuple[BlockData, ...]
    notes: tuple[MessageData, ...]


def jacobian_data(step: Step, event: int, row: int | None = None) -> JacobianData:
    """Return the Jacobian of an event's op, or of a large one the row of an output element.

    Raises ``RecordingError`` where there is none.
    """
    try:
        found = jacobian(step, str(event), row)
    except RecordingError:
        if row is not None:
            raise
        found = jacobian(step, str(event), 0)  # too large as a whole; else this raises the same
    return JacobianData(
        event,
        found.symbol,
        found.result.index,
        found.result.shape,
        found.gradient,
        tuple([_block(found, block) for block in found.blocks]),
        tuple([message_data(note) for note in found.notes]),
    )


def _block(found: Jacobian, block: Block) -> BlockData:
    finding = block.structure
    kind = f"jacobian-kind-{finding.kind}"
    if finding.kind == "block-diagonal" and not finding.counted:
        kind += "-by-rule"
    matrix = _sent(block.matrix)
    row = None
    if matrix is None and block.line is not None and block.row is not None:
        box = _sent(block.line.values)
        if box is not None:
            row = RowData(_place(block.row, found.result.shape), block.line.corner, box)
    run = found.target.run
    shown = for_call(block.formula, found.op, () if run is None else run.grad_outputs)
    real = not block.value.dtype.startswith("complex")
    shown = for_real(shown) if real else shown
    texts = block.formula.unicode(block.names), shown.unicode(block.names)
    return BlockData(
        block.symbol,
        block.value.shape,
        block.rows,
        block.columns,
        equation(
            f"{_loss(found)}/∂{block.symbol}",
            shown,
            block.names,
            real=real,
        ),
        MessageData(kind, {"blocks": str(finding.blocks)}),
        finding.claim.value,
        finding.agrees,
        finding.counted,
        matrix,
        row,
        tuple([_fold(step, *texts) for step in block.fold]),
        None if block.upstream is None else block.upstream.index,
        None if block.downstream is None else block.downstream.index,
        _sent(_rounded(block)),
        check_data(block.check),
    )


def _loss(found: Jacobian) -> str:
    return found.gradient.rpartition("/∂")[0]


def _fold(step: FoldStep, general: str, here: str) -> FoldData:
    """Return a step with the rule's general formula as it is for this call."""
    formula = None if step.formula is None else step.formula.replace(general, here)
    return FoldData(message_data(step.text), formula, step.label, _sent(step.matrix), step.equal)


def _rounded(block: Block) -> Array | None:
    recorded = None if block.downstream is None else block.downstream.array
    if block.product is None or recorded is None:
        return block.product
    with np.errstate(over="ignore"):  # float16 may not hold it: then the check says so
        return block.product.astype(recorded.dtype)


def _sent(array: Array | None) -> ArrayData | None:
    """Return an array for the page, None where there is none or it is too large."""
    if array is None or array.size > ENTRIES:
        return None
    known: Any = np.asarray(array)
    return array_data(known)


def _place(index: tuple[int, ...], shape: tuple[int, ...]) -> int:
    return sum(i * prod(shape[axis + 1 :]) for axis, i in enumerate(index))
