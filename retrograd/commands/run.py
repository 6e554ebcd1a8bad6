"""Run a training script unmodified and record it.

Everything after the script (or after ``-m module``) belongs to the program.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from retrograd.commands.language import add_language
from retrograd.messages.locale import locale_language
from retrograd.store.errors import RecordingError
from retrograd.store.writer import free_name

if TYPE_CHECKING:
    from retrograd.commands.watched_run import Watcher
    from retrograd.recorder.launch import Close

_VALUED: Final = ("--out", "--budget", "--every", "--steps", "--keep", "--lang")
_FLAGS: Final = ("--quiet", "-q", "--view", "--no-live", "--help", "-h")


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
    parser.add_argument("--view", action="store_true", help="show the page while the program runs")
    parser.add_argument(
        "--no-live", action="store_true", help="do not judge the training while it runs"
    )
    parser.add_argument(
        "--quiet", "-q", action="store_true", help="no summary at the end, nothing judged"
    )
    add_language(parser)


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
    if options.view:
        return partial(_viewed, path)
    explain = partial(_why_it_failed, options.lang, options.quiet)
    watch = None if options.no_live or options.quiet else partial(_watcher, path, options.lang)
    closer = partial(_closer, options.lang)
    return partial(
        launch, program, path, wanted, options.keep, options.quiet, explain, watch, closer
    )


def _watcher(path: str, language: str | None) -> Watcher:
    from retrograd.commands.watched_run import Watcher

    return Watcher(path, language or locale_language())


def _closer(language: str | None) -> Close:
    from retrograd.commands.closing import closing  # only a run that ends pays for it
    from retrograd.commands.prose import Prose
    from retrograd.messages import Catalogue

    prose = Prose(Catalogue(language or locale_language()))
    return partial(closing, prose)


def _why_it_failed(language: str | None, quiet: bool, path: str, shown: str) -> bool:
    from retrograd.commands.failure_text import told  # only a program that failed pays for it

    said = told(path, shown, language)
    if said and not quiet:
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        print(said.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)
    return bool(said)


def _viewed(path: str) -> int:
    from retrograd.commands.viewed_run import run_and_view  # most runs are not viewed

    own, _ = split(sys.argv[2:])
    rest = sys.argv[2 + len(own) :]
    return run_and_view(["--out", path, *(word for word in own if word != "--view"), *rest], path)
