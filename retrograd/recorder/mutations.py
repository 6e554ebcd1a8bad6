"""Follows ops that change their arguments: is one a parameter, or a ``.grad``?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from retrograd.recorder.forward import OpInfo
from retrograd.recorder.tensors import address
from retrograd.recorder.torch_api import no_torch_function
from retrograd.recorder.trace import Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


class Mutations:
    """Turns changes of parameters and gradients into events of the trace."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def note(
        self, trace: Trace, info: OpInfo, args: Any, kwargs: Any, before: Any, grad: bool
    ) -> None:
        """Follow an op that changed its arguments: is one a parameter or a ``.grad``?"""
        with no_torch_function():
            self._follow(trace, info, args, kwargs, before, grad)

    def _follow(
        self, trace: Trace, info: OpInfo, args: Any, kwargs: Any, before: Any, grad: bool
    ) -> None:
        event = len(trace.events) - 1
        for position, name in info.mutated:
            if position < len(args):
                argument, slots = args[position], before[position]
            else:
                argument = (kwargs or {}).get(name)
                slots = next(
                    (e[2] for e in before if type(e) is tuple and e[:2] == ("k", name)), None
                )
            if argument is None:
                continue
            if isinstance(argument, torch.Tensor):
                pairs = [(argument, slots)]
            else:
                listed = slots[1] if isinstance(slots, tuple) else ()
                pairs = list(zip(argument, listed, strict=False))
            for tensor, slot in pairs:
                entry = trace.known.get(id(tensor))
                if entry is not None and entry[0] == slot:  # changed without a new version
                    del trace.known[id(tensor)]
                self._mutated(trace, tensor, slot, event, grad)

    def _mutated(self, trace: Trace, tensor: Any, old: Any, event: int, grad: bool) -> None:
        if tensor.requires_grad and not tensor.is_leaf:
            return
        if trace.owners is None or trace.owners.parameters != len(self.recorder.parameters.all):
            trace.owners = self.recorder.parameters.owners()
        number = self.recorder.parameters.known(tensor)
        of_gradient = None
        if number is None:
            number, of_gradient = trace.owners.of(tensor)
        if number is None and of_gradient is None:
            self._overwritten(trace, tensor)
        if number is not None:
            leaf = self.recorder.parameters.tensor(number)
            if leaf is None:
                return
            if tensor is not leaf:  # .data, or a part of it, which counts versions of its own
                known = trace.known.pop(id(leaf), None)
                self.recorder.keeping.summaries.forget(leaf)
                if tensor.shape != leaf.shape:
                    old = known[0] if known is not None and known[1]() is leaf else None
            if grad and tensor is leaf:
                return
            entry = trace.accumulated.get(number)
            gradient = entry[0] if entry else self.recorder.gradients.slot(trace, number, leaf)
            site = trace.events[event][2]
            trace.events.append(("manual", number, old, gradient, trace.value(leaf), event, site))
            if self.recorder.backwards and self.recorder.unaided:
                self.recorder.manual = True
                self.recorder.by_hand.updated(grad)
                trace.updates += 1
        elif of_gradient is not None:
            leaf = self.recorder.parameters.tensor(of_gradient)
            if leaf is None or leaf.grad is None:
                return
            gradient = leaf.grad
            if gradient is not tensor:
                trace.known.pop(id(gradient), None)
                self.recorder.keeping.summaries.forget(gradient)
            self.recorder.gradients.mutated(
                trace, of_gradient, gradient, event, trace.value(gradient)
            )

    def _overwritten(self, trace: Trace, tensor: Any) -> None:
        """Have whatever lies in the memory of a tensor that an op changed read anew.

        Most tensors there count their versions together with it; one that it is the ``.data`` of
        does not.
        """
        if address(tensor):
            memory = tensor.untyped_storage()
            places = range(memory.data_ptr(), memory.data_ptr() + memory.nbytes())
            trace.overwritten(places, tensor)
            self.recorder.keeping.summaries.overwritten(places)
