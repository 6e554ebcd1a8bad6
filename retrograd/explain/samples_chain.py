"""The chain of factors behind one example's share, as far as it is a single product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from retrograd.explain.arguments import NotKept
from retrograd.explain.provenance_local import Column, Term
from retrograd.explain.provenance_pass import Pass
from retrograd.explain.samples_flow import Flow
from retrograd.store.model import Op

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """A local derivative: ∂ of an element that a node's op made, by the element before it."""

    node: int
    output: int
    index: Index
    local: Any


@dataclass(frozen=True, slots=True)
class Chain:
    """A share as a product: the gradient where the chain begins, times the factors in order."""

    upstream: Any
    factors: tuple[Factor, ...]

    @property
    def product(self) -> Any:
        """All of it multiplied."""
        found = self.upstream
        for factor in self.factors:
            found = found * factor.local
        return found


class Climber:
    """Climbs from an element of a gradient towards the loss while one product leads there."""

    def __init__(self, through: Pass) -> None:
        self.through = through

    def terms(self, node: int, place: int, index: Index) -> tuple[int, list[Term]] | None:
        """Return the one node that sent an element, and the terms that it added up."""
        senders = self.through.senders(node, place)
        if len(senders) != 1:
            return None
        run, position = senders[0]
        number = self.through.step.nodes[run.node].op
        op = None if number is None else self.through.step.events[number]
        if not isinstance(op, Op):
            return None
        try:
            terms = Column(op, run, position, index).terms()
        except NotKept:
            return None
        return None if terms is None else (run.node, terms)

    def climb(self, node: int, term: Term, below: tuple[Factor, ...]) -> Chain:
        """Return the chain that ends in a term of a node and the factors below it."""
        factors = (Factor(node, term.output, term.index, term.local), *below)
        found = self.terms(node, term.output, term.index)
        if found is None or len(found[1]) != 1:
            return Chain(term.upstream, factors)
        return self.climb(found[0], found[1][0], factors)


def chains(flow: Flow, parameter: int, index: Index) -> dict[int, Chain]:
    """Return each example's chain, of those whose share is a single product.

    Below the data a parameter may be reshaped before it is used: those factors come last.
    """
    contributions = flow.through.contributions(parameter)
    if len(contributions) != 1:
        return {}
    climber = Climber(flow.through)
    below: tuple[Factor, ...] = ()
    place: tuple[int, int, Index] = (contributions[0].node, 0, index)
    while True:
        found = climber.terms(*place)
        if found is None:
            return {}
        node, terms = found
        if node in flow.owners:
            break
        if len(terms) != 1:
            return {}
        if terms[0].local != 1:  # else it is only reshaped
            below = (Factor(node, terms[0].output, terms[0].index, terms[0].local), *below)
        place = (node, terms[0].output, terms[0].index)
    by_example: dict[int, list[Term]] = {}
    for term in terms:
        owners = flow.owners[node].get(term.output)
        if owners is not None:
            by_example.setdefault(int(owners[term.index]), []).append(term)
    return {
        example: climber.climb(node, own[0], below)
        for example, own in by_example.items()
        if example >= 0 and len(own) == 1
    }
