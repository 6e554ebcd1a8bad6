"""``retrograd.record``: records the training inside a ``with`` block."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from retrograd.recorder import notices
from retrograd.recorder.policy import Policy, policy
from retrograd.store.writer import free_name

_current: list[Any] = []
explain: Callable[[str], str] | None = None
"""Says why the run of a finished recording ended with an error; ``retrograd`` puts it here."""


class Recording:
    """A recording in progress; ``path`` is the file that it writes."""

    def __init__(self, path: str, policy: Policy, keep: tuple[str, ...], program: dict[str, Any]):
        self.path = path
        self._policy = policy
        self._keep = keep
        self._program = program
        self.recorder: Any = None  # while it records
        self.result: Any = None  # the finished recorder, None where nothing was recorded

    def _repr_html_(self) -> str | None:
        """Return the page of a recording that has ended, for a notebook's cell."""
        if self.result is None:
            return None
        # by its name: the recorder imports nothing that shows
        cell: str = import_module("retrograd.views.notebook").cell(self.path)
        return cell

    def start(self) -> Self:
        """Begin to record; where that cannot be, say so and let the program run unrecorded."""
        recorder = None
        try:
            from retrograd.recorder import torch_api

            lacking = torch_api.missing()
            if lacking:
                import torch

                notices.say(
                    f"this PyTorch ({torch.__version__}) lacks {', '.join(lacking)}: "
                    "nothing is recorded, the program runs as it is"
                )
                return self
            if _current:
                notices.say(f"already recording to {_current[0].path}: {self.path} is not written")
                return self
            from retrograd.recorder.recorder import Recorder

            recorder = Recorder(self.path, self._policy, self._keep, self._program)
            recorder.start()
            self.recorder = recorder
            _current.append(self)
        except Exception as error:
            if recorder is not None:
                recorder.abort()
            notices.unrecorded(self.path, error)
        return self

    def failed(self, error: BaseException | None) -> None:
        """Write down an exception that ended the run, where it does not come by itself."""
        recorder = self.recorder
        try:
            if recorder is not None and error is not None:
                note_exception(recorder, error)
        except Exception as failure:
            recorder.fail("exception", failure)

    def stop(self, error: BaseException | None = None) -> None:
        """End the recording and close the file. Never raises."""
        recorder = self.recorder
        if recorder is None:
            return
        try:
            self.failed(error)
            if self in _current:
                _current.remove(self)
        except Exception as failure:
            recorder.fail("end", failure)
        self.recorder = None
        self.result = recorder
        recorder.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop(error)
        if explain is not None and isinstance(error, Exception) and self.result is not None:
            try:
                said = explain(self.path)
                if said:  # printed below the traceback, if the program lets it come to that
                    error.add_note(said)
            except Exception:
                pass


def record(
    path: str | os.PathLike[str] | None = None,
    *,
    budget: str | float = "10%",
    every: int | str | None = None,
    steps: str | None = None,
    keep: str | tuple[str, ...] | list[str] = (),
) -> Recording:
    """Record the training that runs inside a ``with`` block.

    ``path``: the file to write, ``run.retro`` by default; an existing file is never overwritten,
    the name gets a number. ``budget``: fraction of the running time that recording may take
    (``"10%"``, ``0.1``, ``"all"``, ``0``). ``every``, ``steps``: record every n-th step, or those
    listed (``"0,10,500-520"``), in full instead. ``keep``: patterns of parameter names whose
    large values are kept whole, ``"*"`` for every value.

    Raises ``PolicyError`` for an option that is not understood.
    """
    wanted = policy(budget, every, steps)
    patterns = (keep,) if isinstance(keep, str) else tuple(keep)
    target = free_name(os.fspath(path) if path is not None else "run.retro")
    program = {
        "script": sys.argv[0] if sys.argv else "",
        "argv": list(sys.argv),
        "cwd": os.getcwd(),
        "module": None,
    }
    return Recording(target, wanted, patterns, program)


def note_exception(recorder: Any, error: BaseException) -> None:
    """Write down the exception that ended the run, with the user's lines that it passed."""
    from retrograd.recorder.sites import is_user_code

    if isinstance(error, SystemExit):
        recorder.exit = {"kind": "exit", "code": str(error.code)}
        return
    recorder.exit = {"kind": "exception", "type": type(error).__name__}
    site = None
    lines = []
    link = error.__traceback__
    while link is not None:
        code = link.tb_frame.f_code
        if is_user_code(code):
            site = (code, link.tb_lasti)
            lines.append(f"{code.co_filename}:{link.tb_lineno} in {code.co_name}")
        link = link.tb_next
    detail = {
        "type": type(error).__name__,
        "message": "".join(traceback.format_exception_only(error)).strip(),
        "traceback": lines,
    }
    row = None
    if site is not None:
        number = len(recorder.sites.positions)
        recorder.sites.positions.append(site)
        row = recorder.site_row(number)
    recorder.incident("exception", detail, row)
