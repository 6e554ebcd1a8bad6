"""Sees parameters that are replaced by new tensors, as ``w = w - lr * w.grad`` does.

What replaces a parameter is a new leaf that was computed from it since the backward pass and that
the user's variables call what they called the parameter. A copy that is trained beside it, as in
meta-learning, has another name. A light step has no ops to tell: there the new leaf stands in the
graph where the old one stood. That holds for parameters that a full step has seen replaced, and
for a graph of none but new leaves, unless a full step has seen new leaves that are nobody's heirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

import torch

from retrograd.recorder.names import Names, visible
from retrograd.recorder.parameters import is_trained
from retrograd.recorder.saved import slots_in
from retrograd.recorder.trace import Slot, Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


class Heir(NamedTuple):
    """A new leaf in the place of a parameter."""

    parameter: int
    leaf: Any  # None if it is gone already
    op: int | None  # event of the op that computed it


class Rebinding:
    """Finds the new leaf of each parameter that the program has replaced."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        # parameters that were seen replaced -> position of the op that computed the last heir
        self.seen: dict[int, int | None] = {}
        self._order: list[int | None] = []  # parameters as the leaves of the last graph
        # (id of a new leaf, position of an op that took it) -> the leaf, weakly
        self._met: dict[tuple[int, int | None], Any] = {}
        self._unrelated = False  # a full step has met new leaves that are nobody's heirs

    def meets(self, arguments: Iterable[Any], site: int | None) -> bool:
        """Tell whether an op takes a new leaf for the first time at this position."""
        for argument in arguments:
            if type(argument) in (list, tuple):
                if self.meets(argument, site):
                    return True
            elif isinstance(argument, torch.Tensor) and self._is_new(argument):
                known = self._met.get((id(argument), site))
                if known is None or known() is not argument:
                    self._met[id(argument), site] = ref(argument)
                    return True
        return False

    def no_step_ended(self) -> None:
        """Take it that the new leaves met between two backward passes are nobody's heirs."""
        if self._met and not self.seen:
            self._unrelated = True
        self._met.clear()

    def forget(self) -> None:
        """Drop the references to the new leaves met."""
        self._met.clear()

    def all_new(self, leaves: Sequence[Any]) -> bool:
        """Tell whether a graph has no parameter that is known, so that it is another model's."""
        if self._unrelated and self.recorder.parameters.all:
            return False
        return all(self.recorder.parameters.known(leaf) is None for leaf in leaves)

    def computed(
        self, trace: Trace, since: int, olds: dict[int, Slot], frame: FrameType | None
    ) -> list[Heir]:
        """Return the heirs that ops from an event on have computed.

        ``olds`` has the slot that each parameter's value had in the backward pass.
        """
        makers = _makers(trace, since)
        heirs = []
        for number, leaf in self._called(frame, olds):
            slot = trace.value(leaf)
            if slot in makers and olds[number] in _ancestors(trace, makers, slot):
                heirs.append(Heir(number, leaf, makers[slot]))
        return heirs

    def lost(self, trace: Trace, since: int, olds: dict[int, Slot]) -> list[Heir]:
        """Return the heirs that are gone with the function they were variables of."""
        makers = _makers(trace, since)
        last = {trace.events[index][2]: (index, slot) for slot, index in makers.items()}
        return [
            Heir(number, None, last[site][0])
            for number, site in self.seen.items()
            if site in last and olds.get(number) in _ancestors(trace, makers, last[site][1])
        ]

    def in_variables(self, frame: FrameType | None) -> list[Heir]:
        """Return the heirs that a light step has left in the user's variables."""
        if not self.seen:
            return []
        return [Heir(number, leaf, None) for number, leaf in self._called(frame, self.seen)]

    def in_graph(self, leaves: Sequence[Any]) -> list[Heir]:
        """Return the heirs of a light step among the leaves of the next step's graph."""
        known = [self.recorder.parameters.known(leaf) for leaf in leaves]
        if len(known) != len(self._order):
            return []
        heirs = [
            Heir(old, leaf, None)
            for old, now, leaf in zip(self._order, known, leaves, strict=True)
            if now is None and old is not None and self._fits(old, leaf)
        ]
        if len(heirs) == len(leaves) and not self._unrelated:
            return heirs
        return [heir for heir in heirs if heir.parameter in self.seen]

    def remember(self, leaves: Sequence[Any]) -> None:
        """Note the order of a graph's leaves."""
        self._order = [self.recorder.parameters.known(leaf) for leaf in leaves]

    def adopt(self, heir: Heir, site: int | None) -> None:
        """Let a new leaf, computed at a position, be the parameter from now on."""
        self.seen[heir.parameter] = site
        if heir.leaf is not None:
            self.recorder.parameters.succeed(heir.parameter, heir.leaf)
        self._met.clear()

    def _called(
        self, frame: FrameType | None, numbers: Iterable[int]
    ) -> list[tuple[int, torch.Tensor]]:
        """Return the new leaves that the variables call as they called some parameters."""
        recorder = self.recorder
        names = Names(visible(recorder.sites.user_frames(frame)))
        wanted: dict[str, int] = {}
        for number in sorted(numbers):  # of several that were called the same, the last
            name = recorder.parameters.all[number].name
            if name is not None:
                wanted[name.partition("#")[0]] = number
        found = []
        for key, leaf in names.tensors.items():
            numbers = [wanted[name] for name in names.found[key] if name in wanted]
            if numbers and self._is_new(leaf) and self._fits(numbers[0], leaf):
                found.append((numbers[0], leaf))
        return found

    def _is_new(self, tensor: torch.Tensor) -> bool:
        return is_trained(tensor) and self.recorder.parameters.known(tensor) is None

    def _fits(self, number: int, leaf: Any) -> bool:
        parameter = self.recorder.parameters.all[number]
        return (
            tuple(leaf.shape) == parameter.shape
            and str(leaf.dtype).removeprefix("torch.") == parameter.dtype
        )


def _makers(trace: Trace, since: int) -> dict[int, int]:
    """Return the event of the op that returned each slot, of the ops from an event on."""
    makers: dict[int, int] = {}
    for index in range(since, len(trace.events)):
        event = trace.events[index]
        if event[0] == "op":
            makers.update({slot: index for slot in event[5] if slot is not None})
    return makers


def _ancestors(trace: Trace, makers: dict[int, int], slot: int) -> set[int]:
    """Return the slots that ops have computed a value from."""
    waiting = [slot]
    seen: set[int] = set()
    while waiting:
        op = makers.get(waiting.pop())
        fresh = set() if op is None else set(slots_in(trace.events[op][4])) - seen
        seen |= fresh
        waiting += fresh
    return seen
