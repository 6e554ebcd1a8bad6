"""Puts recorded things into plain text: numbers, tensors, curves, places in the source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from retrograd.store.elements import Array
from retrograd.store.model import Site
from retrograd.store.value import Value

_BARS: Final = "▁▂▃▄▅▆▇█"
_SHOWN: Final = 64
"""Most elements of a tensor that are printed one by one."""


def safe(text: str) -> str:
    """Return text from a recording without anything that a terminal would act upon."""
    return "".join(c if c.isprintable() else "⏎" if c == "\n" else f"\\x{ord(c):02x}" for c in text)


def number(value: float | None) -> str:
    """Return a number with at most six significant digits."""
    if value is None:
        return "–"
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return f"{value:.6g}"


def size(count: float) -> str:
    """Return a number of bytes with its unit."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"


def sparkline(values: Array, width: int = 60) -> str:
    """Return a curve in one line; a gap where nothing was recorded, × where it is not finite."""
    pieces = np.array_split(values, min(width, len(values)))
    with np.errstate(all="ignore"):
        means = [float(p[np.isfinite(p)].mean()) if np.isfinite(p).any() else None for p in pieces]
    known = [mean for mean in means if mean is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    scale = (len(_BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(
        _BARS[round((mean - low) * scale)]
        if mean is not None
        else "×"
        if np.isinf(piece).any()
        else " "
        for mean, piece in zip(means, pieces, strict=True)
    )


def shape(lengths: Sequence[int]) -> str:
    """Return ``4×1``, or ``scalar``."""
    return "×".join(map(str, lengths)) or "scalar"


def place(site: Site | None) -> str:
    """Return ``file.py:12``, without the folders."""
    if site is None:
        return ""
    name = safe(site.path.rpartition("/")[2])
    return f"{name}:{site.line}" if site.line is not None else name


def value(item: Value | None, width: int = 70) -> list[str]:
    """Return lines that show a value: all elements of a small one, figures of a large one."""
    if item is None:
        return ["None"]
    array = item.array
    if array is not None and array.size <= _SHOWN and array.ndim <= 2:
        return elements(array, width)
    figures = item.statistics
    if figures is None:
        return [
            f"{item.dtype} {shape(item.shape)}: not kept ({safe(item.slot.why or 'no reason')})"
        ]
    odd = "".join(
        f", {count} {name}"
        for count, name in ((figures.nans, "NaN"), (figures.infs, "Inf"))
        if count
    )
    return [
        f"{item.dtype} {shape(item.shape)}: min {number(figures.min)}, max {number(figures.max)}, "
        f"mean {number(figures.mean)}, norm {number(figures.norm)}{odd}"
    ]


def elements(array: Array, width: int = 70) -> list[str]:
    """Return the elements of an array with at most two dimensions, columns aligned."""
    cells = [[_element(cell) for cell in row] for row in np.atleast_2d(array)]
    if not cells or not cells[0]:
        return ["[]"]
    if array.ndim == 0:
        return [cells[0][0]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    if array.ndim == 2 and sum(widths) + 2 * len(widths) <= width:
        rows = ["  ".join(c.rjust(w) for c, w in zip(r, widths, strict=True)) for r in cells]
        if len(rows) == 1:
            return [f"[{rows[0]}]"]
        left = ["⎡", *"⎢" * (len(rows) - 2), "⎣"]
        right = ["⎤", *"⎥" * (len(rows) - 2), "⎦"]
        return [f"{a}{row}{b}" for a, row, b in zip(left, rows, right, strict=True)]
    if array.ndim < 2:
        return _wrapped(cells[0], "[", "]", width)
    last = len(cells) - 1
    return [
        line
        for index, row in enumerate(cells)
        for line in _wrapped(row, " [" if index else "[[", "]]" if index == last else "],", width)
    ]


def _wrapped(cells: list[str], opening: str, closing: str, width: int) -> list[str]:
    """Return one row between brackets, in as many lines as it needs."""
    lines, line = [], opening
    for cell in cells:
        if len(line) + len(cell) + len(closing) > width and line.strip(" ["):
            lines.append(line.rstrip())
            line = " " * len(opening)
        line += f"{cell}, "
    return [*lines, f"{line.removesuffix(', ')}{closing}"]


def _element(cell: Any) -> str:
    if isinstance(cell, (np.bool_, bool)):
        return str(bool(cell))
    if isinstance(cell, np.complexfloating):
        return f"{cell.real:.6g}{cell.imag:+.6g}i"
    return f"{float(cell):.6g}" if isinstance(cell, np.floating) else str(int(cell))


def plain(item: Any) -> Any:
    """Return a value fit for strict JSON: NaN and infinities become their names."""
    if isinstance(item, float) and not math.isfinite(item):
        return "NaN" if math.isnan(item) else "Infinity" if item > 0 else "-Infinity"
    if isinstance(item, complex):
        return [plain(item.real), plain(item.imag)]
    if isinstance(item, dict):
        return {key: plain(entry) for key, entry in item.items()}
    if isinstance(item, (list, tuple)):
        return [plain(entry) for entry in item]
    return item
