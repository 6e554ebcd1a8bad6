"""The TypeScript side knows exactly what the Python side sends."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import ROOT

from retrograd.store.reader import load
from retrograd.views.answers import Answers
from retrograd.views.data.typescript import typescript

WIRE = ROOT / "viewer" / "src" / "data" / "wire.ts"
STRUCTURE = ROOT / "viewer" / "tests" / "or_gate_structure.json"


def test_the_types_are_fresh() -> None:
    fresh = "python -m retrograd.views.data.typescript > viewer/src/data/wire.ts"
    assert WIRE.read_text(encoding="utf-8") == typescript(), f"stale: run {fresh}"


def test_the_structure_of_the_unit_tests_is_fresh(or_gate: Path) -> None:
    """The viewer's unit tests read a real structure; it must be today's."""
    with load(or_gate) as recording:
        answers = Answers(recording)
        found = json.loads(answers.answer("structure/437"))
    assert json.loads(STRUCTURE.read_text(encoding="utf-8")) == found, (
        f"stale: write the answer to structure/437 of examples/or_gate.py to {STRUCTURE}"
    )
