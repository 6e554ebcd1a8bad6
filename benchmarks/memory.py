"""Memory over a long run: what recording holds above the bare loop, and whether it grows.

``make bench-memory``: 100,000 light and 1,000 full steps of each small workload, side by side
with the same steps bare. Exit code 1 where recording ever holds more than ``LIMIT_MB`` above the
bare run, or its memory rises in the second half of the run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from pair import Runner
from tools import EVERY

FULL_STEPS = 1000
ROWS = 20
LIMIT_MB = 100.0
RISE_MB = 10.0
"""What the second half of a run may hold above the first, both after the start has settled."""


def measured(workload: str, full_steps: int) -> list[float]:
    """Train in turns with the bare loop; print both, return the megabytes above it over time."""
    steps = full_steps * EVERY
    above = []
    print(f"\n{workload}: {steps:,} steps, {full_steps:,} of them in full")
    print(f"  {'steps':>9} {'bare MB':>9} {'recorded MB':>12} {'above':>7}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with (
            Runner("bare", workload, False, folder / "bare") as bare,
            Runner("retrograd-every", workload, False, folder / "tool") as recorded,
        ):
            done = 0
            for row in range(1, ROWS + 1):
                block = steps * row // ROWS - done
                done += block
                held = []
                for runner in (bare, recorded):
                    runner.ask(f"run {block}")
                    held.append(runner.ask("memory") / 1e6)
                above.append(held[1] - held[0])
                print(f"  {done:9,} {held[0]:9.1f} {held[1]:12.1f} {above[-1]:7.1f}", flush=True)
            file = recorded.ask("end")
    print(f"  file: {file['bytes'] / 1e6:.1f} MB")
    return above


def verdict(above: list[float]) -> list[str]:
    """Return what is wrong with megabytes over time."""
    wrong = []
    if max(above) > LIMIT_MB:
        wrong.append(f"{max(above):.1f} MB above the bare run, more than {LIMIT_MB:g}")
    middle = len(above) // 2
    settled = above[middle // 2 : middle]
    rise = sum(above[middle:]) / len(above[middle:]) - sum(settled) / len(settled)
    if rise > RISE_MB:
        wrong.append(f"{rise:.1f} MB more in the second half than before, more than {RISE_MB:g}")
    return wrong


def main() -> int:
    """Measure each workload and say whether memory is bounded."""
    parser = argparse.ArgumentParser(description="memory of a long run")
    parser.add_argument("--full-steps", type=int, default=FULL_STEPS, help="a hundredth is light")
    parser.add_argument("--workload", action="append", choices=["or", "mlp"], metavar="NAME")
    options = parser.parse_args()
    code = 0
    for workload in options.workload or ["or", "mlp"]:
        above = measured(workload, options.full_steps)
        wrong = verdict(above)
        code |= bool(wrong)
        print(f"  {'; '.join(wrong) or f'bounded and flat: at most {max(above):.1f} MB above'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
