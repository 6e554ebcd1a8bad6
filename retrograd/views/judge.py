"""The diagnosis for the page, in a process of its own: it takes long, and no other answer waits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from threading import Lock
from typing import Final

from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.answers import Answers

FINDINGS: Final = "findings"
_LOOK: Final = 0.2  # seconds between two looks at whether the page was closed
_NICENESS: Final = 10  # the page that somebody looks at comes first


class Ended(RecordingError):
    """The page was closed before the judgement was there."""


class Judge:
    """Judges one recording at a time, and remembers what it said until the file changes."""

    def __init__(self, path: str) -> None:
        self.command = [sys.executable, "-P", "-m", "retrograd.views.judge", path]
        self._one_at_a_time = Lock()
        self._stamp: object = None
        self._found: bytes | None = None
        self._closed = False
        self.ending: Callable[[], bool] = lambda: False  # says when the server ends

    def answer(self, stamp: object) -> bytes:
        """Return the findings as JSON; ``stamp`` changes when the file does.

        Raises ``RecordingError`` where the recording cannot be judged, or the page was closed.
        """
        with self._one_at_a_time:
            if self._found is None or stamp != self._stamp:
                self._found, self._stamp = self._judged(), stamp
            return self._found

    def close(self) -> None:
        """End what is running."""
        self._closed = True

    def _judged(self) -> bytes:
        if self._closed:
            raise Ended("the page was closed")
        pipe = subprocess.PIPE
        # a session of its own: Ctrl-C in the terminal is meant for the server, which ends this too
        with subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=True
        ) as process:
            while True:
                try:
                    found, said = process.communicate(timeout=_LOOK)
                    break
                except subprocess.TimeoutExpired:
                    if self._closed or self.ending():
                        process.kill()
        if process.returncode < 0:
            raise Ended("the diagnosis was ended")
        if process.returncode:
            lines = said.decode(errors="replace").splitlines()
            raise RecordingError(lines[-1] if lines else "the diagnosis failed")
        return found


def main(path: str) -> None:
    """Print the findings of a recording as JSON."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        with load(path) as recording:
            sys.stdout.buffer.write(Answers(recording).answer(FINDINGS))
    except RecordingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1])
