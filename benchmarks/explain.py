"""What explaining costs: ``make bench-explain``.

Checks every op, node, accumulation and update of one full step of the GPT workload, and explains
each event of a step of the OR gate. Exit code 1 where a target is missed or a number is wrong.
"""

from __future__ import annotations

import cProfile
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

import workloads

import retrograd
from retrograd.explain.engine import Status, check_node
from retrograd.explain.story import explain_event
from retrograd.store.model import NodeRun
from retrograd.store.reader import load

STEP_SECONDS = 5.0
EVENT_SECONDS = 0.05


def record(name: str, folder: Path, steps: int) -> Path:
    """Record some steps of a workload with every element."""
    workload = workloads.make(name)
    path = folder / f"{name}.retro"
    with retrograd.record(path, budget="all", keep="*"):
        for _ in range(steps):
            workload()
    return path


def whole_step(path: Path) -> tuple[float, Counter[str]]:
    """Return the seconds that checking a step's nodes takes, and what the checks found."""
    with load(path) as recording:
        step = recording.step(recording.full_steps[-1])
        start = perf_counter()
        runs = [event for event in step.events if isinstance(event, NodeRun)]
        found = Counter(check_node(step, run).status.value for run in runs)
        return perf_counter() - start, found


def single_events(path: Path) -> list[float]:
    """Return the seconds that each event's explanation takes, after start-up."""
    with load(path) as recording:
        step = recording.step(recording.full_steps[-1])
        explain_event(step, 0)
        times = []
        for event in step.events:
            start = perf_counter()
            explain_event(step, event.index)
            times.append(perf_counter() - start)
        return times


def main() -> int:
    """Measure and print; ``--profile`` prints where the time goes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = record("gpt", folder, 2)
        if "--profile" in sys.argv:
            cProfile.runctx("whole_step(path)", globals(), {"path": path}, sort="tottime")
        seconds, found = whole_step(path)
        times = single_events(record("or", folder, 3))
    slowest = max(times)
    print(f"gpt: all {found.total()} nodes of a step checked in {seconds:.2f} s {dict(found)}")
    print(
        f"or: one event explained in {1000 * statistics.median(times):.1f} ms, "
        f"the slowest of {len(times)} in {1000 * slowest:.1f} ms"
    )
    good = seconds < STEP_SECONDS and slowest < EVENT_SECONDS
    return int(not good or found[Status.WRONG.value] > 0)


if __name__ == "__main__":
    sys.exit(main())
