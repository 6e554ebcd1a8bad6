"""The graph below the roots of a backward pass, told anew where it differs from the last step's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import torch

from retrograd.recorder.links import connect
from retrograd.recorder.parameters import Parameters
from retrograd.recorder.saved import Saved
from retrograd.recorder.trace import Slot, Trace

Target = tuple[int, int]
"""A node and the number of one of its inputs."""
Targets = tuple[Target | None, ...]
"""Where the edges of a node lead, None where nothing flows."""

PASSES: Final = 16
"""Backward passes of a step that are compared with those of the step before, at most."""
_ACCUMULATE: Final = "torch::autograd::AccumulateGrad"
_CustomNode: Final = torch.autograd.function.BackwardCFunction


class Graph(NamedTuple):
    """What is known of the nodes below some roots."""

    places: list[int]  # the nodes' numbers in the step, in the order in which they were found
    alone: dict[int, Targets]  # by number: its edges, None where another one leads to the same
    fed: frozenset[Target]  # where any edge leads
    found: tuple[Any, ...]  # all that the rest follows from
    nodes: list[tuple[Any, ...]]  # of the step so far
    saved: dict[int, dict[str, Slot]]  # what the nodes keep that were met for the first time


class Graphs:
    """Looks at the graph of each backward pass."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._saved = Saved()
        self._last: dict[int, Graph] = {}  # by the number of the backward pass in its step

    def below(
        self, roots: Iterable[Any], trace: Trace
    ) -> tuple[Graph, list[Any], dict[int, tuple[Any, int]]]:
        """Number the nodes below some roots and note their facts, names, ops and saved tensors.

        Returns the graph, its nodes in the order of their places, the roots first, and the leaves:
        number of the node -> (tensor, parameter).
        """
        nodes, edges = _explored(roots)
        kinds = [_kinds.get(type(node)) or _kind(node) for node in nodes]
        numbers = trace.node_index
        met = len(numbers)
        places = []
        sequence = []
        variables = {}
        leaves: dict[int, tuple[int, Slot]] = {}
        for node, kind in zip(nodes, kinds, strict=True):
            if kind[0] == _ACCUMULATE:
                variable = node.variable
                place = numbers.setdefault(("leaf", id(variable)), len(numbers))
                parameter = self._parameters.register(variable)
                variables[place] = (variable, parameter)
                leaves[place] = (parameter, trace.value(variable) if place >= met else None)
            else:
                number = node._sequence_nr()
                place = numbers.setdefault(number, len(numbers))
                sequence.append(number - trace.base)
            places.append(place)
        found = (
            *(kinds, edges, places, sequence, leaves),
            *(trace.ops, trace.born, trace.nodes, trace.events, trace.hooked),
        )
        last = self._last.get(trace.passes)
        if last is not None and last.found == found and not trace.wrapped:
            graph = last
            trace.nodes[:] = last.nodes
            trace.saved.update(last.saved)
        else:
            graph = self._new(trace, found, nodes)
        return graph, nodes, variables

    def _new(self, trace: Trace, found: tuple[Any, ...], nodes: list[Any]) -> Graph:
        """Note the facts of a graph; sequence numbers are counted from the start of the step."""
        known = (*found[:5], *[kept.copy() for kept in found[5:]])
        kinds, edges, places, _, leaves = found[:5]
        alone: dict[int, Targets] = {}
        fed: Counter[Target] = Counter()
        fresh: list[tuple[int, Any]] = []
        for node, kind, local, place in zip(nodes, kinds, edges, places, strict=True):
            targets = tuple([None if e is None else (places[e[0]], e[1]) for e in local])
            alone[place] = targets
            fed.update(target for target in targets if target is not None)
            if place == len(trace.nodes):
                leaf = leaves.get(place, (None, None))
                trace.nodes.append((kind[0], targets, *leaf, trace.passes - 1, kind[1], None))
                if place not in leaves:
                    fresh.append((place, node))
        for place, targets in alone.items():
            alone[place] = tuple([t if t is not None and fed[t] == 1 else None for t in targets])
        connect(trace, fresh)
        saved, repeats = self._saved.note(trace, fresh)
        graph = Graph(places, alone, frozenset(fed), known, list(trace.nodes), saved)
        if repeats and trace.passes <= PASSES:
            self._last[trace.passes] = graph
        return graph


def _explored(roots: Iterable[Any]) -> tuple[list[Any], list[Targets]]:
    """Return the nodes below some roots as they are found, and where the edges of each lead.

    No root may be given twice.
    """
    nodes = list(roots)
    places = {node: place for place, node in enumerate(nodes)}
    edges: list[Targets] = [()] * len(nodes)
    waiting = list(range(len(nodes)))
    while waiting:
        index = waiting.pop()
        targets: list[Target | None] = []
        for child, number in nodes[index].next_functions:
            if child is None:
                targets.append(None)
                continue
            place = places.get(child)
            if place is None:
                places[child] = place = len(nodes)
                waiting.append(place)
                nodes.append(child)
                edges.append(())
            targets.append((place, number))
        edges[index] = tuple(targets)
    return nodes, edges


_kinds: dict[type, tuple[str, bool]] = {}


def _kind(node: Any) -> tuple[str, bool]:
    """Return a node's name, and whether it is one of a custom function's."""
    kind = type(node)
    known = (node.name(), issubclass(kind, _CustomNode))
    # PyTorch's own nodes have a type for each name, but for those that share CppFunction
    if not known[1] and known[0].endswith(kind.__name__):
        _kinds[kind] = known
    return known
