"""Finds out what a recorded graph's input, prediction and target are, from the graph itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from retrograd.explain.replay import FAILED, NoReplay, Replay, is_parameter
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.value import Value

_CLOSE: Final = 1e-9  # of float64 results that are equal but for the order of a sum
_ROWS_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """How examples lie in the input: ``rows`` of ``features`` numbers each."""

    rows: int
    features: int
    shape: tuple[int, ...]

    def points(self, array: Array) -> Array:
        """Return an input as one row for each example."""
        return np.asarray(array, dtype=np.float64).reshape(self.rows, self.features)

    def input(self, points: Array) -> Array:
        """Return points, one row each, in the input's own form."""
        if len(points) == self.rows:
            return points.reshape(self.shape)
        single = len(self.shape) < 2 and self.features == 1
        return points.reshape(len(points)) if single else points


class Roles:
    """The input with one or two features, the prediction made from it, and the target.

    The *input* is a value that depends on no parameter, and from which the prediction for each
    example can be computed without the other examples: that is tried with numbers. The
    *prediction* is the last value through which the loss sees the input, before the target comes
    in. Raises ``NoReplay`` where there are none.
    """

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        values = replay.values
        parameters = [slot for slot in replay.leaves if is_parameter(values[slot])]
        if not parameters:
            raise NoReplay(message("model-why-no-parameter"))
        self._learnt = replay.after(parameters)
        problem = message("model-why-no-input")
        for slot in self._data:
            value = values[slot]
            if value.slot.leaf and len(value.shape) > 1 and not any(_layouts(value)):
                shape = "×".join(map(str, value.shape))
                problem = message("model-why-features", name=replay.symbols.of(value), shape=shape)
                break
        candidates = [
            (values[slot], each) for slot in self._data for each in _layouts(values[slot])
        ]
        # a single example last: anything of one or two numbers looks like one
        for self.input, self.layout in sorted(candidates, key=lambda found: found[1].rows == 1):
            found = self._prediction()
            if found is None:
                continue
            self.prediction = values[found]
            try:
                self._refuse_draws()
                self.chunk = self._chunk()
            except NoReplay as error:
                if problem.id == "model-why-no-input":
                    problem = error.why
                continue
            self.target = self._target()
            return
        raise NoReplay(problem)

    @property
    def _data(self) -> Iterator[int]:
        """Yield the floating values that no parameter went into, from outside to inside."""
        entering = [*self.replay.leaves, *(s for call in self.replay.calls for s in call.outputs)]
        for slot in dict.fromkeys(entering):
            if slot is not None and slot not in self._learnt:
                value = self.replay.values[slot]
                if "float" in value.dtype and value.slot.kind != "scalar":
                    yield slot

    # -- the prediction --------------------------------------------------------------------------

    def _prediction(self) -> int | None:
        """Return the last value that all paths from input to loss share, before the target."""
        replay, rows = self.replay, self.layout.rows
        start, end = self.input.index, replay.loss.index
        moved = replay.after([start])
        on_path = moved & replay.before([end])
        own = moved | replay.before([start])
        found: int | None = None
        unread: set[int] = {start}  # values that a later op still reads
        last_read = {
            slot: call.op.index for call in replay.calls for slot in call.inputs if slot in on_path
        }
        last_read[end] = len(replay.step.structure.events)
        for call in replay.calls:
            if on_path.isdisjoint(call.inputs):
                continue
            if any(self._joins(slot, own) for slot in call.inputs):
                break
            made = [slot for slot in call.outputs if slot is not None and slot in on_path]
            unread = {slot for slot in unread if last_read[slot] > call.op.index}
            if not unread and len(made) == 1 and made[0] in self._learnt:
                shape = replay.values[made[0]].shape
                if (shape[0] if shape else 1) == rows or (rows == 1 and len(shape) == 1):
                    found = made[0]
            unread.update(made)
        return found

    def _joins(self, slot: int, own: frozenset[int]) -> bool:
        """Return whether a value is foreign data, one part for each example: a target."""
        if slot in own or slot in self._learnt:
            return False
        value = self.replay.values[slot]
        if value.slot.kind == "scalar":
            return False
        rows = self.layout.rows
        return rows == 1 or (len(value.shape) > 0 and value.shape[0] == rows)

    @property
    def name(self) -> str:
        """What the input is called."""
        return self.replay.symbols.of(self.input)

    @property
    def reader(self) -> Op:
        """The op that reads the prediction first."""
        slot = self.prediction.index
        return next(call.op for call in self.replay.calls if slot in call.inputs)

    @property
    def outputs(self) -> int:
        """Numbers that are predicted for each example."""
        return self.prediction.slot.count // self.layout.rows

    def _refuse_draws(self) -> None:
        replay = self.replay
        given = replay.before([self.input.index])
        within = replay.before([self.prediction.index]) - given
        for call in replay.calls:
            random = call.drawn and "uninitialised" not in call.rule.notes
            if random and any(slot in within for slot in call.outputs):
                name = call.op.name.removeprefix("aten::").partition(".")[0]
                raise NoReplay(message("model-why-random", op=name))

    # -- other points than the recorded ones ----------------------------------------------------

    @property
    def recorded(self) -> Array:
        """The recorded examples, one row each."""
        return self.layout.points(self.replay.numbers[self.input.index])

    @property
    def predicted(self) -> Array:
        """The prediction for the recorded examples, one row each."""
        numbers = self.replay.numbers[self.prediction.index]
        return numbers.reshape(self.layout.rows, self.outputs)

    def predict(self, points: Array) -> Array:
        """Return the predictions for points, both one row each."""
        return self._in_chunks(points, self.chunk)

    def _in_chunks(self, points: Array, chunk: int) -> Array:
        found = []
        for start in range(0, len(points), chunk):
            part = points[start : start + chunk]
            short = chunk - len(part) if chunk == self.layout.rows else 0
            filled = np.concatenate([part, np.repeat(part[-1:], short, axis=0)])
            given = {self.input.index: self.layout.input(filled)}
            numbers = self.replay.evaluate(given, self.prediction.index)
            if numbers.size != len(filled) * self.outputs:
                raise ValueError("a prediction of another size")
            found.append(numbers.reshape(len(filled), self.outputs)[: len(part)])
        return np.concatenate(found)

    def _chunk(self) -> int:
        """Return how many examples the graph takes at a time: any number, or as many as recorded.

        Tried with the recorded examples among other ones: what is predicted for an example must
        depend on it alone, neither on its neighbours nor on its place.
        """
        rows = self.layout.rows
        middle = self.recorded.mean(axis=0, keepdims=True)
        other = np.concatenate([middle + 1.0, middle, self.recorded[:1]])
        for chunk in (max(_ROWS_AT_ONCE, rows + 1), rows):
            points = np.concatenate([other, self.recorded])
            try:
                found = self._in_chunks(points, chunk)
            except FAILED:
                continue
            expected = np.concatenate([self.predicted[:1], self.predicted])
            if np.allclose(found[2:], expected, _CLOSE, _CLOSE, equal_nan=True):
                return chunk
        raise NoReplay(message("model-why-mixed", name=self.name))

    # -- the target ------------------------------------------------------------------------------

    def _target(self) -> Value | None:
        """Return the data that the prediction is held against, None where there are none."""
        replay = self.replay
        later = replay.after([self.prediction.index])
        own = replay.after([self.input.index]) | replay.before([self.input.index])
        joined = {
            slot
            for call in replay.calls
            if not later.isdisjoint(call.inputs)
            for slot in call.inputs
            if self._joins(slot, own)
        }
        if not joined:
            return None
        origin = frozenset.intersection(*(replay.before([slot]) for slot in joined))
        shared = [slot for slot in origin if self._joins(slot, own)]
        return replay.values[max(shared, default=min(joined))]


def _layouts(value: Value) -> Iterator[Layout]:
    """Yield the ways in which examples of one or two features may lie in a value."""
    shape = value.shape
    if len(shape) == 2 and shape[0] and 0 < shape[1] <= 2:
        yield Layout(shape[0], shape[1], shape)
    elif len(shape) == 1 and shape[0]:
        yield Layout(shape[0], 1, shape)
        if shape[0] == 2:
            yield Layout(1, 2, shape)
    elif not shape:
        yield Layout(1, 1, shape)
