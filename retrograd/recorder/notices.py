"""What the recorder says on stderr: short, prefixed, never a traceback."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(text: str) -> None:
    """Print one line on stderr; a closed stderr is no reason to disturb the program."""
    try:
        sys.stderr.write(f"retrograd: {text}\n")
        sys.stderr.flush()
    except Exception:
        pass


def stopped(step: int, where: str, reason: str, path: str) -> None:
    """Say that recording has stopped and the program goes on."""
    say(
        f"recording stopped at step {step} ({where}: {reason}); "
        f"the program goes on, and {path} keeps what was recorded until then"
    )


def as_json(detail: dict[str, Any]) -> str:
    """Return a detail as JSON text."""
    return json.dumps(detail, default=str)
