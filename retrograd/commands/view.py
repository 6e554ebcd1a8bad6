"""Open a recording as a page in the browser."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import Final

from retrograd.commands import text
from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.server import PORT, serve

LISTED: Final = 20
"""Recordings that are offered to choose from."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="the recording (default: the newest one here)"
    )
    parser.add_argument(
        "--port", type=_port, metavar="N", help=f"port on this machine (default: {PORT})"
    )
    # of `retrograd run --view`: wait for the file, end when standard input does
    parser.add_argument("--attached", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")


def run(options: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C."""
    if options.attached:
        attach(options.file)
    path = options.file or chosen(Path())
    wanted = PORT if options.port is None else options.port

    def opened(address: str) -> None:
        port = int(address.partition("/?")[0].rpartition(":")[2])
        if port != wanted and wanted:
            print(f"retrograd view: port {wanted} is in use, so it is {port}", file=sys.stderr)
        print(f"{os.path.basename(path)} is at {address}", flush=True)
        if not options.attached:  # there, Ctrl-C is the program's
            print("Ctrl-C ends it", flush=True)
        if not options.no_browser and _browser():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(path, options.port, opened)
    return 0


def chosen(folder: Path) -> str:
    """Return the recording of a folder to show: the newest, or the one that a person picks.

    Raises ``RecordingError`` where there is none.
    """
    found = sorted(folder.glob("*.retro"), key=_time, reverse=True)
    if not found:
        raise RecordingError(
            f"no recording (*.retro) in {folder.resolve()}; make one: retrograd run SCRIPT"
        )
    if len(found) == 1 or not (sys.stdin.isatty() and sys.stderr.isatty()):
        if len(found) > 1:
            print(f"the newest of {len(found)} recordings here", file=sys.stderr)
        return str(found[0])
    return str(_asked(found[:LISTED], len(found)))


def _asked(found: list[Path], number: int) -> Path:
    """Let a person pick from a list; just Enter takes the newest."""
    for place, path in enumerate(found, 1):
        print(f"  {place:>2}  {text.safe(path.name):<32} {_told(path)}", file=sys.stderr)
    if number > len(found):
        print(f"      and {number - len(found)} older ones", file=sys.stderr)
    while True:
        print("which one? [1] ", end="", file=sys.stderr, flush=True)
        try:
            word = input().strip() or "1"
        except (EOFError, KeyboardInterrupt):
            raise RecordingError("nothing was chosen") from None
        if word.isdecimal() and 1 <= int(word) <= len(found):
            return found[int(word) - 1]
        print(f"give a number from 1 to {len(found)}", file=sys.stderr)


def _told(path: Path) -> str:
    """Return what a recording holds, in a few words."""
    try:
        with load(path) as recording:
            state = ", still training" if recording.live else ""
            return f"{recording.steps:,} steps{state}, {_ago(time.time() - _time(path))}"
    except RecordingError:
        return "cannot be read"


def _ago(seconds: float) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # it has just been removed
        return 0.0


def attach(path: str) -> None:
    """Wait until a run has begun its file, and end this process when standard input does."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()
    try:
        while True:
            try:
                load(path).close()
            except RecordingError:  # not there yet, or just begun
                time.sleep(0.1)
            else:
                return
    except KeyboardInterrupt:
        sys.exit(0)


def _port(word: str) -> int:
    if not word.isdecimal() or not 0 <= int(word) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{word!r} is no port: give a number from 0 to 65535")
    return int(word)


def _browser() -> bool:
    """Return whether there is a screen that a browser could open on."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return "SSH_CONNECTION" not in os.environ
