"""Splits a gradient into what each training example brought, on its way from the loss.

Where the loss first becomes one number per example, each element of the gradient belongs to one
example. From there the gradient is sent back once in full and once for every bit of the examples'
numbers, with only the examples that have the bit. An element that a part with the bit and a part
without it both reach is reached by two examples: the batch mixes there, as in batch
normalisation. As long as that does not happen, each element still belongs to one example, and
where the way leaves the data for the parameter, each example's part is sent on alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from retrograd.explain.precision import PRECISIONS
from retrograd.explain.provenance_pass import Pass, Unexplained, place, recorded
from retrograd.explain.samples_batch import Batch
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import NodeRun

SHARED: Final = -1
"""Stands for no single example: a penalty on the weights, say."""
WHOLE: Final = -2
"""Stands for all examples together, to hold the sum of the parts against."""
_NOISE: Final = 1e-13
"""What counts as zero, relative to the largest element: rounding in float64."""
_CLOSE: Final = 1e-3
"""How near a node's gradient is to PyTorch's unless something else, a hook, changed it."""
_LARGEST: Final = 1 << 24
"""Most elements of all examples' parts of one gradient together."""


@dataclass(slots=True)
class _Owned:
    """A gradient by values that carry examples: in full, and for each bit."""

    whole: Array
    bits: list[Array]

    @property
    def threshold(self) -> float:
        return _NOISE * float(np.abs(self.whole).max(initial=0.0))

    @property
    def mixed(self) -> bool:
        """Whether an element is reached by two examples."""
        limit = self.threshold
        return any(
            bool(((np.abs(bit) > limit) & (np.abs(self.whole - bit) > limit)).any())
            for bit in self.bits
        )

    @property
    def owners(self) -> Array:
        """The example that each element belongs to, ``SHARED`` for one that is zero."""
        limit = self.threshold
        found = np.zeros(self.whole.shape, np.int64)
        for position, bit in enumerate(self.bits):
            found |= (np.abs(bit) > limit).astype(np.int64) << position
        return np.where(np.abs(self.whole) > limit, found, SHARED)


@dataclass(slots=True)
class Arrival:
    """What has come to one input of a node; one of the three is filled."""

    early: Array | None = None  # before the loss splits into examples
    owned: _Owned | None = None
    parts: dict[int, Array] = field(default_factory=dict)  # by example, SHARED, and WHOLE


class Flow:
    """The way of one pass's gradients to one parameter, example by example."""

    def __init__(self, through: Pass, batch: Batch, parameter: int, interleaved: bool) -> None:
        """Send them. Raises ``Unexplained`` where they cannot be told apart."""
        self.through = through
        self.batch = batch
        self.owners: dict[int, dict[int, Array]] = {}  # of a node's inputs that carry examples
        self.left_at: list[NodeRun] = []  # where the way leaves the data for the parameter
        self._interleaved = interleaved
        self._leading = through.leading(parameter)
        self._bits = max(1, (batch.size - 1).bit_length())
        self._waiting: dict[tuple[int, int], Arrival] = {}
        self._start()
        for run in through.runs.values():
            if run.node in self._leading:
                self._run(run)
        self.parts = self._arrived(parameter)

    def _start(self) -> None:
        for seed in self.through.seeds:
            if seed.node in self._leading:
                carried = seed.root is not None and self.batch.carries(seed.root)
                arrival = self._cut(seed.gradient) if carried else Arrival()
                if not carried:
                    arrival.parts = {SHARED: seed.gradient, WHOLE: seed.gradient}
                self._add((seed.node, seed.input), arrival, None)

    def _arrived(self, parameter: int) -> dict[int, Array]:
        found: dict[int, Array] = {}
        for accumulation in self.through.contributions(parameter):
            arrival = self._waiting.get((accumulation.node, 0))
            for example, part in (arrival.parts if arrival is not None else {}).items():
                found[example] = found[example] + part if example in found else part
        return found

    def _cut(self, gradient: Array) -> Arrival:
        """Return a gradient by values that carry examples, told apart where its shape allows."""
        owners = self.batch.owners(gradient.shape, self._interleaved)
        if owners is None:
            return Arrival(early=gradient)
        bits = [np.where((owners >> bit) & 1, gradient, 0) for bit in range(self._bits)]
        return Arrival(owned=_Owned(gradient, bits))

    def _add(self, key: tuple[int, int], arrival: Arrival, run: NodeRun | None) -> None:
        known = self._waiting.setdefault(key, arrival)
        if known is arrival:
            return
        if known.early is not None and arrival.early is not None:
            known.early = known.early + arrival.early
        elif known.owned is not None and arrival.owned is not None:
            known.owned.whole = known.owned.whole + arrival.owned.whole
            known.owned.bits = [
                a + b for a, b in zip(known.owned.bits, arrival.owned.bits, strict=True)
            ]
        elif known.parts and arrival.parts:
            for example, part in arrival.parts.items():
                known.parts[example] = (
                    known.parts[example] + part if example in known.parts else part
                )
        else:
            raise self._mixes(run)

    def _mixes(self, run: NodeRun | None) -> Unexplained:
        if run is None:
            return Unexplained(message("why-mixes-at-loss"))
        name = self.through.step.nodes[run.node].name
        return Unexplained(message("why-mixes", node=name, place=place(run)))

    def _run(self, run: NodeRun) -> None:
        inputs = {
            position: arrival
            for position in range(max(len(run.grad_outputs), 1))
            if (arrival := self._waiting.pop((run.node, position), None)) is not None
        }
        if not inputs:
            return
        for position, arrival in inputs.items():
            self._same(run, position, arrival)
        early = {p: a.early for p, a in inputs.items() if a.early is not None}
        owned = {p: a.owned for p, a in inputs.items() if a.owned is not None}
        parts = {p: a.parts for p, a in inputs.items() if a.parts}
        if (early != {}) + (owned != {}) + (parts != {}) > 1:
            raise self._mixes(run)
        if early:
            self._send_early(run, early)
        elif owned:
            self._send_owned(run, owned)
        else:
            self._send_parts(run, parts)

    def _same(self, run: NodeRun, position: int, arrival: Arrival) -> None:
        """Raise where a node's gradient is not the sum of what was sent to it."""
        value = run.grad_outputs[position] if position < len(run.grad_outputs) else None
        theirs = recorded(value)
        ours = arrival.early
        if ours is None:
            ours = arrival.owned.whole if arrival.owned is not None else arrival.parts[WHOLE]
        if not np.isfinite(ours).all() or not (theirs is None or np.isfinite(theirs).all()):
            raise Unexplained(message("why-not-finite"))
        if theirs is None or value is None:
            return
        precision = PRECISIONS.get(value.dtype, PRECISIONS["float32"])
        limit = max(_CLOSE, 16 * precision.rounding) * float(np.abs(theirs).max(initial=0.0))
        far = theirs.shape != ours.shape or np.abs(theirs - ours).max(initial=0.0) > limit
        if far:
            name = self.through.step.nodes[run.node].name
            raise Unexplained(message("why-changed-between", node=name, place=place(run)))

    def _wanted(self, run: NodeRun) -> dict[int, tuple[int, int]]:
        """Return where the edges that lead to the parameter go, by their position."""
        return {
            position: (edge.node, edge.input)
            for position, edge in enumerate(self.through.step.nodes[run.node].next)
            if edge is not None
            and edge.node in self._leading
            and position < len(run.grad_inputs)
            and run.grad_inputs[position] is not None
        }

    def _send_early(self, run: NodeRun, gradients: dict[int, Array]) -> None:
        targets = self._wanted(run)
        for position, sent in self.through.send(run, gradients, targets).items():
            if self.batch.carries(sent.argument):
                arrival = self._cut(sent.gradient)
            else:
                arrival = Arrival(parts={SHARED: sent.gradient, WHOLE: sent.gradient})
            self._add(targets[position], arrival, run)

    def _send_owned(self, run: NodeRun, owned: dict[int, _Owned]) -> None:
        if any(item.mixed for item in owned.values()):
            raise self._mixes(run)
        owners = self.owners[run.node] = {p: item.owners for p, item in owned.items()}
        targets = self._wanted(run)
        whole = self.through.send(run, {p: item.whole for p, item in owned.items()}, targets)
        carrying = {p for p, sent in whole.items() if self.batch.carries(sent.argument)}
        bits = [
            self.through.send(run, {p: item.bits[bit] for p, item in owned.items()}, carrying)
            for bit in range(self._bits if carrying else 0)
        ]
        for position in carrying:
            found = _Owned(whole[position].gradient, [sent[position].gradient for sent in bits])
            if found.mixed:
                raise self._mixes(run)
            self._add(targets[position], Arrival(owned=found), run)
        leaving = {p: target for p, target in targets.items() if p in whole.keys() - carrying}
        if leaving:
            exact = {p: self._exact(run, p, item) for p, item in owned.items()}
            self._leave(run, exact, owners, leaving)

    def _exact(self, run: NodeRun, position: int, item: _Owned) -> Array:
        """Return PyTorch's own gradient at the place where the way leaves the data."""
        value = run.grad_outputs[position] if position < len(run.grad_outputs) else None
        theirs = recorded(value)
        return item.whole if theirs is None else theirs

    def _leave(
        self,
        run: NodeRun,
        gradients: dict[int, Array],
        owners: dict[int, Array],
        targets: dict[int, tuple[int, int]],
    ) -> None:
        """Send each example's part alone to where no example is carried any more."""
        self._limit(run, targets)
        self.left_at.append(run)
        for position, sent in self.through.send(run, gradients, targets).items():
            self._add(targets[position], Arrival(parts={WHOLE: sent.gradient}), run)
        for example in range(self.batch.size):
            own = {p: np.where(owners[p] == example, g, 0) for p, g in gradients.items()}
            if any(g.any() for g in own.values()):
                for position, sent in self.through.send(run, own, targets).items():
                    self._add(targets[position], Arrival(parts={example: sent.gradient}), run)

    def _limit(self, run: NodeRun, targets: dict[int, tuple[int, int]]) -> None:
        for position in targets:
            value = run.grad_inputs[position]
            if value is not None and value.slot.count * self.batch.size > _LARGEST:
                raise Unexplained(message("why-too-large"))

    def _send_parts(self, run: NodeRun, parts: dict[int, dict[int, Array]]) -> None:
        targets = self._wanted(run)
        for example in sorted({example for part in parts.values() for example in part}):
            own = {p: part[example] for p, part in parts.items() if example in part}
            for position, sent in self.through.send(run, own, targets).items():
                self._add(targets[position], Arrival(parts={example: sent.gradient}), run)
