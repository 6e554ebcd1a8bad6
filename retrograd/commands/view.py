"""Open a recording as a page in the browser."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import webbrowser
from pathlib import Path

from retrograd.store.errors import RecordingError
from retrograd.views.server import PORT, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="the recording (default: the newest one here)"
    )
    parser.add_argument(
        "--port", type=_port, metavar="N", help=f"port on this machine (default: {PORT})"
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")


def run(options: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C."""
    path = options.file or newest(Path())
    wanted = PORT if options.port is None else options.port

    def opened(address: str) -> None:
        port = int(address.partition("/?")[0].rpartition(":")[2])
        if port != wanted and wanted:
            print(f"retrograd view: port {wanted} is in use, so it is {port}", file=sys.stderr)
        print(f"{os.path.basename(path)} is at {address}\nCtrl-C ends it", flush=True)
        if not options.no_browser and _browser():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(path, options.port, opened)
    return 0


def newest(folder: Path) -> str:
    """Return the newest recording of a folder. Raises ``RecordingError`` where there is none."""
    found = sorted(folder.glob("*.retro"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise RecordingError(
            f"no recording (*.retro) in {folder.resolve()}; make one: retrograd run SCRIPT"
        )
    if len(found) > 1:
        print(f"the newest of {len(found)} recordings here", file=sys.stderr)
    return str(found[-1])


def _port(word: str) -> int:
    if not word.isdecimal() or not 0 <= int(word) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{word!r} is no port: give a number from 0 to 65535")
    return int(word)


def _browser() -> bool:
    """Return whether there is a screen that a browser could open on."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return "SSH_CONNECTION" not in os.environ
