"""Puts the storage of a tensor into text: which place each index reads, and who shares it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from retrograd.commands import text
from retrograd.commands.prose import Prose
from retrograd.explain.provenance_pass import place
from retrograd.explain.symbols import Symbols
from retrograd.explain.tensor_card import TensorCard
from retrograd.explain.tensor_card_memory import Memory, Sharer
from retrograd.messages import Catalogue
from retrograd.store.elements import Array
from retrograd.store.model import Op, Update

_ROWS: Final = 6
_COLUMNS: Final = 8
_PLACES: Final = 32
"""Most places of a storage that is shown."""
_SHARERS: Final = 8
_INDICES: Final = "ijklmnpq"


class MemoryTeller(Prose):
    """Tells the storage of one card's tensor."""

    def __init__(self, card: TensorCard, words: Catalogue) -> None:
        super().__init__(words)
        self.card = card
        self.symbols = Symbols(card.step)

    def memory(self) -> Iterator[str]:
        """Yield where the elements lie, and who else lies there."""
        memory = self.card.memory
        yield from self.title(self.say("tensor-memory"))
        slot = self.card.value.slot
        strided = len(slot.stride) == len(slot.shape)
        if slot.layout is not None or slot.kind == "none" or not strided:
            layout = slot.layout or slot.why or "?"
            yield from self.wrapped(self.say("tensor-layout", layout=layout))
            return
        yield from self._stride(memory)
        yield from self._drawn(memory)
        expanded = memory.layout.expanded
        if expanded:
            lengths = memory.layout.shape
            kept = [length for axis, length in enumerate(lengths) if axis not in expanded]
            axes = ", ".join(map(str, expanded))
            distinct = int(np.prod(kept))
            line = self.say("tensor-expanded", axes=axes, count=slot.count, distinct=distinct)
            yield from self.wrapped(line)
        elif self.card.rank:
            id = "tensor-contiguous" if memory.layout.contiguous else "tensor-not-contiguous"
            yield from self.wrapped(self.say(id))
        if memory.view is not None:
            source = self.symbols.of(memory.made_of)
            op = short(memory.view)
            where = {"event": str(memory.view.index), "place": place(memory.view)}
            yield from self.wrapped(self.say("tensor-view-of", source=source, op=op, **where))
        yield from self._sharers(memory)

    def _stride(self, memory: Memory) -> Iterator[str]:
        layout = memory.layout
        stride = _tuple(layout.stride)
        if layout.offset is None:
            yield from self.wrapped(self.say("tensor-stride-only", stride=stride))
            return
        offset = str(layout.offset)
        if not layout.shape:
            yield f"  {self.say('tensor-stride-scalar', offset=offset)}"
            return
        names = [_INDICES[axis] if axis < 8 else f"i{axis}" for axis in range(self.card.rank)]
        steps = [f"{step}·{name}" for name, step in zip(names, layout.stride, strict=True)]
        formula = " + ".join([offset, *steps] if layout.offset else steps)
        index = f"[{', '.join(names)}]"
        yield from self.wrapped(self.say("tensor-stride", index=index, formula=formula))
        yield f"  stride = {stride}, storage_offset = {offset}"

    def _drawn(self, memory: Memory) -> Iterator[str]:
        """Draw which place each index reads, and what the storage holds."""
        layout = memory.layout
        places = layout.corner(_ROWS + 1, _COLUMNS + 1)
        if places is None or not places.ndim or not places.size:
            return
        rank = len(layout.shape)
        if rank > 2:
            index = f"[{', '.join(['0'] * (rank - 2) + [':', ':'])}]"
            yield f"  {self.say('tensor-places-of', index=index)}"
        else:
            yield f"  {self.say('tensor-places')}"
        yield from (f"    {row}" for row in corner(places))
        every = layout.places
        if memory.storage is None or every is None or len(memory.storage) > _PLACES:
            return
        read = np.zeros(len(memory.storage), bool)
        read[every.reshape(-1)] = True
        id = "tensor-storage" if read.all() else "tensor-storage-holes"
        yield f"  {self.say(id)}"
        yield from self._row(memory.storage, read)

    def _row(self, storage: Array, read: Array) -> Iterator[str]:
        cells = []
        for index, held in enumerate(storage):
            shown = "?" if np.isnan(held) and not read[index] else text.number(float(held))
            cells.append((str(index), shown if read[index] else f"({shown})"))
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
            yield from self.wrapped(self.say("tensor-shares-nothing"))
            return
        yield f"  {self.say('tensor-shares')}"
        for sharer in memory.sharers[:_SHARERS]:
            yield from self.wrapped(self._sharer(sharer), "    ")
        if len(memory.sharers) > _SHARERS:
            more = len(memory.sharers) - _SHARERS
            yield f"    {self.say('tensor-shares-more', count=more)}"

    def _sharer(self, sharer: Sharer) -> str:
        said = {
            "name": self.symbols.of(sharer.value),
            "shape": text.shape(sharer.layout.shape),
            "stride": _tuple(sharer.layout.stride),
        }
        apart = self.say("tensor-apart") if sharer.overlaps is False else ""
        if sharer.op is None:
            return self.say("tensor-shared-base", **said) + apart
        id = "tensor-shared-written" if sharer.written else "tensor-shared-view"
        return self.say(id, op=short(sharer.op), event=str(sharer.op.index), **said) + apart


def corner(places: Array) -> list[str]:
    """Return whole numbers in brackets; beyond the last row and column that fit stand dots."""
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


def short(event: Op | Update) -> str:
    """Return the name of an op without its overload, or of an optimizer."""
    return event.name.removeprefix("aten::").partition(".")[0]


def _tuple(numbers: Sequence[int]) -> str:
    return f"({', '.join(map(str, numbers))}{',' if len(numbers) == 1 else ''})"
