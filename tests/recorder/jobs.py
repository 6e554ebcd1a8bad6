"""Jobs for the nursery: programs run in forked children, bare, recorded, or with a fault."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zoo import Outcome

import retrograd
from recorder.faults import Fault
from retrograd.store.errors import RecordingError

HUNG = -999
"""The exit code of a child that had to be ended."""


@dataclass(frozen=True)
class Job:
    """One program to be run."""

    program: Path
    recorded: bool = True
    fault: Fault | None = None
    options: tuple[str, ...] = ("--budget", "all")


@dataclass(frozen=True)
class Result:
    """What a job left behind."""

    job: Job
    outcome: Outcome
    calls: dict[str, int]
    path: Path


def run(jobs: list[Job], folder: Path, *options: str) -> list[Result]:
    """Run jobs, in two nurseries at a time.

    A program is given the path of its recording; run bare, the same path with nothing there.
    """
    folder.mkdir()
    numbered = list(enumerate(jobs))

    def half(start: int) -> list[tuple[int, Result]]:
        return _nurse(numbered[start::2], folder, f"jobs-{start}.json", options)

    with ThreadPoolExecutor(2) as pool:
        found = {number: result for half in pool.map(half, range(2)) for number, result in half}
    return [found[number] for number in range(len(jobs))]


def _nurse(
    jobs: list[tuple[int, Job]], folder: Path, name: str, options: tuple[str, ...]
) -> list[tuple[int, Result]]:
    if not jobs:
        return []
    orders = []
    for number, job in jobs:
        home = folder / str(number)
        (home / "recording").mkdir(parents=True)
        words = [str(job.program), os.path.relpath(_path(home), home / "work")]
        if job.recorded:
            words = ["retrograd", "run", "--out", str(_path(home)), *job.options, *words]
        fault = None if job.fault is None else asdict(job.fault)
        orders.append({"id": number, "folder": str(home), "fault": fault, "words": words})
    (folder / name).write_text(json.dumps(orders))
    environment = {**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "nursery.py"), str(folder / name), *options],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    codes = {line["id"]: line["returncode"] for line in map(json.loads, done.stdout.splitlines())}
    return [(number, _result(job, folder / str(number), codes[number])) for number, job in jobs]


def _path(home: Path) -> Path:
    return home / "recording" / "run.retro"


def _result(job: Job, home: Path, code: int | None) -> Result:
    def read(name: str) -> Any:
        path = home / name
        return json.loads(path.read_text()) if path.exists() else None

    texts = [(home / name).read_text() for name in ("stdout", "stderr")]
    outcome = Outcome(texts[0], texts[1], HUNG if code is None else code, read("state.json"))
    return Result(job, outcome, read("calls.json") or {}, _path(home))


EXPLAINS = "retrograd: Why this happened"
"""How the explanation of a failed run begins; its other lines are indented."""


def said(stderr: str) -> list[str]:
    """Return retrograd's own lines on stderr."""
    return [
        line
        for line in stderr.splitlines()
        if line.startswith("retrograd:") and not line.startswith(EXPLAINS)
    ]


def closing_removed(stderr: str) -> str:
    """Return stderr without the summary that ends a recording, and without why a program failed."""
    block = rf"^(retrograd recorded the training|{EXPLAINS}).*\n( .*\n)*"
    return re.sub(block, "", stderr, flags=re.MULTILINE)


def summary(path: Path) -> tuple[bool, int, tuple[int, ...]] | str | None:
    """Return whether a recording is complete, its steps and its full steps; None without one.

    Every event is read; a sentence comes back where one cannot be.
    """
    if not path.exists():
        return None
    try:
        with retrograd.load(path) as recording:
            for step in recording.full_steps:
                list(recording.step(step).events)
            return recording.complete, recording.steps, recording.full_steps
    except RecordingError as error:
        return f"unreadable: {error}"
