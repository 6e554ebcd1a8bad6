"""The registry of leaf tensors that are trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import ref


@dataclass(slots=True)
class Parameter:
    """One registered leaf; the tensor itself is not kept alive."""

    id: int
    reference: Any  # weakref to the tensor
    shape: tuple[int, ...]
    dtype: str
    device: str
    requires_grad: bool
    name: str | None = None  # found when the structure that first mentions it is written
    site: int | None = None
    module: str | None = None


class Parameters:
    """Gives every leaf that requires a gradient, or that an optimizer holds, a number."""

    def __init__(self) -> None:
        self._by_id: dict[int, Parameter] = {}
        self.all: list[Parameter] = []
        self.names: set[str] = set()

    def register(self, tensor: Any) -> int:
        """Return the number of a leaf, giving it one when it is new."""
        known = self._by_id.get(id(tensor))
        if known is not None and known.reference() is tensor:
            return known.id
        parameter = Parameter(
            len(self.all),
            ref(tensor),
            tuple(int(n) for n in tensor.shape),
            str(tensor.dtype).removeprefix("torch."),
            str(tensor.device),
            bool(tensor.requires_grad),
        )
        self.all.append(parameter)
        self._by_id[id(tensor)] = parameter
        return parameter.id

    def known(self, tensor: Any) -> int | None:
        """Return the number of a registered tensor, None for any other."""
        entry = self._by_id.get(id(tensor))
        return entry.id if entry is not None and entry.reference() is tensor else None

    def tensor(self, number: int) -> Any:
        """Return the tensor of a parameter, None when it is gone."""
        return self.all[number].reference()

    def owners(self) -> Owners:
        """Return a look-up from memory to the parameter whose data or ``.grad`` it is."""
        data: dict[int, int] = {}
        gradients: dict[int, int] = {}
        for parameter in self.all:
            leaf = parameter.reference()
            if leaf is None or not leaf.is_leaf:
                continue
            data[_pointer(leaf)] = parameter.id
            gradient = leaf.grad
            if gradient is not None:
                gradients[_pointer(gradient)] = parameter.id
        data.pop(0, None)
        gradients.pop(0, None)
        return Owners(data, gradients)


@dataclass(frozen=True, slots=True)
class Owners:
    """Which parameter a piece of memory belongs to, by data pointer.

    ``p.data`` and ``p.grad.data`` are other tensor objects on the same memory, so memory decides
    where identity cannot.
    """

    data: dict[int, int]
    gradients: dict[int, int]

    def of(self, tensor: Any) -> tuple[int | None, int | None]:
        """Return (parameter whose data this is, parameter whose ``.grad`` this is)."""
        pointer = _pointer(tensor)
        return self.data.get(pointer), self.gradients.get(pointer)


def _pointer(tensor: Any) -> int:
    try:
        return int(tensor.data_ptr())
    except RuntimeError:  # sparse, or without storage
        return 0
