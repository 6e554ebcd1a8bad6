"""Where the program makes what findings are about: optimizers and layers by its source text.

PyTorch calls no op when an optimizer or a dropout layer is made, so no event tells; the source
does. Where several places could be meant there is no answer: better than a guess.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from retrograd.diagnose.program import NO_EVENT, Program, assigned, last_name
from retrograd.store.model import Module, Site

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: pow,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
}


@dataclass(frozen=True, slots=True)
class _Made:
    """A call in the source: what it calls, and what its result is stored as."""

    node: ast.Call
    callee: str  # last part of the name
    target: str | None  # variable or attribute that the result is assigned to


class Definitions:
    """The places of a recording's sources that make optimizers and layers."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.recording = program.recording

    def optimizer(self, kind: str, stepped: Site | None) -> Site | None:
        """Return where the optimizer of a class that was stepped at a place is made."""
        return self._made_at(self._optimizer(kind, stepped))

    def optimizers(self, kind: str) -> list[Site]:
        """Return where optimizers of a class are made, in the order of the text, if in that order.

        Nothing where a function or a loop may make them, for then the text does not tell.
        """
        made = [call.node for call in self._calls if call.callee == kind]
        straight = all(
            isinstance(self.program.scope(node), ast.Module) and not self.program.in_loop(node)
            for node in made
        )
        sites = [self.program.site(node) for node in made] if straight else []
        one = len({site.path for site in sites}) == 1
        return sorted(sites, key=lambda site: (site.line or 0, site.column or 0)) if one else []

    def optimizer_for(self, kind: str, modules: set[str], others: set[str]) -> Site | None:
        """Return where the only one of several optimizers is made that is called after a module.

        As ``opt_g`` is after ``G``, and ``gen_optimizer`` after ``generator``. Else it is the only
        one that is called after none of the others.
        """
        made = [call for call in self._calls if call.callee == kind and call.target]
        named = [call for call in made if _called_after(call.target or "", modules)]
        rest = [call for call in made if not _called_after(call.target or "", others)]
        return self._made_at(_only(named) or _only(rest)) if len(made) > 1 else None

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
        if not isinstance(value, (int, float)):
            return None
        if made is None:  # by getattr(torch.optim, name)(…): told by the number alone
            named = [n for word in ("lr", "learning_rate") for n in self.numbers(word)]
            found = [given for given in named if constant_of(given) == value]
            return self.program.site(found[0]) if len(found) == 1 else None
        inside = [
            number
            for node in ast.walk(made.node)
            for bound, number in _bound(node)
            if bound == "lr" and constant_of(number) == value and number.lineno > made.node.lineno
        ]
        if len(inside) == 1:  # in a call of several lines
            return self.program.site(inside[0])
        given = _rate(made.node)
        name = "lr" if given is None else key_of(given)
        if name is None:
            return None
        found = [number for number in self.numbers(name) if constant_of(number) == value]
        return self.program.site(found[0]) if len(found) == 1 else None

    def numbers(self, name: str) -> list[ast.expr]:
        """Return the numbers that a name is given anywhere."""
        return [
            number
            for node in self.program.nodes
            for bound, number in _bound(node)
            if bound == name and isinstance(constant_of(number), (int, float))
        ]

    def schedule(self, kind: str, stepped: Site | None, value: object) -> Site | None:
        """Return where the schedule is written that gave an optimizer another rate than its own.

        That is where the schedule is made; of one that goes by a function, where that says how.
        """
        made = self._optimizer(kind, stepped)
        rate = None if made is None else _rate(made.node)
        if made is None or made.target is None or rate is None:
            return None
        name = key_of(rate)
        own = [constant_of(n) for n in ([rate] if name is None else self.numbers(name))]
        if value in own or not any(isinstance(number, (int, float)) for number in own):
            return None
        later = [number for number in self.numbers("lr") if constant_of(number) == value]
        if len(later) == 1:  # such as group["lr"] = 1.0
            return self.program.site(later[0])
        found = self._scheduler(made)
        if found is None:
            return self._set_by_hand(value)
        given = [node for argument in found.args[1:] for node in self._returns(argument)]
        if value == 0:
            given = _rounded_down(given)[:1] or given
        return self.program.site(given[0] if len(given) == 1 else found)

    def scheduler(self, kind: str, stepped: Site | None) -> Site | None:
        """Return where the schedule of an optimizer that was stepped at a place is made."""
        made = self._optimizer(kind, stepped)
        found = None if made is None else self._scheduler(made)
        return None if found is None else self.program.site(found)

    def _scheduler(self, optimizer: _Made) -> ast.Call | None:
        found = [
            call.node
            for call in self._calls
            if call.node.args and last_name(call.node.args[0]) == optimizer.target
            if call.callee.endswith(("LR", "Restarts", "Scheduler", "Plateau"))
        ]
        if not found:  # made in a function, of an optimizer by another name
            found = [
                call.node
                for call in self._calls
                if call.node.args and call.callee.endswith(("LR", "Restarts", "Plateau"))
            ]
        return found[0] if len(found) == 1 else None

    def _set_by_hand(self, value: object) -> Site | None:
        """Return what the rate is computed by, as in ``group["lr"] = rate_at(step)``.

        Of a function of the program that is what it returns; a rate of 0, what was rounded down.
        """
        given = [
            node
            for place in self.program.nodes
            for target, node in assigned(place)
            if isinstance(target, ast.Subscript) and key_of(target) == "lr"
        ]
        if len(given) != 1:
            return None
        returned = self._returns(given[0].func) if isinstance(given[0], ast.Call) else []
        if value == 0:
            returned = _rounded_down(returned) or returned
        return self.program.site(returned[0] if len(returned) == 1 else given[0])

    def _returns(self, function: ast.expr) -> list[ast.expr]:
        """Return what the functions of the program that have a name give back."""
        return [
            node.value
            for home in self.program.nodes
            if isinstance(home, ast.FunctionDef) and home.name == last_name(function)
            for node in ast.walk(home)
            if isinstance(node, ast.Return) and node.value is not None
        ]

    def option(self, name: str, value: object) -> ast.expr | None:
        """Return the only place where a name or a keyword is given a constant."""
        found = [
            given
            for node in self.program.nodes
            for bound, given in _bound(node)
            if bound == name and constant_of(given) == value
        ]
        return found[0] if len(found) == 1 else None

    def frozen(self) -> ast.expr | None:
        """Return the only expression that switches ``requires_grad`` off."""
        found: list[ast.expr] = [
            target
            for node in self.program.nodes
            for target, value in assigned(node)
            if isinstance(target, ast.Attribute) and target.attr == "requires_grad"
            if isinstance(value, ast.Constant) and value.value is False
        ]
        found += [
            call
            for call in self.program.calls
            if last_name(call.func) == "requires_grad_"
            if any(isinstance(a, ast.Constant) and a.value is False for a in call.args)
        ]
        return found[0] if len(found) == 1 else None

    def evaluations(self) -> list[ast.Call]:
        """Return the calls that switch layers to evaluation: ``eval()`` and ``train(False)``."""
        return [
            call
            for call in self.program.calls
            if isinstance(call.func, ast.Attribute)
            and (
                (call.func.attr == "eval" and not call.args)
                or (call.func.attr == "train" and [constant_of(a) for a in call.args] == [False])
            )
        ]

    def is_own(self, module: Module) -> bool:
        """Tell whether the sources define a module's class."""
        return module.type in self._classes

    def layer(self, module: Module | None) -> Site | None:
        """Return where a layer is made; what the user's own class does is none."""
        if module is None or self.is_own(module):
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

    def repeated(self, kind: str) -> Site | None:
        """Return where layers of a class are made: the only place, else the only one in a loop."""
        found = [call for call in self._calls if call.callee == kind]
        looped = [call for call in found if self.program.in_loop(call.node)]
        return self._made_at(_only(found) or _only(looped))

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
        return None if made is None else self.program.site(made.node)

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
    def _calls(self) -> tuple[_Made, ...]:
        targets = {
            value: last_name(target)
            for node in self.program.nodes
            for target, value in assigned(node)
            if last_name(target) is not None
        }
        return tuple(
            [
                _Made(node, callee, targets.get(node))
                for node in self.program.calls
                if (callee := last_name(node.func)) is not None
            ]
        )


def _called_after(target: str, modules: set[str]) -> bool:
    words = re.findall(r"[a-z]+", target.lower())
    names = [module.lower() for module in modules]
    return any(w == n or (len(w) > 2 and n.startswith(w)) for w in words for n in names)


def _rounded_down(given: list[ast.expr]) -> list[ast.expr]:
    """Return the expressions that divide with ``//``."""
    return [
        node
        for node in given
        if any(isinstance(getattr(part, "op", None), ast.FloorDiv) for part in ast.walk(node))
    ]


def _only(found: list[_Made]) -> _Made | None:
    return found[0] if len(found) == 1 else None


def _rate(optimizer: ast.Call) -> ast.expr | None:
    """Return what an optimizer is given for its learning rate."""
    named = [word.value for word in optimizer.keywords if word.arg == "lr"]
    return next(iter(named or optimizer.args[1:2]), None)


def _names(expression: str) -> set[str]:
    """Return the names in ``opt.step()`` or ``scaler.step(opt)`` that may be the optimizer's."""
    try:
        call = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return set()
    if not isinstance(call, ast.Call):
        return set()
    held = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    return {name for part in (held, *call.args) if (name := last_name(part)) is not None}


def key_of(node: ast.AST) -> str | None:
    """Return ``lr`` of ``lr``, of ``args.lr`` and of ``config["lr"]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return last_name(node)


def _bound(node: ast.AST) -> Iterator[tuple[str | None, ast.expr]]:
    """Yield what a piece of source gives a name: variables, defaults, keywords, keys, options."""
    for target, value in assigned(node):
        yield key_of(target), value
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


def constant_of(node: ast.expr | None) -> object:
    if node is None:
        return None
    try:
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:  # such as 0.1 * 64
            one, other = constant_of(node.left), constant_of(node.right)
            if isinstance(one, (int, float)) and isinstance(other, (int, float)):
                return _ARITHMETIC[type(node.op)](float(one), float(other))
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, ArithmeticError):
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
