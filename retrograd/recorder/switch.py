"""Puts the dispatch mode on where the program's ops are to be seen, and takes it off elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrograd.recorder.forward import ForwardMode
from retrograd.recorder.torch_api import (
    mode_active,
    mode_count,
    no_torch_function,
    pop_mode,
    push_mode,
    sequence_number,
    top_mode,
)

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


class Switch:
    """The dispatch mode of the recorded thread."""

    __slots__ = ("handling", "left_off", "mode", "paused", "recorder")

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.mode = ForwardMode(recorder)
        self.paused = False
        self.left_off = False  # paused by one who leaves it to the next who suspends to resume
        self.handling = False  # inside the handler of the mode

    def suspend(self) -> bool:
        """Take the mode off, for code in which none may be active."""
        if mode_count():
            if not self.handling and top_mode() is self.mode:
                pop_mode()
            else:
                self.drop()
        if self.left_off:
            self.left_off = False
            return True
        if self.paused or not self._wanted:
            return False
        self.paused = True
        return True

    def resume(self, suspended: bool) -> None:
        """Put the mode back on after ``suspend``. Never raises."""
        recorder = self.recorder
        try:
            if not suspended:
                return
            self.paused = False
            recorder.sequence = sequence_number()
            if recorder.active and self._wanted:
                if self.handling or mode_count():
                    self.attach()
                else:
                    push_mode(self.mode)
        except Exception as error:
            recorder.fail("dispatch mode", error)

    @property
    def _wanted(self) -> bool:
        return self.recorder.trace is not None or self.recorder.watching

    def drop(self) -> None:
        """Take the innermost mode of this thread off, if it is ours.

        Not from inside its handler, where PyTorch has taken it off and will put it back: there
        it stays, hands everything on, and goes when the next backward pass begins.
        """
        top = top_mode()
        if isinstance(top, ForwardMode) and top.recorder is self.recorder and not self.handling:
            pop_mode()

    def attach(self) -> bool:
        """Put the mode on, but where it is paused; if false, it cannot be."""
        if self.paused:
            return self._attachable()
        if not mode_count() and not self.handling:
            push_mode(self.mode)
            return True
        if self.handling or top_mode() is self.mode:
            return True
        return self._attachable()

    def _attachable(self) -> bool:
        """Tell whether the mode is on or can be put on."""
        if not mode_count() or mode_active(self.mode):  # below a mode of the user's
            return True
        # pushed above a mode of the user's, ours would be popped in its place
        self.recorder.gap("other-dispatch-mode")
        return False

    def in_handler(self, call: Any, *arguments: Any) -> None:
        """Call something that may end or begin a step while the mode's handler runs.

        Never raises: a failure ends the recording, and the op goes on.
        """
        self.handling = True
        try:
            with no_torch_function():
                call(*arguments)
        except Exception as error:
            self.recorder.fail("forward", error)
        finally:
            self.handling = False
