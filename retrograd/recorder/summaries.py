"""Summaries of large tensors, computed once for memory that has not changed."""

from __future__ import annotations

from typing import Any, Final
from weakref import ref

import torch

from retrograd.recorder import capture
from retrograd.recorder.capture import Part
from retrograd.recorder.tensors import address
from retrograd.store.schema import STATISTICS

REMEMBERED: Final = 4096
"""Tensors whose statistics are remembered at most."""
_STATISTICS_BYTES: Final = 8 * len(STATISTICS)


class Summaries:
    """Statistics by memory: a view of all of a tensor's elements has the tensor's statistics.

    An entry holds as long as the tensor that it was computed from is alive (so that its memory
    cannot have been given to another), the version counter is the same, and, because ``.data``
    has a counter of its own, an unchanged sample for the tensor itself.
    """

    def __init__(self) -> None:
        # (data pointer, elements) -> (weak reference, version, dtype, summary)
        self._known: dict[tuple[int, int], tuple[Any, int, Any, bytes]] = {}

    def of(self, tensor: Any) -> Part:
        """Return the summary of a tensor."""
        if not tensor.is_cpu or tensor.is_inference() or tensor.is_neg() or tensor.is_conj():
            return capture.summary(tensor)
        key = (tensor.data_ptr(), tensor.numel())
        known = self._known.get(key)
        if known is not None:
            owner = known[0]()
            if owner is not None and known[1] == tensor._version and known[2] is tensor.dtype:
                sample = capture.sample(tensor)
                if owner is not tensor:
                    return known[3][:_STATISTICS_BYTES] + sample
                if known[3].endswith(sample):
                    return known[3]
        return self.note(tensor, capture.summary(tensor))

    def note(self, tensor: Any, made: Part) -> Part:
        """Remember the summary of a tensor, and return it."""
        if not isinstance(made, bytes):
            return made
        key = (tensor.data_ptr(), tensor.numel())
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = (ref(tensor), tensor._version, tensor.dtype, made)
        return made

    def forget(self, tensor: Any) -> None:
        """Drop what is known of memory that an op has just written to."""
        if tensor.layout is torch.strided:
            self._known.pop((address(tensor), tensor.numel()), None)

    def overwritten(self, places: range) -> None:
        """Drop what is known of memory at some addresses, which an op has written to."""
        for key in [key for key in self._known if key[0] in places]:
            del self._known[key]

    def clear(self) -> None:
        """Drop everything, after a time in which memory may have changed unseen."""
        self._known.clear()
