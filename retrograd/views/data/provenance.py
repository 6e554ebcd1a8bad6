"""Where one number came from, for the page: each number in the answer can itself be asked."""

from __future__ import annotations

import math
from math import prod
from typing import Any, Final

import numpy as np

from retrograd.explain.notation import number as written
from retrograd.explain.op_title import op_title
from retrograd.explain.provenance import Contribution, ParameterGradient, Provenance, Updated
from retrograd.explain.provenance_gradient import GradientOrigin, Source
from retrograd.explain.provenance_history import History
from retrograd.explain.provenance_origin import Origin
from retrograd.explain.provenance_paths import Paths
from retrograd.explain.provenance_slot import roles, why_element
from retrograd.explain.provenance_target import Index
from retrograd.explain.samples import NotSplit, Share
from retrograd.explain.samples_chain import Chain
from retrograd.explain.symbols import Symbols
from retrograd.messages.message import Message
from retrograd.store.model import Op
from retrograd.store.step import Step
from retrograd.store.value import Value
from retrograd.views.data.explanation import MessageData, check_data, message_data
from retrograd.views.data.mathml import equation
from retrograd.views.data.provenance_data import (
    ChangeData,
    ContributionData,
    EnteredData,
    GradientData,
    GradientOriginData,
    HistoryData,
    LinkData,
    MoveData,
    Number,
    OriginData,
    ProductData,
    ProvenanceData,
    RouteData,
    RoutesData,
    SenderData,
    ShareData,
    SharesData,
    StepTermData,
    UpdatedData,
)

EXAMPLES: Final = 64
"""Most training examples that are listed; the others are added up."""
MOVES: Final = 8
POINTS: Final = 160
"""Most points of a number's way through the run."""


def provenance(step: Step, slot: int, place: int) -> ProvenanceData:
    """Return where an element came from. Raises ``RecordingError``."""
    found = why_element(step, slot, place)
    role = roles(step).get(slot)
    return _Writer(found).data(None if role is None else role.state)


class _Writer:
    def __init__(self, found: Provenance) -> None:
        self.found = found
        self.step = found.step

    def data(self, state: str | None) -> ProvenanceData:
        found, about = self.found, self.found.target
        return ProvenanceData(
            about.label,
            about.kind.value,
            state,
            about.parameter,
            _place(about.index, self._shape()),
            "" if self.step is None else Symbols(self.step).loss,
            found.index,
            self.step is not None,
            number(found.number),
            tuple([self._update(update, about.index) for update in found.updates]),
            None if found.gradient is None else self._gradient(found.gradient),
            None if found.history is None else self._history(found.history),
            None if found.origin is None else self._origin(found.origin),
            None if found.upstream is None else self._upstream(found.upstream),
        )

    def _shape(self) -> tuple[int, ...]:
        about = self.found.target
        if about.parameter is not None and self.step is not None:
            return self.step.recording.parameters[about.parameter].shape
        return () if about.value is None else about.value.shape

    # -- a parameter --------------------------------------------------------------------------

    def _update(self, item: Updated, index: Index) -> UpdatedData:
        update = item.update
        name = self.found.target.label
        terms = [
            StepTermData(
                term.symbol,
                equation(
                    term.symbol,
                    term.formula,
                    term.names,
                    real=not isinstance(item.before, complex),
                ),
                number(_element(term.value, index)),
            )
            for term in item.explained.terms
        ]
        return UpdatedData(
            update.index,
            None if update.manual else update.name,
            _link(name, item.before, update.before, index),
            _link(f"{name}.grad", item.gradient, update.gradient, index),
            _link(name, item.after, update.after, index),
            tuple(terms),
        )

    def _gradient(self, item: ParameterGradient) -> GradientData:
        about = self.found.target
        assert self.step is not None
        own = [a for a in self.step.accumulations if a.parameter == about.parameter]
        after = own[-1].after if own else None
        return GradientData(
            number(item.before),
            tuple([self._contribution(part) for part in item.contributions]),
            tuple(
                [
                    ChangeData(change.event.index, number(change.before), number(change.after))
                    for change in item.changes
                ]
            ),
            item.cleared,
            _link(f"{about.label}.grad", item.after, after, about.index),
        )

    def _contribution(self, item: Contribution) -> ContributionData:
        about = self.found.target
        assert about.parameter is not None
        added = item.through.contributions(about.parameter)
        value = added[0].contribution if len(added) == 1 else None
        split = item.samples
        samples = None
        if not isinstance(split, NotSplit):
            listed = split.shares[:EXAMPLES]
            samples = SharesData(
                split.size,
                tuple([_share(share, item) for share in listed]),
                number(sum((share.amount for share in split.shares[EXAMPLES:]), start=0.0)) or "0",
                number(split.rest) or "0",
                number(split.sum) or "0",
                split.difference,
            )
        return ContributionData(
            item.through.call.number,
            _link(about.label, item.amount, value, about.index),
            self._paths(item.paths),
            samples,
            message_data(split.reason) if isinstance(split, NotSplit) else None,
            tuple([self._upstream(origin) for origin in item.origins]),
        )

    def _paths(self, item: Paths) -> RoutesData:
        listed = [RouteData(self._made(path.nodes), number(path.amount)) for path in item.paths]
        if not listed:
            listed = [RouteData(self._made((use.node,)), number(use.amount)) for use in item.uses]
        return RoutesData(item.count, tuple(listed[:32]), _reason(item.reason))

    def _made(self, nodes: tuple[int, ...]) -> tuple[str, ...]:
        assert self.step is not None
        symbols = Symbols(self.step)
        found = []
        for place in nodes:
            node = self.step.nodes[place]
            event = None if node.op is None else self.step.events[node.op]
            known = isinstance(event, Op) and event.outputs
            found.append(symbols.of(event.outputs[0]) if known else node.name)  # type: ignore[union-attr]
        return tuple(dict.fromkeys(found))

    def _history(self, item: History) -> HistoryData:
        count = len(item.steps)
        chosen = np.unique(np.linspace(0, count - 1, min(count, POINTS)).astype(int))
        full = set() if self.found.step is None else set(self.found.step.recording.full_steps)
        return HistoryData(
            number(item.first),
            number(float(item.values[-1])) or "NaN",
            int(item.steps[-1]),
            count,
            item.every_step,
            tuple(item.steps[chosen].tolist()),
            tuple([v if math.isfinite(v) else None for v in item.values[chosen].tolist()]),
            tuple(
                [
                    MoveData(
                        move.step,
                        number(move.before) or "NaN",
                        number(move.after) or "NaN",
                        move.step in full,
                    )
                    for move in item.moves[:MOVES]
                ]
            ),
        )

    # -- values and gradients -----------------------------------------------------------------

    def _origin(self, item: Origin) -> OriginData:
        worked = None
        if item.worked is not None and item.worked.numbers != written(item.worked.result):
            worked = f"{item.worked.numbers} = {written(item.worked.result)}"
        entered = [
            EnteredData(
                _link(part.label, part.operand.number, part.operand.value, part.operand.index),
                number(part.operand.derivative),
            )
            for part in item.entered
        ]
        return OriginData(
            None if item.op is None else op_title(item.op.name),
            None if item.op is None else item.op.index,
            worked,
            check_data(item.check),
            tuple(entered),
            item.count,
            _reason(item.reason),
        )

    def _upstream(self, item: GradientOrigin) -> GradientOriginData:
        return GradientOriginData(
            item.label,
            number(item.number),
            item.seed,
            tuple([self._sender(source) for source in item.sources]),
        )

    def _sender(self, source: Source) -> SenderData:
        assert self.step is not None
        loss = Symbols(self.step).loss
        run = source.run
        terms = [
            ProductData(
                _link(
                    f"∂{loss}/∂{via.label}",
                    via.term.upstream,
                    run.grad_outputs[via.term.output],
                    via.term.index,
                ),
                number(via.term.local),
                number(via.term.product),
            )
            for via in source.terms
        ]
        return SenderData(
            run.index,
            self.step.nodes[run.node].name,
            number(source.amount),
            tuple(terms),
            source.count,
            _reason(source.reason),
        )


def number(item: Any) -> Number | None:
    """Return a number in full, None where there is none."""
    if item is None:
        return None
    if isinstance(item, complex):
        return f"{item.real!r}{'-' if item.imag < 0 else '+'}{abs(item.imag)!r}i"
    if isinstance(item, float) and not math.isfinite(item):
        return "NaN" if math.isnan(item) else "Infinity" if item > 0 else "-Infinity"
    return str(item).lower() if isinstance(item, bool) else repr(item)


def _share(share: Share, part: Contribution) -> ShareData:
    known = [
        f"{item.name} = {_short(item.values)}"
        for item in share.inputs
        if item.name and item.values is not None and item.values.size <= 8
    ]
    return ShareData(
        share.example,
        number(share.amount) or "0",
        ", ".join(known),
        _factors(part.chains.get(share.example)),
    )


def _factors(chain: Chain | None) -> str | None:
    if chain is None:
        return None
    parts = [written(part) for part in (chain.upstream, *(f.local for f in chain.factors))]
    return " · ".join(f"({part})" if part.startswith("−") else part for part in parts)


def _short(array: Any) -> str:
    parts = [written(item) for item in np.asarray(array).reshape(-1).tolist()]
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def _link(label: str, item: Any, value: Value | None, index: Index) -> LinkData:
    known = value is not None and (not value.shape or len(value.shape) == len(index))
    if value is None or not known:
        return LinkData(label, number(item), None, 0)
    return LinkData(label, number(item), value.index, _place(index, value.shape))


def _place(index: Index, shape: tuple[int, ...]) -> int:
    return sum(i * prod(shape[axis + 1 :]) for axis, i in enumerate(index)) if shape else 0


def _element(array: Any, index: Index) -> Any:
    """Return one element of a term, None where it is not element by element."""
    if array is None:
        return None
    found = np.asarray(array)
    if found.ndim == 0:
        return found.item()
    fits = found.ndim == len(index) and all(i < n for i, n in zip(index, found.shape, strict=True))
    return found[index].item() if fits else None


def _reason(reason: Message | None) -> MessageData | None:
    return None if reason is None else message_data(reason)
