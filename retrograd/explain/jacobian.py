"""The Jacobian of one op of a step: as matrix, row or column, with its structure and its use.

``jacobian(step, "MmBackward0")`` has one block for each input: what ∂output/∂input is for the
recorded numbers, how the indices fold to a matrix, and that vᵀJ is the gradient that PyTorch sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.explain.arguments import NotKept, wide
from retrograd.explain.check import Check
from retrograd.explain.formula import Formula
from retrograd.explain.jacobian_check import pulled_back, upstream_of
from retrograd.explain.jacobian_fold import FoldStep, fold
from retrograd.explain.jacobian_line import Index, Line
from retrograd.explain.jacobian_map import (
    Convention,
    Input,
    Map,
    flattened,
    inputs,
)
from retrograd.explain.jacobian_place import place, place_in
from retrograd.explain.jacobian_structure import Entries, Finding, by_rule, find_structure, shifts
from retrograd.explain.jacobian_target import Finder, Target
from retrograd.explain.rule import Rule, Structure
from retrograd.explain.rules import find
from retrograd.explain.simplified import for_call
from retrograd.explain.symbols import Symbols
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.errors import RecordingError
from retrograd.store.model import NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value

__all__ = ["LIMIT", "Block", "Jacobian", "jacobian"]

PRINTED: Final = (64, 128)
"""Most rows and columns of a matrix that can be read as a whole."""
LIMIT: Final = 8192
"""Most entries of a matrix that is computed as a whole, to see its structure."""
ROWS: Final = 1024
"""Most rows of one, each of which takes an evaluation of the rule."""


@dataclass(frozen=True, slots=True)
class Block:
    """The derivatives of the output by one input: (output elements × input elements)."""

    argument: str  # name in the op's schema
    symbol: str  # of the input
    value: Value
    rows: int
    columns: int
    formula: Formula  # of vᵀJ: the rule's VJP, as it is for this call
    names: Mapping[str, str]  # symbols of the formula's names
    convention: Convention
    structure: Finding
    matrix: Array | None  # None where it is too large
    pattern: Array | None  # entries that may be other than zero for some numbers
    line: Line | None  # the row or column that was asked for
    row: Index | None  # the output element that the line, or a single entry, belongs to
    column: Index | None  # the input element, likewise; without a row the line is a column
    fold: tuple[FoldStep, ...]
    upstream: Value | None  # v: PyTorch's gradient that came in
    downstream: Value | None  # PyTorch's gradient that went out
    product: Array | None  # vᵀJ, ours
    check: Check | None  # vᵀJ against the downstream gradient; None where no gradient went out

    @property
    def entry(self) -> complex | float | None:
        """The single entry that a row and a column name, None where not both were given."""
        if self.line is None or self.row is None or self.column is None:
            return None
        return self.line.at(self.column)


@dataclass(frozen=True, slots=True)
class Jacobian:
    """The Jacobian of one output of one op."""

    step: Step
    target: Target
    symbol: str  # of the output
    result: Value
    rule: Rule
    names: Mapping[str, str]
    gradient: str  # symbol of the upstream gradient
    blocks: tuple[Block, ...]
    notes: tuple[Message, ...]  # inputs without a gradient, namesakes, conventions

    @property
    def op(self) -> Op:
        """The op."""
        return self.target.op

    @property
    def formula(self) -> Formula:
        """The formula of the output, as it is for this call."""
        return for_call(self.rule.formula, self.op)


def jacobian(
    step: Step,
    node: str | int,
    row: str | int | Index | None = None,
    col: str | int | Index | None = None,
) -> Jacobian:
    """Return the Jacobian of an op, or one row or column of it.

    ``node`` is the number of an event, the name of a node (``MmBackward0``, ``MmBackward0#2`` for
    the second one), of an op, or of its result. ``row`` is an output element, ``col`` an input
    element: a number in row-major order or an index; ``col`` may name the input: ``w[0,1]``.
    Raises ``RecordingError`` for what is not there, was not kept, or is too large.
    """
    return _Teller(step, Finder(step).find(str(node))).tell(row, col)


class _Teller:
    """Puts together what there is to say of one op's Jacobian."""

    def __init__(self, step: Step, target: Target) -> None:
        self.step, self.target, self.op = step, target, target.op
        self.symbols = Symbols(step)
        self.title = self.op.name.removeprefix("aten::")
        known = find(self.op.name)
        if known is None:
            raise RecordingError(
                f"there is no derivative rule for {self.title} (event {self.op.index}) yet: "
                "its Jacobian is not known"
            )
        self.rule = known
        self.result = self._result()
        run = target.run
        self.names = self.symbols.of_op(self.op) if run is None else self._run_names(run)
        self.gradient = self.symbols.gradient(self.result)
        self.names.setdefault("G", self.gradient)
        self.symbol = self.symbols.of(self.result)

    def _run_names(self, run: NodeRun) -> dict[str, str]:
        return self.symbols.of_run(self.op, run)

    def _result(self) -> Value:
        found = self.op.outputs[self.target.output] if self.op.outputs else None
        if found is None:
            raise RecordingError(f"{self.title} (event {self.op.index}) has no such result")
        if not _differentiable(found):
            raise RecordingError(
                f"{self.symbols.of(found)} is {found.dtype}: whole numbers have no derivatives"
            )
        return found

    def tell(self, row: str | int | Index | None, col: str | int | Index | None) -> Jacobian:
        """Return the Jacobian with what was asked for."""
        out = None if row is None else place(row, self.result.shape, self.symbol, "row")
        taken, notes = self._taken()
        chosen = [(source, self._column(source, col, len(taken))) for source in taken]
        if col is not None:
            chosen = [(source, index) for source, index in chosen if index is not None]
            if not chosen:
                raise RecordingError(self._no_column(col, taken))
        blocks, problems = [], []
        for source, index in chosen:
            try:
                blocks.append(self._block(source, out, index))
            except NotKept:
                problems.append(self._not_kept(source))
            except _TooLarge as error:
                problems.append(str(error))
            except (ValueError, np.linalg.LinAlgError):  # the formula has no numbers here
                problems.append(
                    f"the rule of {self.title} cannot be computed for "
                    f"∂{self.symbol}/∂{self.symbols.of(source.value)}"
                )
        if not blocks:
            raise RecordingError(problems[0])
        kinds = {block.convention for block in blocks} - {Convention.REAL}
        notes += [
            message(f"jacobian-convention-{kind.value}")
            for kind in sorted(kinds, key=lambda kind: kind.value)
        ]
        notes += [message("jacobian-left-out", reason=problem) for problem in problems]
        notes += [message(f"note-{note}") for note in self.rule.notes]
        return Jacobian(
            self.step,
            self.target,
            self.symbol,
            self.result,
            self.rule,
            self.names,
            self.gradient,
            tuple(blocks),
            tuple(notes),
        )

    # -- which inputs -----------------------------------------------------------------------------

    def _taken(self) -> tuple[list[Input], list[Message]]:
        """Return the inputs to differentiate by, and what to say of the others."""
        known = [i for i in inputs(self.op, self.rule) if _differentiable(i.value)]
        taken = [source for source in known if self._takes(source)]
        notes = [] if self.target.number == 0 else [self._namesakes()]
        run = self.target.run
        received = [] if run is None else [g for g in run.grad_outputs if g is not None]
        if len(received) > 1 or self.target.output:
            notes.append(
                message(
                    "jacobian-output",
                    number=str(self.target.output),
                    symbol=self.symbol,
                    event=str(self.op.index),
                )
            )
        if not known:
            users = Finder(self.step).users(None, self.op)
            raise RecordingError(
                f"{self.title} (event {self.op.index}) has no input to differentiate by"
                + (f"; its result goes into {', '.join(users)}" if users else "")
            )
        if not taken:
            notes.append(message("jacobian-no-gradient-at-all", operation=self.title))
            return known, notes
        for name, argument in self.op.arguments.items():
            for item in argument if isinstance(argument, tuple) else (argument,):
                if isinstance(item, Value) and item.slot.kind != "scalar":
                    said = self._why_not(name, item, known, taken)
                    notes += [] if said is None else [said]
        return taken, notes

    def _takes(self, source: Input) -> bool:
        run = self.target.run
        if run is not None:
            sent = run.grad_inputs
            return source.position < len(sent) and sent[source.position] is not None
        return self.op.node is not None and source.value.slot.requires_grad

    def _why_not(
        self, name: str, value: Value, known: list[Input], taken: list[Input]
    ) -> Message | None:
        symbol = self.symbols.of(value)
        if any(source.value is value for source in taken):
            return None
        if not _differentiable(value):
            return message("jacobian-whole-numbers", name=symbol, dtype=value.dtype)
        if not any(source.value is value for source in known):
            return message("jacobian-constant", name=symbol)
        formula = self._vjp(name)
        return message("jacobian-takes-none", name=symbol, gradient=formula.unicode(self.names))

    def _namesakes(self) -> Message:
        target = self.target
        return message(
            "jacobian-namesakes",
            name=target.name,
            number=str(target.number),
            count=len(target.namesakes),
            events=", ".join(f"#{n} = {e}" for n, e in enumerate(target.namesakes[:8], 1))
            + (", …" if len(target.namesakes) > 8 else ""),
        )

    def _column(self, source: Input, col: str | int | Index | None, count: int) -> Index | None:
        """Return the index that a column has in an input, None where it has none."""
        if col is None:
            return None
        symbol = self.symbols.of(source.value)
        if count == 1:
            return place(col, source.value.shape, symbol, "col")
        return place_in(col, source.value.shape, symbol)

    def _no_column(self, col: str | int | Index, taken: list[Input]) -> str:
        listed = ", ".join(
            f"{self.symbols.of(s.value)} ({_shape(s.value.shape)}, {s.value.slot.count} columns)"
            for s in taken
        )
        return f"--col {col}: no such element in the inputs of {self.title}: {listed}"

    def _not_kept(self, source: Input) -> str:
        return (
            f"∂{self.symbol}/∂{self.symbols.of(source.value)} needs values that were not kept with "
            "all elements; record with --keep '*' to have them"
        )

    # -- one input --------------------------------------------------------------------------------

    def _block(self, source: Input, out: Index | None, index: Index | None) -> Block:
        found = Map(self.op, self.target.output, self.rule, source)
        rows, columns = found.rows, found.columns
        small = rows * columns <= LIMIT and rows <= ROWS
        claim = self.rule.structure[source.name]
        outputs, into = found.result.shape, source.value.shape
        if 0 in (rows, columns):
            raise _TooLarge(f"∂{self.symbol}/∂{self.symbols.of(source.value)} is empty")
        if out is None and index is None:
            if rows == 1:  # one row: a gradient
                out = (0,) * len(outputs)
            elif columns == 1:
                index = (0,) * len(into)
            elif rows > PRINTED[0] or columns > PRINTED[1]:
                raise _TooLarge(self._too_large(found))
        matrix = pattern = None
        structure = by_rule(claim, outputs, into)
        if small:
            matrix, pattern = found.matrix()
            entries = Entries(matrix, pattern, outputs, into, self._shifts(claim))
            structure = find_structure(entries, claim)
        line = self._line(found, out, index, matrix)
        run = self.target.run
        check, product = (None, None) if run is None else pulled_back(found, run, matrix)
        symbol = self.symbols.of(source.value)
        downstream = None if run is None else run.grad_inputs[source.position]
        formula = self._vjp(source.name)
        return Block(
            source.name,
            symbol,
            source.value,
            rows,
            columns,
            formula,
            self.names,
            found.convention,
            structure,
            matrix,
            pattern,
            line,
            out,
            index,
            tuple(fold(found, matrix, self._called(found))),
            None if run is None else upstream_of(found, run),
            downstream,
            product,
            check,
        )

    def _vjp(self, name: str) -> Formula:
        """Return the rule's VJP as it is for this call."""
        run = self.target.run
        return for_call(self.rule.vjps[name], self.op, () if run is None else run.grad_outputs)

    def _called(self, found: Map) -> dict[str, str]:
        """Return the symbols that the folding speaks of."""
        source = found.source
        other = found.factor
        return {
            "result": self.symbol,
            "input": self.symbols.of(source.value),
            "other": "" if other is None else self.symbols.of(other.other),
            "gradient": self.gradient,
            "formula": self._vjp(source.name).unicode(self.names),
        }

    def _too_large(self, found: Map) -> str:
        count = found.rows * found.columns
        return (
            f"∂{self.symbol}/∂{self.symbols.of(found.source.value)} is too large to print: "
            f"{found.rows:,} × {found.columns:,} = {count:,} numbers; ask for the derivatives of "
            f"one output element with --row 0 (to {found.rows - 1}), or by one input element with "
            f"--col 0 (to {found.columns - 1})"
        )

    def _line(
        self, found: Map, out: Index | None, index: Index | None, matrix: Array | None
    ) -> Line | None:
        if out is not None:
            return found.row(out)
        if index is None:
            return None
        if matrix is not None:
            column = matrix[:, flattened(index, found.source.value.shape)]
            return Line(
                found.result.shape,
                (0,) * len(found.result.shape),
                column.reshape(found.result.shape),
            )
        return found.column(index)

    def _shifts(self, claim: Structure) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return the steps along which a convolution's entries repeat, () for other ops."""
        if claim is not Structure.CONVOLUTION or "weight" not in self.op.arguments:
            return ()
        spatial = max(len(self.result.shape) - 2, 1)
        return shifts(self._each("stride", spatial), self._each("dilation", spatial))

    def _each(self, name: str, count: int) -> tuple[int, ...]:
        """Return an argument that may stand once for all spatial dimensions."""
        given = wide(self.op.arguments.get(name))
        listed = given if isinstance(given, tuple) else (given or 1,)
        listed = tuple([int(item) for item in listed]) or (1,)
        return listed if len(listed) == count else listed[:1] * count


class _TooLarge(Exception):
    """A matrix that would be too large to print."""


def _differentiable(value: Value) -> bool:
    return value.dtype.startswith(("float", "bfloat", "complex"))


def _shape(lengths: tuple[int, ...]) -> str:
    return "×".join(map(str, lengths)) or "scalar"
