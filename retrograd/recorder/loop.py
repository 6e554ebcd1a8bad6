"""Foresees the last step of a training loop over ``range``, so that it can be recorded in full."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

from retrograd.recorder.sites import Sites

SEARCHES: Final = 20
"""How often a loop is looked for before it is taken that there is none."""
LOOKS_APART: Final = 512
"""Most steps between two looks at the loop, far from its end."""


class Loop:
    """The outermost ``for name in range(…)`` of the user's that the steps happen in.

    Steps are counted per turn, so that loops over batches inside a loop over epochs are followed
    too: the last turn is expected to have as many steps as the turn before it.
    """

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._code: Any = None
        self._statement: ast.For | None = None
        self._range = range(0)
        self._searches = 0
        self._turn: Any = None
        self._done = 0  # steps of the present turn
        self._usual = 0  # steps of the turn before
        self._turns_unseen = 0  # turns passed over since the present one was last looked at
        self._ahead = 0  # steps for which the end is too far off to look
        self._asked = -1  # the step that the last question was about

    @property
    def ahead(self) -> int:
        """Return for how many steps from here on the last one is too far off to look for it."""
        return self._ahead if self._code is not None or self._searches < SEARCHES else LOOKS_APART

    def last_follows(self, step: int, frame: FrameType | None) -> bool:
        """Tell whether the step after this one will be the last.

        It may be left out for as many steps as ``ahead`` says.
        """
        passed = max(step - self._asked - 1, 0)
        self._asked = step
        self._ahead -= passed
        self._done += passed
        if self._ahead > 0:
            self._ahead -= 1
            self._done += 1
            return False
        found = self._here(frame)
        if found is None:
            return False
        name = self._statement.target.id  # type: ignore[union-attr]
        turn = found.f_locals.get(name)
        if type(turn) is not int or turn not in self._range:
            return False
        if turn != self._turn:
            self._turn, self._usual, self._done = turn, self._done - self._turns_unseen, 0
            self._turns_unseen = 0
        self._done += 1
        turns_left = (self._range[-1] - turn) // self._range.step
        steps_left = turns_left * self._usual + max(self._usual - self._done, 0)
        if self._usual == 1:
            self._ahead = max(0, min(turns_left // 2, turns_left - 2, LOOKS_APART))
            self._turns_unseen = self._ahead
        elif self._usual == 0:  # the first turn, of unknown length
            self._ahead = min(self._done // 4, LOOKS_APART)
        else:  # within this turn
            self._ahead = max(0, min(self._usual - self._done - 2, LOOKS_APART))
        return steps_left == 1

    def _here(self, frame: FrameType | None) -> FrameType | None:
        """Return the frame that the loop runs in."""
        if self._code is None and self._searches >= SEARCHES:
            return None
        start = frame
        while frame is not None and frame.f_code is not self._code:
            frame = frame.f_back
        statement = self._statement
        if frame is not None and statement is not None and _within(statement, frame):
            return frame
        if self._searches >= SEARCHES:
            return None
        self._searches += 1
        for outer in reversed(self._sites.user_frames(start)):
            for loop in _loops(outer):
                turns = _range(loop.iter, outer)
                if turns:
                    self._code, self._statement, self._range = outer.f_code, loop, turns
                    self._turn, self._done, self._usual = None, 0, 0
                    return outer
        return None


def _within(statement: ast.stmt, frame: FrameType) -> bool:
    return statement.lineno <= frame.f_lineno <= (statement.end_lineno or 0)


def _loops(frame: FrameType) -> Iterator[ast.For]:
    """Yield the loops with a named variable round the line that a frame is at, outermost first."""
    try:
        tree = ast.parse("".join(linecache.getlines(frame.f_code.co_filename)))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            inside = node.lineno < frame.f_lineno or len(node.body) == 1
            if inside and _within(node, frame):
                yield node


def _range(iterable: ast.expr, frame: FrameType) -> range | None:
    """Return the range that an expression such as ``range(n)`` or ``tqdm(range(n))`` goes over."""
    if not isinstance(iterable, ast.Call) or not iterable.args:
        return None
    function = iterable.func
    if isinstance(function, ast.Name) and function.id in ("range", "trange"):
        numbers = [_number(argument, frame) for argument in iterable.args]
        if any(number is None for number in numbers) or len(numbers) > 3:
            return None
        try:
            return range(*numbers)  # type: ignore[arg-type]
        except ValueError:
            return None
    return _range(iterable.args[0], frame)


def _number(expression: ast.expr, frame: FrameType) -> int | None:
    """Return what an expression counts, without running any code of the user's."""
    if isinstance(expression, ast.Constant):
        value: Any = expression.value
    elif isinstance(expression, ast.Name):
        value = frame.f_locals.get(expression.id, frame.f_globals.get(expression.id))
    elif isinstance(expression, ast.Attribute) and isinstance(expression.value, ast.Name):
        owner = expression.value.id
        holder = frame.f_locals.get(owner, frame.f_globals.get(owner))
        value = getattr(holder, "__dict__", {}).get(expression.attr)
    elif isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.USub):
        operand = _number(expression.operand, frame)
        value = None if operand is None else -operand
    elif isinstance(expression, ast.BinOp) and isinstance(expression.op, (ast.Add, ast.Sub)):
        left, right = _number(expression.left, frame), _number(expression.right, frame)
        if left is None or right is None:
            return None
        value = left + right if isinstance(expression.op, ast.Add) else left - right
    else:
        value = None
    return value if type(value) is int else None
