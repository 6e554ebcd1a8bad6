"""Follows the references in a stored structure, none of which may lead to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NoReturn

_LARGEST: Final = (1 << 62) - 1


class References:
    """What the numbers in a structure may stand for: so many slots, events, nodes, parameters."""

    def __init__(self, slots: int, events: int, nodes: int, parameters: int) -> None:
        self._slots, self._events = slots, events
        self._nodes, self._parameters = nodes, parameters

    def slot(self, item: Any) -> int | None:
        """Return the number of a slot, None where there is none."""
        return None if item is None else below(item, self._slots)

    def some_slot(self, item: Any) -> int:
        """Return the number of a slot that has to be there."""
        return below(item, self._slots)

    def slots(self, items: Iterable[Any]) -> tuple[int | None, ...]:
        """Return the numbers of several slots."""
        count = self._slots  # written out: there are a hundred thousand in a large step
        return tuple(
            [
                item if item is None or (type(item) is int and 0 <= item < count) else _no(item)
                for item in items
            ]
        )

    def event(self, item: Any) -> int | None:
        """Return the number of an event, None where there is none."""
        return None if item is None else below(item, self._events)

    def some_event(self, item: Any) -> int:
        """Return the number of an event that has to be there."""
        return below(item, self._events)

    def node(self, item: Any) -> int | None:
        """Return the number of a node, None where there is none."""
        return None if item is None else below(item, self._nodes)

    def some_node(self, item: Any) -> int:
        """Return the number of a node that has to be there."""
        return below(item, self._nodes)

    def parameter(self, item: Any) -> int:
        """Return the number of a parameter."""
        return below(item, self._parameters)


def below(item: Any, count: int) -> int:
    """Return a place among so many. Raises ``ValueError`` where it is none."""
    return item if type(item) is int and 0 <= item < count else _no(item)


def _no(item: Any) -> NoReturn:
    raise ValueError("a reference to nothing")


def natural(item: Any) -> int:
    """Return a whole number from 0 on. Raises ``TypeError`` where it is none."""
    if type(item) is not int or not 0 <= item <= _LARGEST:
        raise TypeError("not a whole number from 0 on")
    return item


def naturals(items: Any) -> tuple[int, ...]:
    """Return whole numbers from 0 on."""
    return tuple([natural(item) for item in items])


def optional(item: Any) -> int | None:
    """Return a whole number from 0 on, or None."""
    return None if item is None else natural(item)


def text(item: Any) -> str:
    """Return a text. Raises ``TypeError`` where it is none."""
    if not isinstance(item, str):
        raise TypeError("not a text")
    return item
