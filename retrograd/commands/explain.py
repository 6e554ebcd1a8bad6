"""Tell the story of one step: every event with its formula, its numbers, and a check of both."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import numpy as np

from retrograd.commands import failure_text, jacobian, story_text, text
from retrograd.commands.language import add_language, catalogue
from retrograd.commands.steps import chosen
from retrograd.explain.check import Status
from retrograd.explain.provenance_target import Finder, Target
from retrograd.explain.story import Explanation, StepStory, Teller, explain_step
from retrograd.explain.worked import Worked
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
    parser.add_argument(
        "--error", action="store_true", help="why the run ended with an error of PyTorch's"
    )
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
        if options.error:
            failure_text.show(recording, options.json, words)
            return 0
        step = chosen(recording, options.step)
        with recording.guard(f"step {step.index}"):
            _show(step, options, words)
    return 0


def _show(step: Step, options: argparse.Namespace, words: Catalogue) -> None:
    if options.jacobian is not None:
        jacobian.show(step, options, words)
        return
    about = None if options.param is None else _parameter(step, options.param)
    focus = None if about is None or about.parameter is None else (about.parameter, about.index)
    if options.event is not None:
        one = Teller(step, focus).explain(step.events[_event(step, options.event)])
        story = StepStory(step, (one,))
    else:
        story = explain_step(step, focus)
        if focus is not None:
            story = story.about(focus[0])
    if options.json:
        print(json.dumps(text.plain(as_json(story, words)), allow_nan=False))
    elif options.latex:
        print("\n".join(story_text.latex(story)))
    else:
        write = story_text.markdown if options.markdown else story_text.lines
        for line in write(story, words):
            print(line)


def _event(step: Step, word: str) -> int:
    count = len(step.events)
    if not word.isdecimal() or len(word) > 15 or int(word) >= count:
        raise RecordingError(
            f"step {step.index} has no event {word}: its events are 0 to {count - 1}"
        )
    return int(word)


def _parameter(step: Step, wanted: str) -> Target:
    """Return which parameter, and perhaps which of its elements, a story is to be about."""
    names = [parameter.name for parameter in step.recording.parameters]
    asked = wanted.strip()
    if not any(asked.removeprefix(name)[:1] in ("", "[", ".") for name in names):
        name = asked.partition("[")[0]
        near = get_close_matches(name, names, 3) or names[:5]
        raise RecordingError(
            f"{name} is no parameter; --param takes one of {', '.join(near)}. For any other value: "
            f"retrograd why {step.recording.path} '{asked}' --step {step.index}"
        )
    finder = Finder(step)
    return finder.find(asked) if "[" in asked else finder.find_tensor(asked)


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
            "role": line.role,
            "value": numbers(line.value),
            "worked": _worked(line.worked),
            "summed": _worked(line.summed),
        }
    for term in explanation.terms:
        yield {
            "symbol": term.symbol,
            "formula": term.formula.unicode(term.names),
            "latex": term.formula.latex(term.names),
            "role": None,
            "value": None if term.value is None else term.value.tolist(),
            "worked": _worked(term.worked),
            "summed": None,
        }


def _worked(found: Worked | None) -> dict[str, Any] | None:
    """Return the arithmetic of one element."""
    if found is None:
        return None
    result = np.asarray(found.result).item()
    return {"index": list(found.index), "numbers": found.numbers, "result": result}


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
