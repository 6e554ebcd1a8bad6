"""Typed data as JSON: fields that are None are left out, a number that is not finite is None."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any


def encode(item: Any) -> bytes:
    """Return typed data as compact JSON in UTF-8."""
    text = json.dumps(plain(item), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate in the user's source


def plain(item: Any) -> Any:
    """Return typed data as what JSON knows."""
    if item is None or isinstance(item, (str, bool, int)):
        return item
    if isinstance(item, float):
        return item if math.isfinite(item) else None
    if isinstance(item, (tuple, list)):
        return [plain(entry) for entry in item]
    if isinstance(item, Mapping):
        return {key: plain(entry) for key, entry in item.items()}
    found = {}
    for name in _names(item.__class__):
        value = getattr(item, name)
        if value is not None:
            found[name] = plain(value)
    return found


@cache
def _names(type_: type[Any]) -> tuple[str, ...]:
    if not is_dataclass(type_):
        raise TypeError(f"{type_.__name__} is no data for the page")
    return tuple([field.name for field in fields(type_)])
