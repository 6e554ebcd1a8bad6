"""What the recorded source texts say that no event does: names, and lines that switch things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from retrograd.store.model import Site
from retrograd.store.reader import Recording

_SWITCHES = ("no_grad", "inference_mode", "set_grad_enabled")


class SourceNames:
    """Reads the source texts of a recording; none of it is ever run."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        found = {}
        for path, source in self.recording.sources.items():
            try:
                found[path] = ast.parse(source.text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        return found

    @cached_property
    def _targets(self) -> dict[tuple[str, int, int], tuple[str, ast.expr]]:
        """By path and start of the expression: the name that takes its value."""
        found = {}
        for path, tree in self._trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and len(node.targets) == 1:
                    for target, value in _pairs(node.targets[0], node.value):
                        if isinstance(target, ast.Name):
                            found[path, value.lineno, value.col_offset] = (target.id, value)
        return found

    def target(self, site: Site | None) -> str | None:
        """Return the name that takes the value of exactly this expression, if one does."""
        if site is None or site.line is None or site.column is None:
            return None
        known = self._targets.get((site.path, site.line, self._bytes(site, site.column)))
        if known is None or known[1].end_lineno != site.end_line or site.end_column is None:
            return None
        whole = ast.unparse(known[1])
        try:
            same = ast.unparse(ast.parse(site.expression, mode="eval")) == whole
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return known[0] if same else None

    def _bytes(self, site: Site, column: int) -> int:
        """Convert a column in characters to one in bytes, as Python's own parser counts."""
        lines = self.recording.sources[site.path].text.splitlines()
        line = lines[(site.line or 1) - 1] if (site.line or 1) <= len(lines) else ""
        return len(line[:column].encode())

    def switch(self, site: Site | None) -> Site | None:
        """Return where gradients were switched off for a line: the ``with`` or the decorator.

        It is the innermost one round the line, else the only one in its file.
        """
        if site is None or site.path not in self._trees or site.line is None:
            return None
        every = list(_switches(self._trees[site.path]))
        round_it = [
            (first, expression)
            for first, last, expression in every
            if expression.lineno <= site.line <= last
        ]
        chosen = max(round_it, key=lambda item: item[0], default=None)
        if chosen is None and len(every) == 1:
            chosen = (every[0][0], every[0][2])
        return None if chosen is None else self._site(site, chosen[1])

    def carried(self, caller: Site | None, taker: Site | None) -> tuple[str, Site] | None:
        """Return (name, place) of what a caller gives to a call and takes back from it.

        That is ``out, state = model(x, state)`` beside the caller's line, where there is just one
        and the line that takes the tensor belongs to another function.
        """
        if caller is None or taker is None or caller.path not in self._trees:
            return None
        scope = _scope(self._trees[caller.path], caller.line or 0)
        if taker.path == caller.path and scope is _scope(self._trees[caller.path], taker.line or 0):
            return None
        found = [
            (name, self._site(caller, node.value))
            for node in _own(scope)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            for name in _both_sides(node.targets, node.value)
        ]
        return found[0] if len(found) == 1 else None

    def frozen(self) -> Site | None:
        """Return the line that switches ``requires_grad`` off, where there is just one."""
        found = []
        for path, source in self.recording.sources.items():
            for number, line in enumerate(source.text.splitlines(), 1):
                match = re.search(r"[^\s#]*\.requires_grad(_\(\s*|\s*=\s*)False\)?", line)
                if match is not None and "#" not in line[: match.start()]:
                    span = (number, number, match.start(), match.end())
                    found.append(Site(-1, path, "", *span, match[0]))
        return found[0] if len(found) == 1 else None

    def _site(self, near: Site, node: ast.expr) -> Site:
        text = self.recording.sources[near.path].text
        span = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
        return Site(-1, near.path, "", *span, ast.get_source_segment(text, node) or "")

    @cached_property
    def _imported(self) -> set[str]:
        """The names of modules in the sources."""
        return {
            (alias.asname or alias.name).partition(".")[0]
            for tree in self._trees.values()
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }

    def operands(self, site: Site | None) -> list[str]:
        """Return the source texts of what the failing expression works on, in order."""
        if site is None:
            return []
        try:
            tree = ast.parse(site.expression.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        statement = tree.body[0] if tree.body else None
        if isinstance(statement, ast.AugAssign):
            return [ast.unparse(statement.target), ast.unparse(statement.value)]
        if not isinstance(statement, (ast.Expr, ast.Assign, ast.Return)):
            return []
        node = statement.value
        if isinstance(node, ast.BinOp):
            return [ast.unparse(node.left), ast.unparse(node.right)]
        if isinstance(node, (ast.Subscript, ast.Attribute)):
            return [ast.unparse(node.value)]
        if not isinstance(node, ast.Call):
            return [] if node is None else [ast.unparse(node)]
        listed = [*node.args, *[keyword.value for keyword in node.keywords]]
        if isinstance(node.func, ast.Attribute) and self._is_value(node.func.value):
            listed.insert(0, node.func.value)
        return [ast.unparse(item) for item in listed if not isinstance(item, ast.Constant)]

    def _is_value(self, node: ast.expr) -> bool:
        """Tell an object from a module, and from the object whose method runs."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        return not (isinstance(root, ast.Name) and root.id in {"self", *self._imported})


def _scope(tree: ast.Module, line: int) -> ast.AST:
    """Return the innermost function that a line belongs to, else the module."""
    found: ast.AST = tree
    for node in ast.walk(tree):  # outer ones come first
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (
            node.lineno <= line <= (node.end_lineno or node.lineno)
        ):
            found = node
    return found


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function or module that belong to no function or class inside it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node
            yield from _own(node)


def _both_sides(targets: list[ast.expr], call: ast.Call) -> Iterator[str]:
    """Yield the names that an assignment gives to a call as arguments and takes back."""
    given = [*call.args, *[keyword.value for keyword in call.keywords]]
    names = {ast.unparse(item) for item in given if isinstance(item, (ast.Name, ast.Attribute))}
    for target in targets:
        taken = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        yield from (name for item in taken if (name := ast.unparse(item)) in names)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for item, part in zip(target.elts, value.elts, strict=False):
            yield from _pairs(item, part)
    else:
        yield target, value


def _switches(tree: ast.Module) -> Iterator[tuple[int, int, ast.expr]]:
    """Yield (first line, last line, expression) of all that switches gradients off."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.With, ast.AsyncWith)):
            listed = [item.context_expr for item in node.items]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            listed = node.decorator_list
        elif isinstance(node, ast.Expr) and "set_grad_enabled" in ast.unparse(node):
            yield node.lineno, node.lineno, node.value
            continue
        else:
            continue
        for expression in listed:
            called = expression.func if isinstance(expression, ast.Call) else expression
            if ast.unparse(called).rpartition(".")[2] in _SWITCHES:
                yield node.lineno, node.end_lineno or node.lineno, expression
