"""Watches one backward pass: which nodes ran, with what gradients coming in and going out.

No dispatch mode is active meanwhile, because PyTorch picks other formulas under one. Hooks on the
nodes see the gradients, hold none of them and change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any

import torch
from torch.autograd.graph import get_gradient_edge

from retrograd.recorder.torch_api import sequence_number
from retrograd.recorder.trace import Slot, Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


class BackwardPass:
    """One call of PyTorch's autograd engine in a step that is recorded in full."""

    __slots__ = (
        "accumulates",
        "before",
        "created",
        "edges",
        "event",
        "flow",
        "handles",
        "indegree",
        "lock",
        "number",
        "open",
        "recorder",
        "site",
        "trace",
        "variables",
    )

    def __init__(self, recorder: Recorder, trace: Trace, site: int | None) -> None:
        self.recorder = recorder
        self.site = site
        self.trace = trace
        self.number = trace.passes
        self.open = True
        self.lock = Lock()
        self.handles: list[Any] = []
        # node -> its (child node, input number) per outgoing edge, None where nothing flows
        self.edges: dict[int, tuple[tuple[int, int] | None, ...]] = {}
        self.indegree: dict[tuple[int, int], int] = {}
        # (node, input number) with one edge into it -> (slot, data pointer, version): what the
        # edge carries, so that the same gradient is not stored at both of its ends
        self.flow: dict[tuple[int, int], tuple[int, int, int]] = {}
        self.variables: dict[int, tuple[Any, int]] = {}
        self.before: dict[int, Slot] = {}
        self.accumulates = True
        self.created = 0
        self.event = 0

    def prepare(
        self,
        outputs: Sequence[Any],
        gradients: Sequence[Any],
        retain_graph: bool,
        create_graph: bool,
        inputs: Sequence[Any],
        accumulates: bool,
    ) -> None:
        """Walk the graph below the roots and hook every node."""
        trace = self.trace
        trace.passes += 1
        self.accumulates = accumulates
        roots = []
        nodes = []
        for output in outputs:
            if isinstance(output, torch.Tensor):
                roots.append(trace.value(output))
                node = output.grad_fn
                if node is None and output.requires_grad:
                    node = get_gradient_edge(output).node
            else:  # a GradientEdge
                roots.append(None)
                node = output.node
            nodes.append(node)
        walked = iter(self.walk([node for node in nodes if node is not None]))
        root_nodes = [None if node is None else next(walked) for node in nodes]
        if len(outputs) == 1 and root_nodes[0] is not None and gradients[0] is not None:
            place = (root_nodes[0], getattr(outputs[0], "output_nr", 0))
            pointer = _pointer(gradients[0])
            if place not in self.indegree and pointer is not None:
                self.flow[place] = (trace.value(gradients[0]), *pointer)
        self.event = len(trace.events)
        trace.events.append(
            (
                "backward",
                "backward" if accumulates else "grad",
                self.number,
                tuple(roots),
                tuple(root_nodes),
                tuple(trace.value(g) if isinstance(g, torch.Tensor) else None for g in gradients),
                bool(retain_graph),
                bool(create_graph),
                tuple(trace.value(x) if isinstance(x, torch.Tensor) else None for x in inputs),
                self.site,
                (),
            )
        )
        self.created = sequence_number()

    def walk(self, roots: list[Any]) -> list[int]:
        """Number the nodes below some roots, note their edges and register the hooks."""
        trace = self.trace
        index_of = trace.node_index
        nodes = trace.nodes
        numbers: dict[Any, int] = {}
        waiting: list[tuple[Any, int]] = []

        def number(node: Any) -> int:
            known = numbers.get(node)
            if known is not None:
                return known
            name = node.name()
            if name == "torch::autograd::AccumulateGrad":
                variable = node.variable
                key: Any = ("leaf", id(variable))
            else:
                variable = None
                key = node._sequence_nr()
            index = index_of.get(key)
            if index is None:
                index = index_of[key] = len(nodes)
                nodes.append((name,))
            if variable is not None:
                self.variables[index] = (variable, self.recorder.parameters.register(variable))
            numbers[node] = index
            waiting.append((node, index))
            return index

        result = [number(node) for node in roots]
        fresh: list[tuple[int, Any]] = []
        while waiting:
            node, index = waiting.pop()
            targets = []
            for child, input_number in node.next_functions:
                if child is None:
                    targets.append(None)
                else:
                    target = (number(child), input_number)
                    targets.append(target)
                    self.indegree[target] = self.indegree.get(target, 0) + 1
            self.edges[index] = edges = tuple(targets)
            if len(nodes[index]) == 1:
                fresh.append((index, node))
                variable, parameter = self.variables.get(index, (None, None))
                slot = trace.value(variable) if variable is not None else None
                opaque = isinstance(node, torch.autograd.function.BackwardCFunction)
                nodes[index] = (nodes[index][0], edges, parameter, slot, self.number, opaque, None)
            if index in self.variables and self.accumulates:
                variable, parameter = self.variables[index]
                self.before[index] = self.recorder.gradients.slot(trace, parameter, variable)
            self.handles.append(node.register_hook(partial(self.ran, index)))
        if fresh:
            self.recorder.links.connect(trace, fresh)
            self.recorder.saved.note(trace, fresh)
        return result

    def ran(self, index: int, grad_inputs: Any, grad_outputs: Any) -> None:
        """Record that a node ran; called by PyTorch, perhaps on a thread of its own."""
        recorder = self.recorder
        if not self.open or recorder.trace is not self.trace:
            return
        start = perf_counter()
        try:
            with self.lock:
                self._ran(index, grad_inputs, grad_outputs)
                self.trace.spent += perf_counter() - start
        except Exception as error:
            recorder.fail("backward", error)

    def _ran(self, index: int, grad_inputs: Any, grad_outputs: Any) -> None:
        trace = self.trace
        snapshot = trace.snapshot
        incoming: list[Slot] = []
        for position, gradient in enumerate(grad_outputs):
            if gradient is None:
                incoming.append(None)
                continue
            carried = self.flow.pop((index, position), None)
            if carried is not None and _same(gradient, carried):
                incoming.append(carried[0])
            else:
                incoming.append(snapshot(gradient))
        leaf = self.variables.get(index)
        if leaf is not None and not grad_inputs:
            variable, parameter = leaf
            after = self.recorder.gradients.accumulated(
                trace, parameter, variable, grad_outputs[0], incoming[0], self.before.get(index)
            )
            trace.events.append(
                (
                    "accumulate",
                    index,
                    self.number,
                    parameter,
                    self.before.get(index),
                    incoming[0],
                    after,
                    self.site,
                )
            )
            self.before[index] = after
            return
        outgoing: list[Slot] = []
        edges = self.edges[index]
        for position, gradient in enumerate(grad_inputs):
            if gradient is None:
                outgoing.append(None)
                continue
            slot = snapshot(gradient)
            outgoing.append(slot)
            target = edges[position] if position < len(edges) else None
            if target is not None and self.indegree[target] == 1:
                pointer = _pointer(gradient)
                if pointer is not None:
                    self.flow[target] = (slot, *pointer)
        trace.events.append(("node", index, self.number, tuple(incoming), tuple(outgoing)))
        now = sequence_number()
        if now != self.created:  # create_graph: this node has created nodes of its own
            trace.born.append((self.created, now, index))
            self.created = now

    def finish(self, results: Any) -> None:
        """Take the hooks off and note what ``torch.autograd.grad`` returned."""
        self.open = False
        self.trace.owners = None
        for handle in self.handles:
            handle.remove()
        self.handles.clear()
        self.variables.clear()
        if not self.accumulates and results is not None:
            trace = self.trace
            slots = tuple(
                trace.value(result) if isinstance(result, torch.Tensor) else None
                for result in results
            )
            trace.events[self.event] = (*trace.events[self.event][:-1], slots)


def _pointer(tensor: Any) -> tuple[int, int] | None:
    try:
        return tensor.data_ptr(), tensor._version
    except RuntimeError:  # sparse, or without storage
        return None


def _same(tensor: Any, carried: tuple[int, int, int]) -> bool:
    return _pointer(tensor) == carried[1:]
