"""The registry of leaf tensors that are trained."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from weakref import ref

from retrograd.recorder.tensors import address, is_leaf, sizes

_Span = tuple[int, int, int, bool]  # first address, end, parameter, whether of its .grad


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


def is_trained(tensor: Any) -> bool:
    """Tell whether a tensor is a leaf that gradients are for.

    A view taken under ``no_grad`` calls itself a leaf that requires a gradient when the tensor
    it looks into does, but nothing ever flows to it.
    """
    if not (tensor.requires_grad and is_leaf(tensor)):
        return False
    return not tensor._is_view() or not tensor._base.requires_grad


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
            sizes(tensor),
            str(tensor.dtype).removeprefix("torch."),
            str(tensor.device),
            bool(tensor.requires_grad),
        )
        self.all.append(parameter)
        self._by_id[id(tensor)] = parameter
        return parameter.id

    def succeed(self, number: int, tensor: Any) -> None:
        """Let another tensor be the parameter that a leaf was."""
        parameter = self.all[number]
        parameter.reference = ref(tensor)
        self._by_id[id(tensor)] = parameter

    def let_go(self, tensors: Iterable[Any]) -> Callable[[], None]:
        """Drop the references to some tensors; returns what takes up those with a number again."""
        numbered = []
        for tensor in tensors:
            number = self.known(tensor)
            if number is not None:
                self.all[number].reference = _gone
                numbered.append((number, tensor))

        def take_up() -> None:
            for number, tensor in numbered:
                self.succeed(number, tensor)

        return take_up

    def known(self, tensor: Any) -> int | None:
        """Return the number of a registered tensor, None for any other."""
        entry = self._by_id.get(id(tensor))
        return entry.id if entry is not None and entry.reference() is tensor else None

    def tensor(self, number: int) -> Any:
        """Return the tensor of a parameter, None when it is gone."""
        return self.all[number].reference()

    def owners(self) -> Owners:
        """Return a look-up from memory to the parameter whose data or ``.grad`` it is."""
        spans: list[_Span] = []
        for parameter in self.all:
            leaf = parameter.reference()
            if leaf is not None and leaf.is_leaf:
                spans += _span(leaf, parameter.id, False)
                if leaf.grad is not None:
                    spans += _span(leaf.grad, parameter.id, True)
        spans.sort()
        return Owners(spans, [span[0] for span in spans], len(self.all))


def _gone() -> None:
    """Stand in for a reference that has been dropped."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Which parameter a piece of memory belongs to.

    ``p.data``, ``p.grad.data`` and views of them are other tensor objects on the same memory, so
    memory decides where identity cannot.
    """

    spans: list[_Span]
    starts: list[int]
    parameters: int  # that there were when this was made

    def of(self, tensor: Any) -> tuple[int | None, int | None]:
        """Return (parameter whose data this is part of, parameter whose ``.grad`` this is)."""
        pointer = address(tensor)
        place = bisect_right(self.starts, pointer) - 1
        if place < 0 or pointer >= self.spans[place][1]:
            return None, None
        _, _, number, gradient = self.spans[place]
        return (None, number) if gradient else (number, None)


def _span(tensor: Any, parameter: int, gradient: bool) -> list[_Span]:
    """Return the memory that a tensor's elements lie in, nothing where it has none."""
    start = address(tensor)
    if not start or not tensor.numel():
        return []
    last = sum(
        (length - 1) * stride for length, stride in zip(tensor.shape, tensor.stride(), strict=True)
    )
    return [(start, start + (last + 1) * tensor.element_size(), parameter, gradient)]
