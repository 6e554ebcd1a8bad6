"""Recorded values against tensors, bit for bit."""

from __future__ import annotations

from typing import TypeVar

import torch

from retrograd.store.model import Event
from retrograd.store.step import Step
from retrograd.store.value import Value

_E = TypeVar("_E", bound=Event)


def bits(tensor: torch.Tensor) -> tuple[tuple[int, ...], bytes]:
    """Return a tensor's shape and its elements, row-major."""
    return tuple(tensor.shape), tensor.detach().contiguous().numpy().tobytes()


def same(value: Value | None, tensor: torch.Tensor | None) -> bool:
    """Tell whether a recorded value holds exactly a tensor's elements."""
    if value is None or tensor is None:
        return value is None and tensor is None
    array = value.array
    assert array is not None, f"{value!r} was not kept"
    assert value.dtype == str(tensor.dtype).removeprefix("torch.")
    return (value.shape, array.tobytes()) == bits(tensor)


def only(step: Step, kind: type[_E]) -> list[_E]:
    """Return the events of one kind, in order."""
    return [event for event in step.events if isinstance(event, kind)]
