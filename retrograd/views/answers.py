"""Answers the page's questions about a recording; server and exported file give the same ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from retrograd.store.collector import collector_paused
from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording
from retrograd.store.step import Step
from retrograd.views.data.card import card
from retrograd.views.data.curves import curves
from retrograd.views.data.elements import array_data
from retrograd.views.data.explanation import explanation
from retrograd.views.data.findings import findings
from retrograd.views.data.jacobian import jacobian_data
from retrograd.views.data.light import light_step
from retrograd.views.data.model_view import gathered, loss_surface, model, pair_of, way
from retrograd.views.data.nothing import NothingData
from retrograd.views.data.overview import overview
from retrograd.views.data.provenance import provenance
from retrograd.views.data.source import source
from retrograd.views.data.structure import structure
from retrograd.views.data.values import step_data
from retrograd.views.data.wire import encode

CURVES: Final = ("loss", "grad_norm")
POINTS: Final = 2000


class NoAnswer(RecordingError):
    """A question that is none, or that the recording cannot answer."""


class NoExplanation(RecordingError):
    """An event whose explanation failed: a bug of the engine that must not end the page."""


class Answers:
    """Answers by key, such as ``step/437`` or ``explanation/437/7``."""

    def __init__(self, recording: Recording, exported: tuple[int, ...] | None = None) -> None:
        self.recording = recording
        self.packed = False  # whether pictures are made small, for a file
        self.ascii = False  # whether what is beyond ASCII is escaped, for a browser that waits
        self.exported = exported
        self._step: Step | None = None

    def answer(self, key: str) -> bytes:
        """Return the answer as JSON. Raises ``RecordingError`` where there is none."""
        for pattern, reply in _QUESTIONS:
            found = re.fullmatch(pattern, key)
            if found is not None:
                told = reply(self, *[_number(part) for part in found.groups()])
                self.recording.between()
                return encode(told, self.ascii)
        raise NoAnswer(f"no such question: {key[:80]!r}")

    def step(self, index: int) -> Step:
        """Return a step; the last one asked for is kept."""
        if self._step is None or self._step.index != index:
            found = self.recording.step(index)
            if self._step is not None:
                self._step.release()
            self._step = found
        return self._step

    @collector_paused()
    def data(self, index: int) -> Any:
        """Return the numbers of a step."""
        return step_data(self.step(index))

    @collector_paused()
    def structure(self, index: int) -> Any:
        """Return the structure of a step."""
        return structure(self.step(index))

    def curves(self, first: int, last: int, points: int) -> Any:
        """Return the curves of the timeline in a window of steps."""
        names = tuple([name for name in CURVES if name in self.recording.series_names])
        return curves(self.recording, names, first, last, min(points, 10 * POINTS))

    def explanation(self, index: int, event: int) -> Any:
        """Return the explanation of an event."""
        step = self.step(index)
        return _explained(f"event {event} of step {index}", lambda: explanation(step, event))

    def why(self, index: int, slot: int, place: int) -> Any:
        """Return where an element of a value came from."""
        step = self.step(index)
        told = f"a number of step {index}"
        return _answered(lambda: _explained(told, lambda: provenance(step, slot, place)))

    def card(self, index: int, slot: int) -> Any:
        """Return the card of a value."""
        step = self.step(index)
        return _answered(lambda: _explained(f"a tensor of step {index}", lambda: card(step, slot)))

    def jacobian(self, index: int, event: int, row: int | None = None) -> Any:
        """Return the Jacobian of an event's op, of a large one the row of one output element."""
        step = self.step(index)
        told = f"the Jacobian of event {event} of step {index}"
        return _answered(lambda: _explained(told, lambda: jacobian_data(step, event, row)))

    def tensor(self, index: int, slot: int) -> Any:
        """Return all elements of one value."""
        values = self.step(index).values
        array = values[slot].array if slot < len(values) else None
        if array is None:
            raise NoAnswer(f"step {index} does not hold all elements of value {slot}")
        return array_data(array)

    def model(self, index: int) -> Any:
        """Return what the model of a step predicts over its inputs."""
        what = f"the model of step {index}"
        return _explained(what, lambda: model(self.recording, index, packed=self.packed))

    def surface(self, index: int, *pair: int) -> Any:
        """Return the loss over two elements of the parameters."""
        chosen = pair_of(*pair) if pair else None
        what = f"the loss surface of step {index}"
        tell = partial(loss_surface, self.recording, index, chosen, packed=self.packed)
        return _explained(what, tell)


_QUESTIONS: Final[tuple[tuple[str, Callable[..., Any]], ...]] = (
    ("overview", lambda a: overview(a.recording, a.exported)),
    ("findings", lambda a: _explained("the diagnosis", lambda: findings(a.recording))),
    (r"curves/(\d+)/(\d+)/(\d+)", Answers.curves),
    (r"source/(\d+)", lambda a, number: source(a.recording, number)),
    (r"structure/(\d+)", Answers.structure),
    (r"light/(\d+)", lambda a, index: light_step(a.recording, index)),
    (r"step/(\d+)", Answers.data),
    (r"explanation/(\d+)/(\d+)", Answers.explanation),
    (r"tensor/(\d+)/(\d+)", Answers.tensor),
    (r"why/(\d+)/(\d+)/(\d+)", Answers.why),
    (r"card/(\d+)/(\d+)", Answers.card),
    (r"jacobian/(\d+)/(\d+)", Answers.jacobian),
    (r"jacobian/(\d+)/(\d+)/(\d+)", Answers.jacobian),
    (r"model/(\d+)", Answers.model),
    (r"examples/(\d+)", lambda a, index: gathered(a.recording, index)),
    (r"surface/(\d+)", Answers.surface),
    (r"surface/(\d+)/(\d+)/(\d+)/(\d+)/(\d+)", Answers.surface),
    (r"path/(\d+)/(\d+)/(\d+)/(\d+)", lambda a, *pair: way(a.recording, *pair_of(*pair))),
)


def _answered(tell: Callable[[], Any]) -> Any:
    """Return what is told, or why a step that is there does not say it: that is an answer too."""
    try:
        return tell()
    except NoExplanation:
        raise
    except RecordingError as error:
        return NothingData(str(error))


def _explained(what: str, tell: Callable[[], Any]) -> Any:
    """Return what is told. Raises ``NoExplanation`` for a bug, which must not end the page."""
    try:
        return tell()
    except RecordingError:
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise NoExplanation(f"{what} could not be explained ({why}); this is a bug") from error


def _number(text: str) -> int:
    if len(text) > 15:
        raise NoAnswer(f"{text[:20]} is too large")
    return int(text)
