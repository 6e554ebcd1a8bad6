"""Knows which ``torch.nn.Module`` is running, in steps that are recorded in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from retrograd.recorder.frames import hide

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


class Modules:
    """Numbers the modules that are called."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.all: list[Any] = []  # weak references
        self._numbers: dict[int, tuple[Any, int]] = {}

    def number(self, module: Any) -> int:
        """Return the number of a module, giving it one when it is new."""
        known = self._numbers.get(id(module))
        if known is not None and known[0]() is module:
            return known[1]
        reference = ref(module)
        self._numbers[id(module)] = (reference, len(self.all))
        self.all.append(reference)
        return len(self.all) - 1

    def wrapper(self, original: Any) -> Any:
        """Return the stand-in for ``torch.nn.Module._call_impl``."""
        recorder = self.recorder
        number = self.number

        def _call_impl(self: Any, *args: Any, **kwargs: Any) -> Any:
            outer = recorder.module
            try:
                if recorder.trace is not None and not recorder.switch.paused and recorder.here():
                    recorder.module = number(self)
            except Exception as error:
                recorder.fail("module", error)
            try:
                return original(self, *args, **kwargs)
            except BaseException as error:
                hide(error)
                raise
            finally:
                recorder.module = outer

        return _call_impl
