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

from retrograd.recorder.graph import Graph
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

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_unheard: Final = frozenset({torch.Tensor, type(None)}).issuperset
"""Tell whether no class of the user's is asked when gradients of some types are."""


class BackwardPass:
    """One call of PyTorch's autograd engine in a step that is recorded in full."""

    __slots__ = (
        "accumulates",
        "before",
        "created",
        "creates",
        "event",
        "flow",
        "graph",
        "handles",
        "heard",
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
        self.graph: Graph | None = None
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
        given = [trace.carried(g) if isinstance(g, torch.Tensor) else None for g in gradients]
        if len(outputs) == 1 and root_nodes[0] is not None and given[0] is not None:
            root = (root_nodes[0], getattr(outputs[0], "output_nr", 0))
            pointer = address(gradients[0])
            if pointer and root not in self.graph.fed:  # type: ignore[union-attr]
                self.flow[root] = (given[0], pointer, gradients[0]._version)
        self.event = len(trace.events)
        trace.events.append(
            (
                "backward",
                "backward" if accumulates else "grad",
                self.number,
                tuple(roots),
                tuple(root_nodes),
                tuple(given),
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
        for _, reference, *_ in sorted(self.trace.known.values(), key=itemgetter(0)):
            tensor = reference()
            if tensor is not None and is_trained(tensor):
                self.recorder.parameters.register(tensor)

    def walk(self, roots: list[Any]) -> list[int]:
        """Number the nodes below some roots and register the hooks; returns the roots' numbers."""
        trace = self.trace
        distinct = list(dict.fromkeys(roots))
        graph, nodes, self.variables = self.recorder.graphs.below(distinct, trace)
        self.graph = graph
        if self.accumulates:
            for index, (variable, parameter) in self.variables.items():
                self.before[index] = self.recorder.gradients.slot(trace, parameter, variable)
        ran = self.ran
        for index, node in zip(graph.places, nodes, strict=True):
            hook = NodeHook(ran, index)
            handle = node.register_hook(hook)
            if self.keeps_graph or index in self.variables:
                self.handles.append((handle, hook))
        return [graph.places[distinct.index(root)] for root in roots]

    def ran(self, index: int, grad_inputs: Any, grad_outputs: Any) -> None:
        """Record that a node ran; called by PyTorch, perhaps on a thread of its own."""
        try:
            if not self.open:
                return
            start = perf_counter()
            self.lock.acquire()  # by `with` and a guard, a third of this would be their time
            try:
                if _unheard(map(type, grad_inputs + grad_outputs)) and not self.heard:
                    self._ran(index, grad_inputs, grad_outputs)
                else:
                    with no_torch_function():
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
        for gradient in grad_outputs:
            if gradient is None:
                incoming.append(None)
                continue
            carried = flow.pop((index, len(incoming)), None)
            if (
                carried is not None
                and address(gradient) == carried[1]
                and gradient._version == carried[2]
            ):
                incoming.append(carried[0])
            else:
                incoming.append(trace.gradient(gradient))
        if not grad_inputs and index in self.variables:
            self._accumulated(index, incoming[0])
            return
        outgoing: list[Slot] = []
        targets = self.graph.alone[index]  # type: ignore[union-attr]
        for gradient in grad_inputs:
            if gradient is None:
                outgoing.append(None)
                continue
            slot = trace.gradient(gradient)
            target = targets[len(outgoing)] if len(outgoing) < len(targets) else None
            outgoing.append(slot)
            if target is not None:
                pointer = trace.pointers[slot]
                if pointer:
                    flow[target] = (slot, pointer, gradient._version)
        trace.events.append(("node", index, self.number, tuple(incoming), tuple(outgoing)))
        if self.creates:
            now = sequence_number()
            if now != self.created:  # this node has created nodes of its own
                trace.born.append((self.created - trace.base, now - trace.base, index))
                self.created = now

    def _accumulated(self, index: int, incoming: Slot) -> None:
        variable, parameter = self.variables[index]
        before = self.before.get(index)
        after = None
        if self.accumulates:
            found = self.trace, parameter, variable, incoming, before
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
