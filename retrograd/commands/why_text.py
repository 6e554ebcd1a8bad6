"""Puts the provenance of a number into text for a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from rich.cells import cell_len

from retrograd.commands import text, why_table
from retrograd.commands.prose import left, wrapped
from retrograd.commands.why_graph import GraphTeller, exact, factor
from retrograd.explain.notation import number
from retrograd.explain.provenance import Contribution, ParameterGradient, Provenance, Updated
from retrograd.explain.provenance_history import History, Light
from retrograd.explain.provenance_paths import Paths
from retrograd.explain.provenance_target import Index, Kind
from retrograd.explain.samples import NotSplit
from retrograd.explain.symbols import Symbols
from retrograd.messages import Catalogue
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.reader import Recording

PARTS: Final = ("update", "gradient", "paths", "samples", "run")
"""The parts of the answer about a parameter, in order."""
_MOVES: Final = 6
_TITLES: Final = {
    Kind.PARAMETER: "why-after-step",
    Kind.PARAMETER_GRADIENT: "why-grad-in-step",
    Kind.VALUE: "why-in-step",
    Kind.GRADIENT: "why-gradient-in-step",
}
_PLAIN: Final = ("momentum", "weight_decay", "nesterov", "maximize", "dampening")


class Teller(GraphTeller):
    """Tells provenances of one recording in one language."""

    def __init__(self, recording: Recording, words: Catalogue) -> None:
        super().__init__(words)
        self.recording = recording

    def lines(self, found: Provenance, parts: Collection[str] = PARTS) -> Iterator[str]:
        """Yield the lines of an answer, or of some of its parts."""
        arguments = {"name": found.target.label, "value": exact(found.number)}
        if found.target.kind is Kind.GRADIENT and found.step is not None:
            arguments["loss"] = Symbols(found.step).loss
        yield self.say(_TITLES[found.target.kind], step=str(found.index), **arguments)
        if found.target.namesakes:
            listed = ", ".join(map(str, found.target.namesakes))
            yield from self.wrapped(self.say("why-namesakes", events=listed), "  ")
        if found.step is None:
            near = sorted(self.recording.full_steps, key=lambda s: abs(s - found.index))[:3]
            listed = ", ".join(map(str, sorted(near)))
            yield from self.wrapped(self.say("why-light", step=str(found.index), near=listed), "  ")
        if found.light is not None:
            yield from self._light(found.light)
        if found.origin is not None:
            yield from self.origin(found.origin, "  ")
        if found.upstream is not None:
            yield from self.upstream(found.upstream, "  ")
        if found.target.kind is Kind.PARAMETER and found.step is not None and "update" in parts:
            yield from self._updates(found)
        if found.gradient is not None:
            yield from self._gradient(found, found.gradient, parts)
        if found.history is not None and "run" in parts:
            yield from self._history(found.history, found)

    # -- a parameter --------------------------------------------------------------------------

    def _updates(self, found: Provenance) -> Iterator[str]:
        yield from self.title(self.say("why-update"))
        if not found.updates:
            yield f"  {self.say('why-no-update')}"
        for item in found.updates:
            yield from self._update(item, found.target.index)

    def _update(self, item: Updated, index: Index) -> Iterator[str]:
        update = item.update
        where = f"   {text.place(update.site)}" if update.site is not None else ""
        rate = update.hyperparameters.get("lr")
        if _is_plain(item):
            gradient = factor(exact(item.gradient))
            product = f"{exact(item.before)} − {number(rate)} · {gradient}"
            yield f"  {product} = {exact(item.after)}{where}"
            yield from self.wrapped(self.say("why-update-plain", optimizer=update.name), "  ")
            return
        if update.manual:
            id = "why-update-by-hand"
        else:
            id = "why-update-other" if update.state_before else "why-update-options"
        yield from self.wrapped(self.say(id, optimizer=update.name) + where, "  ")
        yield from self._listed(
            ("why-before", item.before),
            ("why-gradient", item.gradient),
            ("why-change", _difference(item.before, item.after)),
            ("why-after", item.after),
        )
        for term in item.explained.terms:
            formula = f"{term.symbol} = {term.formula.unicode(term.names)}"
            result = "" if term.value is None else _at(term.value, index)
            yield from self.wrapped(text.safe(f"{formula}{result}"), "    ")

    def _listed(self, *numbers: tuple[str, Any]) -> Iterator[str]:
        """Yield the known ones of some numbers below each other."""
        heads = [(self.say(id), value) for id, value in numbers if value is not None]
        room = max((cell_len(head) for head, _ in heads), default=0)
        for head, value in heads:
            yield f"    {left(head, room)}  {exact(value)}"

    def _light(self, known: Light) -> Iterator[str]:
        yield f"  {self.say('why-light-known')}"
        yield from self._listed(
            ("why-before", known.before),
            ("why-gradient", known.gradient),
            ("why-learning-rate", known.learning_rate),
            ("why-change", _difference(known.before, known.after)),
            ("why-after", known.after),
        )

    # -- its gradient -------------------------------------------------------------------------

    def _gradient(
        self, found: Provenance, item: ParameterGradient, parts: Collection[str]
    ) -> Iterator[str]:
        if "gradient" in parts:
            yield from self._ledger(found, item)
        for part in item.contributions:
            several = len(item.contributions) > 1 and {"paths", "samples"} & set(parts)
            if several:
                head = str(part.through.call.number)
                yield from self.title(self.say("why-pass", number=head, amount=exact(part.amount)))
            yield from self._contribution(found, part, parts)

    def _ledger(self, found: Provenance, item: ParameterGradient) -> Iterator[str]:
        if found.target.kind is Kind.PARAMETER:
            yield from self.title(self.say("why-its-gradient", value=exact(item.after)))
        if item.contributions:
            if item.before is None:
                line = self.say("why-was-empty")
            else:
                line = self.say("why-held", before=exact(item.before))
            yield from self.wrapped(line, "  ")
        if len(item.contributions) > 1:
            listed = ", ".join(exact(part.amount) for part in item.contributions)
            count = len(item.contributions)
            yield from self.wrapped(self.say("why-passes", count=count, amounts=listed), "  ")
        if item.cleared:
            listed = ", ".join(map(str, item.cleared))
            yield from self.wrapped(self.say("why-cleared-between", events=listed))
        for change in item.changes:
            line = self.say(
                "why-changed",
                event=str(change.event.index),
                before=exact(change.before),
                after=exact(change.after),
            )
            yield from self.wrapped(line, "  ")

    def _contribution(
        self, found: Provenance, part: Contribution, parts: Collection[str]
    ) -> Iterator[str]:
        if "paths" in parts:
            yield from self._paths(found, part)
        if "samples" in parts:
            yield from self._samples(found, part)
        if "paths" not in parts:
            return
        if not part.chains or found.target.kind is Kind.PARAMETER_GRADIENT:
            for origin in part.origins:
                yield ""
                yield from self.upstream(origin, "  ")

    def _samples(self, found: Provenance, part: Contribution) -> Iterator[str]:
        yield from self.title(self.say("why-samples"))
        split = part.samples
        if isinstance(split, NotSplit):
            reason = self.words.text(split.reason)
            yield from self.wrapped(self.say("why-not-split", reason=reason), "  ")
            return
        id = "why-one-example" if split.size == 1 else "why-samples-sum"
        yield from self.wrapped(self.say(id, size=split.size), "  ")
        yield ""
        yield from why_table.rows(part, split, found.target.label, self.words, self.width)
        yield f"  {self.say('why-sum-checked', difference=number(split.difference))}"

    def _paths(self, found: Provenance, part: Contribution) -> Iterator[str]:
        yield from self.title(self.say("why-paths"))
        symbols = Symbols(part.through.step)
        item: Paths = part.paths
        names = {"loss": symbols.loss, "name": found.target.name}
        if item.reason is not None:
            yield from self.wrapped(text.safe(self.words.text(item.reason)), "  ")
            return
        if item.count == 1:
            yield from self.wrapped(self.say("why-one-path", **names), "  ")
        else:
            id = "why-paths-listed" if item.paths else "why-paths-counted"
            yield from self.wrapped(self.say(id, count=f"{item.count:,}", **names), "  ")
        for path in item.paths:
            way = [self._made(part, node, symbols) for node in path.nodes]
            amount = number(path.amount)
            indent = f"  {'':<{len(amount)}}  "
            line = " → ".join([*dict.fromkeys(way), text.safe(found.target.name)])
            listed = wrapped(line, self.width - len(indent))
            yield f"  {amount}  {listed[0]}"
            yield from (indent + line for line in listed[1:])
        if not item.paths:
            for use in item.uses[: why_table.SHOWN]:
                node = self.say("why-used-by", node=part.through.step.nodes[use.node].name)
                yield f"  {'–' if use.amount is None else number(use.amount)}  {node}"

    def _made(self, part: Contribution, node: int, symbols: Symbols) -> str:
        """Return what a node's op made, its own name where that is not known."""
        known = part.through.step.nodes[node]
        event = None if known.op is None else part.through.step.events[known.op]
        if isinstance(event, Op) and event.outputs:
            return text.safe(symbols.of(event.outputs[0]))
        return text.safe(known.name)

    # -- the run ------------------------------------------------------------------------------

    def _history(self, item: History, found: Provenance) -> Iterator[str]:
        yield from self.title(self.say("why-run"))
        last = {"step": str(int(item.steps[-1])), "last": exact(float(item.values[-1]))}
        if item.first is not None:
            yield f"  {self.say('why-run-began', first=exact(item.first), **last)}"
        else:
            yield f"  {self.say('why-run-unknown-start', **last)}"
        curve = text.sparkline(item.values, min(self.width - 4, 60))
        yield f"  {curve}"
        if not item.every_step:
            line = self.say("why-run-some-steps", count=len(item.steps))
            yield from self.wrapped(line, "  ")
        yield f"  {self.say('why-run-moved')}"
        for move in item.moves[:_MOVES]:
            head = self.say("why-step", step=str(move.step))
            change = number(move.change)
            sign = "" if change.startswith("−") else "+"
            yield (
                f"    {left(head, 12)}{sign + change:<11}{exact(move.before)} → {exact(move.after)}"
            )


def _at(result: Array, index: Index) -> str:
    """Return one element of a term, nothing where it is not element by element."""
    if result.ndim and result.ndim != len(index):
        return ""
    place = index if result.ndim else ()
    fits = all(i < length for i, length in zip(place, result.shape, strict=True))
    return f" = {exact(result[place].item())}" if fits else ""


def _difference(before: Any, after: Any) -> Any:
    return None if before is None or after is None else after - before


def _is_plain(item: Updated) -> bool:
    """Return whether the update is SGD's bare one."""
    update = item.update
    known = None not in (item.before, item.gradient, item.after)
    options = [update.hyperparameters.get(option) for option in _PLAIN]
    return (
        known
        and not update.manual
        and update.name == "SGD"
        and isinstance(update.hyperparameters.get("lr"), float)
        and not any(options)
    )
