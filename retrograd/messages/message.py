"""What is said, before it is put into a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Message:
    """A message id of the catalogue with its arguments.

    Numbers stand as texts, formatted for the reader where precision is known; whole numbers that
    a language may count with (plurals) stand as ``int``.
    """

    id: str
    arguments: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


def message(id: str, **arguments: str | int) -> Message:
    """Return a message from keyword arguments."""
    return Message(id, MappingProxyType(arguments))
