"""Names the structure of a Jacobian from its numbers, and holds it against the rule's claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, prod

import numpy as np

from retrograd.explain.rule import Structure
from retrograd.store.elements import Array

Shape = tuple[int, ...]
Shift = tuple[int, int]
"""Steps along an output and an input dimension."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The structure of a Jacobian.

    ``kind`` says more than ``structure`` does: identity, permutation or selection; sum or
    broadcast. ``counted`` is False where the matrix was too large to be looked at: then the
    structure is what the rule says.
    """

    structure: Structure
    kind: str
    claim: Structure
    agrees: bool
    counted: bool = True
    blocks: int = 0  # of a block diagonal matrix
    nonzero: int = 0  # entries that may be other than zero


@dataclass(frozen=True, slots=True)
class Entries:
    """A Jacobian's numbers with what they run over."""

    matrix: Array
    pattern: Array
    outputs: Shape
    inputs: Shape
    shifts: tuple[tuple[Shift, ...], ...] = ()  # of a convolution, see ``shifts``

    @property
    def across(self) -> Array:
        """How many entries each row may have."""
        return np.asarray(self.pattern.sum(axis=1))

    @property
    def down(self) -> Array:
        """How many entries each column may have."""
        return np.asarray(self.pattern.sum(axis=0))


def claimed(claim: Structure, outputs: Shape, inputs: Shape) -> Structure:
    """Return what a rule claims for these shapes.

    A diagonal becomes a broadcast where the input was stretched, and both it and diagonal blocks
    a sum where a loss reduces them to one number.
    """
    stretched = claim is Structure.DIAGONAL and outputs != inputs
    reduced = claim is Structure.BLOCK_DIAGONAL and prod(outputs) == 1
    return Structure.SUM if stretched or reduced else claim


def by_rule(claim: Structure, outputs: Shape, inputs: Shape) -> Finding:
    """Return what a rule says of a matrix too large to be looked at."""
    said = claimed(claim, outputs, inputs)
    return Finding(said, said.value, said, True, counted=False)


def find_structure(entries: Entries, claim: Structure) -> Finding:
    """Return the structure that the numbers have."""
    said = claimed(claim, entries.outputs, entries.inputs)
    blocks = components(entries.pattern)
    found = _kind(entries, said, blocks)
    agrees = found[0] is said or _fits(said, entries, blocks)
    nonzero = int(entries.pattern.sum())
    return Finding(*found, said, agrees, True, len(blocks), nonzero)


def _kind(
    entries: Entries, said: Structure, blocks: list[tuple[Array, Array]]
) -> tuple[Structure, str]:
    """Return the most telling structure, the claimed one where several fit."""
    if not entries.pattern.any():
        return Structure.ZERO, "zero"
    if said is Structure.KRONECKER and is_kronecker(entries):
        return said, "kronecker-single" if entries.pattern.all() else "kronecker"
    if said is Structure.CONVOLUTION and entries.shifts and slides(entries):
        return said, "convolution"
    if said is Structure.CONVOLUTION and not entries.shifts and is_local(entries):
        return said, "local"
    ones = _ones(entries)
    if is_diagonal(entries.pattern):
        if ones and entries.pattern.diagonal().all():
            return (said if said is Structure.PERMUTATION else Structure.DIAGONAL), "identity"
        return Structure.DIAGONAL, "diagonal"
    if said is Structure.BLOCK_DIAGONAL and len(blocks) > 1:
        return said, "block-diagonal"
    if (entries.across <= 1).all():
        if (entries.down <= 1).all() and ones:
            square = len(entries.pattern) == entries.pattern.shape[1]
            exact = square and (entries.across == 1).all()
            return Structure.PERMUTATION, "permutation" if exact else "selection"
        if said is Structure.PERMUTATION and ones:
            return said, "selection"
        return Structure.SUM, "broadcast" if ones else "weighted-broadcast"
    if (entries.down <= 1).all():
        if said is Structure.PERMUTATION and _fits(said, entries, blocks):
            return said, "shared-selection"
        return Structure.SUM, "sum" if ones else "weighted-sum"
    if len(blocks) > 1:
        return Structure.BLOCK_DIAGONAL, "block-diagonal"
    return Structure.DENSE, "dense"


def _fits(said: Structure, entries: Entries, blocks: list[tuple[Array, Array]]) -> bool:
    """Return whether the numbers are such as a claim says; every matrix is dense, or one block."""
    if said is Structure.ZERO or not entries.pattern.any():
        return not entries.pattern.any()  # nothing enters: a selection that took none
    if said is Structure.DIAGONAL:
        return is_diagonal(entries.pattern)
    if said is Structure.PERMUTATION:
        return _hands_over(entries)
    if said is Structure.SUM:
        return bool((entries.across <= 1).all() or (entries.down <= 1).all())
    if said is Structure.KRONECKER:
        return is_kronecker(entries)
    if said is Structure.CONVOLUTION:
        return slides(entries) if entries.shifts else is_local(entries)
    if said is Structure.BLOCK_DIAGONAL:
        return len(blocks) > 1 or bool(entries.pattern.all())
    return True


def is_diagonal(pattern: Array) -> bool:
    """Return whether all entries lie on the diagonal of a square matrix."""
    rows, columns = pattern.shape
    return rows == columns and not pattern[~np.eye(rows, dtype=bool)].any()


def _ones(entries: Entries) -> bool:
    return bool((entries.matrix[entries.pattern] == 1).all())


def _hands_over(entries: Entries) -> bool:
    """Return whether numbers are handed over: an output is one input, or shared by equal ones."""
    weights = entries.matrix
    if np.iscomplexobj(weights):
        return bool((entries.across <= 1).all())
    if _ones(entries) and (entries.down <= 1).all():  # each input put into one place
        return True
    return bool((weights >= 0).all() and np.allclose(weights.sum(axis=1)[entries.across > 0], 1))


def is_kronecker(entries: Entries) -> bool:
    """Return whether the matrix is a product ``A ⊗ B`` of matrices over parts of the dimensions.

    Van Loan & Pitsianis, 1993: with the indices of A and those of B each brought together, such a
    matrix has rank one. Every way to part the dimensions of output and input is tried.
    """
    if not np.isfinite(entries.matrix).all():
        return True  # NaN and Inf hide the products; the rule's word stands
    outputs, inputs = entries.outputs, entries.inputs
    ends = {(0, 0), (len(outputs), len(inputs))}  # all in one factor
    return any(
        _rank_one(entries.matrix, _parted(outputs, row), _parted(inputs, column))
        for row in range(len(outputs) + 1)
        for column in range(len(inputs) + 1)
        if (row, column) not in ends
    )


def _parted(shape: Shape, at: int) -> Shape:
    return prod(shape[:at]), prod(shape[at:])


def _rank_one(matrix: Array, rows: Shape, columns: Shape) -> bool:
    paired = matrix.reshape(*rows, *columns).transpose(0, 2, 1, 3)
    flat = paired.reshape(rows[0] * columns[0], rows[1] * columns[1])
    pivot = np.unravel_index(int(np.argmax(np.abs(flat))), flat.shape)
    if flat[pivot] == 0:
        return True
    again = np.outer(flat[:, pivot[1]], flat[pivot[0]]) / flat[pivot]
    return bool(np.allclose(again, flat, rtol=1e-9, atol=1e-12 * abs(flat[pivot])))


def slides(entries: Entries) -> bool:
    """Return whether the same numbers slide along every spatial dimension (Toeplitz, or Hankel).

    Moving along an output and an input dimension by fitting steps must leave every entry as it is.
    """
    spatial = len(entries.shifts)
    if spatial == 0 or len(entries.outputs) < spatial or len(entries.inputs) < spatial:
        return False
    array = entries.matrix.reshape(entries.outputs + entries.inputs)
    for axis, candidates in enumerate(entries.shifts):
        own, other = len(entries.outputs) - spatial + axis, array.ndim - spatial + axis
        possible = [
            (by, and_by)
            for by, and_by in candidates
            if by < array.shape[own] and abs(and_by) < array.shape[other]
        ]
        if possible and not any(
            np.array_equal(*_moved(array, own, by, other, and_by), equal_nan=True)
            for by, and_by in possible
        ):
            return False
    return True


def is_local(entries: Entries) -> bool:
    """Return whether each output looks at a window of the input that moves on with the output.

    So it is in pooling and interpolation, whose windows may differ in size at the edges.
    """
    spatial = min(len(entries.outputs), len(entries.inputs)) - 2  # without batch and channels
    if spatial < 1:
        return True
    for axis in range(-spatial, 0):
        rows = np.indices(entries.outputs)[axis].reshape(-1)
        columns = np.indices(entries.inputs)[axis].reshape(-1)
        first = np.full(entries.outputs[axis], entries.inputs[axis])
        last = np.full(entries.outputs[axis], -1)
        row, column = np.nonzero(entries.pattern)
        np.minimum.at(first, rows[row], columns[column])
        np.maximum.at(last, rows[row], columns[column])
        used = last >= 0
        if (np.diff(first[used]) < 0).any() or (np.diff(last[used]) < 0).any():
            return False
    return True


def shifts(strides: Sequence[int], dilations: Sequence[int]) -> tuple[tuple[Shift, ...], ...]:
    """Return for each spatial dimension the steps that may leave a convolution's entries alike.

    In turn: by its image, by the image of a transposed one, by the kernel, by the kernel of a
    transposed one.
    """
    found = []
    for stride, dilation in zip(strides, dilations, strict=True):
        common = gcd(stride, dilation)
        kernel = (dilation // common, -stride // common)
        found.append(((1, stride), (stride, 1), kernel, (dilation, 1)))
    return tuple(found)


def _moved(array: Array, own: int, by: int, other: int, and_by: int) -> tuple[Array, Array]:
    """Return the parts of an array that a shift along two axes puts on each other."""
    before = [slice(None)] * array.ndim
    after = [slice(None)] * array.ndim
    for axis, step in ((own, by), (other, and_by)):
        length, size = array.shape[axis], abs(step)
        first, second = slice(0, max(length - size, 0)), slice(min(size, length), length)
        before[axis], after[axis] = (first, second) if step >= 0 else (second, first)
    return array[tuple(before)], array[tuple(after)]


def components(pattern: Array) -> list[tuple[Array, Array]]:
    """Return the blocks that rows and columns fall into, as (rows, columns), in order.

    A row and a column belong together where an entry joins them; empty ones are left out.
    """
    rows = np.arange(len(pattern))
    label = np.where(pattern.any(axis=1), rows, -1)
    while True:
        # the smallest label that each column sees, then the smallest that each row sees of those
        large = len(pattern)
        seen = np.where(pattern, np.where(label < 0, large, label)[:, None], large)
        by_column = seen.min(axis=0, initial=large)
        again = np.where(pattern, by_column[None, :], large).min(axis=1, initial=large)
        again = np.where(label < 0, -1, np.minimum(again, label))
        if (again == label).all():
            break
        label = again
    return [
        (np.flatnonzero(label == number), np.flatnonzero(pattern[label == number].any(axis=0)))
        for number in np.unique(label[label >= 0])
    ]


def drawing(pattern: Array, matrix: Array) -> list[str]:
    """Return the zero pattern, a character for each entry.

    ``■`` is an entry, ``0`` one that is zero for these numbers only, ``·`` one that always is.
    """
    marks = np.where(pattern, np.where(matrix == 0, "0", "■"), "·")
    return ["".join(row) for row in marks]
