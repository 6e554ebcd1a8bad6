"""Reads which row or column of a Jacobian is meant: a number, or an index as in Python."""

from __future__ import annotations

import re
from typing import Final

from retrograd.explain.jacobian_line import Index
from retrograd.explain.jacobian_map import count_of, unravelled
from retrograd.store.errors import RecordingError

Wanted = str | int | Index
_INDEX: Final = re.compile(r"\s*\[?\s*(-?\d{1,15}(\s*,\s*-?\d{1,15})*)?\s*,?\s*\]?\s*")


def place(wanted: Wanted, shape: tuple[int, ...], symbol: str, option: str) -> Index:
    """Return the index of the element that is meant. Raises ``RecordingError`` where none is.

    A single number counts in row-major order; ``symbol`` may stand before the index.
    """
    given = _numbers(wanted, symbol)
    listed = "×".join(map(str, shape)) or "scalar"
    count = count_of(shape)
    if given is None:
        raise RecordingError(
            f"--{option} {wanted}: give a number, or an index such as "
            f"{','.join('0' for _ in shape) or '0'} ({symbol} has shape {listed})"
        )
    if not given and not shape:
        return ()
    if len(given) == 1:
        if not -count <= given[0] < count:
            raise RecordingError(
                f"--{option} {given[0]} is out of range: {symbol} ({listed}) has "
                + (f"the elements 0 to {count - 1}" if count else "no elements")
            )
        return unravelled(given[0] % count, shape)
    if len(given) != len(shape):
        raise RecordingError(
            f"--{option} {wanted} has {len(given)} indices where {symbol} ({listed}) has "
            f"{len(shape)}; a single number counts its elements in row-major order"
        )
    for axis, (index, length) in enumerate(zip(given, shape, strict=True)):
        if not -length <= index < length:
            raise RecordingError(
                f"--{option} {wanted} is out of range: dimension {axis} of {symbol} ({listed}) "
                f"goes from 0 to {length - 1}"
            )
    return tuple([index % length for index, length in zip(given, shape, strict=True)])


def place_in(wanted: Wanted, shape: tuple[int, ...], symbol: str) -> Index | None:
    """Return the index of the element that is meant, None where this tensor has none such."""
    try:
        return place(wanted, shape, symbol, "col")
    except RecordingError:
        return None


def _numbers(wanted: Wanted, symbol: str) -> Index | None:
    if isinstance(wanted, int):
        return (wanted,)
    if isinstance(wanted, tuple):
        return wanted
    words = wanted.strip()
    if words.startswith(symbol) and words[len(symbol) :].lstrip()[:1] in ("[", ""):
        words = words[len(symbol) :]
    match = _INDEX.fullmatch(words)
    if match is None or (not words.strip() and wanted.strip() != symbol):
        return None
    return tuple([int(number) for number in re.findall(r"-?\d+", match[1] or "")])
