"""Follows what an expression takes back through the program's text: batches, data, switches.

What a loader, a dataset or NumPy does is no op, so no event tells where the data of a step come
from; the source does. Where it does not tell for sure there is no answer: better than a guess.
"""

from __future__ import annotations

import ast
from typing import Final

from retrograd.diagnose.program import COMPREHENSIONS, FUNCTIONS, Program, assigned, last_name

_WALKING: Final = frozenset({"enumerate", "zip", "iter", "next", "list", "tqdm", "islice", "track"})
"""Functions that hand on the items of their first argument."""
_CONVERTING: Final = frozenset(
    {"tensor", "from_numpy", "as_tensor", "asarray", "array", "Tensor", "FloatTensor", "LongTensor"}
    | {"float", "long", "double", "half", "int", "to", "astype", "type", "cuda", "cpu", "numpy"}
    | {"view", "reshape", "flatten", "squeeze", "unsqueeze", "clone", "copy", "contiguous"}
)
"""Functions and methods that hand numbers on in another form."""
_CHOOSING: Final = frozenset({"Subset", "random_split", "train_test_split"})
"""Functions that choose some of the rows of what they are given."""
_TYPES: Final = frozenset({"long", "float", "double", "half", "int", "FloatTensor", "LongTensor"})
_NO_GRADIENTS: Final = frozenset({"no_grad", "inference_mode", "set_grad_enabled"})
_DEPTH: Final = 8


class Origins:
    """Where the text of a program lets things come from."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def batches(self, node: ast.expr) -> ast.expr | None:
        """Return what chooses the batches of an expression: its loader, else its loop's range."""
        loop = self._loop(node)
        for _ in range(_DEPTH):
            if loop is None:
                return None
            source = self._followed(loop)
            made = self.function(source.func) if isinstance(source, ast.Call) else None
            inner = None if made is None else self._yielding(made)
            if inner is None:
                if isinstance(source, ast.Call) and _loads(source):
                    return source
                return self._order(loop) or loop
            loop = inner
        return None

    def _order(self, loop: ast.expr) -> ast.expr | None:
        """Return what gives the order of the examples that a loop over their numbers takes."""
        around = next(self.program.above(loop), None)
        for part in ast.walk(around) if isinstance(around, ast.For) else ():
            given = self.given(part.value) if isinstance(part, ast.Subscript) else None
            if isinstance(given, ast.Call) and last_name(given.func) == "arange":
                return given
        return None

    def loader(self, node: ast.expr) -> ast.expr | None:
        """Return where the loader of an expression's batches is made, None where none is."""
        found = self.batches(node)
        return found if isinstance(found, ast.Call) and _loads(found) else None

    def stored(self, node: ast.expr, name: str | None = None) -> ast.expr:
        """Return where a dataset prepares what it hands out item by item; else the expression.

        ``name``: the variable of a loop that takes it.
        """
        item = self._item(node, name)
        if item is not None:
            found = self.stored(item)
            return node if found is item else found
        scope = self.program.scope(node)
        if not isinstance(scope, ast.FunctionDef) or scope.name not in ("__getitem__", "__iter__"):
            return node
        held = [
            part
            for part in ast.walk(node)
            if isinstance(part, ast.Attribute) and last_name(part.value) == "self"
        ]
        given = self.given(held[0]) if len({part.attr for part in held}) == 1 else None
        for _ in range(_DEPTH):  # handed over as they are, such as self.x = x
            if given is None:
                break
            node, given = given, self.given(given)
        return node

    def _item(self, node: ast.expr, name: str | None) -> ast.expr | None:
        """Return what the dataset of a loop hands out for one of the loop's variables."""
        loop = next(self.program.above(node), None)
        if not isinstance(loop, ast.For) or loop.target is not node:
            return None
        loader = self._followed(loop.iter)
        made = loader.args[0] if isinstance(loader, ast.Call) and loader.args else None
        for _ in range(_DEPTH):
            if isinstance(made, ast.Name):
                made = self.given(made)
            elif isinstance(made, ast.Call) and last_name(made.func) in _CHOOSING and made.args:
                made = made.args[0]
            else:
                break
        if not isinstance(made, ast.Call) or not isinstance(loader, ast.Call) or not _loads(loader):
            return None
        given = [
            returned.value
            for home in self.program.nodes
            if isinstance(home, ast.ClassDef) and home.name == last_name(made.func)
            for method in home.body
            if isinstance(method, ast.FunctionDef) and method.name == "__getitem__"
            for returned in ast.walk(method)
            if isinstance(returned, ast.Return) and returned.value is not None
        ]
        if len(given) != 1 or not isinstance(node, ast.Tuple):
            return given[0] if len(given) == 1 else None
        names = [last_name(part) for part in node.elts]
        parts = given[0].elts if isinstance(given[0], ast.Tuple) else []
        if len(names) != len(parts) or name not in names:
            return None
        return parts[names.index(name)]

    def read(self, node: ast.expr, scaled: bool = False) -> ast.expr:
        """Return where numbers first come into the program that an expression only converts.

        ``scaled``: to shift and scale them by their own figures is to convert them too.
        """
        if isinstance(getattr(node, "ctx", None), ast.Store):
            return node  # written into what was there: x[3, 1] = value
        for _ in range(_DEPTH):
            inner: ast.expr | None = _converted(node, scaled)
            given = None if inner is None else self.given(inner)
            if given is None:
                return node
            node = given
        return node

    def split(self, node: ast.expr) -> ast.expr | None:
        """Return what chooses the rows that the model is called with, such as ``x[80:]``."""
        found: ast.expr | None = None
        part = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if isinstance(node, ast.BinOp):  # x[80:] @ weight
            part = node.left
        for _ in range(2 * _DEPTH):
            given: ast.expr | None = None
            unpacked = self._unpacked(part) if isinstance(part, ast.Name) else None
            if unpacked is not None and last_name(unpacked.func) in _CHOOSING:
                return unpacked
            if isinstance(part, (ast.Name, ast.Attribute)):
                given = self.given(part) or self._walked(part)
            elif isinstance(part, ast.Subscript):
                found, given = part, self.given(part.slice)
            elif isinstance(part, ast.Call) and _loads(part) and part.args:
                given = part.args[0]
            elif isinstance(part, ast.Call) and last_name(part.func) in _CHOOSING:
                return part
            elif isinstance(part, ast.Call):
                given = self._returned(part) or _converted(part)
            if given is None:
                return part if found is not None and isinstance(part, ast.Call) else found
            part = given
        return found

    def cast(self, node: ast.expr) -> ast.expr | None:
        """Return what gives a loss's second argument its dtype, where that is said elsewhere."""
        part = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else None
        for _ in range(_DEPTH):
            if part is None or _typed(part):
                break
            inner = _converted(part)
            part = None if inner is None else self.given(inner) or self._taken(inner)
        return None if part is None or (isinstance(node, ast.Call) and part in node.args) else part

    def handed_out(self, call: ast.expr) -> ast.expr | None:
        """Return what a dataset hands out for a call's first argument."""
        if (
            not isinstance(call, ast.Call)
            or not call.args
            or not isinstance(call.args[0], ast.Name)
        ):
            return None
        item = self._taken(call.args[0])
        return item if isinstance(item, ast.Call) else None

    def _taken(self, node: ast.expr) -> ast.expr | None:
        """Return what a dataset hands out for a variable of a loop."""
        for around in self.program.above(node):
            if isinstance(around, ast.For):
                item = self._item(around.target, last_name(node))
                if item is not None:
                    return item
        return None

    def _walked(self, node: ast.expr) -> ast.expr | None:
        """Return the loader whose batches a loop gives the name of a variable."""
        for around in self.program.above(node):
            target = getattr(around, "target", None) if isinstance(around, ast.For) else None
            if target is not None and last_name(node) in map(last_name, ast.walk(target)):
                return self.loader(node)
        return None

    def prediction(self, node: ast.expr) -> ast.expr | None:
        """Return the call of the model whose result a loss takes first."""
        if not isinstance(node, ast.Call):
            return None
        starts = node.args[:1]
        if isinstance(node.func, ast.Attribute):  # of a method, such as out.argmax(1)
            starts = [node.func.value, *starts]
        for start in starts:
            made: ast.expr | None = start
            for _ in range(_DEPTH):
                if isinstance(made, ast.Name):
                    made = self.given(made) or self._unpacked(made)
                elif isinstance(made, ast.Subscript):
                    made = made.value
                elif (
                    isinstance(made, ast.Call)
                    and isinstance(made.func, ast.Attribute)
                    and made.func.attr in _CONVERTING
                ):
                    made = made.func.value
                else:
                    break
            if made is not start and isinstance(made, ast.Call) and made.args:
                return made
            if isinstance(start, ast.Call) and start.args and start is made:
                return start
        return None

    def rounds(self, node: ast.expr) -> ast.expr | None:
        """Return what the outermost loop around an expression, or its only caller, walks."""
        found: ast.expr | None = None
        for _ in range(_DEPTH):
            scope = self.program.scope(node)
            for around in self.program.above(node):
                if isinstance(around, (ast.For, ast.AsyncFor)):
                    found = around.iter
                elif isinstance(around, ast.While):
                    found = around.test
                elif around is scope:
                    break
            callers = self._callers(scope)
            if len(callers) != 1:
                break
            node = callers[0]
        return found

    def overwritten(self, node: ast.expr) -> ast.expr | None:
        """Return what a variable is given next, where nothing reads what an expression gave it."""
        statement = next((n for n in self.program.above(node) if isinstance(n, ast.stmt)), None)
        around = None if statement is None else next(self.program.above(statement), None)
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            return None
        name = statement.targets[0].id
        for block in (getattr(around, field, None) for field in ("body", "orelse", "finalbody")):
            later = block[block.index(statement) + 1 :] if block and statement in block else []
            for other in later:
                used = [n for n in ast.walk(other) if isinstance(n, ast.Name) and n.id == name]
                if used:
                    plain = isinstance(other, ast.Assign) and used == [other.targets[0]]
                    return other.value if plain and isinstance(other, ast.Assign) else None
        return None

    def alias(self, node: ast.expr) -> ast.expr | None:
        """Return where the variable that a backward pass starts from gets another one's value."""
        method = node.func if isinstance(node, ast.Call) else None
        start = method.value if isinstance(method, ast.Attribute) else None
        if isinstance(start, ast.Call):  # scaler.scale(loss)
            start = next(iter(start.args), None)
        given = self.given(start) if isinstance(start, ast.Name) else None
        return given if isinstance(given, (ast.Name, ast.Attribute, ast.Subscript)) else None

    def handed(self, call: ast.expr, value: object) -> ast.expr | None:
        """Return where a number is written that a function hands on to a call within it."""
        scope = self.program.scope(call)
        if not isinstance(scope, ast.FunctionDef) or not isinstance(call, ast.Call):
            return None
        places = scope.args.args
        defaults = dict(zip([a.arg for a in places[::-1]], scope.args.defaults[::-1], strict=False))
        for given in (*call.args, *[word.value for word in call.keywords]):
            name = last_name(given)
            if not isinstance(given, ast.Name) or name not in [place.arg for place in places]:
                continue
            passed = [self._passed(scope, caller, given.id) for caller in self._users(scope)]
            for number in (*passed, defaults.get(given.id)):
                if isinstance(number, ast.Constant) and number.value == value:
                    return number
        return None

    def apart(self, node: ast.expr) -> ast.expr | None:
        """Return what walks two loaders side by side of which each shuffles by itself."""
        loop = self._loop(node)
        walked = loop
        if isinstance(walked, ast.Call) and last_name(walked.func) in _WALKING - {"zip"}:
            walked = next(iter(walked.args), None)
        if not isinstance(walked, ast.Call) or last_name(walked.func) != "zip":
            return None
        loaders = [self._followed(part) for part in walked.args]
        shuffled = [
            loader
            for loader in loaders
            if isinstance(loader, ast.Call) and _loads(loader)
            for word in loader.keywords
            if word.arg == "shuffle"
            if isinstance(word.value, ast.Constant) and word.value.value is True
        ]
        return walked if len(shuffled) == len(loaders) > 1 else None

    def called(self, node: ast.expr) -> ast.expr:
        """Return the only call of the function that an expression is in, else the expression."""
        callers = self._callers(self.program.scope(node))
        return callers[0] if len(callers) == 1 else node

    def once(self, node: ast.expr) -> ast.expr:
        """Return the only call of the function that an expression is in, if no loop is round it."""
        call = self.called(node)
        module = isinstance(self.program.scope(call), ast.Module)
        looped = self.program.in_loop(call) or self.program.in_loop(node)
        return call if module and not looped else node

    def condition(self, node: ast.expr) -> ast.expr | None:
        """Return what decides, in its own loop or function, whether an expression runs."""
        for around in self.program.above(node):
            if isinstance(around, ast.If):
                said = self._returned(around.test) if isinstance(around.test, ast.Call) else None
                return said or around.test
            if isinstance(around, (*FUNCTIONS, ast.For, ast.AsyncFor, ast.While)):
                return None
        return None

    def gradients_off(self, node: ast.expr) -> ast.expr | None:
        """Return what switches gradients off for an expression: a ``with``, or a decorator.

        Else the only statement of the program that switches them off until further notice.
        """
        for around in self.program.above(node):
            switches: list[ast.expr] = []
            if isinstance(around, (ast.With, ast.AsyncWith)):
                switches = [item.context_expr for item in around.items]
            elif isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                switches = around.decorator_list
            for switch in switches:
                named = switch.func if isinstance(switch, ast.Call) else switch
                if last_name(named) in _NO_GRADIENTS:
                    return switch
        lasting = [
            statement.value
            for statement in self.program.nodes
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            if last_name(statement.value.func) == "set_grad_enabled"
            if any(isinstance(a, ast.Constant) and not a.value for a in statement.value.args)
        ]
        return lasting[0] if len(lasting) == 1 else None

    def function(self, callee: ast.expr) -> ast.FunctionDef | None:
        """Return the only function of the program that has a callee's name."""
        name = last_name(callee)
        found = [
            node
            for node in self.program.nodes
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        return found[0] if len(found) == 1 else None

    def _loop(self, node: ast.AST) -> ast.expr | None:
        """Return what the innermost loop around a node walks, that of its only caller included."""
        for _ in range(_DEPTH):
            for around in self.program.above(node):
                if isinstance(around, (ast.For, ast.AsyncFor)):
                    return around.iter
                if isinstance(around, ast.While):
                    return around.test
                if isinstance(around, COMPREHENSIONS):
                    return around.generators[-1].iter
                if isinstance(around, FUNCTIONS):
                    break
            scope = self.program.scope(node)
            callers = self._callers(scope)
            if len(callers) != 1:
                return None
            node = callers[0]
        return None

    def _callers(self, function: ast.AST) -> list[ast.Call]:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return []
        found = [c for c in self.program.calls if last_name(c.func) == function.name]
        if any(isinstance(around, ast.ClassDef) for around in self.program.above(function)):
            return found
        plain = [call for call in found if isinstance(call.func, ast.Name)]
        return plain or found  # model.train() does not call a function train()

    def _users(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Call]:
        """Return the calls of a function; of ``__init__()``, those of its class."""
        if function.name != "__init__":
            return self._callers(function)
        home = next((n for n in self.program.above(function) if isinstance(n, ast.ClassDef)), None)
        return [c for c in self.program.calls if home and last_name(c.func) == home.name]

    def _followed(self, node: ast.expr) -> ast.expr:
        """Return what a loop walks, through names and what only counts or joins."""
        for _ in range(_DEPTH):
            given: ast.expr | None = None
            if isinstance(node, ast.Call) and last_name(node.func) in _WALKING and node.args:
                given = node.args[0]
            elif isinstance(node, (ast.Name, ast.Attribute)):
                given = self.given(node)
            elif isinstance(node, ast.Call):
                given = self._returned(node)
            if given is None:
                return node
            node = given
        return node

    def _returned(self, call: ast.Call) -> ast.expr | None:
        """Return what a function of the program gives back, if that is one expression."""
        made = self.function(call.func)
        given = [
            node.value
            for node in (() if made is None else ast.walk(made))
            if isinstance(node, ast.Return) and self.program.scope(node) is made
        ]
        return given[0] if len(given) == 1 else None

    def _part(self, call: ast.Call, places: tuple[int, ...]) -> ast.expr | None:
        """Return what one part of a call's result, or a part of such a part, is made of."""
        if last_name(call.func) == "train_test_split" and places:  # two of each of its arguments
            return call.args[places[0] // 2] if places[0] // 2 < len(call.args) else None
        if last_name(call.func) == "random_split" and places:  # all of the first
            return call.args[0] if call.args else None
        part = self._returned(call) if places else None
        for place in places:
            parts = part.elts if isinstance(part, ast.Tuple) else []
            part = parts[place] if place < len(parts) else None
        return part

    def _yielding(self, function: ast.FunctionDef) -> ast.expr | None:
        """Return what the loop walks in which a generator gives its items."""
        for node in ast.walk(function):
            if isinstance(node, ast.Yield) and self.program.scope(node) is function:
                return self._loop(node)
        return None

    def given(self, node: ast.expr) -> ast.expr | None:
        """Return what a variable or an attribute was given last; for an argument, by its caller."""
        if isinstance(node, ast.Attribute):
            return self._only(node.attr) if last_name(node.value) == "self" else None
        if not isinstance(node, ast.Name):
            return None
        scope: ast.AST = self.program.scope(node)
        for _ in range(_DEPTH):
            found = self._bound(scope, node.id)
            before = [value for value in found if value.lineno < node.lineno]
            if before or found:
                return max(before or found, key=lambda value: value.lineno)
            argument = self._argument(scope, node.id)
            if argument is not None or isinstance(scope, ast.Module):
                return argument
            scope = self.program.scope(scope)
        return None

    def _unpacked(self, name: ast.Name) -> ast.Call | None:
        """Return the last call before a variable that gave it, as ``out, h = model(x)`` does."""
        scope = self.program.scope(name)
        found = [
            value
            for node in ast.walk(scope)
            for target, value in assigned(node)
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Call)
            if name.id in [last_name(part) for part in target.elts]
            if value.lineno < name.lineno
        ]
        return max(found, key=lambda call: call.lineno) if found else None

    def _bound(self, scope: ast.AST, name: str) -> list[ast.expr]:
        """Return what a name is given in a function or module."""
        found: list[ast.expr] = []
        for node in ast.walk(scope):
            for target, value in assigned(node):
                if self.program.scope(value) is not scope:
                    continue
                if isinstance(target, ast.Name) and target.id == name:
                    found.append(value)
                elif isinstance(target, ast.Tuple) and isinstance(value, ast.Call):
                    part = self._part(value, _places(target, name))
                    found += [] if part is None else [part]
        return found

    def _argument(self, function: ast.AST, name: str) -> ast.expr | None:
        """Return what the only caller of a function gives for an argument."""
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        callers = self._users(function)
        return self._passed(function, callers[0], name) if len(callers) == 1 else None

    def _passed(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, name: str
    ) -> ast.expr | None:
        """Return what a call gives a function for an argument."""
        names = [argument.arg for argument in function.args.args]
        for word in call.keywords:
            if word.arg == name:
                return word.value
        if name not in names:
            return None
        place = names.index(name) - (names[0] == "self")
        given = call.args
        if not 0 <= place < len(given) or any(isinstance(item, ast.Starred) for item in given):
            return None  # self, too: no argument gives it
        return given[place]

    def _only(self, attribute: str) -> ast.expr | None:
        """Return what an attribute of ``self`` is given, where that happens once."""
        found = [
            value
            for node in self.program.nodes
            for target, value in assigned(node)
            if isinstance(target, ast.Attribute)
            and target.attr == attribute
            and last_name(target.value) == "self"
        ]
        return found[0] if len(found) == 1 else None


def _typed(node: ast.expr) -> bool:
    """Tell whether an expression says of which dtype its numbers are to be."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if any(word.arg == "dtype" for word in part.keywords):
                return True
            if last_name(part.func) in _TYPES and (
                part.args or isinstance(part.func, ast.Attribute)
            ):
                return True
    return False


def _places(target: ast.Tuple, name: str) -> tuple[int, ...]:
    """Return where a name stands in what is unpacked, as in ``(a, b), (c, name) = …``: (1, 1)."""
    for place, part in enumerate(target.elts):
        if last_name(part) == name:
            return (place,)
        inner = _places(part, name) if isinstance(part, ast.Tuple) else ()
        if inner:
            return (place, *inner)
    return ()


def _loads(call: ast.Call) -> bool:
    """Tell whether a call makes a loader: its result is walked, batch by batch."""
    return (last_name(call.func) or "").endswith("Loader")


def _converted(node: ast.expr, scaled: bool = False) -> ast.expr | None:
    """Return the variable whose numbers an expression hands on in another form."""
    for _ in range(_DEPTH):
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call) and last_name(node.func) in _CONVERTING:
            method = isinstance(node.func, ast.Attribute) and last_name(node.func.value) not in (
                "torch",
                "np",
                "numpy",
            )
            if method and isinstance(node.func, ast.Attribute):
                node = node.func.value
            elif node.args:
                node = node.args[0]
            else:
                return None
        elif scaled and isinstance(node, ast.BinOp):  # such as (x - x.mean(0)) / x.std(0)
            held = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            start: ast.expr = node.left
            while isinstance(start, ast.BinOp):
                start = start.left
            if len(held) != 1:
                return None
            node = start
        else:
            return node if isinstance(node, (ast.Name, ast.Attribute)) else None
    return None
