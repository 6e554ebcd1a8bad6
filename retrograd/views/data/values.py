"""The numbers of one step, by slot."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from functools import cache
from typing import Final

from retrograd.store.elements import decode, item_size
from retrograd.store.step import Step
from retrograd.store.value import Slot, Statistics, Value
from retrograd.views.data.elements import ArrayData, Code, array_data
from retrograd.views.data.elements import raw as raw_bytes

INLINE: Final = 256
"""Most elements that come along with a step; of a larger value the page asks for them."""
_FILLING: Final = (b"", b"\0\0", b"\0")
_AS_THEY_ARE: Final = frozenset({"float32", "float64", "int64", "int32", "bool"})
"""Dtypes whose bytes in the file are those that the page reads."""


@dataclass(frozen=True, slots=True)
class StatisticsData:
    """Figures of all elements; min to norm are those of the finite ones, None without any."""

    min: float | None
    max: float | None
    mean: float | None
    std: float | None
    norm: float | None
    zeros: int
    nans: int
    infs: int


@dataclass(frozen=True, slots=True)
class SampleData:
    """Every k-th element in row-major order."""

    every: int
    elements: ArrayData


@dataclass(frozen=True, slots=True)
class FiguresData:
    """What comes along of a value whose elements do not."""

    slot: int
    statistics: StatisticsData
    sample: SampleData | None
    whole: bool  # all elements can be had


@dataclass(frozen=True, slots=True)
class StepData:
    """One step: its structure, which others may share, and its numbers."""

    index: int
    structure: int
    complete: bool
    started: float  # seconds since the recording began
    seconds: float  # that the step took
    overhead: float  # of these, for recording
    elements: str  # of the slots that have a code, in base64: each filled up to three bytes
    figures: tuple[FiguresData, ...]


def step_data(step: Step) -> StepData:
    """Return the numbers of a step."""
    inline: list[bytes] = []
    figures: list[FiguresData] = []
    step.recording.between()
    stored, data = step.structure, step.data
    plain = [_plain(form) for form in stored.forms]
    for index, (form, start) in enumerate(zip(stored.form, stored.offsets, strict=True)):
        if (filling := plain[form]) is not None:  # by far the most
            inline.append(data[start : start + stored.forms[form].size] + filling)
            continue
        value = step.values[index]
        if inline_code(value.slot) is not None:
            array = value.array
            raw = b"" if array is None else raw_bytes(array)
            inline.append(raw + _FILLING[len(raw) % 3])
        elif (found := _figures(value)) is not None:
            figures.append(found)
    return StepData(
        step.index,
        stored.id,
        step.complete,
        step.started,
        step.seconds,
        step.overhead,
        base64.b64encode(b"".join(inline)).decode(),
        tuple(figures),
    )


def _plain(slot: Slot) -> bytes | None:
    """Return what fills up the bytes of a value that the page reads as they are in the file."""
    known = slot.kind == "whole" and slot.dtype in _AS_THEY_ARE and inline_code(slot) is not None
    return _FILLING[slot.size % 3] if known else None


def inline_code(slot: Slot) -> Code | None:
    """Return the code of a value's elements where they come along with its step, else None."""
    return None if slot.kind in ("summary", "none") or slot.count > INLINE else _code(slot.dtype)


@cache
def _code(dtype: str) -> Code | None:
    return None if item_size(dtype) is None else array_data(decode(b"", dtype)).code


def _figures(value: Value) -> FiguresData | None:
    figures = value.statistics
    if figures is None:
        return None
    sample = value.sample
    return FiguresData(
        value.index,
        statistics_data(figures),
        None if sample is None else SampleData(sample[0], array_data(sample[1][:INLINE])),
        value.slot.kind in ("whole", "content"),
    )


def statistics_data(figures: Statistics) -> StatisticsData:
    """Return figures for the page."""
    low, high, mean, std, norm = [n if math.isfinite(n) else None for n in figures[:5]]
    return StatisticsData(low, high, mean, std, norm, figures.zeros, figures.nans, figures.infs)
