"""What an op is called where people read it."""

from __future__ import annotations

from typing import Final

# What `torch.tensor(…)`, `.item()` and `.to(…)` run under names that no code ever writes.
_AS_WRITTEN: Final = {"lift_fresh": "tensor", "_local_scalar_dense": "item", "_to_copy": "to"}


def op_title(name: str) -> str:
    """Return ``add.Tensor`` for ``aten::add.Tensor``."""
    short = name.removeprefix("aten::")
    return _AS_WRITTEN.get(short, short)


def op_word(name: str) -> str:
    """Return ``add`` for ``aten::add.Tensor``."""
    return op_title(name).partition(".")[0]
