"""Run a training script unmodified and record it.

Everything after the script (or after ``-m module``) belongs to the program.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from typing import Final

from retrograd.store.errors import RecordingError
from retrograd.store.writer import free_name

_VALUED: Final = ("--out", "--budget", "--every", "--steps", "--keep")
_FLAGS: Final = ("--quiet", "-q", "--help", "-h")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "retrograd run [OPTIONS] script.py [ARGS…]   or   … -m package.module [ARGS…]"
    parser.add_argument(
        "--out", metavar="FILE", help="file to write (default: <script>.retro in this directory)"
    )
    parser.add_argument(
        "--budget",
        default="10%",
        metavar="SHARE",
        help="time that recording may take, relative to the program's: 10%% (default), all "
        "(every step in full), 0 (loss and norms only)",
    )
    parser.add_argument("--every", metavar="N", help="record every N-th step in full instead")
    parser.add_argument("--steps", metavar="LIST", help="record these in full: 0,10,500-520")
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="PATTERN",
        help="keep large values of parameters whose name matches whole; '*' keeps every value",
    )
    parser.add_argument("--quiet", "-q", action="store_true", help="no summary at the end")


def split(words: list[str]) -> tuple[list[str], list[str]]:
    """Tell our own options from the program and its arguments."""
    index = 0
    while index < len(words):
        word = words[index]
        if word in _VALUED:
            index += 2
        elif word in _FLAGS or word.startswith(tuple(f"{name}=" for name in _VALUED)):
            index += 1
        elif word.startswith("-") and word not in ("-m", "--"):
            index += 1  # the parser will say that it knows no such option
        else:
            break
    rest = words[index:]
    return words[:index], rest[1:] if rest[:1] == ["--"] else rest


def run(options: argparse.Namespace) -> Callable[[], int]:
    """Check the options; returns what runs the program and gives its exit code."""
    # inside, so that the other commands work where there is no torch
    from retrograd.recorder.launch import launch
    from retrograd.recorder.policy import PolicyError, policy
    from retrograd.recorder.program import Program

    try:
        wanted = policy(options.budget, options.every, options.steps)
    except PolicyError as error:
        raise RecordingError(str(error)) from None
    program = Program.find(options.words)
    out = options.out
    if out is None:
        out = f"{program.stem}.retro"
    else:
        folder = os.path.dirname(os.path.abspath(out))
        if not os.path.isdir(folder):
            raise RecordingError(f"--out {out}: there is no directory {folder}; create it first")
        if os.path.isdir(out):
            raise RecordingError(f"--out {out} is a directory; give the name of a file in it")
    path = free_name(os.path.abspath(out))
    return partial(launch, program, path, wanted, options.keep, options.quiet)
