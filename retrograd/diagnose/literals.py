"""Where the program writes the number, or names the class, that decides.

A layer starts with ``std=INIT_STD``, an activation is made by ``getattr(nn, config.act)()``: what
is to be changed stands somewhere else. Where several places could be meant there is no answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from retrograd.diagnose.definitions import Definitions, constant_of, key_of
from retrograd.diagnose.origins import Origins
from retrograd.diagnose.program import FUNCTIONS, Program, last_name

_DEPTH: Final = 8
_ASKING: Final = (ast.Compare, ast.Subscript)
"""What a word stands in that only asks which one was chosen."""


class Literals:
    """The constants that a program's expressions get by a name."""

    def __init__(self, program: Program, origins: Origins, definitions: Definitions) -> None:
        self.program = program
        self.origins = origins
        self.definitions = definitions

    def setting(self, node: ast.expr) -> ast.expr | None:
        """Return the only number that a call, a product or a quotient gets by a name."""
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            inits = (last_name(node.func) or "").endswith("_")  # the first is what they write into
            given = [*node.args[inits:], *[word.value for word in node.keywords]]
        else:
            for part in ast.walk(node):
                if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Mult, ast.Div)):
                    given += [part.left, part.right]
        found = {self.literal(part) for part in given if not _is_number(part)} - {None}
        return next(iter(found)) if len(found) == 1 else None

    def literal(self, node: ast.expr) -> ast.expr | None:
        """Return the number that an expression stands for."""
        for _ in range(_DEPTH):
            if _is_number(node):
                return node
            given: ast.expr | None = None
            if isinstance(node, (ast.Name, ast.Attribute)):
                given = self.origins.given(node) or self._default(node)
            elif isinstance(node, ast.Subscript):
                given = self._entry(node)
            if given is None:  # an entry or an attribute of a configuration
                return self._only(key_of(node))
            node = given
        return None

    def _entry(self, node: ast.Subscript) -> ast.expr | None:
        """Return the value of an entry of a dictionary that the program writes out."""
        table = self.origins.given(node.value)
        word = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(table, ast.Dict):
            for name, value in zip(table.keys, table.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == word:
                    return value
        elif isinstance(table, ast.Call) and last_name(table.func) == "dict":
            return next((word_.value for word_ in table.keywords if word_.arg == word), None)
        return None

    def _default(self, node: ast.expr) -> ast.expr | None:
        """Return what an argument of a function is when nobody gives it."""
        home = self.program.scope(node)
        if not isinstance(home, FUNCTIONS) or not isinstance(node, ast.Name):
            return None
        places = [*home.args.posonlyargs, *home.args.args]
        defaults = dict(zip([a.arg for a in places[::-1]], home.args.defaults[::-1], strict=False))
        defaults |= {
            a.arg: value
            for a, value in zip(home.args.kwonlyargs, home.args.kw_defaults, strict=True)
            if value is not None
        }
        return defaults.get(node.id)

    def _only(self, name: str | None) -> ast.expr | None:
        found = [] if name is None else [n for n in self.definitions.numbers(name) if _is_number(n)]
        return found[0] if len(found) == 1 else None

    def choice(self, kind: str) -> ast.expr | None:
        """Return where a class is chosen that the program makes by another name.

        That is where the class is named without being called, or where a word says its name; where
        that is in a table of several, it is the word that chooses from the table.
        """
        made = [call for call in self.program.calls if last_name(call.func) == kind]
        named = [node for node in self._names() if last_name(node) == kind]
        if len(made) + len(named) == 1:
            place = (made or named)[0]
            word = self._table_key(place)
            if word is None:
                return place if named else None
            return self._word((word,))
        return None if made or named else self._word((kind, kind.lower()))

    @cached_property
    def half(self) -> ast.expr | None:
        """The only place that speaks of float16."""
        found = [
            node
            for node in self.program.nodes
            if (isinstance(node, ast.Attribute) and node.attr == "float16")
            or (isinstance(node, ast.Call) and last_name(node.func) == "half")
            or (isinstance(node, ast.Constant) and node.value in ("float16", "fp16", "half"))
        ]
        return found[0] if len(found) == 1 and isinstance(found[0], ast.expr) else None

    def _names(self) -> Iterator[ast.expr]:
        """Yield names of classes that are not called at once."""
        called = {call.func for call in self.program.calls}
        inner = {n.value for n in self.program.nodes if isinstance(n, ast.Attribute)}
        for node in self.program.nodes:
            if isinstance(node, (ast.Name, ast.Attribute)) and node not in called | inner:
                around = [a for a in self.program.above(node) if not isinstance(a, ast.Tuple)][:1]
                if not any(_only_asks(each) for each in around):
                    yield node

    def _table_key(self, node: ast.expr) -> str | None:
        """Return the word under which a table of several classes or layers has one of them."""
        table = next(self.program.above(node), None)
        if isinstance(table, ast.Lambda):
            node, table = table, next(self.program.above(table), None)
        if not isinstance(table, ast.Dict) or node not in table.values or len(table.values) < 2:
            return None
        kinds = {type(value) for value in table.values}
        word = table.keys[table.values.index(node)]
        if not kinds <= {ast.Call, ast.Attribute, ast.Name, ast.Lambda}:
            return None  # options of all kinds
        return str(word.value) if isinstance(word, ast.Constant) else None

    def _word(self, words: tuple[str, ...]) -> ast.expr | None:
        """Return the only place where one of some words is given: no key, index or comparison."""
        found = []
        for node in self.program.nodes:
            if isinstance(node, ast.Constant) and node.value in words:
                around = next(self.program.above(node), None)
                if not isinstance(around, _ASKING) and not (
                    isinstance(around, ast.Dict) and node in around.keys
                ):
                    found.append(node)
        return found[0] if len(found) == 1 else None


def _only_asks(node: ast.AST) -> bool:
    """Tell whether a class that stands in a piece of source is asked for, and not used."""
    if isinstance(node, ast.Call):
        return last_name(node.func) in ("isinstance", "issubclass")
    return isinstance(node, (ast.arg, ast.AnnAssign, ast.ClassDef, ast.FunctionDef))


def _is_number(node: ast.AST) -> bool:
    if not isinstance(node, (ast.Constant, ast.UnaryOp, ast.BinOp)):
        return False
    value = constant_of(node)
    return isinstance(value, (int, float)) and not isinstance(value, bool)
