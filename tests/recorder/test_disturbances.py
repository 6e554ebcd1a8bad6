"""P2: what a program or its surroundings do to the recording costs the recording alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import zoo

from recorder.disturbances import ALL, TRAINING
from recorder.jobs import Job, Result, closing_removed, run, said, summary


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Result, Result]]:
    """Every program, bare and recorded."""
    folder = tmp_path_factory.mktemp("disturbances")
    jobs = []
    for number, disturbance in enumerate(ALL.values()):
        program = folder / f"program_{number}.py"
        program.write_text(TRAINING + disturbance.text)
        jobs += [Job(program, recorded=False), Job(program)]
    done = run(jobs, folder / "jobs")
    return dict(zip(ALL, zip(done[::2], done[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", ALL)
def test_the_program_runs_as_it_does_bare(
    name: str, results: dict[str, tuple[Result, Result]]
) -> None:
    """Output, exit code, weights; and of the recording what can be had, with one line at most."""
    bare, got = results[name]
    disturbance = ALL[name]
    assert "Traceback" not in bare.outcome.stderr, bare.outcome.stderr
    outcome = replace(got.outcome, stderr=closing_removed(got.outcome.stderr))
    assert zoo.differences(bare.outcome, outcome) == []
    lines = said(got.outcome.stderr)
    if disturbance.says is None:
        assert lines == []
    else:
        assert len(lines) == 1
        assert re.search(disturbance.says, lines[0])
    found = summary(got.path)
    if disturbance.complete is None:
        assert found is None
    else:
        assert isinstance(found, tuple), found
        assert found[0] is disturbance.complete


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """The program runs unrecorded, and one line says so."""
    program = tmp_path / "program.py"
    program.write_text(TRAINING + "train(2)\n")
    options = ("--budget", "all", "--out", "/proc/self/run.retro")
    bare, got = run(
        [Job(program, recorded=False), Job(program, options=options)], tmp_path / "jobs"
    )
    outcome = replace(got.outcome, stderr=closing_removed(got.outcome.stderr))
    assert zoo.differences(bare.outcome, outcome) == []
    (line,) = said(got.outcome.stderr)
    assert re.search("cannot record to /proc/self/.*; the program runs unrecorded", line)
