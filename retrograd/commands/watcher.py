"""The process beside ``retrograd run``: it reads the file that is being written, and judges it.

It tells exact findings on stderr as they come. A line on its standard input asks for the short
lines that close the run, on its standard output; the end of its input ends it. Whatever goes wrong
in it stays in it: it then tells nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from retrograd.diagnose.live import Watch

SHARE: Final = 0.02
"""Part of one processor's time that looking may take while the program runs."""
FREE: Final = 1.0
"""Seconds of a processor that it may take in any case, so that short runs are judged soon."""
PAUSE: Final = 1.0
"""Least seconds between two looks."""
CLOSING_STEPS: Final = 48
"""Full steps that the closing lines look at; ``retrograd diagnose`` looks at more."""
MOST_LINES: Final = 5


def main(path: str, language: str) -> None:
    """Watch a file until standard input ends."""
    ended = threading.Event()
    threading.Thread(target=_listen, args=(ended,), daemon=True).start()
    began = time.monotonic()
    pause = PAUSE
    watch = None
    while not ended.wait(pause):
        if not os.path.exists(path):
            continue
        try:
            if watch is None:
                watch = _watch(path)  # imports NumPy and the rules: only where something is judged
            for line in _told(watch, language):
                print(line, file=sys.stderr, flush=True)
        except Exception:
            pause = 2 * pause  # the file may be just beginning, or broken: look less often
        else:
            owed = (time.process_time() - FREE) / SHARE - (time.monotonic() - began)
            pause = max(PAUSE, owed)
    try:
        for line in found(path, language):
            print(line)
        sys.stdout.flush()
    except Exception:
        pass


def _listen(ended: threading.Event) -> None:
    """Wait for the line that ends the run; without one, the program was killed."""
    if not sys.stdin.readline():
        os._exit(0)
    ended.set()


def _watch(path: str) -> Watch:
    from retrograd.diagnose import settings
    from retrograd.diagnose.live import Watch

    return Watch(path, settings.read(Path.cwd()))


def _told(watch: Watch, language: str) -> list[str]:
    from retrograd.commands import text
    from retrograd.messages import Catalogue

    found = watch.look()
    words = Catalogue(language) if found else None
    lines = []
    for finding in found:
        assert words is not None
        where = "" if finding.site is None else f" {text.place(finding.site)}"
        said = " ".join(words.text(finding.message).split())
        lines.append(f"retrograd: {finding.code} {finding.name}{where}: {text.safe(said)}")
    return lines


def found(path: str, language: str) -> list[str]:
    """Return the findings of a finished recording, one short line for each."""
    from retrograd.commands import text
    from retrograd.commands.prose import Prose
    from retrograd.diagnose import settings
    from retrograd.diagnose.diagnosis import diagnose
    from retrograd.messages import Catalogue
    from retrograd.store.reader import load

    with load(path) as recording:
        chosen = settings.read(Path.cwd())
        diagnosis = diagnose(recording, chosen, CLOSING_STEPS)
    say = Prose(Catalogue(language)).say
    lines = []
    for finding in diagnosis.findings[:MOST_LINES]:
        where = "" if finding.site is None else f" {text.place(finding.site)}"
        severity = say(f"diagnose-{finding.severity}")
        lines.append(f"{finding.code} {finding.name} ({severity}){where}")
    more = len(diagnosis.findings) - MOST_LINES
    if more > 0:
        lines.append(say("closing-more-found", count=more))
    return lines or [say("closing-nothing-found", count=len(diagnosis.clean))]


if __name__ == "__main__":
    main(*sys.argv[1:])
