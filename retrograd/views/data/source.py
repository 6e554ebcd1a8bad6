"""A source file of the user's, its words told apart by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording
from retrograd.views.data.overview import paths

Kind = Literal["", "keyword", "string", "comment", "number", "name"]
_KINDS: tuple[tuple[Any, Kind], ...] = (
    (Operator.Word, "keyword"),
    (Keyword, "keyword"),
    (String, "string"),
    (Comment, "comment"),
    (Number, "number"),
    (Name, "name"),
)


@dataclass(frozen=True, slots=True)
class SourceData:
    """A file: lines, each a list of words with their kinds."""

    path: str
    lines: tuple[tuple[tuple[Kind, str], ...], ...]


def source(recording: Recording, number: int) -> SourceData:
    """Return a file by its number. Raises ``RecordingError`` for one that is not there."""
    known = paths(recording)
    if not 0 <= number < len(known):
        raise RecordingError(f"{recording.path} has no source file {number}")
    path = known[number]
    return SourceData(path, _lines(recording.sources[path].text))


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[tuple[tuple[Kind, str], ...], ...]:
    lines: list[list[tuple[Kind, str]]] = [[]]
    words: Iterator[tuple[Any, str]] = PythonLexer(stripnl=False, ensurenl=False).get_tokens(text)
    for token, word in words:
        kind: Kind = next((kind for family, kind in _KINDS if token in family), "")
        for place, part in enumerate(word.split("\n")):
            if place:
                lines.append([])
            if part:
                line = lines[-1]
                if line and line[-1][0] == kind and kind != "name":
                    part = line.pop()[1] + part
                line.append((kind, part))
    return tuple([tuple(line) for line in lines])
