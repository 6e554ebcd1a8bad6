"""Recording changes nothing: output, exit code, exceptions and the final state, bit for bit."""

from __future__ import annotations

import functools
from concurrent.futures import Future
from dataclasses import replace

import pytest
from zoo import (
    NAMES,
    RECORD_OPTIONS,
    Outcome,
    bare,
    differences,
    later,
    launcher_frames_removed,
    program,
    recorded,
    recording,
    run_bare,
    start,
)

EXIT_CODES = {"raises": 1, "stale_update": 1, "exits": 3}
SHOWS_STACK = {"anomaly"}  # PyTorch's warning lists all frames, the launcher's among them
SAMPLED = ["hooks", "lbfgs", "or_gate", "raises"]
FEW_STEPS = [("--budget", "10%"), ("--budget", "0")]

# a line added to a program -> how the difference that it makes begins
PLANTED = {
    "torch.rand(1)": "state <torch.random>: ",
    "import random; random.random()": "state <random>: ",
    "import numpy; numpy.random.rand()": "state <numpy.random>: ",
    "gate.w.data.view(torch.int32)[0] ^= 1": "state gate.w: sha256: ",
    "gate.b.grad = None": "state gate.b.grad: ",
    "torch.set_grad_enabled(False)": "state <grad enabled>: ",
    "print()": "stdout: ",
    "import warnings; warnings.warn('x')": "stderr: ",
    "raise SystemExit(4)": "exit code: 0 -> 4",
    "import os; os._exit(0)": "state: written -> not written",
}


@pytest.fixture(scope="module", autouse=True)
def prefetch(request: pytest.FixtureRequest) -> None:
    """Start the programs of all selected tests, two at a time."""
    wanted = set()
    for item in request.session.items:
        call = getattr(item, "callspec", None)
        if item.path == request.path and call is not None and "name" in call.params:
            wanted.add(call.params["name"])
    for name in NAMES:
        if name in wanted:
            start([name])
            start([name], *RECORD_OPTIONS)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Outcome]]:
    """Runs of ``or_gate`` with one more line each."""
    runs = {}
    for addition in PLANTED:
        path = tmp_path_factory.mktemp("planted") / "or_gate.py"
        path.write_text(f"{program('or_gate').read_text()}\n{addition}\n")
        runs[addition] = later(functools.partial(run_bare, path))
    return runs


@pytest.mark.parametrize("name", NAMES)
def test_program_runs_as_it_does_bare(name: str) -> None:
    outcome = bare(name)
    assert outcome.returncode == EXIT_CODES.get(name, 0), outcome.stderr
    assert outcome.stdout
    assert outcome.state is not None
    assert "error" not in outcome.state, outcome.state["error"]
    got = recorded(name)
    if name in SHOWS_STACK:
        got = replace(got, stderr=launcher_frames_removed(got.stderr))
    assert differences(outcome, got) == []


@pytest.mark.parametrize("name", NAMES)
def test_program_is_recorded(name: str) -> None:
    assert recording(name).stat().st_size > 0
    said = [line for line in recorded(name).stderr.splitlines() if line.startswith("retrograd:")]
    assert said == []


@pytest.fixture(scope="module")
def few_steps() -> None:
    """Start the runs of which few steps are recorded."""
    for options in FEW_STEPS:
        start(SAMPLED, *options)


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("options", FEW_STEPS, ids=["10%", "0"])
@pytest.mark.parametrize("name", SAMPLED)
def test_no_change_when_few_steps_are_recorded(name: str, options: tuple[str, ...]) -> None:
    assert differences(bare(name), recorded(name, *options)) == []


@pytest.mark.parametrize(("addition", "expected"), PLANTED.items())
def test_comparison_catches_a_change(
    addition: str, expected: str, planted: dict[str, Future[Outcome]]
) -> None:
    found = differences(bare("or_gate"), planted[addition].result())
    assert [line for line in found if line.startswith(expected)], found


def test_comparison_catches_another_traceback() -> None:
    outcome = bare("raises")
    assert 'raises.py", line ' in outcome.stderr
    moved = outcome.stderr.replace("train_step", "other_step")
    changed = Outcome(outcome.stdout, moved, outcome.returncode, outcome.state)
    assert differences(outcome, outcome) == []
    assert differences(outcome, changed)
