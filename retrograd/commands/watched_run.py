"""The watcher as ``retrograd run`` sees it: started, asked once at the end, never waited for long.

It is nobody's child: a program that waits for any child of its own must not meet it. It holds
nothing that the program opened, and Ctrl-C does not reach it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Final

LONGEST: Final = 2.0
"""Seconds that the end of a run waits for the findings, and a fiftieth of the run beside."""


class Watcher:
    """The process that judges the recording of this run."""

    def __init__(self, path: str, language: str) -> None:
        """Start it. Raises ``OSError`` where no process can be started."""
        self._started = time.monotonic()
        self._pid = os.getpid()
        words = [sys.executable, "-P", "-m", "retrograd.commands.watcher", path, language]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        if os.name == "nt":
            flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
            self._process = subprocess.Popen(
                words, stdin=-1, stdout=-1, env=environment, creationflags=flags
            )
            self._process.returncode = 0  # nobody waits for it
        else:  # the shell between ends at once: the watcher is left to the system
            shell = ["/bin/sh", "-c", 'exec 3<&0; "$@" <&3 3<&- &', "sh", *words]
            self._process = subprocess.Popen(
                shell, stdin=-1, stdout=-1, env=environment, start_new_session=True
            )
            self._process.wait()
            os.register_at_fork(after_in_child=self.forget)

    def ended(self) -> list[str]:
        """Return the lines that close the run; none where it takes too long."""
        most = LONGEST + 0.02 * (time.monotonic() - self._started)
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(b"end\n")
            self._process.stdin.flush()
            said = _read(self._process.stdout.fileno(), most)
        except (OSError, ValueError):
            said = b""
        self.forget()
        return said.decode("utf-8", "replace").splitlines()

    def forget(self) -> None:
        """Close the pipes: where nobody else holds them, the watcher ends."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass


def _read(pipe: int, seconds: float) -> bytes:
    """Read a pipe to its end, nothing where that does not come in time.

    Without a thread: at the end of a process none can be started any more.
    """
    os.set_blocking(pipe, False)
    found = b""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        try:
            part = os.read(pipe, 1 << 16)
        except BlockingIOError:
            time.sleep(0.005)
            continue
        if not part:
            return found
        found += part
    return b""
