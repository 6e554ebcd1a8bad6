"""Show what a tensor is beyond its numbers: rank, memory, precision, autograd, who uses it."""

from __future__ import annotations

import argparse
import json

from retrograd.commands import tensor_json, tensor_text, text
from retrograd.commands.language import add_language, catalogue
from retrograd.commands.steps import chosen
from retrograd.explain.tensor_card import card_in
from retrograd.store.reader import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument(
        "name",
        metavar="NAME",
        help="a tensor's name, NAME.grad, or the number of the event that made it",
    )
    parser.add_argument("--step", default="0", metavar="N", help="a step's number (0), or last")
    parser.add_argument(
        "--part",
        action="append",
        choices=tensor_text.PARTS,
        help="only this part of the card; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="for machines")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the card."""
    words = catalogue(options)
    with load(options.file) as recording:
        step = chosen(recording, options.step)
        with recording.guard(f"step {step.index}"):
            card = card_in(step, options.name)
            if options.json:
                lines = [json.dumps(text.plain(tensor_json.as_json(card, words)), allow_nan=False)]
            else:
                parts = options.part or tensor_text.PARTS
                lines = list(tensor_text.Teller(card, words).lines(parts))
    for line in lines:
        print(line)
    return 0
