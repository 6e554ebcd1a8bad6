"""Sizes per dimension, as PyTorch's arguments give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Sizes = Sequence[int]


def sizes_of(value: Any, dims: int) -> tuple[int, ...]:
    """Return one number for each dimension; one number stands for all, none for none."""
    if value is None:
        return ()
    numbers = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    return numbers * dims if len(numbers) == 1 else numbers
