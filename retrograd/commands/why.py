"""Show where one number came from: update, gradient, paths, examples, earlier steps."""

from __future__ import annotations

import argparse
import json

from retrograd.commands import text, why_json, why_text
from retrograd.commands.language import add_language, catalogue
from retrograd.explain.provenance import why
from retrograd.store.errors import StepError
from retrograd.store.reader import Recording, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument(
        "target",
        metavar="NUMBER",
        help="what to explain: 'weights[0]', 'grad fc1.weight[3,-1]', loss, 'output[2]', or the "
        "number of an event",
    )
    parser.add_argument("index", metavar="INDEX", nargs="?", help="'[2,0]', if not in NUMBER")
    parser.add_argument(
        "--step", metavar="N", help="a step's number, last (default), or unfinished"
    )
    parser.add_argument(
        "--depth", type=int, default=1, metavar="N", help="how many ops to go back (1)"
    )
    parser.add_argument(
        "--part",
        action="append",
        choices=why_text.PARTS,
        help="of a parameter, only this part of the answer; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="for machines")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the answer."""
    words = catalogue(options)
    with load(options.file) as recording:
        step = _step(recording, options.step)
        named = "last" if step is None else step
        with recording.guard(f"step {named}"):
            found = why(recording, options.target, options.index, step=step, depth=options.depth)
            if options.json:
                lines = [json.dumps(text.plain(why_json.as_json(found, words)), allow_nan=False)]
            else:
                parts = options.part or why_text.PARTS
                lines = list(why_text.Teller(recording, words).lines(found, parts))
    for line in lines:
        print(line)
    return 0


def _step(recording: Recording, word: str | None) -> int | None:
    """Return the number of the step that a word names; None for the last full one."""
    if word is None or word == "last":
        return None
    if word == "unfinished":
        if recording.unfinished is None:
            raise StepError(f"{recording.path}: nothing was recorded after the last step")
        return recording.unfinished
    if not word.isdecimal() or len(word) > 15:
        raise StepError(f"step {word!r} is not understood: give a number from 0 on, or last")
    return int(word)
