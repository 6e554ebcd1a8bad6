"""Where the program makes what findings are about: optimizers and layers by its source text.

PyTorch calls no op when an optimizer or a dropout layer is made, so no event tells; the source
does. Where several places could be meant there is no answer: better than a guess.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from retrograd.store.model import Module, Site
from retrograd.store.reader import Recording

NO_EVENT = -1
"""The id of a position that no event has."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A call in the source: what it calls, and what its result is stored as."""

    path: str
    node: ast.Call
    callee: str  # last part of the name
    target: str | None  # variable or attribute that the result is assigned to


class Definitions:
    """The places of a recording's sources that make optimizers and layers."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def optimizer(self, kind: str, stepped: Site | None) -> Site | None:
        """Return where the optimizer of a class that was stepped at a place is made."""
        return self._made_at(self._optimizer(kind, stepped))

    def _optimizer(self, kind: str, stepped: Site | None) -> _Made | None:
        names = set() if stepped is None else _names(stepped.expression)
        named = [call for call in self._calls if call.target in names]
        of_class = [call for call in self._calls if call.callee == kind]
        both = [call for call in named if call.callee == kind]
        return _only(both or of_class or named)

    def rate(self, kind: str, stepped: Site | None, value: object) -> Site | None:
        """Return where the number is written that an optimizer got as its learning rate.

        That is at the optimizer, or where a name in its place was given this very number.
        """
        made = self._optimizer(kind, stepped)
        if made is None or not isinstance(value, (int, float)):
            return None
        inside = [
            number
            for node in ast.walk(made.node)
            for bound, number in _bound(node)
            if bound == "lr" and _number(number) == value and number.lineno > made.node.lineno
        ]
        if len(inside) == 1:  # in a call of several lines
            return self._site(made.path, inside[0])
        named = [word.value for word in made.node.keywords if word.arg == "lr"]
        given = named or made.node.args[1:2]
        name = _key(given[0]) if given else None
        if name is None:
            return None
        found = [
            (path, number)
            for path, tree in self._trees
            for node in ast.walk(tree)
            for bound, number in _bound(node)
            if bound == name and _number(number) == value
        ]
        return self._site(*found[0]) if len(found) == 1 else None

    def layer(self, module: Module | None) -> Site | None:
        """Return where a layer is made; what the user's own class does is none."""
        if module is None or module.type in self._classes:
            return None
        *outer, last = module.path.split(".")
        of_class = [call for call in self._calls if call.callee == module.type]
        if not last.isdecimal():
            found = [call for call in of_class if call.target == last]
            return self._made_at(_only(found or of_class))
        listed = [
            call for call in self._calls if _lists(call) and (not outer or call.target == outer[-1])
        ]
        items = [item for call in listed for item in _item(call.node, int(last))]
        found = [call for call in of_class if call.node in items]
        return self._made_at(_only(found or of_class))

    def attribute(self, name: str) -> Site | None:
        """Return the line that sets an attribute of ``self``, where the sources have just one."""
        pattern = re.compile(rf"^\s*(self\.{re.escape(name)}\s*(?::[^=]+)?=[^=].*)$")
        places = [
            (path, number, found)
            for path, source in self.recording.sources.items()
            for number, line in enumerate(source.text.splitlines(), 1)
            if (found := pattern.match(line))
        ]
        if len(places) != 1:
            return None
        path, number, found = places[0]
        return Site(NO_EVENT, path, "", number, number, found.start(1), found.end(1), found[1])

    def _made_at(self, made: _Made | None) -> Site | None:
        return None if made is None else self._site(made.path, made.node)

    def _site(self, path: str, node: ast.expr) -> Site:
        source = self.recording.sources[path].text
        lines = source.splitlines()
        end = node.end_lineno or node.lineno
        return Site(
            NO_EVENT,
            path,
            "",
            node.lineno,
            end,
            _characters(lines[node.lineno - 1], node.col_offset),
            _characters(lines[end - 1], node.end_col_offset or 0),
            ast.get_source_segment(source, node) or "",
        )

    @cached_property
    def _classes(self) -> frozenset[str]:
        """The classes that the sources define."""
        found = re.compile(r"^\s*class\s+(\w+)", re.MULTILINE)
        return frozenset(
            [
                name
                for source in self.recording.sources.values()
                for name in found.findall(source.text)
            ]
        )

    @cached_property
    def _trees(self) -> tuple[tuple[str, ast.Module], ...]:
        found = []
        for path, source in self.recording.sources.items():
            try:
                found.append((path, ast.parse(source.text)))
            except (SyntaxError, ValueError, RecursionError):
                continue  # not all of it is Python, as in a cell
        return tuple(found)

    @cached_property
    def _calls(self) -> tuple[_Made, ...]:
        return tuple([call for path, tree in self._trees for call in _calls(path, tree)])


def _only(found: list[_Made]) -> _Made | None:
    return found[0] if len(found) == 1 else None


def _calls(path: str, tree: ast.Module) -> Iterator[_Made]:
    nodes = list(ast.walk(tree))
    targets: dict[ast.AST, str] = {}
    for node in nodes:
        for target, value in _assigned(node):
            name = _last(target)
            if name is not None:
                targets[value] = name
    for node in nodes:
        callee = _last(node.func) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and callee is not None:
            yield _Made(path, node, callee, targets.get(node))


def _assigned(node: ast.AST) -> Iterable[tuple[ast.AST, ast.expr]]:
    """Yield (target, value) of an assignment, part by part where both sides are tuples."""
    if isinstance(node, ast.Assign):
        pairs: list[tuple[ast.AST, ast.expr]] = [(target, node.value) for target in node.targets]
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        pairs = [(node.target, node.value)]
    else:
        return
    for target, value in pairs:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            yield from zip(target.elts, value.elts, strict=False)
        else:
            yield target, value


def _last(node: ast.AST) -> str | None:
    """Return ``c`` of ``c`` and of ``a.b.c``."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _names(expression: str) -> set[str]:
    """Return the names in ``opt.step()`` or ``scaler.step(opt)`` that may be the optimizer's."""
    try:
        call = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return set()
    if not isinstance(call, ast.Call):
        return set()
    held = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    return {name for part in (held, *call.args) if (name := _last(part)) is not None}


def _key(node: ast.AST) -> str | None:
    """Return ``lr`` of ``lr``, of ``args.lr`` and of ``config["lr"]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return _last(node)


def _bound(node: ast.AST) -> Iterator[tuple[str | None, ast.expr]]:
    """Yield what a piece of source gives a name: variables, defaults, keywords, keys, options."""
    for target, value in _assigned(node):
        yield _key(target), value
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        places = [*node.args.posonlyargs, *node.args.args]
        first = len(places) - len(node.args.defaults)
        yield from zip([a.arg for a in places[first:]], node.args.defaults, strict=True)
        for name, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if default is not None:
                yield name.arg, default
    elif isinstance(node, ast.Dict):
        for key, item in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value), item
    elif isinstance(node, ast.Call):
        option = node.args[-1] if node.args else None  # of parser.add_argument("--lr", default=…)
        for word in node.keywords:
            yield word.arg, word.value
            if word.arg == "default" and isinstance(option, ast.Constant):
                yield str(option.value).lstrip("-").replace("-", "_"), word.value


def _number(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _lists(call: _Made) -> bool:
    return call.callee in ("Sequential", "ModuleList")


def _item(call: ast.Call, place: int) -> list[ast.AST]:
    """Return the item of a ``Sequential(…)`` or ``ModuleList([…])``, where it is written out."""
    items = call.args
    if len(items) == 1 and isinstance(items[0], (ast.List, ast.Tuple)):
        items = items[0].elts
    before = items[: place + 1]
    if len(before) <= place or any(isinstance(item, ast.Starred) for item in before):
        return []
    return [before[place]]


def _characters(line: str, column: int) -> int:
    """Convert a column in UTF-8 bytes to one in characters."""
    return len(line.encode()[:column].decode(errors="ignore"))
