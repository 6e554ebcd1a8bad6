"""The light record of every step: loss, learning rate, time, norms, small values whole.

One tuple per step on the training thread; the arithmetic is done by the writing thread.
"""

from __future__ import annotations

from typing import Any, Final

import torch

from retrograd.recorder.capture import why_unreadable
from retrograd.recorder.tensors import copied

SMALL_ELEMENTS: Final = 64
"""Parameters with no more elements than this in total are kept whole at every step."""

_foreach_norm = getattr(torch, "_foreach_norm", None)


class Probe:
    """Reads the parameters of one optimizer quickly; made anew when its groups change."""

    __slots__ = ("groups", "key", "layout", "numbers", "plain", "sizes", "small", "tensors")

    def __init__(self, optimizer: Any, register: Any) -> None:
        self.groups = optimizer.param_groups
        self.key = probe_key(self.groups)
        tensors = [tensor for group in self.groups for tensor in group["params"]]
        self.tensors = [t for t in tensors if t.is_leaf and why_unreadable(t) is None]
        self.numbers = tuple(register(tensor) for tensor in self.tensors)
        self.small = sum(t.numel() for t in self.tensors) <= SMALL_ELEMENTS and all(
            t.dtype in (torch.float32, torch.float64) and _in_memory(t) for t in self.tensors
        )
        # read here, because the writing thread must not touch a subclass of the user's
        self.layout = [(t.numel(), t.dtype) for t in self.tensors]
        self.sizes = [t.numel() * t.element_size() for t in self.tensors]
        self.plain = all(t.is_floating_point() for t in self.tensors)

    def follow(self, tensors: list[Any]) -> bool:
        """Read other tensors from now on, which are the same parameters; if false, it cannot."""
        if len(tensors) != len(self.tensors) or (self.small and not all(map(_in_memory, tensors))):
            return False
        self.tensors = tensors
        return True

    def read(self) -> tuple[Any, ...]:
        """Return the small tensors' bytes, or the norms of all, on their device."""
        if self.small:
            row: list[bytes | None] = []
            for tensor, size in zip(self.tensors, self.sizes, strict=True):
                gradient = tensor.grad
                row.append(copied(tensor, size))
                row.append(None if gradient is None else copied(gradient, size))
            return tuple(row)
        if not self.plain:
            return ()
        with torch.no_grad():
            weights = torch.stack(_norms(self.tensors)) if self.tensors else None
        return (weights,)

    def read_gradients(self) -> tuple[list[int], torch.Tensor] | None:
        """Return (positions, norms) of the gradients that are there, before the update."""
        if self.small or not self.plain:
            return None
        positions = []
        present = []
        for position, tensor in enumerate(self.tensors):
            gradient = tensor.grad
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


def probe_key(groups: Any) -> tuple[int, ...]:
    """Return what must stay the same for a probe to be reused."""
    return (id(groups), *[len(group["params"]) for group in groups])
