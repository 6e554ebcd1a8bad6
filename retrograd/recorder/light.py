"""The light record of every step: loss, learning rate, time, norms, small values whole.

One tuple per step on the training thread; the arithmetic is done by the writing thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from operator import call, is_
from typing import Any, Final
from weakref import ref

import torch

from retrograd.recorder.capture import why_unreadable
from retrograd.recorder.tensors import copied

SMALL_ELEMENTS: Final = 64
"""Parameters with no more elements than this in total are kept whole at every step."""

_foreach_norm = getattr(torch, "_foreach_norm", None)


class Probe:
    """Reads the parameters of one optimizer quickly; made anew when its groups change.

    It keeps none of them alive: a model that the program has done with is gone.
    """

    __slots__ = ("_all", "_read", "layout", "numbers", "plain", "sizes", "small")

    def __init__(self, groups: list[dict[str, Any]], register: Any) -> None:
        everything = [tensor for group in groups for tensor in group["params"]]
        tensors = [t for t in everything if t.is_leaf and why_unreadable(t) is None]
        self._all = [ref(tensor) for tensor in everything]
        self._read = [ref(tensor) for tensor in tensors]
        self.numbers = tuple(register(tensor) for tensor in tensors)
        self.small = sum(t.numel() for t in tensors) <= SMALL_ELEMENTS and all(
            t.dtype in (torch.float32, torch.float64) and _in_memory(t) for t in tensors
        )
        # read here, because the writing thread must not touch a subclass of the user's
        self.layout = [(t.numel(), t.dtype) for t in tensors]
        self.sizes = [t.numel() * t.element_size() for t in tensors]
        self.plain = all(t.is_floating_point() for t in tensors)

    @property
    def tensors(self) -> list[Any]:
        """The parameters that are read, None where one is gone."""
        return [reference() for reference in self._read]

    def is_of(self, groups: list[dict[str, Any]]) -> bool:
        """Tell whether these are still the groups that it was made for."""
        tensors = [tensor for group in groups for tensor in group["params"]]
        return len(tensors) == len(self._all) and all(map(is_, map(call, self._all), tensors))

    def follow(self, numbers: list[int], tensors: list[Any]) -> bool:
        """Read other tensors from now on, which are the same parameters; if false, it cannot."""
        if tuple(numbers) != self.numbers or (self.small and not all(map(_in_memory, tensors))):
            return False
        self._read = [ref(tensor) for tensor in tensors]
        return True

    def forget(self) -> None:
        """Drop the references to the parameters: from now on nothing is read."""
        self._all = self._read = []

    def read(self) -> tuple[Any, ...]:
        """Return the small tensors' bytes, or the norms of all, on their device."""
        tensors = self.tensors
        if len(tensors) != len(self.sizes) or any(map(is_, tensors, repeat(None))):
            return ()
        if self.small:
            row: list[bytes | None] = []
            for tensor, size in zip(tensors, self.sizes, strict=True):
                gradient = tensor.grad
                row.append(copied(tensor, size))
                row.append(None if gradient is None else copied(gradient, size))
            return tuple(row)
        if not self.plain:
            return ()
        with torch.no_grad():
            weights = torch.stack(_norms(tensors)) if tensors else None
        return (weights,)

    def known(self, read: Mapping[int, tuple[Any, Any]]) -> tuple[Any, ...] | None:
        """Return what ``read`` would, of small tensors that have just been read; else None."""
        if not self.small:
            return None
        row: list[bytes | None] = []
        for number, size in zip(self.numbers, self.sizes, strict=True):
            value, gradient = read.get(number, (None, None))
            if type(value) is not bytes or len(value) != size:
                return None
            row.append(value)
            row.append(gradient if type(gradient) is bytes and len(gradient) == size else None)
        return tuple(row)

    def read_gradients(self) -> tuple[list[int], torch.Tensor] | None:
        """Return (positions, norms) of the gradients that are there, before the update."""
        if self.small or not self.plain:
            return None
        positions = []
        present = []
        for position, tensor in enumerate(self.tensors):
            gradient = None if tensor is None else tensor.grad
            if gradient is not None and why_unreadable(gradient) is None:
                positions.append(position)
                present.append(gradient)
        if not present:
            return None
        with torch.no_grad():
            return positions, torch.stack(_norms(present))


def _in_memory(tensor: Any) -> bool:
    return bool(tensor.is_cpu and tensor.is_contiguous())


def _norms(tensors: list[Any]) -> list[torch.Tensor]:
    device, dtype = tensors[0].device, tensors[0].dtype
    if all(t.device == device and t.dtype == dtype for t in tensors):
        return list(_foreach_norm(tensors))  # type: ignore[misc]
    return [torch.linalg.vector_norm(t.detach()).float().cpu() for t in tensors]
