"""P2: a fault in any function of the recorder costs the recording, and never the run."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import zoo
from zoo import Outcome

import retrograd
from recorder.faults import Fault
from retrograd.store.errors import RecordingError

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
    "recorder.launch.Launch.raised",
    "recorder.launch.Launch._hide_our_frames",
)
# What takes the dispatch mode off: failing for the last time, it stays on for the exit.
DROPS = (
    "recorder.recorder.Recorder.drop_mode",
    "recorder.torch_api.top_mode",
    "recorder.torch_api.pop_mode",
)


@dataclass(frozen=True)
class Job:
    """One program to be recorded, with or without a fault."""

    program: str
    fault: Fault | None = None


@dataclass(frozen=True)
class Result:
    """What a job left behind."""

    job: Job
    outcome: Outcome
    calls: dict[str, int]
    path: Path


def run(jobs: list[Job], folder: Path, *options: str) -> list[Result]:
    """Run jobs in two nurseries at a time."""
    folder.mkdir()
    numbered = list(enumerate(jobs))
    with ThreadPoolExecutor(2) as pool:
        halves = pool.map(
            lambda start: _nurse(numbered[start::2], folder, start, options), range(2)
        )
        found = {number: result for half in halves for number, result in half}
    return [found[number] for number in range(len(jobs))]


def _nurse(
    jobs: list[tuple[int, Job]], folder: Path, name: int, options: tuple[str, ...]
) -> list[tuple[int, Result]]:
    orders = []
    for number, job in jobs:
        home = folder / str(number)
        home.mkdir()
        words = ["--budget", "all", "--out", str(home / "run.retro"), str(zoo.program(job.program))]
        fault = None if job.fault is None else asdict(job.fault)
        orders.append({"id": number, "folder": str(home), "fault": fault, "words": words})
    listed = folder / f"jobs-{name}.json"
    listed.write_text(json.dumps(orders))
    environment = {**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "nursery.py"), str(listed), *options],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    codes = {line["id"]: line["returncode"] for line in map(json.loads, done.stdout.splitlines())}
    return [(number, _result(job, folder / str(number), codes[number])) for number, job in jobs]


def _result(job: Job, home: Path, code: int | None) -> Result:
    def read(name: str) -> Any:
        path = home / name
        return json.loads(path.read_text()) if path.exists() else None

    texts = [(home / name).read_text() for name in ("stdout", "stderr")]
    outcome = Outcome(texts[0], texts[1], -999 if code is None else code, read("state.json"))
    return Result(job, outcome, read("calls.json") or {}, home / "run.retro")


def said(stderr: str) -> list[str]:
    """Return retrograd's own lines on stderr."""
    return [line for line in stderr.splitlines() if line.startswith("retrograd:")]


def closing_removed(stderr: str) -> str:
    """Return stderr without the summary that ends a recording."""
    return re.sub(r"^retrograd recorded the training.*\n( .*\n)*", "", stderr, flags=re.MULTILINE)


def broken(result: Result, unharmed: Result) -> Iterator[str]:
    """Yield what a fault did that it must not do."""
    assert result.job.fault is not None
    function = result.job.fault.function
    outcome = replace(result.outcome, stderr=closing_removed(result.outcome.stderr))
    bare = zoo.bare(result.job.program)
    if function.startswith(HIDES):
        bare, outcome = (replace(o, stderr=o.stderr[-60:]) for o in (bare, outcome))
    for difference in zoo.differences(bare, outcome):
        if not (function in DROPS and difference.startswith("state <dispatch modes>")):
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


def summary(path: Path) -> tuple[bool, int, tuple[int, ...]] | str | None:
    """Return whether a recording is complete, its steps and its full steps; None without one."""
    if not path.exists():
        return None
    try:
        with retrograd.load(path) as recording:
            for step in recording.full_steps:
                list(recording.step(step).events)
            return recording.complete, recording.steps, recording.full_steps
    except RecordingError as error:
        return f"unreadable: {error}"


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The programs recorded without any fault; they say which functions they call."""
    zoo.start(PROGRAMS)
    folder = tmp_path_factory.mktemp("faults") / "unharmed"
    return {result.job.program: result for result in run([Job(name) for name in PROGRAMS], folder)}


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
            jobs.append(Job(program, Fault(function, call, lasting=choose.random() < 0.5)))
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
        found = list(broken(result, unharmed[result.job.program]))
        if found:
            wrong[f"{fault} in {result.job.program}"] = found
    return struck, wrong


def test_a_fault_while_pytorch_is_imported(unharmed: dict[str, Result], tmp_path: Path) -> None:
    """In a process without PyTorch, where the recording begins with its import."""
    program = "manual_sgd"
    (cold,) = run([Job(program)], tmp_path / "unharmed", "--cold")
    assert summary(cold.path) == summary(unharmed[program].path)
    functions = [name for name in cold.calls if name.startswith("recorder.imports.")]
    jobs = [Job(program, Fault(name)) for name in functions]
    struck, wrong = survive(jobs, unharmed, tmp_path / "faulty", "--cold")
    assert struck == len(jobs) > 3
    assert wrong == {}
