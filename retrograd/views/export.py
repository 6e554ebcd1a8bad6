"""Writes the page with a recording inside: one file that works offline."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording
from retrograd.views.answers import POINTS, Answers, NoExplanation
from retrograd.views.data.overview import overview
from retrograd.views.data.values import INLINE
from retrograd.views.data.wire import encode
from retrograd.views.page import page

LARGEST: Final = 5_000_000
"""Bytes of an exported page where nobody says otherwise."""
_LEVEL: Final = 9
_STEP: Final = {"curves": None, "findings": None, "source": None, "path": None}
"""Which part of a question names its step, where it is not the first one."""
_MODELS: Final = 24
"""Steps whose model is drawn at most."""
_MARGIN: Final = 0.97
"""Packed sizes are estimated step by step; this much of the limit is filled."""
_ASKED: Final = 120_000
"""Bytes for what is asked of single numbers and tensors: it is much for each step."""
_ASKED_FIRST: Final = 400_000
"""The same where it is one step's alone: a page in which numbers can be asked is worth more."""
_ELEMENTS: Final = 4096
"""Most elements of a tensor that comes along whole."""
_ORIGINS: Final = 4
"""Most elements of a value of which each comes with where it came from."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The file's text, and the steps that are in it."""

    html: str
    steps: tuple[int, ...]  # without what ran after the last one
    left_out: int  # steps that were asked for and did not fit
    asked: tuple[int, ...]  # steps that came with Jacobians, tensors and origins of numbers
    unexplained: tuple[str, ...]  # events whose explanation failed, and why


@dataclass(slots=True)
class _Bundle:
    """Answers by question; equal answers are kept once."""

    keys: dict[str, int] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    _packer: Any = field(default_factory=lambda: zlib.compressobj(_LEVEL))

    def add(self, key: str, answer: bytes) -> int:
        """Add an answer and return about how many bytes of the file it takes."""
        text = answer.decode()
        known = self.places.get(text)
        if known is not None:
            self.keys[key] = known
            return len(key) // 2
        self.keys[key] = self.places[text] = len(self.answers)
        self.answers.append(text)
        packed = self._packer.compress(answer) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        return len(packed) * 4 // 3

    def packed(self) -> str:
        """Return everything as gzip in base64."""
        text = json.dumps(
            {"keys": self.keys, "answers": self.answers}, ensure_ascii=False, separators=(",", ":")
        )
        return base64.b64encode(gzip.compress(text.encode(), _LEVEL, mtime=0)).decode()


def export(recording: Recording, wanted: Iterable[int] | None, largest: int) -> Exported:
    """Return the page with the wanted steps, else with all full ones, as far as they fit.

    ``largest`` is in bytes. Steps go in from coarse to fine: first and last, then halfway between,
    so that what fits is spread over the run. Raises ``RecordingError`` where not one step fits.
    """
    steps = _steps(recording, wanted)
    bundle = _Bundle()
    answers = Answers(recording)
    unexplained: dict[int, list[str]] = {}

    def add(index: int, keys: list[str]) -> int:
        taken = 0
        for key in keys:
            try:
                taken += bundle.add(key, answers.answer(key))
            except NoExplanation as error:
                unexplained.setdefault(index, []).append(str(error))
        return taken

    last = max(recording.steps - 1, 0)
    size = len(page({}).encode()) + bundle.add(
        "curves", answers.answer(f"curves/0/{last}/{POINTS}")
    )
    size += bundle.add("findings", answers.answer("findings"))
    for number in range(len(recording.sources)):
        size += bundle.add(f"source/{number}", answers.answer(f"source/{number}"))
    taken: list[int] = []
    models: list[int] = []
    drawable = True
    for index in _coarse_to_fine(steps):
        size += add(index, _questions(answers, index))
        if drawable and len(models) < _MODELS:
            more, drawable = _add_model(bundle, answers, index)
            models.append(index)
            size += more
        if size > largest * _MARGIN and taken:
            break
        taken.append(index)
    asked: list[int] = []
    spent = 0
    for index in taken:
        room = min(_ASKED if asked else _ASKED_FIRST, largest * _MARGIN - size)
        for key in _asked(answers, index):
            if spent >= room:
                break
            try:
                spent += bundle.add(key, answers.answer(key))
            except RecordingError:
                continue  # nothing to ask there: no op, or elements that were not kept
        if spent >= room:
            break
        asked.append(index)
    while True:
        html = _html(recording, bundle, tuple(sorted(taken)), models)
        if len(html.encode()) <= largest:
            kept = set(taken)
            return Exported(
                html,
                tuple(sorted(kept - {recording.unfinished})),
                len(steps) - len(taken),
                tuple(sorted(kept & set(asked) - {recording.unfinished})),
                tuple([why for index in sorted(kept) for why in unexplained.get(index, ())]),
            )
        if len(taken) <= 1:
            need = f"{len(html.encode()) / 1e6:.2f} MB"
            raise RecordingError(f"one step of {recording.path} needs {need}: raise --max-size")
        del taken[len(taken) * 9 // 10 :]


def _steps(recording: Recording, wanted: Iterable[int] | None) -> list[int]:
    full = list(recording.full_steps)
    if wanted is None:
        if recording.unfinished is not None and recording.step(recording.unfinished).events:
            full.append(recording.unfinished)
        return full
    listed = sorted(set(wanted))
    for index in listed:
        recording.step(index)  # says which steps there are
    return listed


def _questions(answers: Answers, index: int) -> list[str]:
    step = answers.step(index)
    return [
        f"step/{index}",
        f"structure/{index}",
        *(f"explanation/{index}/{event}" for event in range(len(step.events))),
    ]


def _asked(answers: Answers, index: int) -> list[str]:
    """Return what may be asked of single events, tensors and numbers of a step, cheapest first."""
    step = answers.step(index)
    counts = [value.slot.count for value in step.values]
    return [
        *(
            f"why/{index}/{slot}/{place}"
            for slot, count in enumerate(counts)
            if count <= _ORIGINS
            for place in range(count)
        ),
        *(f"card/{index}/{slot}" for slot in range(len(counts))),
        *(f"jacobian/{index}/{event}" for event in range(len(step.events))),
        *(f"tensor/{index}/{k}" for k, count in enumerate(counts) if INLINE < count <= _ELEMENTS),
    ]


def _coarse_to_fine(steps: list[int]) -> list[int]:
    """Return steps so that every beginning of the list is spread over the whole."""
    order, seen = [], set()
    stride = 1 << max(len(steps) - 1, 0).bit_length()
    while stride:
        for place in [*range(0, len(steps), stride), len(steps) - 1]:
            if 0 <= place not in seen:
                seen.add(place)
                order.append(steps[place])
        stride >>= 1
    return order


def _add_model(bundle: _Bundle, answers: Answers, index: int) -> tuple[int, bool]:
    """Add pictures of the model at a step; return about how many bytes, and whether there are any.

    Of a model that cannot be drawn there is one answer, which says why.
    """
    small = Answers(answers.recording)
    small.packed = True
    try:
        told = small.answer(f"model/{index}")
        size = bundle.add(f"model/{index}", told)
        if "boundary" not in json.loads(told):
            return size, False
        surface = small.answer(f"surface/{index}")
        size += bundle.add(f"surface/{index}", surface)
        size += bundle.add(f"examples/{index}", small.answer(f"examples/{index}"))
        axes = json.loads(surface)["axes"]
        key = "/".join(["path", *(f"{axis['parameter']}/{axis['place']}" for axis in axes)])
        if axes and key not in bundle.keys:
            size += bundle.add(key, small.answer(key))
    except NoExplanation:
        return 0, False
    return size, True


def _html(
    recording: Recording, whole: _Bundle, steps: tuple[int, ...], models: Iterable[int]
) -> str:
    bundle, kept = _Bundle(), set(steps)
    for key, place in whole.keys.items():
        part = key.split("/")
        step = _STEP.get(part[0], 1)
        if step is None or int(part[step]) in kept:
            bundle.add(key, whole.answers[place].encode())
    drawn = tuple(sorted(kept.intersection(models)))
    bundle.add("overview", encode(overview(recording, steps, drawn)))
    return page({"recording": bundle.packed()})
