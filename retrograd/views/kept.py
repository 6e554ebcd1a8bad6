"""The answers that were given last: a page that is loaded again, or a second one, asks the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

_T = TypeVar("_T")
ROOM: Final = 64_000_000
"""Bytes of answers that are kept."""


class Kept(Generic[_T]):
    """Answers by their questions, the oldest of which go when the room is full.

    ``stamp`` says of what state of a file they are.
    """

    def __init__(self, stamp: _T | None = None, room: int = ROOM) -> None:
        self.stamp = stamp
        self.room = room
        self._answers: OrderedDict[str, bytes] = OrderedDict()

    def known(self, key: str) -> bytes | None:
        """Return the answer to a question where it is kept."""
        return self._answers.get(key)

    def answer(self, key: str, find: Callable[[str], bytes]) -> bytes:
        """Return the answer to a question, found by ``find`` where it is not kept."""
        found = self._answers.pop(key, None)
        if found is None:
            found = find(key)
            self.room -= len(found)
        self._answers[key] = found
        while self.room < 0:
            self.room += len(self._answers.popitem(last=False)[1])
        return found
