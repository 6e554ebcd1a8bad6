"""Compare two recordings of what should be the same training."""

from __future__ import annotations

import argparse
import json
import math

from retrograd.commands import diff_text, text
from retrograd.commands.language import add_language, catalogue
from retrograd.explain.differences import compare
from retrograd.store.errors import RecordingError
from retrograd.store.reader import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("first", metavar="A", help="a recording")
    parser.add_argument("second", metavar="B", help="a recording of the same training")
    parser.add_argument(
        "--rtol",
        default="0",
        metavar="X",
        help="let numbers pass that differ by no more than this, relative to the largest element "
        "of their tensor (0: bit for bit)",
    )
    parser.add_argument("--json", action="store_true", help="for machines")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print where they part; 0 where they are the same, 1 where they are not."""
    words = catalogue(options)
    tolerance = _tolerance(options.rtol)
    with load(options.first) as one, load(options.second) as other:
        for recording in (one, other):
            if not recording.steps and recording.unfinished is None:
                raise RecordingError(f"{recording.path} holds no step: there is nothing to compare")
        found = compare(one, other, tolerance)
        if options.json:
            print(json.dumps(text.plain(diff_text.as_json(found, words)), allow_nan=False))
        else:
            for line in diff_text.Teller(found, words).lines():
                print(line)
    return 0 if found.equal else 1


def _tolerance(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not math.isfinite(value) or value < 0:
        raise RecordingError(f"--rtol {word} is not understood: give a number such as 1e-5")
    return value
