"""Positions in the user's source: found in the live stack, put into words later.

While the program runs only (code object, instruction offset) pairs are collected; the exact
line and column span and the expression's text come from ``co_positions()`` when a new structure
is written.
"""

from __future__ import annotations

import ast
import dis
import linecache
import os
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from types import CodeType, FrameType
from typing import Any

from retrograd.store.columns import characters

_Place = tuple[int, CodeType, int]  # line, code object, offset of the instruction

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIBRARY_ROOTS = tuple(
    os.path.join(os.path.realpath(path), "")
    for path in {
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
    }
    if path
)


@dataclass(frozen=True, slots=True)
class Site:
    """A resolved position: the expression that ran."""

    path: str  # absolute, or the pseudo name of a notebook cell
    function: str  # qualified name of the code object
    line: int | None  # from 1
    end_line: int | None
    column: int | None  # from 0, in characters
    end_column: int | None  # exclusive
    expression: str  # source text of the span, "" where the source cannot be had
    target: str | None  # the variable that the enclosing statement assigns to


class Sites:
    """Interns positions and tells the user's code from libraries."""

    def __init__(self) -> None:
        # of each code object met, by id: offset -> position, None where it is a library's
        self._seen: dict[int, dict[int, int] | None] = {}
        self._kept: list[CodeType] = []  # so that no other inherits such an id
        self.positions: list[tuple[CodeType, int]] = []
        self._targets: dict[str, list[tuple[ast.AST, str]]] = {}
        self._stores: dict[tuple[int, str], tuple[CodeType, list[_Place]]] = {}
        self._file_stores: dict[tuple[str, str], list[_Place]] = {}

    def here(self, frame: FrameType | None) -> int | None:
        """Return the id of the innermost position in user code at or above a frame."""
        seen = self._seen
        while frame is not None:
            code = frame.f_code
            try:
                offsets = seen[id(code)]
            except KeyError:
                offsets = seen[id(code)] = {} if is_user_code(code) else None
                self._kept.append(code)
            if offsets is not None:
                site = offsets.get(frame.f_lasti)
                return self._interned(code, frame.f_lasti) if site is None else site
            frame = frame.f_back
        return None

    def storing(self, frame: FrameType | None, attribute: str) -> int | None:
        """Return the position that last stored an attribute, as far as the code can tell.

        No op tells of ``p.grad = None``; the code does. In the innermost user code the nearest
        place before the present line is taken, in a loop else the last; where it has none, the
        only place in its file. Where several could have been it, None: better than a guess.
        """
        while frame is not None and not is_user_code(frame.f_code):
            frame = frame.f_back
        if frame is None:
            return None
        places = self._storing_in(frame.f_code, attribute)
        if places:
            before = [place for place in places if place[0] <= frame.f_lineno]
            _, code, offset = max(before or places, key=itemgetter(0))
            return self._interned(code, offset)
        places = self._storing_in_file(frame.f_code.co_filename, attribute)
        return self._interned(*places[0][1:]) if len(places) == 1 else None

    def _storing_in(self, code: CodeType, attribute: str) -> list[_Place]:
        key = (id(code), attribute)
        if key not in self._stores:
            self._stores[key] = (code, list(_stores(code, attribute)))
        return self._stores[key][1]

    def _storing_in_file(self, path: str, attribute: str) -> list[_Place]:
        key = (path, attribute)
        if key not in self._file_stores:
            found: list[_Place] = []
            try:
                waiting = [compile("".join(linecache.getlines(path)), path, "exec")]
            except (SyntaxError, ValueError, RecursionError):
                waiting = []
            while waiting:
                code = waiting.pop()
                found += _stores(code, attribute)
                waiting += [item for item in code.co_consts if isinstance(item, CodeType)]
            self._file_stores[key] = found
        return self._file_stores[key]

    def _interned(self, code: CodeType, offset: int) -> int:
        offsets = self._seen.get(id(code))
        if offsets is None:  # compiled only to look for a place in it
            offsets = self._seen[id(code)] = {}
        site = offsets.setdefault(offset, len(self.positions))
        if site == len(self.positions):
            self.positions.append((code, offset))
        return site

    def user_frames(self, frame: FrameType | None) -> list[FrameType]:
        """Return the frames of user code at and above a frame, innermost first."""
        frames = []
        while frame is not None:
            if is_user_code(frame.f_code):
                frames.append(frame)
            frame = frame.f_back
        return frames

    def resolve(self, site: int) -> Site:
        """Return the source span of a position."""
        code, offset = self.positions[site]
        return self.resolve_position(code, offset)

    def resolve_position(self, code: CodeType, offset: int) -> Site:
        """Return the source span of an instruction of a code object."""
        span: tuple[int | None, ...] = (None, None, None, None)
        for index, positions in enumerate(code.co_positions()):
            if index == offset // 2:
                span = positions
                break
        line, end_line, column, end_column = span
        lines = linecache.getlines(code.co_filename)
        if line is not None and code.co_code[offset] == dis.opmap["STORE_ATTR"]:
            line, end_line, column, end_column = _statement("".join(lines), line, span)
        if line is None:
            line = end_line = code.co_firstlineno
        text = ""
        if column is not None and end_column is not None and end_line and line <= len(lines):
            column = characters(lines[line - 1], column)
            end_column = characters(_line(lines, end_line), end_column)
            picked = lines[line - 1 : end_line]
            if picked:
                picked[-1] = picked[-1][:end_column]
                picked[0] = picked[0][column:]
                text = "".join(picked)
        target = self._target(code.co_filename, lines, line, column, end_line, end_column)
        function = getattr(code, "co_qualname", code.co_name)
        return Site(code.co_filename, function, line, end_line, column, end_column, text, target)

    def assignments(self, path: str) -> list[tuple[ast.AST, str]]:
        """Return (value expression, target name) of every plain assignment in a file."""
        if path not in self._targets:
            self._targets[path] = _assignments("".join(linecache.getlines(path)))
        return self._targets[path]

    def _target(
        self,
        path: str,
        lines: list[str],
        line: int | None,
        column: int | None,
        end_line: int | None,
        end_column: int | None,
    ) -> str | None:
        """Return the name that takes the value of exactly this expression, if one does."""
        for value, name in self.assignments(path):
            here = (value.lineno, value.end_lineno)  # type: ignore[attr-defined]
            if here == (line, end_line):
                text, last = lines[value.lineno - 1], lines[value.end_lineno - 1]  # type: ignore[attr-defined]
                start = characters(text, value.col_offset)  # type: ignore[attr-defined]
                stop = characters(last, value.end_col_offset)  # type: ignore[attr-defined]
                if (start, stop) == (column, end_column):
                    return name
        return None


def _stores(code: CodeType, attribute: str) -> Iterator[_Place]:
    """Yield the instructions of a code object that store an attribute."""
    for instruction in dis.get_instructions(code):
        if (
            instruction.opname == "STORE_ATTR"
            and instruction.argval == attribute
            and instruction.positions is not None
        ):
            yield instruction.positions.lineno or 0, code, instruction.offset


def is_user_code(code: CodeType) -> bool:
    """Tell whether a code object is the user's: in no library, and not generated by one."""
    name = code.co_filename
    if name.startswith("<"):
        return name.startswith("<ipython-input")
    path = os.path.realpath(name)
    return not path.startswith((*_LIBRARY_ROOTS, os.path.join(_PACKAGE, "")))


def _line(lines: list[str], line: int) -> str:
    return lines[line - 1] if line <= len(lines) else ""


def _assignments(source: str) -> list[tuple[ast.AST, str]]:
    """Return (value expression, target name) of every plain assignment in a source text."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            for value, target in _pairs(node.value, node.targets[0]):
                name = _name(target)
                if name:
                    found.append((value, name))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            name = _name(node.target)
            if name:
                found.append((node.value, name))
        elif isinstance(node, ast.NamedExpr):
            found.append((node.value, node.target.id))
    return found


def _pairs(value: ast.expr, target: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return what ``a, b = x, y`` assigns to each of its targets."""
    if isinstance(value, ast.Tuple) and isinstance(target, ast.Tuple):
        plain = not any(isinstance(e, ast.Starred) for e in (*value.elts, *target.elts))
        if plain and len(value.elts) == len(target.elts):
            return list(zip(value.elts, target.elts, strict=True))
    return [(value, target)]


def _statement(source: str, line: int, span: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Return the span of the assignment that stores an attribute, of which ``span`` is a part."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return span
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign))
            and node.lineno <= line <= (node.end_lineno or line)
            and any(
                isinstance(part, ast.Attribute)
                and (part.lineno, part.col_offset, part.end_col_offset) == (line, span[2], span[3])
                for part in ast.walk(node)
            )
        ):
            return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
    return span


def _name(target: Any) -> str | None:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return target.attr if target.value.id == "self" else f"{target.value.id}.{target.attr}"
    return None
