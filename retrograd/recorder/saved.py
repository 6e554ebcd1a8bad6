"""Notes which values each autograd node keeps for its backward formula."""

from __future__ import annotations

from typing import Any

import torch

from retrograd.recorder.trace import Slot, Trace


class Saved:
    """Reads the ``_saved_…`` attributes of nodes, anew where the step differs from the last one."""

    def __init__(self) -> None:
        self._attributes: dict[type, tuple[str, ...]] = {}
        self._last: tuple[Any, Any, dict[int, dict[str, Slot]]] | None = None

    def note(self, trace: Trace, fresh: list[tuple[int, Any]]) -> None:
        """Set ``trace.saved`` for nodes met for the first time.

        Reading a saved tensor runs the user's unpack hook where there is one (a checkpoint would
        recompute its region), so nodes made under such hooks are left alone.
        """
        last = self._last
        if last is not None and last[0] == trace.events and last[1] == trace.nodes:
            trace.saved.update(last[2])
            return
        known: dict[int, dict[str, Slot]] = {}
        for index, node in fresh:
            op = trace.nodes[index][6]
            if op is not None and op not in trace.hooked:
                saved = self._read(trace, node, trace.events[op])
                if saved:
                    known[index] = saved
        self._last = (list(trace.events), list(trace.nodes), known)
        trace.saved.update(known)

    def _read(self, trace: Trace, node: Any, event: tuple[Any, ...]) -> dict[str, Slot]:
        kind = type(node)
        names = self._attributes.get(kind)
        if names is None:
            names = tuple(name for name in dir(kind) if name.startswith("_saved_"))
            self._attributes[kind] = names
        candidates = [slot for slot in (*_slots(event[4]), *event[5]) if slot is not None]
        saved: dict[str, Slot] = {}
        for name in names:
            try:
                value = getattr(node, name)
            except Exception:  # freed, or changed in place: PyTorch's own check says so
                continue
            if isinstance(value, torch.Tensor):
                saved[name.removeprefix("_saved_")] = _find(trace, value, candidates)
        return saved


def _slots(encoded: Any) -> list[int]:
    """Return the tensor slots in encoded arguments."""
    found = []
    for item in encoded:
        if type(item) is int:
            found.append(item)
        elif isinstance(item, tuple) and len(item) == 2 and item[0] == "l":
            found += _slots(item[1])
        elif isinstance(item, tuple) and len(item) == 3 and item[0] == "k":
            found += _slots((item[2],))
    return found


def _find(trace: Trace, tensor: Any, candidates: list[int]) -> Slot:
    """Return the slot among an op's inputs and outputs that lies where a tensor lies."""
    try:
        pointer = tensor.data_ptr()
    except RuntimeError:
        return None
    for slot in reversed(candidates):
        facts = trace.slots[slot]
        shape = facts[1] if len(facts) == 2 else facts[2] if len(facts) > 2 else None
        if trace.pointers[slot] == pointer and shape == tensor.shape:
            return slot
    return None
