"""Every event of every program is explained: no gap, no false alarm, the formula is the rule's."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
import zoo
from rich.cells import cell_len

import retrograd
from retrograd.commands import story_text, text
from retrograd.commands.explain import as_json
from retrograd.explain.arguments import Names
from retrograd.explain.check import Status
from retrograd.explain.engine import check_op
from retrograd.explain.formula import Formula
from retrograd.explain.rules import find
from retrograd.explain.simplified import for_call, simplified
from retrograd.explain.story import StepStory, explain_step
from retrograd.messages import LANGUAGES, Catalogue
from retrograd.store.model import Op
from retrograd.store.reader import Recording
from retrograd.store.step import Step

# What may stay unchecked in a program that was recorded with all its values.
REASONS = {
    "opaque-node",  # a custom autograd.Function
    "no-op-recorded",  # made out of the recorder's sight: torch.compile, another thread
    "values-not-kept",  # of large tensors
    "lbfgs",
    "unknown-optimizer",
    "grad-consumed",
    "saved-values-unseen",  # hooks on saved tensors keep them elsewhere
    "subclass",  # a tensor of torch.compile's that has no elements
}


def steps(recording: Recording) -> Iterator[Step]:
    """Yield the first two full steps and the last."""
    listed = recording.full_steps
    for number in sorted({*listed[:2], *listed[-1:]}):
        yield recording.step(number)


@pytest.mark.parametrize("name", zoo.NAMES)
def test_a_program_is_explained(name: str) -> None:
    """All events, for people and for machines; nothing is called wrong."""
    with retrograd.load(zoo.recording(name)) as recording:
        for step in steps(recording):
            story = explain_step(step)
            assert len(story.explanations) == len(step.events)
            check(story)
            words = Catalogue(LANGUAGES[step.index % len(LANGUAGES)])
            assert list(story_text.lines(story, words))
            assert list(story_text.markdown(story, words))
            json.dumps(text.plain(as_json(story, words)), allow_nan=False)
            assert list(story_text.latex(story))[-1] == r"\end{align*}"


def check(story: StepStory) -> None:
    """Demand that every check held, or could not be made for a known reason."""
    for explanation in story.explanations:
        found = explanation.check
        if found is None:
            continue
        where = f"step {story.step.index}, event {explanation.event.index}: {found}"
        assert found.status is not Status.WRONG, where
        if found.status is Status.NOT_CHECKED and not isinstance(explanation.event, Op):
            assert found.reason in REASONS, where


@pytest.mark.parametrize("width", [60, 80])
def test_every_line_fits(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Matrices that are too wide beside their name stand below it; titles are wrapped."""
    monkeypatch.setenv("COLUMNS", str(width))
    for name in ("xor", "digits_cnn"):
        with retrograd.load(zoo.recording(name)) as recording:
            story = explain_step(recording.step(0))
            for language in LANGUAGES:
                for line in story_text.lines(story, Catalogue(language)):
                    assert cell_len(line) <= width, line


@pytest.mark.parametrize("name", ["or_gate", "gpt", "lstm", "digits_cnn", "complex_model", "vae"])
def test_a_simplified_formula_comes_to_the_same(name: str) -> None:
    """What is shown is the rule's formula with less to read, not another one."""
    compared = 0
    with retrograd.load(zoo.recording(name)) as recording:
        for step in steps(recording):
            for op in step.ops:
                known = find(op.name)
                if known is None or check_op(op).status is not Status.VERIFIED:
                    continue
                values = Names(op)
                shown = for_call(known.formula, op).evaluate(values)
                for ours, theirs in zip(
                    as_tuple(shown), as_tuple(known.formula.evaluate(values)), strict=True
                ):
                    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
                    compared += 1
    assert compared > 5


def as_tuple(found: object) -> tuple[object, ...]:
    """Return results as a tuple."""
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize(
    ("formula", "constants", "shown"),
    [
        ("self + alpha * other", {"alpha": 1}, "self + other"),
        ("self + alpha * other", {"alpha": 2.5}, "self + 2.5 · other"),
        ("G * conj(alpha)", {"alpha": 1}, "G"),
        ("-given(weight, 1) * x", {"weight": None}, "−x"),
        ("given(weight, 1) * x", {}, "weight · x"),
        ("reduced(x, reduction)", {"reduction": 1}, "mean(x)"),
        ("reduced(x, reduction)", {"reduction": 0}, "x"),
        ("G * share(x, reduction)", {"reduction": 1}, "G / 6"),
        ("G * share(x, reduction)", {"reduction": 2}, "G"),
        ("a if flag else b", {"flag": False}, "b"),
        ("a if p > 0.5 else b", {"p": 0.7}, "a"),
        ("a if weight is None else b", {}, "b"),
        ("a if weight is None else b", {"weight": None}, "a"),
        ("x ** exponent", {"exponent": 2}, "x²"),
        ("x ** exponent", {"exponent": 1.0}, "x"),
        ("exponent * x ** (exponent - 1)", {"exponent": 2}, "2 · x"),
        ("nll(x, y, weight, 1, -100)", {"weight": None}, "meanᵢ(−x[i, yᵢ])"),
        ("nll_vjp(G, x, y, weight, 2, -100, n)", {"weight": None}, "(−G at [i, yᵢ], else 0)"),
        ("power_slope(x, exponent)", {"exponent": 2}, "2 · x"),
        ("G * power_slope(x, exponent)", {"exponent": 3}, "G · 3 · x²"),
        ("power_slope(x, exponent)", {"exponent": 1}, "1"),
        ("x - c", {"c": -3}, "x − (−3)"),
        ("x / eps", {"eps": float("inf")}, "x / eps"),
    ],
)
def test_what_is_left_out(formula: str, constants: dict[str, object], shown: str) -> None:
    """Constants stand as numbers; what changes nothing goes."""
    found = simplified(Formula(formula), constants, {"x": 6, "weight": 6}, real=True)
    assert found.unicode() == shown


def test_a_complex_call_keeps_its_conjugates() -> None:
    """For complex numbers the bar over a factor matters."""
    found = simplified(Formula("G * conj(x)"), {}, {"x": 6}, real=False)
    assert "conj" in found.text
