"""Finds the rules: every module of ``retrograd.diagnose.rules`` holds one, as ``RULE``."""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from retrograd.diagnose import rules
from retrograd.diagnose.folded import folded
from retrograd.diagnose.rule import Rule
from retrograd.store.errors import RecordingError


class UnknownRule(RecordingError):
    """A code or name that no rule has."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule in the order of the codes."""
    modules = [import_module(f"{rules.__name__}.{found.name}") for found in _modules()]
    return tuple(sorted([module.RULE for module in modules], key=lambda rule: _order(rule.code)))


def _modules() -> Iterable[pkgutil.ModuleInfo]:
    return pkgutil.iter_modules(rules.__path__)


def _order(code: str) -> tuple[str, int]:
    return code.rstrip("0123456789"), int(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def find(word: str) -> Rule:
    """Return a rule by its code or name. Raises ``UnknownRule``, naming near ones."""
    known: dict[str, Rule] = {}
    for rule in all_rules():
        known[rule.code.lower()] = known[rule.name] = rule
    found = known.get(word.strip().lower())
    if found is not None:
        return found
    other = folded(word)
    if other is not None:
        instead = ", ".join(other.instead)
        raise UnknownRule(f"{other.code} ({other.name}) has no rule of its own: see {instead}")
    wanted = word.strip().lower()
    begun = [name for name in known if name.startswith(f"{wanted}-")]
    near = list(dict.fromkeys([*begun, *difflib.get_close_matches(wanted, known, 3, 0.5)]))[:3]
    listed = ", ".join([f"{known[key].code} ({known[key].name})" for key in near])
    hint = f"did you mean {listed}?" if near else f"there are {_span()}"
    raise UnknownRule(f"no rule {word[:40]!r}: {hint}")


def _span() -> str:
    codes = [rule.code for rule in all_rules()]
    return ", ".join(codes)
