"""Where two recordings part first, and how far they are apart in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrograd.explain.differences.gap import of_numbers
from retrograd.explain.differences.growth import Growth, growths
from retrograd.explain.differences.parting import Parting, partings
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

    def causes(self, item: Parting) -> tuple[Message, ...]:
        """Return what a parting says of its cause."""
        return tuple(_causes(self, item))

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
        pair = _read(one, number), _read(other, number)
        with one.guard(f"step {number}"):
            search.full(*pair)
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


def _read(recording: Recording, number: int) -> Step:
    """Return a step with its events read, so that a damaged file is blamed and not the other."""
    step = recording.step(number)
    with recording.guard(f"step {number}"):
        len(step.events)
        len(step.nodes)
    return step


class _Search:
    """Goes through the steps in order and keeps the first parting of each sort."""

    def __init__(self, rtol: float) -> None:
        self.rtol = rtol
        self.structure: Parting | None = None
        self.first: Parting | None = None
        self.beyond: Parting | None = None
        self.setting: Parting | None = None
        self._alike: set[tuple[int, int]] = set()  # structures that were found to be the same

    @property
    def done(self) -> bool:
        """Whether nothing later can be a first."""
        return self.beyond is not None

    def full(self, one: Step, other: Step) -> None:
        """Look through a step that both recorded in full."""
        kinds = one.structure.id, other.structure.id
        if kinds in self._alike and one.rng == other.rng and _same_bytes(one, other):
            return
        parted = False
        for item in partings(one, other):
            parted = True
            if item.gap is not None:
                self.first = self.first or item
                if item.gap.relative > self.rtol:
                    self.beyond = item
                    return
            elif item.kind in ("hyperparameter", "argument"):
                self.setting = self.setting or item
            else:
                self.structure = self.structure or item
        if not parted:
            self._alike.add(kinds)

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


def _same_bytes(one: Step, other: Step) -> bool:
    """Tell whether two steps of like structures hold the same numbers.

    Large values kept whole are told by a number that means another thing in another file.
    """
    plain = all(form.kind != "content" for form in one.structure.forms)
    return plain and one.structure.offsets == other.structure.offsets and one.data == other.data


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


def _causes(found: Difference, item: Parting) -> Iterator[Message]:
    gap = item.gap
    if gap is not None and gap.reordered:
        yield message("diff-reordered")
    if item.kind == "random":
        yield message("diff-cause-random")
    elif item.kind == "value" and isinstance(item.first, Op):
        yield message("diff-cause-op")
    elif item.kind in ("data", "parameter", "input", "rng"):
        yield message(f"diff-cause-{item.kind}")
    elif item.kind == "curve":
        yield message("diff-cause-curve", step=str(item.step))
    elif item.kind == "structure" and found.same_numbers:
        yield message("diff-cause-same-numbers")
    if gap is not None and gap.rounding:
        yield message("diff-cause-rounding", rtol=_rtol(gap.relative))


def _rtol(relative: float) -> str:
    """Return a tolerance that would let a difference pass, with one digit."""
    return f"{relative * 2:.0e}"
