"""Where two recordings part first, and how far they are apart in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from retrograd.explain.differences.gap import of_numbers
from retrograd.explain.differences.growth import Growth, growths
from retrograd.explain.differences.parting import Parting, draws, partings
from retrograd.messages.message import Message, message
from retrograd.store.model import Op
from retrograd.store.reader import Recording
from retrograd.store.step import Step


@dataclass(frozen=True)
class Difference:
    """What a comparison found. Everything is None or empty where the recordings agree."""

    one: Recording
    other: Recording
    rtol: float
    full: tuple[int, ...]  # steps compared event by event
    structure: Parting | None  # the first event that is not the same on both sides
    first: Parting | None  # the first number that is not exactly the same
    beyond: Parting | None  # the first number that differs by more than rtol
    setting: Parting | None  # the first hyperparameter or argument that differs
    growths: tuple[Growth, ...]
    length: Parting | None = None

    @property
    def part(self) -> Parting | None:
        """The first place at which they part, numbers within the tolerance let pass."""
        found = [item for item in (self.structure, self.setting, self.beyond) if item is not None]
        earliest = min(found, key=_place, default=None)
        return earliest or self.length

    @property
    def equal(self) -> bool:
        """Whether all that both have is the same, within the tolerance."""
        return self.part is None

    @property
    def same_numbers(self) -> bool:
        """Whether all numbers that can be compared are the same, within the tolerance."""
        return self.beyond is None and self.setting is None

    @cached_property
    def causes(self) -> tuple[Message, ...]:
        """What the first place at which they part says of the cause."""
        return tuple(_causes(self))

    def growth(self, name: str) -> Growth | None:
        """Return how one curve differs."""
        return next((growth for growth in self.growths if growth.name == name), None)


def compare(one: Recording, other: Recording, rtol: float = 0.0) -> Difference:
    """Compare two recordings, all that both of them hold.

    ``rtol``: how far numbers may be apart, relative to the largest element of their tensor.
    """
    steps = sorted(set(one.full_steps) & set(other.full_steps))
    if one.unfinished is not None and one.unfinished == other.unfinished:
        steps.append(one.unfinished)  # what both ran after their last step
    curves = tuple(growths(one, other))
    search = _Search(rtol)
    compared = []
    for number in steps:
        search.light(curves, number)
        if search.done:
            break
        with one.guard(f"step {number}"), other.guard(f"step {number}"):
            search.full(one.step(number), other.step(number))
        compared.append(number)
    search.light(curves, None)
    return Difference(
        one,
        other,
        rtol,
        tuple(compared),
        search.structure,
        search.first,
        search.beyond,
        search.setting,
        curves,
        _length(one, other),
    )


class _Search:
    """Goes through the steps in order and keeps the first parting of each sort."""

    def __init__(self, rtol: float) -> None:
        self.rtol = rtol
        self.structure: Parting | None = None
        self.first: Parting | None = None
        self.beyond: Parting | None = None
        self.setting: Parting | None = None

    @property
    def done(self) -> bool:
        """Whether nothing later can be a first."""
        return self.beyond is not None

    def full(self, one: Step, other: Step) -> None:
        """Look through a step that both recorded in full."""
        for item in partings(one, other):
            if item.gap is not None:
                self.first = self.first or item
                if item.gap.relative > self.rtol:
                    self.beyond = item
                    return
            elif item.kind in ("hyperparameter", "argument"):
                self.setting = self.setting or item
            else:
                self.structure = self.structure or item

    def light(self, curves: tuple[Growth, ...], until: int | None) -> None:
        """Look at the curves of the steps before one that is full on both sides."""
        for tolerance in (0.0, self.rtol):
            found = [(growth.beyond(tolerance), growth) for growth in curves]
            early = [
                (step, growth)
                for step, growth in found
                if step is not None and (until is None or step < until)
            ]
            if not early:
                continue
            step, growth = min(early, key=lambda item: item[0])
            place = int((growth.steps == step).nonzero()[0][0])
            a, b = float(growth.first[place]), float(growth.second[place])
            apart = of_numbers(a, b, 2.0**-23)
            item = Parting("curve", step, what=growth.name, gap=apart)
            self.first = self.first or item
            if apart is not None and apart.relative > self.rtol:
                self.beyond = self.beyond or item


def _length(one: Recording, other: Recording) -> Parting | None:
    """One run has more steps: a difference, unless the shorter recording was cut short."""
    if one.steps == other.steps:
        return None
    shorter = min(one, other, key=lambda recording: recording.steps)
    if not shorter.complete:
        return None
    return Parting("length", shorter.steps, texts=(str(one.steps), str(other.steps)))


def _place(item: Parting) -> tuple[int, int]:
    return item.step, -1 if item.first is None else item.first.index


def _causes(found: Difference) -> Iterator[Message]:
    part = found.part
    if part is None:
        return
    if part.gap is not None and part.gap.reordered:
        yield message("diff-reordered")
    if part.kind == "random":
        yield message("diff-cause-random")
    elif part.kind == "value" and isinstance(part.first, Op) and not draws(part.first):
        yield message("diff-cause-op")
    elif part.kind in ("data", "parameter", "input", "rng", "curve"):
        extra = {"step": str(part.step)} if part.kind == "curve" else {}
        yield message(f"diff-cause-{part.kind}", **extra)
    elif part.kind == "structure" and found.same_numbers:
        yield message("diff-cause-same-numbers")
    if part.gap is not None and part.gap.rounding:
        yield message("diff-cause-rounding", rtol=_rtol(part.gap.relative))


def _rtol(relative: float) -> str:
    """Return a tolerance that would let a difference pass, with one digit."""
    return f"{relative * 2:.0e}"
