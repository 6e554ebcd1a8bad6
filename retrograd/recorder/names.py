"""Finds what the user calls a tensor, without running any of the user's code.

In this order: the path that ``named_parameters()`` gives, attributes that are plain tensors, the
user's variables. The assignment target of the source line is the structure's last resort.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from types import FrameType
from typing import Any, Final

import torch

DEPTH: Final = 4
ITEMS: Final = 10_000
"""Objects looked at in one search at most."""

# Packages whose objects nobody keeps tensors in by name: a notebook's shell holds all variables.
_MACHINERY: Final = {"builtins", "types", "functools", "IPython", "ipykernel", "traitlets"}


class Names:
    """Names of live tensors by ``id``, as the visible variables and modules call them."""

    def __init__(self, roots: list[tuple[Any, str]], assigned: Collection[str] = ()) -> None:
        """Collect from root objects with the variable name that leads to each.

        A variable that the source assigns to says more than a place in a list; one that a loop
        runs through such a list with says less.
        """
        self.found: dict[int, tuple[str, str]] = {}  # id -> (short name, name with its root)
        self.tensors: dict[int, torch.Tensor] = {}
        self.modules: dict[int, str] = {}
        self.homes: dict[int, str] = {}  # id of a tensor -> path of the module that holds it
        self._left = ITEMS
        self._seen: set[int] = set()
        for wanted in (torch.nn.Module, object):
            for value, name in roots:
                if isinstance(value, wanted) and not isinstance(value, torch.Tensor):
                    self._walk(value, "", name, 0)
        for value, name in roots:
            if isinstance(value, torch.Tensor):
                if name in assigned and "[" in self.found.get(id(value), ("",))[0]:
                    del self.found[id(value)]
                self._name(value, name, name)

    def of(self, tensor: Any) -> tuple[str, str] | None:
        """Return (short name, qualified name) of a tensor, None where nothing leads to it."""
        return self.found.get(id(tensor))

    def _name(self, tensor: torch.Tensor, short: str, full: str) -> None:
        self.found.setdefault(id(tensor), (short, full))
        self.tensors.setdefault(id(tensor), tensor)

    def _walk(self, value: Any, path: str, root: str, depth: int) -> None:
        if id(value) in self._seen or (depth > DEPTH and not isinstance(value, torch.nn.Module)):
            return
        self._left -= 1
        if self._left < 0:
            return
        self._seen.add(id(value))
        if isinstance(value, torch.nn.Module):
            self.modules.setdefault(id(value), path or root)
        for key, child in _children(value):
            if isinstance(child, torch.Tensor):
                name = _join(path, key)
                if isinstance(value, torch.nn.Module):
                    self.homes.setdefault(id(child), path or root)
                short = root + name if name.startswith("[") else name
                self._name(child, short, _join(root, name))
            elif child is not None and not isinstance(child, (str, bytes, int, float, type)):
                self._walk(child, _join(path, key), root, depth + 1)


def _join(path: str, key: str) -> str:
    return f"{path}{key}" if not path or key.startswith("[") else f"{path}.{key}"


def _children(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of an object that can hold tensors, reading plain storage only."""
    kind = type(value)
    if kind in (list, tuple):
        for index, item in enumerate(value[:1000]):
            yield f"[{index}]", item
        return
    if kind is dict:
        for key, item in list(value.items())[:1000]:
            yield f"[{key!r}]" if not isinstance(key, str) else f".{key}".lstrip("."), item
        return
    if kind.__module__.partition(".")[0] in _MACHINERY or isinstance(value, type(sys)):
        return
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return
    if type(attributes) is not dict:
        return
    if isinstance(value, torch.nn.Module):
        for store in ("_parameters", "_buffers", "_modules"):
            yield from list((attributes.get(store) or {}).items())
        for key, item in list(attributes.items()):
            if not key.startswith("_") and not isinstance(item, torch.nn.Module):
                yield key, item
        return
    if isinstance(value, (torch.optim.Optimizer, torch.utils.hooks.RemovableHandle)):
        return
    for key, item in list(attributes.items()):
        if isinstance(key, str):
            yield key, item


def visible(frames: list[FrameType]) -> list[tuple[Any, str]]:
    """Return the variables that frames of user code see, innermost first, with their names."""
    roots: list[tuple[Any, str]] = []
    globals_seen: set[int] = set()
    for frame in frames:
        scope = frame.f_globals
        if frame.f_code.co_name != "<module>":
            local = frame.f_locals
            roots += [(value, name) for name, value in local.items()]
            if sys.version_info < (3, 13) and type(local) is dict:
                # CPython keeps this dictionary with the frame: emptied, it holds no tensor alive
                local.clear()
        if id(scope) not in globals_seen:
            globals_seen.add(id(scope))
            roots += _variables(scope)
    return roots or _variables(vars(sys.modules["__main__"]))  # the program is over


def _variables(scope: dict[str, Any]) -> list[tuple[Any, str]]:
    return [(value, name) for name, value in list(scope.items()) if not name.startswith("__")]
