"""Updates made without an optimizer: sees them, and finds where the step that they end is over."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import ref

import torch

from retrograd.recorder.light import SMALL_ELEMENTS, Probe
from retrograd.recorder.parameters import is_trained
from retrograd.recorder.rebinding import Heir, Rebinding
from retrograd.recorder.tensors import address, copied
from retrograd.recorder.trace import Slot, Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

BYTES: Final = 1 << 18
"""Bytes of the parameters that are remembered at most, to see changes that nothing counts."""
NODES: Final = 100_000
"""Autograd nodes that are looked at for leaves at most."""


class Noted(NamedTuple):
    """What a leaf was right after a backward pass."""

    leaf: Any  # weak reference
    key: int  # id of the leaf
    parameter: int | None
    version: int
    pointer: int
    data: bytes  # the first of its bytes
    slot: Slot  # of its value in the trace


class ByHand:
    """Watches the leaves from a backward pass to the next forward pass.

    An op that changes a leaf under ``no_grad`` counts a version. ``w.data -= …`` counts none,
    ``w.data = …`` and NumPy are no ops on the leaf at all: memory tells. ``w = w - …`` makes a new
    leaf: the first op that takes it tells.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.awaited = False  # a backward pass has run, and no step has ended since
        self._unchanged = False  # no leaf was updated in place: only new ones are awaited
        self._in_place = False  # the last step ended with updates of the leaves that there were
        self._since = 0  # event after the backward pass
        self.rebinding = Rebinding(recorder)
        self._read: dict[int, bytes] = {}  # leaf's id -> small .grad after the backward pass
        self._recording = False  # an update was made where gradients are recorded, as by .data
        self._noted: list[Noted] = []
        self._trace: Trace | None = None  # that the slots are in
        self._forward: set[int | None] = set()  # positions of the ops before the backward pass
        self._gradients: dict[int, Slot] = {}  # what .grad held after the backward pass

    def meet(self, roots: Any, frame: Any) -> None:
        """Look at the leaves of a light step's graph: have they replaced parameters, or are new?"""
        if self.awaited:
            self._in_place = False
        graph = [] if self._in_place else list(leaves(roots))
        if graph:
            if self.awaited:
                self._end_replaced(self.rebinding.in_graph(graph), frame)
            if self.rebinding.all_new(graph):
                for leaf in graph:
                    self.recorder.parameters.register(leaf)
        self.rebinding.remember(graph)

    def backward_ended(self, trace: Trace | None, frame: Any) -> None:
        """Remember what every leaf is before it is updated."""
        if trace is not None and self.awaited:
            self.rebinding.no_step_ended()
        self._note(trace)
        self._unchanged = False
        self.awaited = True
        self._recording = False
        self._read = {}
        for noted in self._noted:
            leaf = noted.leaf()
            if leaf is None or leaf.grad is None or leaf.numel() > SMALL_ELEMENTS:
                continue
            if leaf.layout is torch.strided and leaf.grad.dtype is leaf.dtype:
                gradient = copied(leaf.grad, leaf.nbytes)
                if gradient is not None:
                    self._read[id(leaf)] = gradient
        if trace is not None:
            self._since = len(trace.events)
            if any(parameter.name is None for parameter in self.recorder.parameters.all):
                self.recorder.structures.name_parameters(frame)  # while variables lead to them
            self._forward = {event[2] for event in trace.events if event[0] == "op"} - {None}
            self._gradients = {key: entry[0] for key, entry in trace.accumulated.items()}

    def step_ended(self) -> None:
        """Remember what every leaf is after its update."""
        self._note(None)
        self.awaited = False

    def forget(self) -> None:
        """Drop what is remembered of the leaves."""
        self._noted = []
        self.rebinding.forget()

    def updated(self, recording: bool) -> None:
        """Note that an op has changed a leaf, where gradients are recorded or not."""
        self.awaited = True
        self._unchanged = False
        self._recording |= recording

    def with_gradients(self, probe: Probe, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what a probe of small leaves has read, with the gradients before the update.

        A loop without an optimizer mostly clears them right after it.
        """
        if not probe.small or not values:
            return values
        row = list(values)
        for position, (leaf, size) in enumerate(zip(probe.tensors, probe.sizes, strict=True)):
            gradient = self._read.get(id(leaf))
            if gradient is not None and len(gradient) == size:
                row[2 * position + 1] = gradient
        return tuple(row)

    def finish(self, frame: Any) -> None:
        """End the last step, which no op of a next one follows."""
        trace = self.recorder.trace
        heirs = self._heirs(trace, frame)
        if trace is not None and trace is self._trace:
            heirs = heirs or self.rebinding.lost(trace, self._since, self._olds())
        if heirs:
            self._end_replaced(heirs, frame)
        else:
            self.look(True, frame)

    def look(self, traced: bool, frame: Any = None, arguments: Any = ()) -> bool:
        """End the step if it was updated by hand and an op, or the next backward pass, is past it.

        After updates under ``no_grad`` the first op outside is. ``w.data -= lr * w.grad`` runs
        where gradients are recorded: there it is the first op that autograd records, or that
        stands where the forward pass has been before, since the loop has come round.
        """
        recorder = self.recorder
        trace = recorder.trace
        met = self.rebinding.meets(arguments, recorder.sites.here(frame))
        if met and (heirs := self._heirs(trace, frame)):
            self._end_replaced(heirs, frame)
            return True
        if self._unchanged:
            return False
        done = trace is not None and trace.updates > 0
        if self._recording or not (done or self._counted()):
            if not traced and recorder.sites.here(frame) not in self._forward:
                return False
            if not done and not any(map(_differs, self._noted)):
                self._unchanged = True
                return False
        self._in_place = True
        self._end(frame)
        return True

    def _heirs(self, trace: Trace | None, frame: Any) -> list[Heir]:
        if trace is None:
            return self.rebinding.in_variables(frame)
        if trace is not self._trace:
            return []
        return self.rebinding.computed(trace, self._since, self._olds(), frame)

    def _olds(self) -> dict[int, Slot]:
        return {n.parameter: n.slot for n in self._noted if n.parameter is not None}

    def _end_replaced(self, heirs: list[Heir], frame: Any) -> None:
        """End a step whose parameters were replaced by new tensors."""
        if not heirs:
            return
        trace = self.recorder.trace
        olds = {noted.parameter: noted for noted in self._noted}
        for heir in sorted(heirs, key=attrgetter("parameter")):
            old = olds.get(heir.parameter)
            if old is not None and old.key in self._read:
                self._read[id(heir.leaf)] = self._read.pop(old.key)
            op = None if trace is None or heir.op is None else trace.events[heir.op]
            self.rebinding.adopt(heir, None if op is None else op[2])
            if trace is None or op is None or old is None:
                continue
            gradient = self._gradients.get(heir.parameter)
            after = op[5][0] if heir.leaf is None else trace.value(heir.leaf)
            event = ("manual", heir.parameter, old.slot, gradient, after, heir.op, op[2])
            trace.events.append(event)
            trace.updates += 1
        self._end(frame)

    def _end(self, frame: Any) -> None:
        recorder = self.recorder
        trace = recorder.trace
        recorder.manual = True
        if trace is not None:
            self._write_unseen(trace, frame)
        recorder.finish_manual_step()

    def _note(self, trace: Trace | None) -> None:
        known = [parameter.reference() for parameter in self.recorder.parameters.all]
        left = BYTES
        self._noted = []
        self._trace = trace
        for leaf in known:
            if leaf is None or not is_trained(leaf):
                continue
            pointer, data = _memory(leaf, left)
            left -= len(data)
            entry = None if trace is None else trace.known.get(id(leaf))
            slot = entry[0] if entry is not None and entry[1]() is leaf else None
            number = self.recorder.parameters.known(leaf)
            noted = Noted(ref(leaf), id(leaf), number, leaf._version, pointer, data, slot)
            self._noted.append(noted)

    def _counted(self) -> bool:
        return any(
            (leaf := noted.leaf()) is not None and leaf._version != noted.version
            for noted in self._noted
        )

    def _write_unseen(self, trace: Trace, frame: Any) -> None:
        """Make updates of the changes that no op on a leaf has made."""
        recorder = self.recorder
        seen = {event[1] for event in trace.events if event[0] == "manual"}
        for noted in self._noted:
            leaf = noted.leaf()
            number = None if leaf is None else recorder.parameters.known(leaf)
            if number is None or number in seen or not _differs(noted):
                continue
            if _memory(leaf, 0)[0] == noted.pointer:  # nothing else tells that it has changed
                trace.known.pop(id(leaf), None)
                recorder.keeping.summaries.forget(leaf)
            after = trace.value(leaf)
            op = _maker(trace, after)
            site = recorder.sites.storing(frame, "data") if op is None else trace.events[op][2]
            before = gradient = None
            if trace is self._trace:
                before, gradient = noted.slot, self._gradients.get(number)
            trace.events.append(("manual", number, before, gradient, after, op, site))
            trace.updates += 1


def leaves(roots: Any) -> Iterator[Any]:
    """Yield the leaves that gradients of some roots flow to, in the order of the graph."""
    waiting = [
        getattr(root, "grad_fn", None) or getattr(root, "node", None) for root in reversed(roots)
    ]
    seen: set[Any] = set()
    while waiting and len(seen) < NODES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if type(node).__name__ == "AccumulateGrad":
            yield node.variable
        else:
            waiting += [following for following, _ in reversed(node.next_functions)]


def _memory(leaf: Any, most: int) -> tuple[int, bytes]:
    """Return where a leaf's elements lie, and the first of their bytes where reading is cheap."""
    pointer = address(leaf)
    if not pointer or not leaf.is_cpu or not leaf.is_contiguous():
        return pointer, b""
    return pointer, ctypes.string_at(pointer, min(most, leaf.nbytes))


def _differs(noted: Noted) -> bool:
    leaf = noted.leaf()
    if leaf is None:
        return False
    if leaf._version != noted.version:
        return True
    return _memory(leaf, len(noted.data)) != (noted.pointer, noted.data)


def _maker(trace: Trace, slot: int) -> int | None:
    """Return the event of the op that returned a slot's value."""
    for index, event in enumerate(trace.events):
        if event[0] == "op" and slot in event[5]:
            return index
    return None
