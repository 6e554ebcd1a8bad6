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
from retrograd.views.data.values import INLINE
from retrograd.views.page import page

LARGEST: Final = 5_000_000
"""Bytes of an exported page where nobody says otherwise."""
_LEVEL: Final = 9
_MARGIN: Final = 0.97
"""Packed sizes are estimated step by step; this much of the limit is filled."""
_ASKED: Final = 120_000
"""Bytes for what is asked of single numbers and tensors: it is much for each step."""
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
    for number in range(len(recording.sources)):
        size += bundle.add(f"source/{number}", answers.answer(f"source/{number}"))
    taken: list[int] = []
    for index in _coarse_to_fine(steps):
        size += add(index, _questions(answers, index))
        if size > largest * _MARGIN and taken:
            break
        taken.append(index)
    asked: list[int] = []
    room = min(_ASKED, largest * _MARGIN - size)
    for index in taken:
        for key in _asked(answers, index):
            if room <= 0:
                break
            try:
                room -= bundle.add(key, answers.answer(key))
            except RecordingError:
                continue  # nothing to ask there: no op, or elements that were not kept
        if room <= 0:
            break
        asked.append(index)
    while True:
        html = _html(recording, bundle, tuple(sorted(taken)))
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
        f"structure/{step.structure.id}/{index}",
        *(f"explanation/{index}/{event}" for event in range(len(step.events))),
    ]


def _asked(answers: Answers, index: int) -> list[str]:
    """Return what may be asked of single events, tensors and numbers of a step."""
    step = answers.step(index)
    counts = [value.slot.count for value in step.values]
    return [
        *(f"tensor/{index}/{k}" for k, count in enumerate(counts) if INLINE < count <= _ELEMENTS),
        *(f"jacobian/{index}/{event}" for event in range(len(step.events))),
        *(f"card/{index}/{slot}" for slot in range(len(counts))),
        *(
            f"why/{index}/{slot}/{place}"
            for slot, count in enumerate(counts)
            if count <= _ORIGINS
            for place in range(count)
        ),
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


def _html(recording: Recording, whole: _Bundle, steps: tuple[int, ...]) -> str:
    bundle, kept = _Bundle(), set(steps)
    for key, place in whole.keys.items():
        part = key.split("/")
        step = {"curves": None, "source": None, "structure": 2}.get(part[0], 1)
        if step is None or int(part[step]) in kept:
            bundle.add(key, whole.answers[place].encode())
    bundle.add("overview", Answers(recording, steps).answer("overview"))
    return page({"recording": bundle.packed()})
