"""Tells in lines, or to machines, where two recordings part and how the difference grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.cells import cell_len

from retrograd.commands import text
from retrograd.commands.prose import Prose, left
from retrograd.explain.differences import Difference, Gap, Growth, Parting
from retrograd.explain.differences.alignment import name_of
from retrograd.explain.differences.growth import WEIGHTS
from retrograd.explain.failures.scene import shape
from retrograd.messages import Catalogue
from retrograd.messages.message import Message, message
from retrograd.store.model import Event
from retrograd.store.reader import Recording
from retrograd.store.value import Value

_ENVIRONMENT: Final = ("torch", "python", "platform", "device", "threads")


class Teller:
    """Puts one comparison into lines."""

    def __init__(self, found: Difference, words: Catalogue) -> None:
        self.found = found
        self.prose = Prose(words)

    def lines(self) -> Iterator[str]:
        """Yield all lines."""
        found, say = self.found, self.prose.say
        yield from self._sides()
        yield ""
        part = found.part
        if part is None:
            same = "diff-same-within" if found.rtol else "diff-same"
            yield from self.prose.wrapped(say(same, rtol=f"{found.rtol:g}"), "")
        else:
            yield from self.prose.wrapped(self._headline(part, "diff-part"), "")
            yield from self._details(part)
        for title, item in self._others(part):
            yield ""
            yield f"{title}: {self._headline(item, 'diff-at')}"
            yield from self._details(item)
        yield from self._growth()

    def _others(self, part: Parting | None) -> Iterator[tuple[str, Parting]]:
        """Yield what is worth telling beside the first parting."""
        found, say = self.found, self.prose.say
        setting, beyond, first = found.setting, found.beyond, found.first
        told = [part]
        if setting is not None and setting is not part:
            told.append(setting)
            yield say("diff-first-setting"), setting
        if beyond is not None and beyond is not part:
            title = "diff-first-beyond" if found.rtol else "diff-first-number"
            yield say(title, rtol=f"{found.rtol:g}"), beyond
        if first is not None and first not in (part, beyond):
            yield say("diff-first-rounding"), first

    def _sides(self) -> Iterator[str]:
        found, say = self.found, self.prose.say
        for side, recording in (("A", found.one), ("B", found.other)):
            full = f"{len(recording.full_steps):,}"
            about = say("diff-side", name=recording.path, steps=f"{recording.steps:,}", full=full)
            yield f"{side}  {about}"
        for recording in (found.one, found.other):
            if not recording.complete:
                yield say("diff-cut-short", name=recording.path)
        loss = found.growth("loss")
        light = f"{0 if loss is None else len(loss.steps):,}"
        yield say("diff-compared", light=light, full=f"{len(found.full):,}")
        ours, theirs = found.one.environment, found.other.environment
        for key in _ENVIRONMENT:
            if ours.get(key) != theirs.get(key):
                pair = {"first": str(ours.get(key)), "second": str(theirs.get(key))}
                yield say("diff-environment", key=key, **pair)

    # -- one parting ------------------------------------------------------------------------------

    def _kind(self, item: Parting) -> str:
        if item.kind == "curve":
            return self.prose.say("diff-kind-curve", name=item.what)
        return self.prose.say(f"diff-kind-{item.kind}")

    def _headline(self, item: Parting, id: str) -> str:
        events = [event.index for event in (item.first, item.second) if event is not None]
        told: dict[str, str] = {"step": str(item.step), "kind": self._kind(item)}
        if len(set(events)) == 2:
            return self.prose.say(f"{id}-two", event=str(events[0]), other=str(events[1]), **told)
        if events:
            return self.prose.say(id, event=str(events[0]), **told)
        return self.prose.say(f"{id}-step", **told)

    def _details(self, item: Parting) -> Iterator[str]:
        if item.kind == "length":
            first, second = item.texts
            yield f"  {self.prose.say('diff-lengths', first=first, second=second)}"
        if item.first is not None or item.second is not None:
            sides = (("A", item.first, self.found.one), ("B", item.second, self.found.other))
            for side, event, recording in sides:
                yield from self._event(side, event, item, recording)
        if item.what and any(item.texts):
            yield f"  {text.safe(item.what)}:  A {item.texts[0]}   B {item.texts[1]}"
        if item.gap is not None:
            yield from self._gap(item, item.gap)
        elif item.kind in ("shape", "dtype"):
            for side, value in zip("AB", item.values, strict=True):
                if value is not None:
                    yield f"  {side}  {shape(value)} {value.dtype}"

        for cause in self.found.causes(item):
            yield from self.prose.wrapped(self.prose.put(cause))

    def _event(
        self, side: str, event: Event | None, item: Parting, recording: Recording
    ) -> Iterator[str]:
        if event is None:
            yield f"  {side}  {self.prose.say('diff-nothing-there')}"
            return
        site = event.site
        name = text.safe(name_of(event, recording.step(item.step)))
        if site is None:
            yield f"  {side}  {name}"
            return
        where = f"  {side}  {text.place(site)}  "
        line = text.safe(" ".join(site.expression.split()))
        room = max(self.prose.width - cell_len(where) - len(name) - 3, 16)
        yield f"{where}{line if len(line) <= room else line[: room - 1] + '…'}  ({name})"

    def _gap(self, item: Parting, gap: Gap) -> Iterator[str]:
        value = item.values[0]
        figures = {"absolute": text.number(gap.absolute), "relative": f"{gap.relative:.2g}"}
        name = called(item) or self.prose.say("diff-result")
        if value is None or not value.shape:
            said = message("diff-number", name=name, **figures)
        elif gap.figure is not None:
            said = message(
                "diff-figure", name=name, shape=shape(value), figure=gap.figure, **figures
            )
        else:
            said = message("diff-numbers", name=name, shape=shape(value), **figures)
        yield from self.prose.wrapped(self.prose.put(said))
        where = ""
        if gap.index:
            index = f"[{','.join(map(str, gap.index))}]"
            where = f"   {self.prose.say('diff-element', index=index)}"
        yield f"  A  {_precise(gap.first)}{where}"
        yield f"  B  {_precise(gap.second)}"
        if gap.differing is not None and gap.count > 1:
            counts = {"differing": str(gap.differing), "count": str(gap.count)}
            yield f"  {self.prose.say('diff-count', **counts)}"

    # -- how it grows -----------------------------------------------------------------------------

    def _growth(self) -> Iterator[str]:
        loss, weights = self.found.growth("loss"), self.found.growth(WEIGHTS)
        shown = [g for g in (loss, weights) if g is not None and g.listed()]
        if not shown:
            return
        steps = sorted({int(g.steps[place]) for g in shown[:1] for place in g.listed()})
        say = self.prose.say
        heads = [
            say("diff-column-step"),
            say("diff-column-loss", side="A"),
            say("diff-column-loss", side="B"),
            say("diff-column-difference"),
            say("diff-column-weights"),
        ]
        rows = [
            [
                str(step),
                _cell(loss, step, "first"),
                _cell(loss, step, "second"),
                _cell(loss, step, "relative"),
                _cell(weights, step, "relative"),
            ]
            for step in steps
        ]
        yield from self.prose.title(say("diff-growth"))
        table = [heads, *rows]
        widths = [max(cell_len(row[place]) for row in table) for place in range(len(heads))]
        for row in table:
            cells = (left(cell, width) for cell, width in zip(row, widths, strict=True))
            yield f"  {'  '.join(cells)}".rstrip()
        yield from self.prose.wrapped(say("diff-growth-note"))


def _cell(growth: Growth | None, step: int, side: str) -> str:
    if growth is None or step not in growth.steps:
        return "–"
    place = int((growth.steps == step).nonzero()[0][0])
    number = float(getattr(growth, side)[place])
    return f"{number:.2g}" if side == "relative" else text.number(number)


def _precise(number: float | complex) -> str:
    """Return a number with all digits that a float32 has, and some more."""
    return f"{number:.9g}"


def called(item: Parting) -> str:
    """Return what to call the value that differs: its name, on both sides where they differ."""
    names = [text.safe(value.name) for value in item.values if value is not None and value.name]
    return " / ".join(dict.fromkeys(names)) or text.safe(item.what)


# -- for machines -------------------------------------------------------------------------------


def as_json(found: Difference, words: Catalogue) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "equal": found.equal,
        "same_numbers": found.same_numbers,
        "rtol": found.rtol,
        "a": _side(found.one),
        "b": _side(found.other),
        "compared": {"full": list(found.full), "curves": [g.name for g in found.growths]},
        "part": _parting(found.part),
        "structure": _parting(found.structure),
        "setting": _parting(found.setting),
        "first_number": _parting(found.first),
        "first_beyond": _parting(found.beyond),
        "causes": []
        if found.part is None
        else [_told(cause, words) for cause in found.causes(found.part)],
        "growth": {
            growth.name: {
                "step": [int(growth.steps[place]) for place in growth.listed()],
                "a": [float(growth.first[place]) for place in growth.listed()],
                "b": [float(growth.second[place]) for place in growth.listed()],
                "relative": [float(growth.relative[place]) for place in growth.listed()],
            }
            for growth in found.growths
            if growth.listed()
        },
    }


def _side(recording: Recording) -> dict[str, Any]:
    return {
        "path": recording.path,
        "steps": recording.steps,
        "full_steps": len(recording.full_steps),
        "complete": recording.complete,
    }


def _told(said: Message, words: Catalogue) -> dict[str, str]:
    return {"id": said.id, "message": words.text(said)}


def _parting(item: Parting | None) -> dict[str, Any] | None:
    if item is None:
        return None
    gap = item.gap
    return {
        "kind": item.kind,
        "step": item.step,
        "a": _event(item.first),
        "b": _event(item.second),
        "what": item.what,
        "names": [None if value is None else value.name for value in item.values],
        "shapes": [_shape(value) for value in item.values],
        "texts": list(item.texts),
        "gap": None
        if gap is None
        else {
            "absolute": gap.absolute,
            "relative": gap.relative,
            "index": None if gap.index is None else list(gap.index),
            "a": gap.first,
            "b": gap.second,
            "differing": gap.differing,
            "count": gap.count,
            "reordered": gap.reordered,
            "rounding": gap.rounding,
        },
    }


def _shape(value: Value | None) -> list[int] | None:
    return None if value is None else list(value.shape)


def _event(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    site = event.site
    return {
        "event": event.index,
        "kind": event.kind,
        "file": None if site is None else site.path,
        "line": None if site is None else site.line,
        "expression": None if site is None else site.expression,
    }
