"""Tell the story of one step: every event with its formula, its numbers, and a check of both."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from retrograd.commands import jacobian, story_text, text
from retrograd.commands.language import add_language, catalogue
from retrograd.commands.steps import chosen
from retrograd.explain.comparison import Status
from retrograd.explain.story import Explanation, StepStory, Teller, explain_step
from retrograd.messages import Catalogue
from retrograd.store.errors import RecordingError
from retrograd.store.model import Accumulation, Update
from retrograd.store.reader import load
from retrograd.store.step import Step
from retrograd.store.value import Value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the recording")
    parser.add_argument("--step", default="0", metavar="N", help="a step's number, or last")
    parser.add_argument("--event", metavar="N", help="one event only")
    parser.add_argument("--param", metavar="NAME", help="one number only, such as weights[0]")
    jacobian.add_arguments(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for machines")
    form.add_argument("--markdown", action="store_true", help="to paste into notes")
    form.add_argument("--latex", action="store_true", help="the formulas, to paste into a paper")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the story."""
    words = catalogue(options)
    jacobian.check(options)
    with load(options.file) as recording:
        step = chosen(recording, options.step)
        if options.jacobian is not None:
            jacobian.show(step, options, words)
            return 0
        if options.event is not None:
            one = Teller(step).explain(step.events[_event(step, options.event)])
            story = StepStory(step, (one,))
        else:
            story = explain_step(step)
        if options.param is not None:
            story = _only(story, options.param)
        if options.json:
            print(json.dumps(text.plain(as_json(story, words)), allow_nan=False))
        elif options.latex:
            print("\n".join(story_text.latex(story)))
        else:
            write = story_text.markdown if options.markdown else story_text.lines
            for line in write(story, words):
                print(line)
    return 0


def _event(step: Step, word: str) -> int:
    count = len(step.events)
    if not word.isdecimal() or len(word) > 15 or int(word) >= count:
        raise RecordingError(
            f"step {step.index} has no event {word}: its events are 0 to {count - 1}"
        )
    return int(word)


def _only(story: StepStory, wanted: str) -> StepStory:
    """Return the part of a story that is about one parameter."""
    name, index = _element(wanted)
    names = [parameter.name for parameter in story.step.recording.parameters]
    if name not in names:
        near = get_close_matches(name, names, 3) or names[:5]
        raise RecordingError(f"no parameter {name!r}; there are {', '.join(near)}")
    parameter = story.step.recording.parameters[names.index(name)]
    if index is not None:
        lengths = parameter.shape
        if len(index) > len(lengths) or any(
            not -length <= place < length for place, length in zip(index, lengths, strict=False)
        ):
            raise RecordingError(
                f"{name} has no element {list(index)}: its shape is {text.shape(lengths)}"
            )
    return story.about(parameter.id, index)


def _element(wanted: str) -> tuple[str, tuple[int, ...] | None]:
    """Split ``fc.weight[3,7]`` into the name and the index."""
    found = re.fullmatch(r"(.*?)((?:\[\s*-?\d+\s*(?:,\s*-?\d+\s*)*\])*)", wanted)
    if found is None or not found[2]:
        return wanted, None
    return found[1], tuple(int(number) for number in re.findall(r"-?\d+", found[2]))


# -- for machines -------------------------------------------------------------------------------


def as_json(story: StepStory, words: Catalogue) -> dict[str, Any]:
    """Return the story as plain data."""
    return {
        "step": story.step.index,
        "events": [_event_json(explanation, words) for explanation in story.explanations],
        "verified": story.count(Status.VERIFIED),
        "not_checked": story.count(Status.NOT_CHECKED),
        "wrong": story.count(Status.WRONG),
        "parameters": {
            parameter.name: {
                "before": numbers(parameter.before),
                "grad": numbers(parameter.gradient),
                "after": numbers(parameter.after),
            }
            for parameter in story.parameters
        },
    }


def numbers(value: Value | None) -> Any:
    """Return all elements as nested lists, None where they were not kept."""
    if value is None or value.array is None:
        return None
    return value.array.tolist()


def _event_json(explanation: Explanation, words: Catalogue) -> dict[str, Any]:
    event, check = explanation.event, explanation.check
    return {
        "event": event.index,
        "kind": event.kind,
        "phase": event.phase,
        "title": words.text(explanation.title),
        "source": None
        if event.site is None
        else {
            "file": event.site.path,
            "line": event.site.line,
            "expression": event.site.expression,
        },
        "equations": list(_equations(explanation)),
        "notes": [words.text(note) for note in explanation.notes],
        "check": None
        if check is None
        else {
            "status": check.status.value,
            "reason": check.reason,
            "difference": check.difference,
            "tolerance": check.tolerance,
        },
        **_ledger(explanation),
    }


def _equations(explanation: Explanation) -> Iterator[dict[str, Any]]:
    for line in explanation.lines:
        yield {
            "symbol": line.symbol,
            "formula": None if line.formula is None else line.formula.unicode(line.names),
            "latex": None if line.formula is None else line.formula.latex(line.names),
            "value": numbers(line.value),
        }
    for term in explanation.terms:
        yield {
            "symbol": term.symbol,
            "formula": term.formula.unicode(term.names),
            "latex": term.formula.latex(term.names),
            "value": None if term.value is None else term.value.tolist(),
        }


def _ledger(explanation: Explanation) -> dict[str, Any]:
    event = explanation.event
    if isinstance(event, Accumulation):
        return {
            "before": numbers(event.before),
            "contribution": numbers(event.contribution),
            "after": numbers(event.after),
        }
    if isinstance(event, Update):
        return {
            "before": numbers(event.before),
            "grad": numbers(event.gradient),
            "after": numbers(event.after),
        }
    return {}
