"""How long a row and a column of the Jacobian of a 4096 × 4096 matrix product take.

The matrix would have 2⁴⁸ numbers. Each question is asked of a recording that was just opened, so
reading the file counts; the derivative rules are loaded before. The limit is held against the
processor time of the one thread that works, which neighbours on a shared machine do not change; the
clock is printed beside it. The same is asked of the OR gate,
whose matrix is small and is computed as a whole.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import torch

import retrograd
from retrograd.explain.jacobian import jacobian
from retrograd.explain.rules import all_rules
from retrograd.store.reader import load

LIMIT = 100.0
"""Milliseconds that a row of the large product may take."""
QUESTIONS = ({"row": "0,0"}, {"row": "4095,4095"}, {"col": "0,0"}, {"col": "4095,4095"})


def record(path: Path, size: int) -> None:
    """Record one step with a product of two square matrices, kept whole."""
    x, w = (torch.randn(size, size, requires_grad=True) for _ in range(2))
    with retrograd.record(path, budget="all", keep="*"):
        (x @ w).mean().backward()


def timed(path: Path, asked: dict[str, str], repeats: int) -> list[tuple[float, float]]:
    """Return the milliseconds of each repeat: processor time, clock."""
    found = []
    for _ in range(repeats):
        with load(path) as recording:
            step = recording.step(recording.unfinished or 0)
            start = (time.process_time(), time.perf_counter())
            jacobian(step, "mm", **asked)
            end = (time.process_time(), time.perf_counter())
            found.append(((end[0] - start[0]) * 1e3, (end[1] - start[1]) * 1e3))
    return found


def main() -> int:
    """Print the table; the exit code is 1 where the limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="one object at the end")
    options = parser.parse_args()
    all_rules()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size, questions in ((4096, QUESTIONS), (4, ({}, *QUESTIONS[:1]))):
            path = Path(folder) / f"{size}.retro"
            record(path, size)
            for asked in questions:
                processor, clock = zip(*timed(path, asked, options.repeats), strict=True)
                what = " ".join(f"--{name} {place}" for name, place in asked.items()) or "whole"
                name = f"{size} × {size}, {what}"
                figures[name] = statistics.median(processor)
                print(
                    f"{name:<32} median {figures[name]:7.2f} ms   worst {max(processor):7.2f} ms   "
                    f"clock {statistics.median(clock):7.2f} ms"
                )
    worst = max(figures.values())
    print(f"limit {LIMIT:.0f} ms: {'kept' if worst <= LIMIT else 'MISSED'}")
    if options.json:
        print(json.dumps({"milliseconds": figures, "limit": LIMIT}))
    return int(worst > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
