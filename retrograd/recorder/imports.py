"""Runs a function once a module has been imported, at once where it is there already."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple


class _Waiting(NamedTuple):
    """Somebody who waits for a module; an import is never disturbed by what they do."""

    imported: Callable[[Any], None]
    failed: Callable[[Exception], None]

    def call(self, module: ModuleType) -> None:
        try:
            self.imported(module)
        except Exception as error:
            self.failed(error)


class _Finder(importlib.abc.MetaPathFinder):
    """Stands first in ``sys.meta_path`` and steps aside after each module it waits for."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[_Waiting]] = {}

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        callers: Sequence[_Waiting] = ()
        try:
            if name not in self.waiting:
                return None
            callers = self.waiting.pop(name)
            if not self.waiting and self in sys.meta_path:
                sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            if spec is not None and spec.loader is not None:
                _extend(spec.loader, callers)
            return spec
        except Exception as error:
            for caller in callers or self.waiting.pop(name, []):
                caller.failed(error)
        return None  # the finders behind this one find it


def _extend(loader: Any, callers: list[_Waiting]) -> None:
    """Let a loader call back after its next module; the loader is as it was from then on."""
    original = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        try:
            del loader.exec_module  # the instance's own: that of its class shows again
        except Exception:
            pass
        original(module)
        for caller in callers:
            caller.call(module)

    loader.exec_module = exec_module


_finder = _Finder()


def after_import(
    name: str, imported: Callable[[Any], None], failed: Callable[[Exception], None]
) -> None:
    """Call ``imported`` with the module when it has been imported, now if it has been.

    Where that cannot be, or raises, ``failed`` gets the exception: it must not raise.
    """
    waiting = _Waiting(imported, failed)
    module = sys.modules.get(name)
    if module is not None:
        waiting.call(module)
        return
    _finder.waiting.setdefault(name, []).append(waiting)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
