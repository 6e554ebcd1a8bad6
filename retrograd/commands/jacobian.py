"""The Jacobian of one op, asked for with ``retrograd explain FILE --jacobian NODE``."""

from __future__ import annotations

import argparse
import json

from retrograd.commands import jacobian_json, jacobian_text, text
from retrograd.explain.jacobian import jacobian
from retrograd.messages import Catalogue
from retrograd.store.errors import RecordingError
from retrograd.store.step import Step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--jacobian",
        metavar="NODE",
        help="the Jacobian of one op: the number of its event, the name of its node (MmBackward0, "
        "MmBackward0#2 for the second), or of its result",
    )
    parser.add_argument(
        "--row", metavar="I", help="with --jacobian: one output element, such as 2 or 2,0"
    )
    parser.add_argument(
        "--col", metavar="I", help="with --jacobian: one input element, such as 1 or 'weights[1,0]'"
    )


def check(options: argparse.Namespace) -> None:
    """Raise ``RecordingError`` for options that mean nothing together."""
    if options.jacobian is None:
        for name in ("row", "col"):
            if getattr(options, name) is not None:
                raise RecordingError(f"--{name} belongs to --jacobian NODE")
    elif options.event is not None or options.param is not None:
        raise RecordingError("--jacobian shows one op: leave out --event and --param")


def show(step: Step, options: argparse.Namespace, words: Catalogue) -> None:
    """Print the Jacobian in the form that was asked for."""
    found = jacobian(step, options.jacobian, options.row, options.col)
    if options.json:
        print(json.dumps(text.plain(jacobian_json.as_json(found, words)), allow_nan=False))
        return
    if options.latex:
        rows = jacobian_text.latex(found)
    elif options.markdown:
        rows = jacobian_text.markdown(found, words)
    else:
        rows = jacobian_text.lines(found, words)
    for row in rows:
        print(row)
