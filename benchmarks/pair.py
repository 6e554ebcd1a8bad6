"""One tool against the bare loop: two processes that train in turns, one waiting for the other."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from tools import TOOLS

HERE = Path(__file__).parent


class Failure(Exception):
    """A tool that cannot be measured, and why."""


class Runner:
    """A worker process."""

    def __init__(self, tool: str, workload: str, module: bool, folder: Path) -> None:
        folder.mkdir()
        self._errors = folder.with_suffix(".stderr")
        form = "module" if module else "plain"
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", HERE / "worker.py", tool, workload, form, folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # waiting threads that spin would disturb the other process
                env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, line: str) -> Any:
        """Send a line and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended: there is no answer either
        answer = self._process.stdout.readline()
        if not answer:
            self._process.wait()
            lines = self._errors.read_text(errors="replace").strip().splitlines()
            raise Failure(lines[-1] if lines else f"exit code {self._process.returncode}")
        return json.loads(answer)

    def train(self, count: int) -> tuple[float, float]:
        """Train some steps; return the seconds and the CPU seconds that one took."""
        wall, cpu = self.ask(f"run {count}")
        return wall / count, cpu / count

    def warm(self, seconds: float) -> float:
        """Train for some seconds; return what a step takes at the end."""
        count, took, deadline = 1, 0.0, monotonic() + seconds
        self.ask("run 2")
        while True:
            took = self.train(count)[0]
            if monotonic() >= deadline:
                return took
            count = max(1, min(int(0.25 / took), 4 * count))


@dataclass(frozen=True)
class Result:
    """What the comparison of a tool with the bare loop has found."""

    tool: str
    workload: str
    keeps: str
    failure: str | None = None
    bare_ms: float = 0.0  # per step
    ratio: float = 0.0  # median over the pairs
    lowest: float = 0.0
    highest: float = 0.0
    mean: float = 0.0  # all time under the tool by all bare time, per step
    cpu: float = 0.0  # as ratio, of the CPU time of all threads
    pairs: int = 0
    bytes_per_step: float = 0.0
    peak_mb: float = 0.0  # above the bare process

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """How long to measure."""

    pairs: int = 15
    block_seconds: float = 0.4
    warm: float = 1.0  # times what a tool asks for
    limit_seconds: float = 90.0  # for the pairs of one tool; three are always run


def compare(name: str, workload: str, plan: Plan) -> Result:
    """Measure a tool on a workload."""
    tool = TOOLS[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            with (
                Runner("bare", workload, tool.module, folder / "bare") as bare,
                Runner(name, workload, tool.module, folder / "tool") as other,
            ):
                return _measured(name, workload, plan, bare, other)
        except Failure as failure:
            return Result(name, workload, tool.keeps, str(failure))


def _measured(name: str, workload: str, plan: Plan, bare: Runner, other: Runner) -> Result:
    tool = TOOLS[name]
    runners = (bare, other)
    warm = (1.0, tool.warm_seconds * plan.warm)
    counts = [
        max(1, round(plan.block_seconds / runner.warm(seconds)))
        for runner, seconds in zip(runners, warm, strict=True)
    ]
    times: tuple[list[tuple[float, float]], ...] = ([], [])
    deadline = monotonic() + plan.limit_seconds
    for pair in range(plan.pairs * tool.pairs):
        if pair >= 3 and monotonic() > deadline:
            break
        for side in (0, 1) if pair % 2 else (1, 0):  # in turns, so that a drift cancels out
            times[side].append(runners[side].train(counts[side]))
    ends = [runner.ask("end") for runner in runners]
    bare_times, tool_times = ([wall for wall, _ in side] for side in times)
    ratios = [b / a for a, b in zip(bare_times, tool_times, strict=True)]
    cpu = [b / a for (_, a), (_, b) in zip(*times, strict=True)]
    return Result(
        name,
        workload,
        tool.keeps,
        bare_ms=1000 * statistics.median(bare_times),
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        mean=sum(tool_times) / sum(bare_times),
        cpu=statistics.median(cpu),
        pairs=len(ratios),
        bytes_per_step=ends[1]["bytes"] / ends[1]["steps"],
        peak_mb=(ends[1]["peak_kb"] - ends[0]["peak_kb"]) / 1024,
    )
