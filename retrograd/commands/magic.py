"""The ``%%retrograd`` cell magic: records the training in one notebook cell."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

from retrograd.commands.cli import Parser
from retrograd.commands.failure_text import told
from retrograd.store.reader import Recording, load


def register(shell: Any) -> None:
    """Add the magic to an IPython shell."""
    shell.register_magic_function(_magic(shell), "cell", "retrograd")


def _magic(shell: Any) -> Any:
    def retrograd(line: str, cell: str) -> Recording | None:
        """Record the training in this cell: %%retrograd [FILE] [--budget 10%] [--every N] …"""
        options = _parsed(line)
        if options is None:
            return None
        from retrograd.recorder.record import record  # here, because it imports torch's watchers

        try:
            recording = record(
                options.file,
                budget=options.budget,
                every=options.every,
                steps=options.steps,
                keep=tuple(options.keep),
            )
        except ValueError as error:
            print(f"retrograd: {error}")
            return None
        with recording:
            outcome = shell.run_cell(cell)
            recording.failed(outcome.error_in_exec)
        if recording.result is None:
            return None
        if outcome.error_in_exec is not None:
            said = told(recording.path)
            if said:
                print(said)
        found = load(recording.path)
        shell.user_ns["recording"] = found
        return found

    return retrograd


def _parsed(line: str) -> argparse.Namespace | None:
    parser = Parser(prog="%%retrograd", add_help=False)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--budget", default="10%")
    parser.add_argument("--every")
    parser.add_argument("--steps")
    parser.add_argument("--keep", action="append", default=[])
    try:
        return parser.parse_args(shlex.split(line))
    except ValueError as error:
        print(f"retrograd: {line!r} is not understood ({error})")
        return None
    except SystemExit:  # the parser has said why
        return None
