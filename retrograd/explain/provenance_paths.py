"""The paths from a loss through the graph to a parameter: the chain rule multiplies along each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from retrograd.explain.provenance_pass import Pass, Unexplained
from retrograd.messages.message import Message
from retrograd.store.elements import Array

Index = tuple[int, ...]
LISTED: Final = 32
"""Most paths that are followed one by one."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the graph, as nodes from the loss on, and what it brings the element."""

    nodes: tuple[int, ...]
    amount: Any


@dataclass(frozen=True, slots=True)
class Use:
    """What one node sent to the element: PyTorch's own number, None where it was not kept."""

    node: int
    amount: Any


@dataclass(frozen=True, slots=True)
class Paths:
    """All ways to a parameter. Above ``LISTED`` they are counted, not followed."""

    count: int
    paths: tuple[Path, ...]
    uses: tuple[Use, ...]
    reason: Message | None = None  # why none was followed


def paths(through: Pass, parameter: int, index: Index) -> Paths:
    """Return the paths of one pass to one element of a parameter's gradient, largest first."""
    ends = [a.node for a in through.contributions(parameter)]
    leading = through.leading(parameter)
    ways = dict.fromkeys(ends, 1)
    for node in reversed([node for node in through.runs if node in leading]):
        ways[node] = sum(ways.get(target, 0) for target in _targets(through, node, leading))
    try:
        seeds = through.seeds
        count = sum(ways.get(seed.node, 0) for seed in seeds)
        found: list[Path] = []
        if count <= LISTED:
            for seed in seeds:
                if seed.node in leading:
                    start = (seed.node, seed.input)
                    _follow(through, leading, index, start, seed.gradient, (), found)
    except Unexplained as error:
        return Paths(
            sum(ways.get(n or 0, 0) for n in through.call.root_nodes), (), (), error.message
        )
    found.sort(key=lambda path: -abs(path.amount))
    return Paths(count, tuple(found), _uses(through, ends, index))


def _targets(through: Pass, node: int, leading: frozenset[int]) -> list[int]:
    sent = through.runs[node].grad_inputs
    return [
        edge.node
        for edge, gradient in zip(through.step.nodes[node].next, sent, strict=False)
        if edge is not None and gradient is not None and edge.node in leading
    ]


def _follow(
    through: Pass,
    leading: frozenset[int],
    index: Index,
    start: tuple[int, int],
    gradient: Array,
    trail: tuple[int, ...],
    found: list[Path],
) -> None:
    node, place = start
    if node in through.accumulations:
        found.append(Path(trail, gradient[index].item()))
        return
    run = through.runs[node]
    wanted = {
        position: (edge.node, edge.input)
        for position, edge in enumerate(through.step.nodes[node].next)
        if edge is not None
        and edge.node in leading
        and position < len(run.grad_inputs)
        and run.grad_inputs[position] is not None
    }
    for position, sent in through.send(run, {place: gradient}, wanted).items():
        below = wanted[position]
        _follow(through, leading, index, below, sent.gradient, (*trail, node), found)


def _uses(through: Pass, ends: list[int], index: Index) -> tuple[Use, ...]:
    found = []
    for node, run in through.runs.items():
        edges = through.step.nodes[node].next
        for edge, gradient in zip(edges, run.grad_inputs, strict=False):
            if edge is not None and edge.node in ends and gradient is not None:
                array = gradient.array
                found.append(Use(node, None if array is None else array[index].item()))
    return tuple(found)
