"""The program's text as a tree: what stands at a recorded place, and what stands around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from retrograd.store.columns import characters
from retrograd.store.model import Site
from retrograd.store.reader import Recording

NO_EVENT: Final = -1
"""The id of a position that no event has."""
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Program:
    """The sources of a recording, parsed when first asked for."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """What is Python of the sources, by path."""
        found = {}
        for path, source in self.recording.sources.items():
            try:
                found[path] = ast.parse(source.text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue  # not all of it is Python, as in a cell
        return found

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the sources."""
        return tuple([node for tree in self.trees.values() for node in ast.walk(tree)])

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """The calls in the sources."""
        return tuple([node for node in self.nodes if isinstance(node, ast.Call)])

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what stands around a node, from the inside out."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def scope(self, node: ast.AST) -> ast.AST:
        """Return the function, or the module, whose names a node sees."""
        return next((n for n in self.above(node) if isinstance(n, (*FUNCTIONS, ast.Module))), node)

    def in_loop(self, node: ast.AST) -> bool:
        """Tell whether a node is inside a loop of its function, or inside a comprehension."""
        for around in self.above(node):
            if isinstance(around, FUNCTIONS):
                return False
            if isinstance(around, (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS)):
                return True
        return False

    def loop(self, node: ast.AST) -> ast.stmt | None:
        """Return the innermost loop of its function that a node is in."""
        for around in self.above(node):
            if isinstance(around, FUNCTIONS):
                return None
            if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
                return around
        return None

    def assigns(self, site: Site | None, name: str) -> bool:
        """Tell whether the statement at a place gives a variable or an attribute a value anew."""
        node = self.at(site)
        for around in () if node is None else self.above(node):
            if isinstance(around, ast.stmt):
                return any(
                    ast.unparse(target).removeprefix("self.") == name
                    for target, _ in assigned(around)
                )
        return False

    def at(self, site: Site | None) -> ast.expr | None:
        """Return the expression at a recorded place, else the first one on its line."""
        if site is None or site.path not in self.trees or site.line is None:
            return None
        lines = self._lines(site.path)
        on_line = None
        for node in ast.walk(self.trees[site.path]):
            if not isinstance(node, ast.expr) or node.lineno != site.line:
                continue
            if on_line is None:
                on_line = node
            end = node.end_lineno or node.lineno
            if end == site.end_line and (site.column, site.end_column) == (
                characters(lines[node.lineno - 1], node.col_offset),
                characters(lines[end - 1], node.end_col_offset or 0),
            ):
                return node
        return on_line

    def site(self, node: ast.expr) -> Site:
        """Return the place of an expression."""
        path = self._paths[[node, *self.above(node)][-1]]
        lines = self._lines(path)
        end = node.end_lineno or node.lineno
        return Site(
            NO_EVENT,
            path,
            "",
            node.lineno,
            end,
            characters(lines[node.lineno - 1], node.col_offset),
            characters(lines[end - 1], node.end_col_offset or 0),
            ast.get_source_segment(self.recording.sources[path].text, node) or "",
        )

    @cached_property
    def _paths(self) -> dict[ast.AST, str]:
        return {tree: path for path, tree in self.trees.items()}

    def _lines(self, path: str) -> list[str]:
        return self.recording.sources[path].text.splitlines()


def last_name(node: ast.AST) -> str | None:
    """Return ``c`` of ``c`` and of ``a.b.c``."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def parameter_of(function: ast.FunctionDef, call: ast.Call, given: ast.expr) -> str | None:
    """Return the name by which a function gets what one of its calls gives it."""
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    for name, value in zip(names, call.args, strict=False):
        if value is given:
            return name
    return next((word.arg for word in call.keywords if word.value is given), None)


def assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (target, value) of an assignment, part by part where both sides are tuples."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        pairs = [(node.target, node.value)]
    for target, value in pairs:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            yield from zip(target.elts, value.elts, strict=False)
        else:
            yield target, value
