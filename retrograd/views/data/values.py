"""The numbers of one step, by slot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from retrograd.store.step import Step
from retrograd.store.value import Statistics, Value
from retrograd.views.data.elements import ArrayData, array_data

INLINE: Final = 256
"""Most elements that come along with a step; of a larger value the page asks for them."""


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
class ValueData:
    """What a value held: all elements, or figures and a sample."""

    elements: ArrayData | None
    statistics: StatisticsData | None  # where the elements do not come along
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
    values: tuple[ValueData | None, ...]  # None where nothing was kept


def step_data(step: Step) -> StepData:
    """Return the numbers of a step."""
    return StepData(
        step.index,
        step.structure.id,
        step.complete,
        step.started,
        step.seconds,
        step.overhead,
        tuple([_value(value) for value in step.values]),
    )


def _value(value: Value) -> ValueData | None:
    if value.slot.count <= INLINE:
        array = value.array
        if array is not None:
            return ValueData(array_data(array), None, None, True)
    figures = value.statistics
    if figures is None:
        return None
    sample = value.sample
    return ValueData(
        None,
        statistics_data(figures),
        None if sample is None else SampleData(sample[0], array_data(sample[1][:INLINE])),
        value.slot.kind in ("whole", "content"),
    )


def statistics_data(figures: Statistics) -> StatisticsData:
    """Return figures for the page."""
    low, high, mean, std, norm = [n if math.isfinite(n) else None for n in figures[:5]]
    return StatisticsData(low, high, mean, std, norm, figures.zeros, figures.nans, figures.infs)
