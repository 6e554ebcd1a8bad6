"""``retrograd run``: the program runs as without retrograd, the recording around it."""

from __future__ import annotations

import atexit
import functools
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol

from retrograd.recorder import notices
from retrograd.recorder.imports import after_import
from retrograd.recorder.policy import Policy
from retrograd.recorder.program import Program
from retrograd.recorder.record import Recording

Explain = Callable[[str, str], bool]
"""Path of a recording, and how to show it -> whether it could say why the run ended so."""
Close = Callable[[str, str, list[str]], str]
"""Path of a recording, how to show it, what was found in it -> the lines that close the run."""


class Watcher(Protocol):
    """Judges the recording while it is written."""

    def ended(self) -> list[str]:
        """Return the lines that close the run."""

    def forget(self) -> None:
        """Let it end without an answer."""


_handler, _set_handler = signal.getsignal, signal.signal
_FATAL = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


class Launch:
    """One program under one recording, from the start of the process to its end."""

    def __init__(self, program: Program, out: str, policy: Policy, keep: list[str], quiet: bool):
        self.program = program
        self.explain: Explain | None = None
        self.closer: Callable[[], Close] | None = None
        self._close: Close | None = None
        self.watch: Callable[[], Watcher] | None = None
        self._watcher: Watcher | None = None
        self.quiet = quiet
        self.shown = os.path.relpath(out) if os.path.dirname(out) == os.getcwd() else out
        self.recording = Recording(
            out,
            policy,
            tuple(keep),
            {
                "script": os.path.abspath(program.name) if program.kind != "module" else None,
                "argv": [program.name, *program.arguments],
                "cwd": os.getcwd(),
                "module": program.name if program.kind == "module" else None,
            },
        )
        self.pid = os.getpid()
        self.ended = False
        self._exit = os._exit
        self._main: BaseException | None = None

    def prepare(self) -> None:
        """Arrange that the recording begins with PyTorch and is closed whatever ends the process.

        The last step of it can begin the recording: what fails before has begun nothing.
        """
        atexit.register(self.end)  # the first registered runs last
        os._exit = self._exit_at_once  # type: ignore[assignment]
        self._catch_signals()
        self._start_watcher()
        after_import("torch", self._torch_imported, self.give_up)

    def _start_watcher(self) -> None:
        try:
            if self.watch is not None:
                self._watcher = self.watch()
        except Exception:  # nothing is told while it runs, and nothing else is different
            self._watcher = None

    def _found(self, how: str | None) -> list[str]:
        """Return what the watcher found; a signal leaves no time for it."""
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return []
        try:
            if how is not None and how.startswith("SIG"):
                watcher.forget()
                return []
            return watcher.ended()
        except Exception:
            return []

    def give_up(self, error: Exception) -> None:
        """Let the program run unrecorded."""
        self.ended = True
        notices.unrecorded(self.shown, error)

    def raised(self, error: BaseException) -> None:
        """Note what the program raised and make its traceback start at the program."""
        self._main = error
        if isinstance(error, KeyboardInterrupt) and not self.quiet:
            # Python tells its shell of an interrupt only if nothing is imported after this
            try:
                self._closing()
            except Exception:
                pass
        self._hide_our_frames()

    def _closing(self) -> Close:
        """Return what puts the closing lines into words, which takes a while to be loaded."""
        if self._close is None:
            if self.closer is None:
                raise LookupError("nobody has words for it")
            self._close = self.closer()
        return self._close

    def _torch_imported(self, module: Any) -> None:
        if os.getpid() == self.pid and not self.ended:
            self.recording.start()

    def end(self, how: str | None = None) -> None:
        """Close the recording and say what it holds; only once, and only in our own process."""
        try:
            if not self.ended and os.getpid() == self.pid:
                self.ended = True
                self._end(how)
        except Exception as error:
            self.ended = True
            if self.recording.recorder is not None:
                self.recording.recorder.fail("end", error)
            self.recording.stop()

    def _end(self, how: str | None) -> None:
        recorder = self.recording.recorder
        if recorder is not None and how is not None:
            recorder.exit = {"kind": "signal" if how.startswith("SIG") else "exit", "code": how}
        self.recording.stop(self._main)
        recorder = self.recording.result
        if recorder is None:
            if "torch" not in sys.modules:
                notices.say(self.nothing())
            return
        explained = self._explained(recorder)
        if recorder.failure is None and not recorder.trained and not explained:
            os.unlink(recorder.path)
            notices.say(self.nothing(recorder.exit["kind"] == "exception"))
        elif how is not None:
            notices.say(
                f"the program was ended by {how}; {self.shown} holds its {recorder.steps} steps"
            )
        if not self.quiet and recorder.failure is None and recorder.trained:
            found = self._found(how)
            notices.closing(self.shown, lambda: self._closing()(recorder.path, self.shown, found))

    def _explained(self, recorder: Any) -> bool:
        """Say why the program ended with an error, where the recording shows that."""
        if self.explain is None or recorder.exit["kind"] != "exception":
            return False
        if recorder.exit.get("type") == "KeyboardInterrupt":
            return False  # and no code compiled from text may run: the exit code would become 1
        try:
            return self.explain(recorder.path, self.shown)
        except Exception:  # the program's own error stands above; ours would only be in the way
            return False

    def nothing(self, raised: bool = False) -> str:
        """Return the line for a program that trains nothing, or ended with an error before that."""
        if "torch" not in sys.modules:
            return f"{self.program.name} never imported torch: nothing to record"
        if raised:
            return f"{self.program.name} raised the error above before any backward pass ran"
        return (
            f"no backward pass ran in {self.program.name}: retrograd looked for calls of "
            "loss.backward() or torch.autograd.grad() in the thread that imported torch, "
            "or trained first"
        )

    @property
    def trained_nothing(self) -> bool:
        """Whether a program that ended well gave nothing to record."""
        others = [t for t in threading.enumerate() if t is not threading.main_thread()]
        if any(not thread.daemon for thread in others):
            return False  # it may train yet
        recorder = self.recording.recorder
        if recorder is None:
            return "torch" not in sys.modules
        return recorder.failure is None and not recorder.trained

    def _exit_at_once(self, status: int) -> None:
        try:
            self.end(f"os._exit({status})")
        finally:
            self._exit(status)

    def _catch_signals(self) -> None:
        """Close the recording before a signal that nobody handles ends the process."""
        for number in _FATAL:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._die)
        # who asks is told that nobody handles them: Lightning installs its own handler only then
        signal.signal = self._as_default(signal.signal)
        signal.getsignal = self._as_default(signal.getsignal)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._in_child)

    def _as_default(self, original: Any) -> Any:
        @functools.wraps(original)
        def asked(*args: Any, **kwargs: Any) -> Any:
            ours = None
            try:
                ours = self._die
            except Exception:
                pass
            found = original(*args, **kwargs)
            return signal.SIG_DFL if ours is not None and found == ours else found

        return asked

    def _die(self, number: int, frame: FrameType | None) -> None:
        try:
            self.end(signal.Signals(number).name)
        finally:
            _set_handler(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def _in_child(self) -> None:
        for number in _FATAL:
            if _handler(number) == self._die:
                _set_handler(number, signal.SIG_DFL)
        os._exit = self._exit

    def _hide_our_frames(self) -> None:
        """Make the traceback that Python will print start at the program."""
        hook = sys.excepthook

        def excepthook(kind: Any, error: Any, trace: Any) -> Any:
            try:
                link = trace
                while link is not None and link.tb_frame.f_code is not Program.run.__code__:
                    link = link.tb_next
                if link is not None:
                    trace = link.tb_next
                    error.__traceback__ = trace
            except Exception:
                pass
            return hook(kind, error, trace)

        sys.excepthook = excepthook


def launch(
    program: Program,
    out: str,
    policy: Policy,
    keep: list[str],
    quiet: bool,
    explain: Explain | None = None,
    watch: Callable[[], Watcher] | None = None,
    closer: Callable[[], Close] | None = None,
) -> int:
    """Run a program and record it; returns the exit code of one that ends well.

    ``explain`` reads the finished file of a program that ended with an error; ``watch`` starts
    what reads the file before; ``closer`` loads what says in the end what the file holds.
    Raises what the program raises, and nothing of our own: where we fail, it runs unrecorded.
    """
    launched = None
    try:
        launched = Launch(program, out, policy, keep, quiet)
        launched.explain = explain
        launched.watch = watch
        launched.closer = closer
        launched.prepare()
    except Exception as error:
        if launched is not None:
            launched.ended = True
        notices.unrecorded(out, error)
    try:
        program.run()
    except BaseException as error:
        try:
            if launched is not None:
                launched.raised(error)
        except Exception:
            pass
        raise
    try:
        return 2 if launched is not None and launched.trained_nothing else 0
    except Exception:
        return 0
