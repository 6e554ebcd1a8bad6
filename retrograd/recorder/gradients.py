"""The ledger: what each parameter's ``.grad`` held when it was last looked at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from retrograd.recorder.tensors import address
from retrograd.recorder.trace import Slot, Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


class Gradients:
    """Follows ``.grad`` of every parameter through a full step.

    The entries stand in the trace (``trace.accumulated``): parameter -> (slot, data pointer,
    version). A ``.grad`` that differs from its entry was changed by something between.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def slot(self, trace: Trace, parameter: int, tensor: Any) -> Slot:
        """Return the slot of a parameter's ``.grad`` now, reporting an unseen change."""
        gradient = tensor.grad
        entry = trace.accumulated.get(parameter)
        if gradient is None:
            if entry is not None and entry[0] is not None:
                self._changed(trace, parameter, entry[0], None)
            if entry is None or entry[0] is not None:
                trace.accumulated[parameter] = (None, 0, 0)
            return None
        pointer, version = address(gradient), gradient._version  # without memory the version tells
        if entry is not None and entry[1] == pointer and entry[2] == version:
            return entry[0]
        slot = trace.carried(gradient)
        if entry is not None and entry[0] is not None and entry[1] == pointer:
            # inside its handler an in-place op has not counted its new version yet
            slot = trace.unless_new(gradient, slot, entry[0])
        trace.accumulated[parameter] = (slot, pointer, version)
        if entry is not None and entry[0] != slot:
            self._changed(trace, parameter, entry[0], slot)
        return slot

    def look(self, trace: Trace) -> None:
        """Note what every ``.grad`` holds, and with that any change since the last look."""
        for parameter in self.recorder.parameters.all:
            tensor = parameter.reference()
            if (
                tensor is not None
                and tensor.is_leaf
                and (tensor.grad is not None or parameter.id in trace.accumulated)
            ):
                self.slot(trace, parameter.id, tensor)

    def accumulated(
        self,
        trace: Trace,
        parameter: int,
        tensor: Any,
        contribution: Slot,
        before: Slot,
    ) -> Slot:
        """Return the slot of ``.grad`` right after a contribution was accumulated."""
        gradient = tensor.grad
        if gradient is None:  # consumed at once by a post-accumulate-grad hook
            trace.accumulated[parameter] = (None, 0, 0)
            return None
        pointer = address(gradient)
        if (
            before is None
            and contribution is not None
            and pointer
            and pointer == trace.pointers[contribution]
        ):
            slot = contribution  # stolen, not copied: the same elements
            trace.again(gradient, slot)
            facts = trace.slots[slot]
            if facts[0] == "summary":
                self.recorder.keeping.stolen(gradient, trace.parts[slot])
        else:
            slot = trace.snapshot(gradient)
        trace.accumulated[parameter] = (slot, pointer, gradient._version)
        return slot

    def mutated(self, trace: Trace, parameter: int, tensor: Any, event: int, slot: int) -> None:
        """Note that an op changed a parameter's ``.grad`` in place."""
        entry = trace.accumulated.get(parameter)
        before = entry[0] if entry else None
        trace.accumulated[parameter] = (slot, address(tensor), tensor._version)
        trace.events.append(("grad_change", parameter, before, slot, "op", event, None))

    def _changed(self, trace: Trace, parameter: int, before: Slot, after: Slot) -> None:
        site = self.recorder.sites.storing(sys._getframe(2), "grad")
        trace.events.append(("grad_change", parameter, before, after, "unseen", None, site))
