"""Programs of tests/faults whose fault is told by where it stands: code and line come first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from recordings import ROOT, record

import retrograd
from retrograd.diagnose.diagnosis import diagnose

FAULTS = (
    "blanked_for_a_test",
    "column_of_ones_beside_a_bias",
    "decay_of_three",
    "examples_and_labels_shuffled_apart",
    "frozen_from_the_fifth_step",
    "joined_by_numpy",
    "logarithm_of_a_raw_output",
    "made_twice_for_two_players",
    "no_grad_over_a_method",
    "one_score_through_softmax",
    "scores_with_the_wrong_sign",
    "state_kept_within_a_step",
    "two_halves_two_optimizers",
    "zeros_in_every_layer",
)
"""Of the corpus of ``make bench-diagnose``: quick ones, each of another kind."""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The recordings of the programs, by name."""
    programs = [ROOT / "tests" / "faults" / f"{name}.py" for name in FAULTS]
    found = record(programs, tmp_path_factory.mktemp("faults"))
    return {path.stem: recording for path, recording in found.items()}


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_told_first_and_at_its_line(name: str, recordings: dict[str, Path]) -> None:
    head = (ROOT / "tests" / "faults" / f"{name}.py").read_text().splitlines()[0]
    expected = re.match(r"# expect: (R\d+) line (\d+)", head)
    assert expected is not None
    with retrograd.load(recordings[name]) as recording:
        first = diagnose(recording).findings[0]
    assert first.site is not None
    assert (first.code, first.site.line) == (expected[1], int(expected[2]))
