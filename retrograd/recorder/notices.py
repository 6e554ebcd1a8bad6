"""What the recorder says on stderr: short, prefixed, never a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any


def say(text: str) -> None:
    """Print one line on stderr."""
    _write(f"retrograd: {' '.join(text.split())}")


def _write(text: str) -> None:
    """Print on stderr; where that is closed or full, the program is not to suffer for it."""
    try:
        try:
            sys.stderr.write(f"{text}\n")
        except UnicodeEncodeError:
            sys.stderr.write(text.encode("ascii", "replace").decode() + "\n")
        sys.stderr.flush()
    except Exception:
        pass


def unrecorded(path: str, reason: BaseException) -> None:
    """Say that there will be no recording."""
    say(f"cannot record to {path} ({told(reason)}); the program runs unrecorded")


def told(error: BaseException) -> str:
    """Return an exception in a few words."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def stopped(step: int, where: str, reason: str, path: str) -> None:
    """Say that recording has stopped and the program goes on."""
    say(
        f"recording stopped at step {step} ({where}: {reason}); "
        f"the program goes on, and {path} keeps what was recorded until then"
    )


def closing(path: str, lines: Callable[[], str]) -> None:
    """Print the lines that close a run."""
    try:
        _write(lines())
    except Exception:  # the recording is whole; `retrograd summary` will say what it holds
        _write(f"retrograd recorded the training to {path}")


def as_json(detail: dict[str, Any]) -> str:
    """Return a detail as JSON text."""
    return json.dumps(detail, default=str)
