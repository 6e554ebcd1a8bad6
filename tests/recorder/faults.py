"""Plants faults in the recorder: any function of it can be told to raise.

Installed before the recorder is imported, it rewrites each function as it is loaded, nested ones
included, so that a function that is new tomorrow is covered without a list. The frames, names
and line numbers stay what they are.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import sys
from collections import Counter
from dataclasses import dataclass
from types import CodeType
from typing import Any

WATCHED = ("retrograd.recorder.", "retrograd.store.writer", "retrograd.store.schema")
CHECK = "__planted_fault__"


class PlantedError(RuntimeError):
    """What a planted fault raises."""


@dataclass(frozen=True)
class Fault:
    """Raise in the ``call``-th call of a function, from 1; ``lasting``: in all later ones too."""

    function: str
    call: int = 1
    lasting: bool = False


calls: Counter[str] = Counter()
_armed: Fault | None = None


def arm(fault: Fault | None) -> None:
    """Plant a fault, and count calls anew."""
    global _armed
    calls.clear()
    _armed = fault


def check(function: str) -> None:
    """Count a call and raise where a fault is planted; stands at the start of every function."""
    calls[function] += 1
    fault = _armed
    if fault is not None and fault.function == function:
        count = calls[function]
        if count == fault.call or (fault.lasting and count > fault.call):
            raise PlantedError("planted")


class _Planter(ast.NodeTransformer):
    """Puts a call of ``check`` in front of the first statement that could fail."""

    def __init__(self, module: str) -> None:
        self.scope = [module]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.scope.append(node.name)
        self.generic_visit(node)
        self.scope.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.scope.append(node.name)
        _insert(node.body, ".".join(self.scope))
        self.generic_visit(node)
        self.scope.pop()
        return node


def _insert(body: list[ast.stmt], function: str) -> None:
    place = next((i for i, statement in enumerate(body) if not _harmless(statement)), None)
    if place is None:
        return  # nothing in it that could fail
    statement = body[place]
    if isinstance(statement, ast.Try):
        _insert(statement.body, function)
        return
    name = ast.Name(CHECK, ast.Load())
    call = ast.Expr(ast.Call(name, [ast.Constant(function)], []))
    body.insert(place, ast.fix_missing_locations(ast.copy_location(call, statement)))


def _harmless(statement: ast.stmt) -> bool:
    """Tell whether a statement only moves names and attributes about: docstrings, assignments."""
    if isinstance(statement, (ast.Global, ast.Nonlocal, ast.Pass)):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return True
    if isinstance(statement, ast.If):
        inside = statement.body + statement.orelse
        return _plain(statement.test) and all(map(_harmless, inside))
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return)):
        return statement.value is None or _plain(statement.value)
    return False


def _plain(expression: ast.expr) -> bool:
    """Tell whether an expression calls nothing, operators included."""
    kinds = (ast.Name, ast.Attribute, ast.Constant, ast.Tuple, ast.BoolOp, ast.boolop)
    comparing = (ast.Compare, ast.Is, ast.IsNot, ast.expr_context)
    return all(isinstance(part, (*kinds, *comparing)) for part in ast.walk(expression))


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), path)
        planted = _Planter(fullname.removeprefix("retrograd.")).visit(tree)
        return compile(planted, path, "exec", dont_inherit=True)

    def exec_module(self, module: Any) -> None:
        module.__dict__[CHECK] = check
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if not name.startswith(WATCHED):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(name, spec.origin)
        return spec


def install() -> None:
    """Rewrite the recorder's functions when they are imported from now on."""
    sys.meta_path.insert(0, _Finder())
