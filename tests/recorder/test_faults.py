"""P2: a fault in any function of the recorder costs the recording, and never the run."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zoo

from recorder.faults import Fault
from recorder.jobs import Job, Result, closing_removed, run, said, summary

TORTURE = bool(os.environ.get("RETROGRAD_TORTURE"))
VARIANTS = 6 if TORTURE else 1
# Between them they reach every way of training that the recorder tells apart.
PROGRAMS = [
    "transformer_encoder",
    "manual_sgd",
    "stale_update",
    "per_sample_grads",
    "inplace_ops",
    "recovers",
    "threads",
    "fork",
    "grad_scaler",
]
# To find and run the program is the program's own start: without it there is no run to protect.
STARTS = (
    "recorder.program.",
    "recorder.policy.policy",
    "recorder.policy.parse_",
    "store.writer.free_name",
)
# Whoever says that something went wrong cannot say so when saying itself goes wrong.
SPEAKS = ("recorder.notices.",)
# Where hiding our frames from a traceback fails, they show in it.
HIDES = (
    "recorder.frames.hide",
    "recorder.launch.launch",
    "recorder.launch.Launch.raised",
    "recorder.launch.Launch._hide_our_frames",
)
# Function -> what may differ when it fails for the last time, by a pattern. Nothing else can take
# the dispatch mode off for the exit, or count the versions of the one op at which it failed.
CANNOT_HELP = {
    "recorder.switch.Switch.drop": "state <dispatch modes>: 0 -> 1",
    "recorder.torch_api.top_mode": "state <dispatch modes>: 0 -> 1",
    "recorder.torch_api.pop_mode": "state <dispatch modes>: 0 -> 1",
    "recorder.torch_api.counting_versions": r"state .*\.grad: version: ",
}


def broken(result: Result, unharmed: Result) -> Iterator[str]:
    """Yield what a fault did that it must not do."""
    assert result.job.fault is not None
    function = result.job.fault.function
    outcome = replace(result.outcome, stderr=closing_removed(result.outcome.stderr))
    bare = zoo.bare(result.job.program.stem)
    if function.startswith(HIDES):
        bare, outcome = (
            replace(o, stderr=zoo.own_lines_removed(o.stderr)[-60:]) for o in (bare, outcome)
        )
    for difference in zoo.differences(bare, outcome):
        if not re.match(CANNOT_HELP.get(function, "$"), difference):
            yield difference
    lines = said(result.outcome.stderr)
    if len(lines) > 1:
        yield f"said {lines}"
    found = summary(result.path)
    if isinstance(found, str):
        yield found
    elif found == summary(unharmed.path):
        pass  # all is there, whatever was said
    elif not lines and not function.startswith(SPEAKS):
        yield f"not a word, although the file holds {found}"
    elif lines and found is not None and found[0]:
        yield f"said {lines} of a file that calls itself complete"


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The programs recorded without any fault; they say which functions they call."""
    zoo.start(PROGRAMS)
    folder = tmp_path_factory.mktemp("faults") / "unharmed"
    jobs = [Job(zoo.program(name)) for name in PROGRAMS]
    return {result.job.program.stem: result for result in run(jobs, folder)}


def plan(unharmed: dict[str, Result]) -> list[Job]:
    """Return a few faults for every function that any of the programs calls."""
    functions = sorted({name for result in unharmed.values() for name in result.calls})
    jobs = []
    for function in functions:
        if function.startswith(STARTS):
            continue
        choose = random.Random(function)
        callers = [name for name in PROGRAMS if function in unharmed[name].calls]
        for variant in range(VARIANTS):
            program = choose.choice(callers)
            count = unharmed[program].calls[function]
            call = 1 if variant == 1 else choose.randint(1, count)
            fault = Fault(function, call, lasting=choose.random() < 0.5)
            jobs.append(Job(zoo.program(program), fault=fault))
    return jobs


def test_without_a_fault_nothing_is_said(unharmed: dict[str, Result]) -> None:
    """The yardstick: planted, but not armed."""
    for name, result in unharmed.items():
        outcome = replace(result.outcome, stderr=closing_removed(result.outcome.stderr))
        assert zoo.differences(zoo.bare(name), outcome) == []
        assert said(result.outcome.stderr) == []
        found = summary(result.path)
        assert isinstance(found, tuple)
        assert found[0]


def test_a_fault_anywhere_leaves_the_run_alone(unharmed: dict[str, Result], tmp_path: Path) -> None:
    """Same output, same exit code, same weights; one line says what became of the recording."""
    jobs = plan(unharmed)
    struck, wrong = survive(jobs, unharmed, tmp_path / "faulty")
    functions = {job.fault.function for job in jobs if job.fault is not None}
    print(f"\nfaults: {struck} of {len(jobs)} struck, in {len(functions)} functions")
    assert struck > 0.9 * len(jobs)
    assert len(functions) > 200
    report = "\n".join(f"{where}: {what}" for where, what in wrong.items())
    assert not wrong, f"{len(wrong)} of {len(jobs)} faults broke a promise:\n{report}"


def survive(
    jobs: list[Job], unharmed: dict[str, Result], folder: Path, *options: str
) -> tuple[int, dict[str, list[str]]]:
    """Run jobs; returns how many faults struck, and what those did that they must not."""
    wrong: dict[str, list[str]] = {}
    struck = 0
    for result in run(jobs, folder, *options):
        fault = result.job.fault
        assert fault is not None
        struck += result.calls.get(fault.function, 0) >= fault.call
        found = list(broken(result, unharmed[result.job.program.stem]))
        if found:
            wrong[f"{fault} in {result.job.program.stem}"] = found
    return struck, wrong


def test_a_fault_while_pytorch_is_imported(unharmed: dict[str, Result], tmp_path: Path) -> None:
    """In a process without PyTorch, where the recording begins with its import."""
    program = zoo.program("manual_sgd")
    (cold,) = run([Job(program)], tmp_path / "unharmed", "--cold")
    assert summary(cold.path) == summary(unharmed[program.stem].path)
    functions = [name for name in cold.calls if name.startswith("recorder.imports.")]
    jobs = [Job(program, fault=Fault(name)) for name in functions]
    struck, wrong = survive(jobs, unharmed, tmp_path / "faulty", "--cold")
    assert struck == len(jobs) > 3
    assert wrong == {}
