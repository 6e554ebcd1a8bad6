"""``retrograd run --view``: the program in one process, its page in another, one Ctrl-C for each.

The program runs exactly as under ``retrograd run``: same terminal, same signals, same exit code.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

_FATAL = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def run_and_view(words: list[str], path: str) -> int:
    """Run ``retrograd run WORDS`` that records to a path, and its page until Ctrl-C.

    Returns the program's exit code, once the page has been ended too.
    """
    server = _server(path)
    received: list[int] = []
    program: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if number != signal.SIGINT and program:  # the terminal sends Ctrl-C to the program itself
            program[0].send_signal(number)

    for number in (signal.SIGINT, *_FATAL):
        signal.signal(number, pass_on)
    try:
        program.append(subprocess.Popen([*_interpreter(), "run", *words]))
        code = program[0].wait()
        if os.path.exists(path) and not any(number in _FATAL for number in received):
            _wait(server, received)
    finally:
        _end(server)
    if code < 0:  # ended by a signal: the shell shall see that too
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def _wait(server: subprocess.Popen[bytes], received: list[int]) -> None:
    """Wait until the server ends, or Ctrl-C or another signal comes that is meant for it."""
    if server.poll() is not None:
        return
    before = len(received)  # counted first: who reads the line may answer it at once
    said = "retrograd: the program has ended, its page stays open until Ctrl-C"
    print(said, file=sys.stderr, flush=True)
    while len(received) == before:
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        return


def _server(path: str) -> subprocess.Popen[bytes]:
    """Start the page's server; it ends when its standard input does, so it never outlives us."""
    detached = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if os.name == "nt"
        else {"start_new_session": True}  # so that Ctrl-C is the program's alone
    )
    return subprocess.Popen(
        [*_interpreter(), "view", "--attached", path],
        stdin=subprocess.PIPE,
        stdout=sys.stderr,  # standard output is the program's
        **detached,  # type: ignore[arg-type]
    )


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.stdin is not None:
        server.stdin.close()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _interpreter() -> list[str]:
    """Return the words that started us, without our arguments: interpreter, its options, module."""
    own = len(sys.argv) - 1
    return [sys.executable, *sys.orig_argv[1 : len(sys.orig_argv) - own]]
