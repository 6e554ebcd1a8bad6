"""What the recorder says on stderr: short, prefixed, never a traceback."""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import Any

from retrograd.recorder.policy import FLOOR_SECONDS


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


def closing(recorder: Any, path: str, found: list[str]) -> None:
    """Print what a finished recording holds, what was found in it, and what to type next."""
    try:
        _write(_closing(recorder, path, found))
    except Exception:  # the recording is whole; `retrograd summary` will say what it holds
        _write(f"retrograd recorded the training to {path}")


def _closing(recorder: Any, path: str, found: list[str]) -> str:
    from retrograd.recorder.description import (
        description,
    )  # imports torch, which the run has by now

    light = recorder.steps - recorder.full_steps
    rows = [
        ("steps", f"{recorder.steps:,} ({light:,} light, {recorder.full_steps:,} full)"),
        ("file", f"{path} ({_bytes(recorder.path)})"),
        ("overhead", _overhead(recorder)),
    ]
    figures = description(recorder)
    first, last = figures["loss_first"], figures["loss_last"]
    if first is not None and last is not None:
        rows.append(("loss", f"{first:.6g} → {last:.6g}"))
    if recorder.exit["kind"] == "exception":
        rows.append(("ended", f"by {recorder.exit['type']} in step {recorder.steps}"))
    for gap in figures["not_recorded"]:
        said = ", ".join(filter(None, [gap["why"].replace("-", " "), gap["detail"]]))
        rows.append(("left out", f"{said} ({gap['count']}×)"))
    rows += [("" if number else "found", line) for number, line in enumerate(found)]
    quoted = shlex.quote(path)
    rows.append(("next", f"retrograd view {quoted}"))
    if recorder.full_steps:
        rows.append(("", f"retrograd explain {quoted} --step {recorder.first_full}"))
    rows.append(("", f"retrograd diagnose {quoted}"))
    rows.append(("", f"retrograd summary {quoted}"))
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {text}" for name, text in rows]
    return "\n".join(["retrograd recorded the training", *lines])


def _overhead(recorder: Any) -> str:
    spent = recorder.account.seconds
    text = f"{recorder.account.overhead:.0%} ({spent:.2f} s in all"
    if recorder.policy.bounded and spent <= FLOOR_SECONDS:
        return f"{text}; the first {FLOOR_SECONDS:g} s are always spent)"
    return f"{text})"


def _bytes(path: str) -> str:
    size = float(os.path.getsize(path))
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def as_json(detail: dict[str, Any]) -> str:
    """Return a detail as JSON text."""
    return json.dumps(detail, default=str)
