"""What can be asked of any tensor at any time, whatever its class, without harm."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any, Final

import torch

LOWEST: Final = 1 << 32
"""Below this an address may be no address: see ``address``."""

_strided: Final = torch.strided
_PLAIN: Final = frozenset({torch.Tensor, torch.nn.Parameter})


def dispatches(tensor: Any) -> bool:
    """Tell whether a tensor's class answers ops with code of its own: it may have no elements."""
    kind = type(tensor)
    return (
        kind not in _PLAIN
        and getattr(kind, "__torch_dispatch__", None) is not torch.Tensor.__torch_dispatch__
    )


def is_leaf(tensor: Any) -> bool:
    """Tell whether no node of the graph has made a tensor; what cannot be asked counts as made.

    For a view PyTorch answers under a lock, under which it may also be running the code of the
    tensor's class, and inside that ours: asking again would wait for ever.
    """
    return not (dispatches(tensor) and tensor._is_view()) and bool(tensor.is_leaf)


def sizes(tensor: Any) -> tuple[int, ...]:
    """Return the shape, () where a size is no number, as the ragged ones of a nested tensor."""
    try:
        return tuple([int(size) for size in tensor.shape])
    except (RuntimeError, AttributeError):
        return ()


def address(tensor: Any) -> int:
    """Return where the elements of a tensor begin, 0 where there is no memory that holds them.

    PyTorch's ``data_ptr()`` adds the offset of a view to the beginning of its storage, also where
    that is null: in a storage that has been freed, as FSDP does between two uses, or that never
    had memory. What comes out is a small number that is not 0.
    """
    if type(tensor) not in _PLAIN and dispatches(tensor):
        return 0
    try:
        pointer: int = tensor.data_ptr()
        if pointer < LOWEST and pointer == tensor.storage_offset() * tensor.element_size():
            return 0
    except RuntimeError:  # sparse, or without storage
        return 0
    return pointer


@lru_cache(maxsize=4096)
def reader(size: int) -> Any:
    """Return what makes of an address an object whose ``raw`` is a copy of so many bytes there.

    For small values it takes a third of the time of ``ctypes.string_at``.
    """
    return (ctypes.c_char * size).from_address


def copied(tensor: Any, size: int) -> bytes | None:
    """Return the bytes of a tensor that lies in one piece of so many on the CPU, else None."""
    if not tensor.is_cpu or tensor.layout is not _strided or tensor.nbytes != size:
        return None
    if not size:
        return b""
    pointer = address(tensor)
    return reader(size)(pointer).raw if pointer and tensor.is_contiguous() else None
