"""Typed data as JSON: fields that are None are left out, a number that is not finite is None.

What a step has many of travels as a *row*, the values of its fields without their names: a
NamedTuple, or a dataclass marked by ``row``. What it has most of travels in ``Columns``.
"""

from __future__ import annotations

import json
import math
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast, get_type_hints

_T = TypeVar("_T", bound=type)
_R = TypeVar("_R")


def row(type_: _T) -> _T:
    """Let a dataclass travel as a row: what is made of it is a NamedTuple of its fields.

    A dataclass can inherit fields, a NamedTuple is made and written in a fraction of the time.
    """
    made = namedtuple(type_.__name__, _names(type_))  # type: ignore[misc]
    made.__module__, made.__doc__ = type_.__module__, type_.__doc__
    made.__annotations__ = get_type_hints(type_)
    return cast(_T, made)


def is_row(type_: type) -> bool:
    """Return whether a type travels as a row."""
    return issubclass(type_, tuple)


class Columns(Generic[_R]):
    """Rows as their columns, by the name of their type: numbers in a row are read fastest.

    Rows of several types have their place among all of them as field ``index``. A column of few
    values travels as ``{"of": values, "at": places}``.
    """

    def __init__(self, rows: Iterable[_R]) -> None:
        kinds: dict[type, list[Any]] = {}
        for made in rows:
            kinds.setdefault(made.__class__, []).append(made)
        self.parts = {kind.__name__: _columns(listed) for kind, listed in kinds.items()}


def _columns(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [_thin(column) for column in zip(*rows, strict=True)]


def _thin(column: tuple[Any, ...]) -> Any:
    if not isinstance(column[0], (str, type(None))):
        return column
    known = list(dict.fromkeys(column))
    if len(known) * 4 > len(column):
        return column
    places = {item: place for place, item in enumerate(known)}
    return {"of": known, "at": [places[item] for item in column]}


def encode(item: Any, ascii: bool = False) -> bytes:
    """Return typed data as compact JSON in UTF-8.

    With all that is beyond ``ascii`` written as escapes it is a little longer, and a browser keeps
    a byte for each character where it would need two for all of them: it reads it faster.
    """
    quick = _QUICK[ascii]
    try:
        text = quick.encode(item)
    except ValueError:  # a number that is not finite
        text = quick.encode(plain(item))
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate in the user's source


def _fields(item: Any) -> dict[str, Any]:
    if isinstance(item, Mapping):
        return dict(item)
    if isinstance(item, Columns):
        return item.parts
    names, read = _reader(item.__class__)
    return {name: value for name, value in zip(names, read(item), strict=True) if value is not None}


def plain(item: Any) -> Any:
    """Return typed data as what JSON knows."""
    if item is None or isinstance(item, (str, bool, int)):
        return item
    if isinstance(item, float):
        return item if math.isfinite(item) else None
    if isinstance(item, (tuple, list)):
        return [plain(entry) for entry in item]
    if isinstance(item, dict):
        return {key: plain(entry) for key, entry in item.items()}
    return plain(_fields(item))


@cache
def _reader(type_: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of a type's fields, and what reads all of them at once."""
    names = _names(type_)
    read = attrgetter(*names)
    return names, read if len(names) > 1 else lambda item: (read(item),)


@cache
def _names(type_: type[Any]) -> tuple[str, ...]:
    if not is_dataclass(type_):
        raise TypeError(f"{type_.__name__} is no data for the page")
    return tuple([field.name for field in fields(type_)])


_QUICK = [
    json.JSONEncoder(
        ensure_ascii=ascii,
        separators=(",", ":"),
        allow_nan=False,
        check_circular=False,
        default=_fields,
    )
    for ascii in (False, True)
]
"""They walk typed data in C, but do not know what to do with a number that is not finite."""
