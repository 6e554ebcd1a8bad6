"""What explaining costs: ``make bench-explain``.

Checks every op, node, accumulation and update of one full step of the GPT workload, and explains
each event of a step of the OR gate. Printed by the clock and in processor time of one thread; the
targets are held against the second, which the neighbours on a shared machine do not change. Exit
code 1 where a target is missed or a number is wrong.
"""

from __future__ import annotations

import cProfile
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import workloads

import retrograd
from retrograd.explain.engine import Status, check_node
from retrograd.explain.story import explain_event
from retrograd.store.model import NodeRun
from retrograd.store.reader import load

STEP_SECONDS = 5.0
EVENT_SECONDS = 0.05


class Seconds(NamedTuple):
    """How long something took."""

    processor: float
    clock: float

    @classmethod
    def now(cls) -> Seconds:
        """Return the time on both clocks."""
        return cls(process_time(), perf_counter())

    def since(self, start: Seconds) -> Seconds:
        """Return the time that has passed on both clocks."""
        return Seconds(self.processor - start.processor, self.clock - start.clock)


def record(name: str, folder: Path, steps: int) -> Path:
    """Record some steps of a workload with every element."""
    workload = workloads.make(name)
    path = folder / f"{name}.retro"
    with retrograd.record(path, budget="all", keep="*"):
        for _ in range(steps):
            workload()
    return path


def whole_step(path: Path) -> tuple[Seconds, Counter[str]]:
    """Return what checking a step's nodes takes, and what the checks found."""
    with load(path) as recording:
        step = recording.step(recording.full_steps[-1])
        start = Seconds.now()
        runs = [event for event in step.events if isinstance(event, NodeRun)]
        found = Counter(check_node(step, run).status.value for run in runs)
        return Seconds.now().since(start), found


def single_events(path: Path) -> list[Seconds]:
    """Return what each event's explanation takes, after start-up."""
    with load(path) as recording:
        step = recording.step(recording.full_steps[-1])
        explain_event(step, 0)
        times = []
        for event in step.events:
            start = Seconds.now()
            explain_event(step, event.index)
            times.append(Seconds.now().since(start))
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
    middle, by_clock = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"gpt: all {found.total()} nodes of a step checked in {seconds.processor:.2f} s "
        f"(clock {seconds.clock:.2f} s; target {STEP_SECONDS:.0f} s) {dict(found)}"
    )
    print(
        f"or: one event explained in {middle:.1f} ms (clock {by_clock:.1f} ms), the slowest of "
        f"{len(times)} in {1000 * slowest.processor:.1f} ms (target {1000 * EVENT_SECONDS:.0f} ms)"
    )
    good = seconds.processor < STEP_SECONDS and slowest.processor < EVENT_SECONDS
    return int(not good or found[Status.WRONG.value] > 0)


if __name__ == "__main__":
    sys.exit(main())
