"""Puts the card of a tensor into text for a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from rich.cells import cell_len

from retrograd.commands import text
from retrograd.commands.why_text import wrapped
from retrograd.explain.notation import number
from retrograd.explain.provenance_pass import place
from retrograd.explain.provenance_target import Kind
from retrograd.explain.symbols import Symbols
from retrograd.explain.tensor_card import TensorCard
from retrograd.explain.tensor_card_autograd import GradEntry, GraphNode
from retrograd.explain.tensor_card_memory import Memory, Sharer
from retrograd.explain.tensor_card_precision import Precision
from retrograd.messages import Catalogue
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import Accumulation, Op, Update, ZeroGrad
from retrograd.store.value import Value

PARTS: Final = ("shape", "memory", "numbers", "autograd", "grad", "uses")
"""The parts of a card, in order."""
_ROWS: Final = 6
_COLUMNS: Final = 8
_PLACES: Final = 32
"""Most places of a storage that are shown."""
_SHARERS: Final = 8
_USES: Final = 16
_INDICES: Final = "ijklmnpq"


class Teller:
    """Tells one card in one language."""

    def __init__(self, card: TensorCard, words: Catalogue) -> None:
        self.card = card
        self.words = words
        self.symbols = Symbols(card.step)
        self.width = min(max(shutil.get_terminal_size((80, 24)).columns, 60), 100)

    def lines(self, parts: Sequence[str] = PARTS) -> Iterator[str]:
        """Yield the lines of the card, or of some of its parts."""
        tell = {
            "shape": self._shape,
            "memory": self._memory,
            "numbers": self._precision,
            "autograd": self._autograd,
            "grad": self._grad,
            "uses": self._uses,
        }
        yield from self._head()
        for part in PARTS:
            if part in parts:
                yield from tell[part]()

    def _say(self, id: str, **arguments: str | int) -> str:
        return self._put(message(id, **arguments))

    def _put(self, said: Message) -> str:
        return text.safe(self.words.text(said))

    def _title(self, id: str) -> Iterator[str]:
        yield ""
        head = f"── {self._say(id)} "
        yield head + "─" * max(self.width - cell_len(head), 2)

    def _wrapped(self, line: str, indent: str = "  ") -> Iterator[str]:
        yield from (indent + part for part in wrapped(line, self.width - len(indent)))

    # -- what it is ---------------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        card = self.card
        rank = self._say("tensor-rank", rank=card.rank, shape=text.shape(card.value.shape))
        yield self._say("tensor-title", name=card.symbol, step=str(card.step.index), rank=rank)
        if card.target.kind is Kind.PARAMETER and card.target.parameter is not None:
            site = card.step.recording.parameters[card.target.parameter].site
            if site is not None:
                yield from self._wrapped(self._say("tensor-parameter", place=text.place(site)))
        if card.target.namesakes:
            listed = ", ".join(map(str, card.target.namesakes))
            yield from self._wrapped(self._say("tensor-namesakes", events=listed))
        array = card.value.array
        if array is None and card.value.statistics is None:
            why = card.value.slot.why or "?"
            yield from self._wrapped(self._say("tensor-without-elements", why=why))
        elif array is not None and array.ndim > 2 and array.size <= _ROWS * _COLUMNS:
            yield from self._slices(array)
        else:
            yield from (f"  {row}" for row in text.value(card.value, self.width - 4))

    def _slices(self, array: Array) -> Iterator[str]:
        for index in np.ndindex(*array.shape[:-2]):
            yield f"  [{', '.join(map(str, index))}, :, :]"
            yield from (f"    {row}" for row in text.elements(array[index], self.width - 6))

    def _shape(self) -> Iterator[str]:
        card = self.card
        yield from self._title("tensor-shape")
        yield from self._wrapped(self._say("tensor-what-rank", rank=card.rank))
        lengths = [str(dimension.length) for dimension in card.dimensions]
        room = max(map(len, lengths), default=0)
        for axis, dimension in enumerate(card.dimensions):
            head = self._say("tensor-dimension", axis=str(axis))
            line = f"  {head}  {lengths[axis]:>{room}}"
            if dimension.role is not None:
                line += f"  {self._put(dimension.role)}"
            yield line
        count, item, device = card.value.slot.count, card.memory.item, card.value.slot.device
        if item is None:
            yield f"  {self._say('tensor-elements', count=count, device=device)}"
            return
        size = text.size(count * item)
        said = {"item": str(item), "bytes": size, "device": device}
        yield f"  {self._say('tensor-bytes', count=count, **said)}"

    # -- where it lies ------------------------------------------------------------------------

    def _memory(self) -> Iterator[str]:
        memory = self.card.memory
        yield from self._title("tensor-memory")
        slot = self.card.value.slot
        if slot.layout is not None or slot.kind == "none":
            layout = slot.layout or slot.why or "?"
            yield from self._wrapped(self._say("tensor-layout", layout=layout))
            return
        yield from self._stride(memory)
        yield from self._drawn(memory)
        expanded = memory.layout.expanded
        if expanded:
            lengths = memory.layout.shape
            kept = [length for axis, length in enumerate(lengths) if axis not in expanded]
            axes = ", ".join(map(str, expanded))
            distinct = int(np.prod(kept))
            line = self._say("tensor-expanded", axes=axes, count=slot.count, distinct=distinct)
            yield from self._wrapped(line)
        elif self.card.rank:
            id = "tensor-contiguous" if memory.layout.contiguous else "tensor-not-contiguous"
            yield from self._wrapped(self._say(id))
        if memory.view is not None:
            source = self.symbols.of(memory.made_of)
            op = _short(memory.view)
            where = {"event": str(memory.view.index), "place": place(memory.view)}
            yield from self._wrapped(self._say("tensor-view-of", source=source, op=op, **where))
        yield from self._sharers(memory)

    def _stride(self, memory: Memory) -> Iterator[str]:
        layout = memory.layout
        stride = _tuple(layout.stride)
        if layout.offset is None:
            yield from self._wrapped(self._say("tensor-stride-only", stride=stride))
            return
        offset = str(layout.offset)
        if not layout.shape:
            yield f"  {self._say('tensor-stride-scalar', offset=offset)}"
            return
        names = [_INDICES[axis] if axis < 8 else f"i{axis}" for axis in range(self.card.rank)]
        steps = [f"{step}·{name}" for name, step in zip(names, layout.stride, strict=True)]
        formula = " + ".join([offset, *steps] if layout.offset else steps)
        index = f"[{', '.join(names)}]"
        yield from self._wrapped(self._say("tensor-stride", index=index, formula=formula))
        yield f"  stride = {stride}, storage_offset = {offset}"

    def _drawn(self, memory: Memory) -> Iterator[str]:
        """Draw which place each index reads, and what the storage holds."""
        places = memory.layout.places
        if places is None or not places.ndim or not places.size:
            return
        yield f"  {self._say('tensor-places')}"
        yield from (f"    {row}" for row in corner(places))
        if memory.storage is None:
            return
        read = np.zeros(len(memory.storage), bool)
        read[places.reshape(-1)] = True
        id = "tensor-storage" if read.all() else "tensor-storage-holes"
        yield f"  {self._say(id)}"
        yield from self._row(memory.storage, read)

    def _row(self, storage: Array, read: Array) -> Iterator[str]:
        cells = []
        for index, held in enumerate(storage[:_PLACES]):
            shown = "?" if np.isnan(held) and not read[index] else text.number(float(held))
            cells.append((str(index), shown if read[index] else f"({shown})"))
        if len(storage) > _PLACES:
            cells.append(("…", "…"))
        above = below = "    "
        for head, held in cells:
            room = max(len(head), len(held)) + 2
            if len(above) + room > self.width:
                yield from (above.rstrip(), below.rstrip())
                above = below = "    "
            above, below = above + head.ljust(room), below + held.ljust(room)
        yield from (above.rstrip(), below.rstrip())

    def _sharers(self, memory: Memory) -> Iterator[str]:
        if not memory.sharers:
            yield from self._wrapped(self._say("tensor-shares-nothing"))
            return
        yield f"  {self._say('tensor-shares')}"
        for sharer in memory.sharers[:_SHARERS]:
            yield from self._wrapped(self._sharer(sharer), "    ")
        if len(memory.sharers) > _SHARERS:
            more = len(memory.sharers) - _SHARERS
            yield f"    {self._say('tensor-shares-more', count=more)}"

    def _sharer(self, sharer: Sharer) -> str:
        said = {
            "name": self.symbols.of(sharer.value),
            "shape": text.shape(sharer.layout.shape),
            "stride": _tuple(sharer.layout.stride),
        }
        apart = self._say("tensor-apart") if sharer.overlaps is False else ""
        if sharer.op is None:
            return self._say("tensor-shared-base", **said) + apart
        id = "tensor-shared-written" if sharer.written else "tensor-shared-view"
        return self._say(id, op=_short(sharer.op), event=str(sharer.op.index), **said) + apart

    # -- its numbers --------------------------------------------------------------------------

    def _precision(self) -> Iterator[str]:
        yield from self._title("tensor-dtype")
        known = self.card.precision
        if known is None:
            yield f"  {self._say('tensor-dtype-unknown', dtype=self.card.value.dtype)}"
            return
        bits = {"bits": str(known.bits), "dtype": known.dtype}
        parts = {"exponent": str(known.exponent), "fraction": str(known.fraction)}
        if known.kind in ("bool", "integer"):
            ends = {"smallest": str(known.smallest), "largest": str(known.largest)}
            line = self._say(f"tensor-{known.kind}", **(bits | ends))
            yield from self._wrapped(line)
            return
        yield from self._wrapped(self._say(f"tensor-{known.kind}", **bits, **parts))
        yield from self._grain(known)

    def _grain(self, known: Precision) -> Iterator[str]:
        digits = str(max(int(known.fraction * 0.30103), 0))
        yield from self._wrapped(self._say("tensor-eps", eps=number(known.eps), digits=digits))
        figures = self.card.value.statistics
        if figures is not None and np.isfinite([figures.min, figures.max]).all():
            top = max(abs(figures.min), abs(figures.max))
            if top:
                said = {"number": number(top), "spacing": number(known.spacing(top))}
                yield from self._wrapped(self._say("tensor-spacing", **said))
        ends = {"largest": number(known.largest), "smallest": number(known.smallest)}
        yield from self._wrapped(self._say("tensor-range", **ends))
        held = f"{known.rounded(Fraction(1, 10)):f}"
        shown = held if len(held) <= 30 else f"{held[:30]}…"
        yield f"  {self._say('tensor-tenth', held=shown)}"

    # -- autograd -----------------------------------------------------------------------------

    def _autograd(self) -> Iterator[str]:
        yield from self._title("tensor-autograd")
        known = self.card.autograd
        wanted = known.requires_grad
        said = self._say("tensor-unknown") if wanted is None else str(wanted)
        yield f"  requires_grad = {said}"
        yield from self._wrapped(self._put(known.why))
        if known.way:
            yield from self._wrapped(self._say("tensor-way", node=known.way[0].node.name))
            for step in known.way[1:]:
                yield self._way(step)
            if known.more:
                yield f"    {self._say('tensor-way-more')}"
        elif known.leaf:
            yield f"  {self._say('tensor-grad-fn-none')}"
        for kept in known.kept:
            said_of = {"node": kept.node.name, "name": kept.name}
            if kept.freed is None:
                line = self._say("tensor-kept", **said_of)
            else:
                line = self._say("tensor-kept-freed", event=str(kept.freed), **said_of)
            yield from self._wrapped(line)
        yield from self._wrapped(self._writes(known.writes))

    def _way(self, step: GraphNode) -> str:
        indent = "  " * step.depth
        node = step.node.name
        if step.leaf is not None:
            return f"  {indent}{self._say('tensor-way-leaf', node=node, leaf=step.leaf)}"
        return (
            f"  {indent}{self._say('tensor-way-seen', node=node) if step.seen else text.safe(node)}"
        )

    def _writes(self, writes: Sequence[Op | Update]) -> str:
        if not writes:
            return self._say("tensor-no-writes")
        listed = [
            self._say("tensor-write", op=_short(event), event=str(event.index))
            for event in writes[:_SHARERS]
        ]
        more = ["…"] if len(writes) > _SHARERS else []
        return self._say("tensor-writes", events=", ".join(listed + more))

    def _grad(self) -> Iterator[str]:
        known = self.card.autograd
        yield from self._title("tensor-grad")
        if known.no_grad is not None:
            yield from self._wrapped(self._put(known.no_grad))
        for entry in known.grads:
            yield from self._wrapped(self._entry(entry))
            before, after = _brief(entry.before), _brief(entry.after)
            yield f"    {self._say('tensor-grad-became', before=before, after=after)}"

    def _entry(self, entry: GradEntry) -> str:
        event = str(entry.event.index)
        if isinstance(entry.event, Accumulation):
            added = _brief(entry.contribution)
            return self._say("tensor-grad-entry-accumulate", event=event, contribution=added)
        if isinstance(entry.event, ZeroGrad):
            owner = entry.event.owner
            return self._say("tensor-grad-entry-clear", event=event, owner=owner)
        return self._say("tensor-grad-entry-change", event=event)

    def _uses(self) -> Iterator[str]:
        yield from self._title("tensor-uses")
        for use in self.card.uses[:_USES]:
            line = self._put(use.what)
            if use.broadcast is not None:
                shape = text.shape(use.broadcast)
                line += f", {self._say('tensor-use-broadcast', shape=shape)}"
            gap = " " * max(44 - cell_len(line), 0)
            where = text.place(use.event.site)
            yield f"  {use.event.index:>4}  {line}{gap}  {where}".rstrip()
        if len(self.card.uses) > _USES:
            more = len(self.card.uses) - _USES
            yield f"  {self._say('tensor-uses-more', count=more)}"


def corner(places: Array) -> list[str]:
    """Return the first rows and columns of an array of whole numbers, in brackets."""
    while places.ndim > 2:
        places = places[0]
    table = np.atleast_2d(places)
    rows = [[str(cell) for cell in row[:_COLUMNS]] for row in table[:_ROWS]]
    if table.shape[1] > _COLUMNS:
        rows = [[*row, "…"] for row in rows]
    if table.shape[0] > _ROWS:
        rows.append(["⋮"] * len(rows[0]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(c.rjust(w) for c, w in zip(r, widths, strict=True)) for r in rows]
    if len(lines) == 1:
        return [f"[{lines[0]}]"]
    left, right = ["⎡", *"⎢" * (len(lines) - 2), "⎣"], ["⎤", *"⎥" * (len(lines) - 2), "⎦"]
    return [f"{a}{line}{b}" for a, line, b in zip(left, lines, right, strict=True)]


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


def _short(event: Op | Update) -> str:
    return event.name.removeprefix("aten::").partition(".")[0]


def _tuple(numbers: Sequence[int]) -> str:
    return f"({', '.join(map(str, numbers))}{',' if len(numbers) == 1 else ''})"
