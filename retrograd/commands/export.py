"""Write a recording as one page that works offline."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from retrograd.commands import text
from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.export import export

_UNITS: Final = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument(
        "-o", "--out", metavar="PAGE", help="the file to write (default: FILE with .html)"
    )
    parser.add_argument("--steps", metavar="LIST", help="which steps, such as 0,10,500-520 or last")
    parser.add_argument(
        "--max-size", default="5MB", metavar="SIZE", help="largest file to write (5MB)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the page and say what is in it."""
    largest = _size(options.max_size)
    target = Path(options.out or Path(options.file).with_suffix(".html"))
    with load(options.file) as recording:
        wanted = (
            None if options.steps is None else list(_steps(options.steps, recording.full_steps))
        )
        exported = export(recording, wanted, largest)
    try:
        target.write_text(exported.html, encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"{target} cannot be written: {error.strerror}") from None
    written = len(exported.html.encode())
    count = len(exported.steps)
    print(f"{target}: {text.size(written)}, {count:,} step{'s' if count != 1 else ''} in full")
    if exported.unexplained:
        more = f", and {len(exported.unexplained) - 1:,} more" if exported.unexplained[1:] else ""
        print(f"without an explanation: {text.safe(exported.unexplained[0])}{more}")
    if exported.left_out:
        left = f"{exported.left_out:,} step{'s' if exported.left_out != 1 else ''}"
        print(f"left out for size: {left}; --max-size raises the limit")
    what = "Jacobians, tensor cards and origins of numbers"
    if not exported.asked:
        print(f"without some of the {what}: of so large a step not all come along")
    elif len(exported.asked) < count:
        print(f"with {what}: step {', '.join(map(str, exported.asked))}")
    return 0


def _size(word: str) -> int:
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)\s*([KMG]?B?)", word.strip().upper())
    if found is None or (found[2] not in _UNITS and f"{found[2]}B" not in _UNITS):
        raise RecordingError(f"--max-size {word!r} is not understood: give for example 5MB")
    unit = found[2] if found[2] in _UNITS else f"{found[2]}B"
    return int(float(found[1]) * _UNITS[unit])


def _steps(word: str, full: tuple[int, ...]) -> Iterator[int]:
    """Yield the steps of a list; a range takes the full ones that lie in it."""
    for part in word.split(","):
        span = re.fullmatch(r"(\d{1,15})(?:-(\d{1,15}))?", part.strip())
        if part.strip() == "last" and full:
            yield full[-1]
        elif span is None:
            raise RecordingError(f"--steps {word!r} is not understood: give 0,10,500-520 or last")
        elif span[2] is None:
            yield int(span[1])
        else:
            yield from (step for step in full if int(span[1]) <= step <= int(span[2]))
