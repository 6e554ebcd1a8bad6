"""Puts the way of a value, or of a gradient, through the graph into text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len

from retrograd.commands import text
from retrograd.commands.prose import Prose, left
from retrograd.explain.check import Check, Status
from retrograd.explain.notation import number
from retrograd.explain.provenance_gradient import GradientOrigin, Source
from retrograd.explain.provenance_origin import Entered, Origin
from retrograd.explain.provenance_pass import place
from retrograd.store.model import Op


class GraphTeller(Prose):
    """Tells origins of values and gradients."""

    def origin(self, item: Origin, indent: str) -> Iterator[str]:
        """Yield where a value came from: its op, the arithmetic, what entered."""
        if item.op is not None:
            name = item.op.name.removeprefix("aten::")
            line = self.say("why-made-by", op=name, event=str(item.op.index), place=place(item.op))
            yield self._with_expression(indent + line, item.op)
        if item.worked is not None and item.worked.numbers != number(item.worked.result):
            for line in self.wrapped(f"{item.worked.numbers} = {exact(item.number)}", indent):
                yield text.safe(line)
        yield from self._checked(item.check, indent)
        if item.reason is not None:
            yield from self.wrapped(text.safe(self.words.text(item.reason)), indent)
        if item.entered:
            head = self.say("why-entered")
            if item.count > len(item.entered):
                shown = len(item.entered)
                head += f" ({self.say('why-entered-some', shown=shown, count=item.count)})"
            yield ""
            yield from self._entered(item, head, indent)

    def _with_expression(self, line: str, op: Op) -> str:
        """Add the expression that ran, as far as there is room."""
        room = self.width - cell_len(line) - 3
        expression = "" if op.site is None else text.safe(" ".join(op.site.expression.split()))
        if room < 12 or not expression:
            return line
        cut = expression if len(expression) <= room else f"{expression[: room - 1]}…"
        return f"{line}   {cut}"

    def _checked(self, check: Check | None, indent: str) -> Iterator[str]:
        if check is None or check.status is Status.NOT_CHECKED:
            return
        id = "checked" if check.status is Status.VERIFIED else "wrong"
        numbers = {"difference": number(check.difference), "tolerance": number(check.tolerance)}
        yield indent + self.say(id, **numbers)

    def _entered(self, item: Origin, head: str, indent: str) -> Iterator[str]:
        labels = [text.safe(entry.label) for entry in item.entered]
        numbers = [_number(entry.operand.number) for entry in item.entered]
        room = max(cell_len(head) - max(map(len, numbers)) - 3, *map(cell_len, labels))
        wide = max(map(len, numbers))
        derivative = self.say("why-derivative", name=item.label)
        yield f"{indent}{left(head, room + wide + 3)}  {derivative}"
        for entry, label, value in zip(item.entered, labels, numbers, strict=True):
            local = number(entry.operand.derivative)
            yield f"{indent}{left(label, room)} = {value:>{wide}}  {local}"
            yield from self._deeper(entry, indent)

    def _deeper(self, entry: Entered, indent: str) -> Iterator[str]:
        if entry.origin is not None:
            yield from self.origin(entry.origin, f"{indent}    ")
            yield ""

    def upstream(self, item: GradientOrigin, indent: str) -> Iterator[str]:
        """Yield where a gradient came from: what each node sent, term by term."""
        if item.seed:
            yield indent + self.say("why-put-in")
        elif not item.sources:
            yield indent + self.say("why-no-source")
        if len(item.sources) > 1:
            yield indent + self.say("why-sent-sum", count=len(item.sources))
        for source in item.sources:
            yield from self._source(source, item, indent)

    def _source(self, source: Source, item: GradientOrigin, indent: str) -> Iterator[str]:
        name = "?" if source.op is None else source.op.name.removeprefix("aten::")
        yield indent + self.say(
            "why-sent-by",
            node=name,
            event=str(source.run.index),
            amount="–" if source.amount is None else number(source.amount),
        )
        if source.reason is not None:
            yield from self.wrapped(text.safe(self.words.text(source.reason)), f"{indent}  ")
            return
        for via in source.terms:
            upstream, local = number(via.term.upstream), factor(number(via.term.local))
            product = number(via.term.product or 0.0)
            yield (f"{indent}  ∂/∂{text.safe(via.label)}  {upstream} · {local} = {product}")
            if via.origin is not None:
                yield from self.upstream(via.origin, f"{indent}      ")
        if source.count > len(source.terms):
            shown = len(source.terms)
            yield f"{indent}  {self.say('why-terms-some', shown=shown, count=source.count)}"


def exact(item: Any) -> str:
    """Return a number with six significant digits."""
    if item is None:
        return "–"
    if isinstance(item, bool):
        return str(item)
    if isinstance(item, complex):
        return number(item)
    return text.number(item).replace("-", "−")


def factor(line: str) -> str:
    """Put a negative number in parentheses."""
    return f"({line})" if line.startswith("−") else line


def _number(item: Any) -> str:
    return "–" if item is None else exact(item)
