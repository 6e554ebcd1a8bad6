"""``retrograd``: finds the subcommand and turns bad input into one line and exit code 2."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from retrograd import __version__
from retrograd.store.errors import RecordingError

# Subcommand -> what it is for. Each is the module of that name beside this one; only the one that
# is called gets imported, so that no command waits for the libraries of another.
COMMANDS: Final = {
    "run": "run a training script and record it",
    "summary": "what a recording holds",
    "steps": "the events of one step, in order",
    "explain": "the story of one step, every number with its formula",
    "why": "where one number came from",
    "diagnose": "why it does not learn: the fault, its line, the fix",
    "tensor": "what a tensor is beyond its numbers: shape, memory, precision, autograd",
    "diff": "where two recordings of the same training part",
    "view": "step through a recording in the browser",
    "export": "write that page as one file that works offline",
}


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, and end with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0, 2 for bad input, or the command's own."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0].startswith("-") or words[0] not in COMMANDS:
        return _overview(words)
    name = words[0]
    command: Any = importlib.import_module(f"retrograd.commands.{name}")
    parser = Parser(prog=f"retrograd {name}", description=command.__doc__.partition("\n")[0])
    command.add_arguments(parser)
    try:
        if hasattr(command, "split"):  # what follows the options belongs to the user's program
            own, rest = command.split(words[1:])
            options = parser.parse_args(own)
            options.words = rest
        else:
            options = parser.parse_args(words[1:])
        outcome = command.run(options)
    except RecordingError as error:
        print(f"retrograd {name}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    # what a program raises is its own, also where it looks like an error of ours
    return int(outcome() if callable(outcome) else outcome)


def _overview(words: list[str]) -> int:
    parser = Parser(
        prog="retrograd",
        description="Records a PyTorch training run and explains every number in it.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n"
        + "\n".join(f"  {name:<10} {purpose}" for name, purpose in COMMANDS.items())
        + "\n\nretrograd COMMAND --help shows the options of a command.",
        usage="retrograd COMMAND [OPTIONS] …",
    )
    parser.add_argument("--version", action="version", version=f"retrograd {__version__}")
    if not words:
        parser.print_help(sys.stderr)
        return 2
    if not words[0].startswith("-"):
        import difflib

        if words[0].endswith((".py", ".ipynb")):
            parser.error(f"to record {words[0]}, type: retrograd run {' '.join(words)}")
        near = difflib.get_close_matches(words[0], COMMANDS, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(COMMANDS)}"
        parser.error(f"no command {words[0]!r}{hint}")
    parser.parse_args(words)
    return 0
