"""Watches one backward pass: which nodes ran, with what gradients coming in and going out.

No dispatch mode is active meanwhile, because PyTorch picks other formulas under one. Hooks on the
nodes see the gradients, hold none of them and change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import torch
from torch.autograd.graph import get_gradient_edge

from retrograd.recorder.parameters import is_trained
from retrograd.recorder.tensors import address
from retrograd.recorder.torch_api import (
    NodeHook,
    function_modes,
    no_torch_function,
    sequence_number,
)
from retrograd.recorder.trace import Slot, Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

_ACCUMULATE: Final = "torch::autograd::AccumulateGrad"
_Tensor: Final = torch.Tensor
_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_CustomNode: Final = torch.autograd.function.BackwardCFunction


class BackwardPass:
    """One call of PyTorch's autograd engine in a step that is recorded in full."""

    __slots__ = (
        "accumulates",
        "before",
        "created",
        "creates",
        "edges",
        "event",
        "flow",
        "handles",
        "heard",
        "indegree",
        "keeps_graph",
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
        self.handles: list[tuple[Any, NodeHook]] = []
        self.heard = bool(function_modes())  # somebody hears what we ask a tensor
        # node -> its (child node, input number) per outgoing edge, None where nothing flows
        self.edges: dict[int, tuple[tuple[int, int] | None, ...]] = {}
        self.indegree: dict[tuple[int, int], int] = {}
        # (node, input number) with one edge into it -> (slot, data pointer, version): what the
        # edge carries, so that the same gradient is not stored at both of its ends
        self.flow: dict[tuple[int, int], tuple[int, int, int]] = {}
        self.variables: dict[int, tuple[Any, int]] = {}
        self.before: dict[int, Slot] = {}
        self.accumulates = True
        self.creates = False
        self.keeps_graph = False
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
        self.creates = create_graph
        self.keeps_graph = retain_graph or create_graph or bool(inputs)
        if not self.recorder.parameters.all:
            self._register_leaves()
        roots: list[Slot] = []
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
                self.flow[place] = (trace.carried(gradients[0]), *pointer)
        self.event = len(trace.events)
        trace.events.append(
            (
                "backward",
                "backward" if accumulates else "grad",
                self.number,
                tuple(roots),
                tuple(root_nodes),
                tuple(
                    [trace.carried(g) if isinstance(g, torch.Tensor) else None for g in gradients]
                ),
                bool(retain_graph),
                bool(create_graph),
                tuple([trace.value(x) if isinstance(x, torch.Tensor) else None for x in inputs]),
                self.site,
                (),
            )
        )
        self.created = sequence_number()

    def _register_leaves(self) -> None:
        """Number the leaves in the order in which the forward pass met them."""
        for _, reference, _ in sorted(self.trace.known.values(), key=itemgetter(0)):
            tensor = reference()
            if tensor is not None and is_trained(tensor):
                self.recorder.parameters.register(tensor)

    def walk(self, roots: list[Any]) -> list[int]:
        """Number the nodes below some roots, note their edges and register the hooks."""
        trace = self.trace
        nodes = trace.nodes
        indegree = self.indegree
        number = self._number
        ran = self.ran
        numbers: dict[Any, int] = {}
        waiting: list[tuple[Any, int]] = []
        fresh: list[tuple[int, Any]] = []
        for node in roots:
            if node not in numbers:
                numbers[node] = index = number(node)
                waiting.append((node, index))
        while waiting:
            node, index = waiting.pop()
            targets: list[tuple[int, int] | None] = []
            for child, input_number in node.next_functions:
                if child is None:
                    targets.append(None)
                    continue
                place = numbers.get(child)
                if place is None:
                    numbers[child] = place = number(child)
                    waiting.append((child, place))
                target = (place, input_number)
                targets.append(target)
                indegree[target] = indegree.get(target, 0) + 1
            self.edges[index] = edges = tuple(targets)
            hook = NodeHook(ran, index)
            handle = node.register_hook(hook)
            facts = nodes[index]
            leaf = self.variables.get(index)
            if leaf is not None:
                if len(facts) == 1:
                    slot = trace.value(leaf[0])
                    nodes[index] = (*facts, edges, leaf[1], slot, self.number, False, None)
                if self.accumulates:
                    self.before[index] = self.recorder.gradients.slot(trace, leaf[1], leaf[0])
                self.handles.append((handle, hook))
                continue
            if len(facts) == 1:
                fresh.append((index, node))
                opaque = isinstance(node, _CustomNode)
                nodes[index] = (*facts, edges, None, None, self.number, opaque, None)
            if self.keeps_graph:
                self.handles.append((handle, hook))
        if fresh:
            repeated = self.recorder.links.connect(trace, fresh)
            self.recorder.saved.note(trace, fresh, repeated)
        return [numbers[node] for node in roots]

    def _number(self, node: Any) -> int:
        """Return the number of a node in this step's list, where it may stand already."""
        trace = self.trace
        name = node.name()
        if name == _ACCUMULATE:
            variable = node.variable
            key: Any = ("leaf", id(variable))
        else:
            variable = None
            key = node._sequence_nr()
        index = trace.node_index.get(key)
        if index is None:
            index = trace.node_index[key] = len(trace.nodes)
            trace.nodes.append((name,))
        if variable is not None:
            self.variables[index] = (variable, self.recorder.parameters.register(variable))
        return index

    def ran(self, index: int, grad_inputs: Any, grad_outputs: Any) -> None:
        """Record that a node ran; called by PyTorch, perhaps on a thread of its own."""
        try:
            if not self.open:
                return
            start = perf_counter()
            self.lock.acquire()  # by `with` and a guard, a third of this would be their time
            try:
                if self.heard or not _plain(grad_inputs) or not _plain(grad_outputs):
                    with no_torch_function():
                        self._ran(index, grad_inputs, grad_outputs)
                else:
                    self._ran(index, grad_inputs, grad_outputs)
                self.trace.spent += perf_counter() - start
            finally:
                self.lock.release()
        except Exception as error:
            self.open = False
            self.recorder.fail("backward", error)

    def _ran(self, index: int, grad_inputs: Any, grad_outputs: Any) -> None:
        trace = self.trace
        flow = self.flow
        incoming: list[Slot] = []
        for position, gradient in enumerate(grad_outputs):
            if gradient is None:
                incoming.append(None)
                continue
            carried = flow.pop((index, position), None)
            if carried is not None and _same(gradient, carried):
                incoming.append(carried[0])
            else:
                incoming.append(trace.gradient(gradient))
        if not grad_inputs and index in self.variables:
            self._accumulated(index, grad_outputs[0], incoming[0])
            return
        outgoing: list[Slot] = []
        edges = self.edges[index]
        known = len(edges)
        for position, gradient in enumerate(grad_inputs):
            if gradient is None:
                outgoing.append(None)
                continue
            slot = trace.gradient(gradient)
            outgoing.append(slot)
            target = edges[position] if position < known else None
            if target is not None and self.indegree[target] == 1:
                pointer = trace.pointers[slot]
                if pointer:
                    flow[target] = (slot, pointer, gradient._version)
        trace.events.append(("node", index, self.number, tuple(incoming), tuple(outgoing)))
        if self.creates:
            now = sequence_number()
            if now != self.created:  # this node has created nodes of its own
                trace.born.append((self.created - trace.base, now - trace.base, index))
                self.created = now

    def _accumulated(self, index: int, contribution: Any, incoming: Slot) -> None:
        variable, parameter = self.variables[index]
        before = self.before.get(index)
        after = None
        if self.accumulates:
            found = self.trace, parameter, variable, contribution, incoming, before
            if type(variable) in _PLAIN_TYPES:
                after = self.recorder.gradients.accumulated(*found)
            else:
                with no_torch_function():
                    after = self.recorder.gradients.accumulated(*found)
        self.trace.events.append(
            ("accumulate", index, self.number, parameter, before, incoming, after, self.site)
        )
        self.before[index] = after

    def finish(self, results: Any) -> None:
        """Take the hooks off and note what ``torch.autograd.grad`` returned.

        Nodes that a pass without ``retain_graph`` has freed take their hooks with them; those
        that outlive it are leaves and whatever the user still holds, where a closed pass is an
        empty shell.
        """
        self.open = False
        trace = self.trace
        trace.owners = None
        for handle, hook in self.handles:
            if isinstance(handle, dict):
                handle.pop(hook, None)
            else:  # somebody has put PyTorch's own way back
                handle.remove()
        self.handles.clear()
        self.variables.clear()
        if not self.accumulates and results is not None:
            slots = tuple(
                trace.value(result) if isinstance(result, torch.Tensor) else None
                for result in results
            )
            trace.events[self.event] = (*trace.events[self.event][:-1], slots)
        del self.trace


Watched = tuple[BackwardPass | None, bool]
"""The backward pass that is recorded, if one is, and whether the dispatch mode was suspended."""
LIGHT: Final[Watched] = (None, False)
"""A backward pass of a light step."""


def _plain(gradients: Any) -> bool:
    """Tell whether no class of the user's is asked when a gradient is."""
    for gradient in gradients:
        if type(gradient) is not _Tensor and gradient is not None:
            return False
    return True


def _pointer(tensor: Any) -> tuple[int, int] | None:
    pointer = address(tensor)
    return (pointer, tensor._version) if pointer else None


def _same(tensor: Any, carried: tuple[int, int, int]) -> bool:
    return address(tensor) == carried[1] and tensor._version == carried[2]  # type: ignore[no-any-return]
