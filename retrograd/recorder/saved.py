"""Notes which values each autograd node keeps for its backward formula."""

from __future__ import annotations

from typing import Any, Final

import torch

from retrograd.recorder.tensors import address
from retrograd.recorder.trace import Slot, Trace

_RAW: Final = "_raw_saved_"


class Saved:
    """Reads the ``_saved_…`` attributes of nodes."""

    def __init__(self) -> None:
        self._attributes: dict[type, tuple[str, ...]] = {}

    def note(
        self, trace: Trace, fresh: list[tuple[int, Any]]
    ) -> tuple[dict[int, dict[str, Slot]], bool]:
        """Set ``trace.saved`` for nodes met for the first time.

        Returns it, and whether it is the same wherever a step repeats this one: not where values
        were read that no op had.

        Reading a saved tensor runs the user's unpack hook where there is one (a checkpoint would
        recompute its region), and the code of its class where that answers ops, so what is kept
        there is named and not read.
        """
        nodes = trace.nodes
        found: dict[int, dict[str, Slot]] = {}
        repeats = not trace.wrapped
        for index, node in fresh:
            op = nodes[index][6]
            if op is not None:
                if op in trace.hooked or (trace.wrapped and _wraps(trace, trace.events[op])):
                    found[index] = dict.fromkeys(_kept(node))
                else:
                    found[index] = self._read(trace, node, trace.events[op])
            elif not nodes[index][5]:
                found[index] = self._unseen(trace, node)
                repeats = False
        found = {index: saved for index, saved in found.items() if saved}
        trace.saved.update(found)
        return found, repeats

    def _unseen(self, trace: Trace, node: Any) -> dict[str, Slot]:
        """Read all that a node keeps whose op nobody saw: one made in a backward pass, say.

        A tensor or a number has one slot; a list of numbers one for each, ``dim.0``, ``dim.1``, …
        Anything else is named only.
        """
        kept = _kept(node).items()
        hooked = [name for name, raw in kept if trace.wrapped or raw.unpack_hook is not None]
        saved: dict[str, Slot] = dict.fromkeys(hooked)
        for attribute in self._names(node):
            name = attribute.removeprefix("_saved_")
            if name in saved:
                continue
            try:
                value = getattr(node, attribute)
            except Exception:  # freed, or changed in place: PyTorch's own check says so
                continue
            if isinstance(value, torch.Tensor):
                saved[name] = trace.carried(value)
            elif isinstance(value, (bool, int, float)):
                saved[name] = trace.scalar(_signed(value))
            elif isinstance(value, tuple) and all(isinstance(n, (int, float)) for n in value):
                for place, number in enumerate(value):
                    saved[f"{name}.{place}"] = trace.scalar(_signed(number))
            elif value is not None:
                saved[name] = None
        return saved

    def _names(self, node: Any) -> tuple[str, ...]:
        kind = type(node)
        names = self._attributes.get(kind)
        if names is None:
            names = tuple(name for name in dir(kind) if name.startswith("_saved_"))
            self._attributes[kind] = names
        return names

    def _read(self, trace: Trace, node: Any, event: tuple[Any, ...]) -> dict[str, Slot]:
        candidates = [slot for slot in (*slots_in(event[4]), *event[5]) if slot is not None]
        saved: dict[str, Slot] = {}
        for name in self._names(node):
            try:
                value = getattr(node, name)
            except Exception:  # freed, or changed in place: PyTorch's own check says so
                continue
            if isinstance(value, torch.Tensor):
                saved[name.removeprefix("_saved_")] = _find(trace, value, candidates)
        return saved


def _wraps(trace: Trace, event: tuple[Any, ...]) -> bool:
    """Tell whether an op took or returned a tensor whose class answers ops."""
    slots = (slot for slot in (*slots_in(event[4]), *event[5]) if slot is not None)
    return any(trace.slots[slot][-1] == "subclass" for slot in slots)


def _kept(node: Any) -> dict[str, Any]:
    """Return the tensors that a node keeps, packed, by name; of lists there is no packed form."""
    found = {}
    for attribute in dir(type(node)):
        if attribute.startswith(_RAW):
            raw = getattr(node, attribute, None)
            if hasattr(raw, "unpack_hook"):
                found[attribute.removeprefix(_RAW)] = raw
    return found


def _signed(number: float) -> float:
    """Return a number of PyTorch's, which shows some negative dimensions without their sign."""
    return number - 2**64 if isinstance(number, int) and number >= 2**63 else number


def slots_in(encoded: Any) -> list[int]:
    """Return the tensor slots in encoded arguments."""
    found = []
    for item in encoded:
        if type(item) is int:
            found.append(item)
        elif isinstance(item, tuple) and len(item) == 2 and item[0] == "l":
            found += slots_in(item[1])
        elif isinstance(item, tuple) and len(item) == 3 and item[0] == "k":
            found += slots_in((item[2],))
    return found


def _find(trace: Trace, tensor: Any, candidates: list[int]) -> Slot:
    """Return the slot among an op's inputs and outputs that lies where a tensor lies."""
    pointer = address(tensor)
    if not pointer and tensor.numel():
        return None
    for slot in reversed(candidates):
        facts = trace.slots[slot]
        shape = facts[1] if len(facts) == 2 else facts[2] if len(facts) > 2 else None
        if trace.pointers[slot] == pointer and shape == tensor.shape:
            return slot
    return None
