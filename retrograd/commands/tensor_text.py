"""Puts the card of a tensor into text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np

from retrograd.commands import text
from retrograd.commands.prose import left
from retrograd.commands.tensor_memory import MemoryTeller, short
from retrograd.explain.notation import number
from retrograd.explain.provenance_target import Kind
from retrograd.explain.tensor_card_autograd import GradEntry, GraphNode
from retrograd.explain.tensor_card_precision import Precision
from retrograd.store.elements import Array
from retrograd.store.model import Accumulation, Op, Update, ZeroGrad
from retrograd.store.value import Value

PARTS: Final = ("shape", "memory", "numbers", "autograd", "grad", "uses")
"""The parts of a card, in order."""
_WRITES: Final = 8
_SLICED: Final = 48
"""Most elements of a tensor of rank 3 and more that are printed slice by slice."""
_USES: Final = 16


class Teller(MemoryTeller):
    """Tells one card in one language."""

    def lines(self, parts: Sequence[str] = PARTS) -> Iterator[str]:
        """Yield the lines of the card, or of some of its parts."""
        tell = {
            "shape": self._shape,
            "memory": self.memory,
            "numbers": self._precision,
            "autograd": self._autograd,
            "grad": self._grad,
            "uses": self._uses,
        }
        yield from self._head()
        for part in PARTS:
            if part in parts:
                yield from tell[part]()

    # -- what it is ---------------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        card = self.card
        rank = self.say("tensor-rank", rank=card.rank, shape=text.shape(card.value.shape))
        yield self.say("tensor-title", name=card.symbol, step=str(card.step.index), rank=rank)
        if card.target.kind is Kind.PARAMETER and card.target.parameter is not None:
            site = card.step.recording.parameters[card.target.parameter].site
            if site is not None:
                yield from self.wrapped(self.say("tensor-parameter", place=text.place(site)))
        if card.target.namesakes:
            listed = ", ".join(map(str, card.target.namesakes))
            yield from self.wrapped(self.say("tensor-namesakes", events=listed))
        array = card.value.array
        if array is None and card.value.statistics is None:
            why = card.value.slot.why or "?"
            yield from self.wrapped(self.say("tensor-without-elements", why=why))
        elif array is not None and array.ndim > 2 and array.size <= _SLICED:
            yield from self._slices(array)
        else:
            for row in text.value(card.value, self.width - 4):
                yield from [f"  {row}"] if len(row) < self.width - 1 else self.wrapped(row)

    def _slices(self, array: Array) -> Iterator[str]:
        for index in np.ndindex(*array.shape[:-2]):
            yield f"  [{', '.join(map(str, index))}, :, :]"
            yield from (f"    {row}" for row in text.elements(array[index], self.width - 6))

    def _shape(self) -> Iterator[str]:
        card = self.card
        yield from self.title(self.say("tensor-shape"))
        yield from self.wrapped(self.say("tensor-what-rank", rank=card.rank))
        lengths = [str(dimension.length) for dimension in card.dimensions]
        room = max(map(len, lengths), default=0)
        for axis, dimension in enumerate(card.dimensions):
            head = self.say("tensor-dimension", axis=str(axis))
            line = f"  {head}  {lengths[axis]:>{room}}"
            if dimension.role is not None:
                line += f"  {self.put(dimension.role)}"
            yield line
        count, item, device = card.value.slot.count, card.memory.item, card.value.slot.device
        if item is None:
            yield f"  {self.say('tensor-elements', count=count, device=device)}"
            return
        size = text.size(count * item)
        said = {"item": str(item), "bytes": size, "device": device}
        yield f"  {self.say('tensor-bytes', count=count, **said)}"

    # -- its numbers --------------------------------------------------------------------------

    def _precision(self) -> Iterator[str]:
        yield from self.title(self.say("tensor-dtype"))
        known = self.card.precision
        if known is None:
            yield f"  {self.say('tensor-dtype-unknown', dtype=self.card.value.dtype)}"
            return
        bits = {"bits": str(known.bits), "dtype": known.dtype}
        parts = {"exponent": str(known.exponent), "fraction": str(known.fraction)}
        if known.kind in ("bool", "integer"):
            ends = {"smallest": str(known.smallest), "largest": str(known.largest)}
            line = self.say(f"tensor-{known.kind}", **(bits | ends))
            yield from self.wrapped(line)
            return
        yield from self.wrapped(self.say(f"tensor-{known.kind}", **bits, **parts))
        yield from self._grain(known)

    def _grain(self, known: Precision) -> Iterator[str]:
        digits = str(max(int(known.fraction * 0.30103), 0))
        yield from self.wrapped(self.say("tensor-eps", eps=number(known.eps), digits=digits))
        figures = self.card.value.statistics
        if figures is not None and np.isfinite([figures.min, figures.max]).all():
            top = max(abs(figures.min), abs(figures.max))
            if top:
                said = {"number": number(top), "spacing": number(known.spacing(top))}
                yield from self.wrapped(self.say("tensor-spacing", **said))
        ends = {"largest": number(known.largest), "smallest": number(known.smallest)}
        yield from self.wrapped(self.say("tensor-range", **ends))
        held = f"{known.rounded(Fraction(1, 10)):f}"
        shown = held if len(held) <= 30 else f"{held[:30]}…"
        yield f"  {self.say('tensor-tenth', held=shown)}"

    # -- autograd -----------------------------------------------------------------------------

    def _autograd(self) -> Iterator[str]:
        yield from self.title(self.say("tensor-autograd"))
        known = self.card.autograd
        wanted = known.requires_grad
        said = self.say("tensor-unknown") if wanted is None else str(wanted)
        yield f"  requires_grad = {said}"
        yield from self.wrapped(self.put(known.why))
        if known.way:
            yield from self.wrapped(self.say("tensor-way", node=known.way[0].node.name))
            for step in known.way[1:]:
                yield self._way(step)
            if known.more:
                yield f"    {self.say('tensor-way-more')}"
        elif known.leaf:
            yield f"  {self.say('tensor-grad-fn-none')}"
        for kept in known.kept:
            said_of = {"node": kept.node.name, "name": kept.name}
            if kept.freed is None:
                line = self.say("tensor-kept", **said_of)
            else:
                line = self.say("tensor-kept-freed", event=str(kept.freed), **said_of)
            yield from self.wrapped(line)
        yield from self.wrapped(self._writes(known.writes))

    def _way(self, step: GraphNode) -> str:
        indent = "  " * step.depth
        node = step.node.name
        if step.leaf is not None:
            return f"  {indent}{self.say('tensor-way-leaf', node=node, leaf=step.leaf)}"
        return (
            f"  {indent}{self.say('tensor-way-seen', node=node) if step.seen else text.safe(node)}"
        )

    def _writes(self, writes: Sequence[Op | Update]) -> str:
        if not writes:
            return self.say("tensor-no-writes")
        listed = [
            self.say("tensor-write", op=short(event), event=str(event.index))
            for event in writes[:_WRITES]
        ]
        more = ["…"] if len(writes) > _WRITES else []
        return self.say("tensor-writes", events=", ".join(listed + more))

    def _grad(self) -> Iterator[str]:
        known = self.card.autograd
        yield from self.title(self.say("tensor-grad"))
        if known.no_grad is not None:
            yield from self.wrapped(self.put(known.no_grad))
        for entry in known.grads:
            yield from self.wrapped(self._entry(entry))
            before, after = _brief(entry.before), _brief(entry.after)
            became = self.say("tensor-grad-became", before=before, after=after)
            yield from self.wrapped(became, "    ")

    def _entry(self, entry: GradEntry) -> str:
        event = str(entry.event.index)
        if isinstance(entry.event, Accumulation):
            added = _brief(entry.contribution)
            return self.say("tensor-grad-entry-accumulate", event=event, contribution=added)
        if isinstance(entry.event, ZeroGrad):
            owner = entry.event.owner
            return self.say("tensor-grad-entry-clear", event=event, owner=owner)
        return self.say("tensor-grad-entry-change", event=event)

    def _uses(self) -> Iterator[str]:
        yield from self.title(self.say("tensor-uses"))
        for use in self.card.uses[:_USES]:
            line = self.put(use.what)
            if use.broadcast is not None:
                shape = text.shape(use.broadcast)
                line += f", {self.say('tensor-use-broadcast', shape=shape)}"
            where = text.place(use.event.site)
            yield f"  {use.event.index:>4}  {left(line, 42)}  {where}".rstrip()
        if len(self.card.uses) > _USES:
            more = len(self.card.uses) - _USES
            yield f"  {self.say('tensor-uses-more', count=more)}"


def _brief(value: Value | None) -> str:
    """Return a value in one line."""
    if value is None:
        return "None"
    array = value.array
    if array is None or array.size > 6:
        return f"({text.shape(value.shape)})"
    return _nested(array.tolist())


def _nested(item: Any) -> str:
    if isinstance(item, list):
        return f"[{', '.join(map(_nested, item))}]"
    return number(item)
