"""Sentences of the catalogue on a terminal: safe to print, wrapped, below titles."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from retrograd.commands import text
from retrograd.messages import Catalogue
from retrograd.messages.message import Message, message


class Prose:
    """Puts messages of one language into lines as wide as the terminal, within reason."""

    def __init__(self, words: Catalogue) -> None:
        self.words = words
        self.width = min(max(shutil.get_terminal_size((80, 24)).columns, 60), 100)

    def say(self, id: str, **arguments: str | int) -> str:
        """Return a message in words, safe to print."""
        return self.put(message(id, **arguments))

    def put(self, said: Message) -> str:
        """Return a message in words, safe to print."""
        return text.safe(self.words.text(said))

    def title(self, line: str) -> Iterator[str]:
        """Yield an empty line and a title with a rule."""
        yield ""
        yield from ruled(line, self.width)

    def wrapped(self, line: str, indent: str = "  ") -> Iterator[str]:
        """Yield a line broken between words, each part indented."""
        yield from (indent + part for part in wrapped(line, self.width - len(indent)))


def ruled(title: str, width: int) -> Iterator[str]:
    """Yield a title with a rule behind it, a long one in several lines."""
    *before, last = wrapped(title, width - 5)
    for position, row in enumerate([*before, last]):
        head = f"{'   ' if position else '── '}{row}"
        yield head if position < len(before) else left(f"{head} ", width, "─")


def wrapped(line: str, room: int) -> list[str]:
    """Break a line between words; Korean letters take two columns."""
    found = [""]
    for word in line.split():
        longer = f"{found[-1]} {word}" if found[-1] else word
        if cell_len(longer) <= room or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    return found


def beside(label: str, rows: Sequence[str], width: int, below: int) -> Iterator[str]:
    """Yield rows beside a label, or ``below`` columns in below it where they are too wide."""
    indent = " " * cell_len(label)
    if len(indent) + max(map(cell_len, rows), default=0) > width and len(indent) > below:
        yield label.rstrip()
        label = indent = " " * below
        rows = [part for row in rows for part in _fitting(row, width - below)]
    for position, row in enumerate(rows):
        yield f"{indent if position else label}{row}"


def _fitting(row: str, room: int) -> list[str]:
    return [row] if cell_len(row) <= room else textwrap.wrap(row, room, subsequent_indent="  ")


def left(line: str, room: int, filling: str = " ") -> str:
    """Fill a line up to a number of columns."""
    return line + filling * max(room - cell_len(line), 0)
