"""Where a gradient came from: what each node sent, as upstream times local derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from retrograd.explain.arguments import NotKept
from retrograd.explain.provenance_local import Column, Index, Term
from retrograd.explain.provenance_origin import Tracer
from retrograd.explain.provenance_pass import Pass, place
from retrograd.explain.provenance_target import label
from retrograd.explain.rules import find
from retrograd.messages.message import Message, message
from retrograd.store.model import NodeRun, Op
from retrograd.store.value import Value

SHOWN: Final = 12
"""Most terms that are told of each node, the largest first."""


@dataclass(frozen=True, slots=True)
class Via:
    """One product of the chain rule; ``label`` is the element whose gradient is upstream."""

    term: Term
    label: str
    origin: GradientOrigin | None


@dataclass(frozen=True, slots=True)
class Source:
    """What one node sent to the element; the terms add up to it, ``count`` of them in all."""

    run: NodeRun
    op: Op | None
    amount: Any  # PyTorch's own number, None where it was not kept
    terms: tuple[Via, ...] = ()
    count: int = 0
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class GradientOrigin:
    """One element of a gradient as the sum of what came along each edge.

    ``seed`` is set where backward() itself put the number in.
    """

    label: str
    number: Any
    sources: tuple[Source, ...]
    seed: bool = False


class GradientTracer:
    """Traces gradients of one backward pass back towards the loss."""

    def __init__(self, through: Pass) -> None:
        self.through = through
        self.tracer = Tracer(through.step)

    def of_value(self, value: Value, index: Index, depth: int) -> GradientOrigin | None:
        """Return where the gradient by a value's element came from, None where it got none."""
        made = self.tracer.made(value)
        node = None if made is None else made[0].node
        if made is None or node is None or node not in self.through.runs:
            return None
        return self._origin(node, made[1], value, index, depth)

    def of_parameter(self, parameter: int, index: Index, depth: int) -> list[GradientOrigin]:
        """Return where each contribution to a parameter's ``.grad`` came from."""
        name = self.through.step.recording.parameters[parameter].name
        found = []
        for accumulation in self.through.contributions(parameter):
            value = accumulation.contribution
            array = None if value is None else value.array
            number = None if array is None else array[index].item()
            sources = self._sources(accumulation.node, 0, index, depth)
            found.append(GradientOrigin(label(name, index), number, sources))
        return found

    def _origin(
        self, node: int, output: int, value: Value | None, index: Index, depth: int
    ) -> GradientOrigin:
        run = self.through.runs[node]
        gradient = run.grad_outputs[output] if output < len(run.grad_outputs) else None
        array = None if gradient is None else gradient.array
        number = None if array is None else array[index].item()
        name = label(self.tracer.symbols.of(value), index)
        seed = any(
            node == root and value is not None and given is not None and given.index == value.index
            for root, given in zip(
                self.through.call.root_nodes, self.through.call.roots, strict=False
            )
        )
        return GradientOrigin(name, number, self._sources(node, output, index, depth), seed)

    def _sources(self, node: int, output: int, index: Index, depth: int) -> tuple[Source, ...]:
        found = []
        for run, position in self.through.senders(node, output):
            gradient = run.grad_inputs[position]
            array = None if gradient is None else gradient.array
            amount = None if array is None else array[index].item()
            found.append(self._source(run, position, index, amount, depth))
        return tuple(found)

    def _source(self, run: NodeRun, position: int, index: Index, amount: Any, depth: int) -> Source:
        node = self.through.step.nodes[run.node]
        op = None if node.op is None else self.through.step.events[node.op]
        if not isinstance(op, Op):
            id = "why-opaque" if node.opaque else "why-no-op"
            reason = message(id, node=node.name, place=place(run))
            return Source(run, None, amount, reason=reason)
        if find(op.name) is None:
            reason = message("why-no-rule", op=op.name, place=place(op))
            return Source(run, op, amount, reason=reason)
        try:
            terms = Column(op, run, position, index).terms()
        except NotKept:
            return Source(run, op, amount, reason=message("why-not-kept", name=op.name))
        if terms is None:
            return Source(run, op, amount, reason=message("why-too-many-terms"))
        chosen = sorted(terms, key=lambda term: -abs(term.product))[:SHOWN]
        chosen.sort(key=lambda term: (term.output, term.index))
        vias = tuple([self._via(run.node, op, term, depth) for term in chosen])
        return Source(run, op, amount, vias, len(terms))

    def _via(self, node: int, op: Op, term: Term, depth: int) -> Via:
        value = op.outputs[term.output]
        name = label(self.tracer.symbols.of(value), term.index)
        deeper = (
            self._origin(node, term.output, value, term.index, depth - 1) if depth > 1 else None
        )
        return Via(term, name, deeper)
