"""Time per training step under retrograd and under its peers, against the bare loop.

``make bench``, or ``python benchmarks/run.py [--quick] [--only TOOL] [--workload NAME] [--json]``
in an environment with ``benchmarks/requirements.txt``. ``benchmarks/README.md`` says how to read
the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys

import torch
from pair import Plan, Result, compare
from tools import TOOLS
from workloads import WORKLOADS

QUICK = Plan(pairs=5, block_seconds=0.1, warm=0.1, limit_seconds=20.0)
HEAD = (
    f"  {'tool':<17} {'ratio':>7} {'range':>15} {'mean':>7} {'CPU':>7} {'kB/step':>9} {'+MB':>6}  "
    "keeps"
)


def line(result: Result) -> str:
    """Return the row of a result."""
    if result.failure is not None:
        return f"  {result.tool:<17} failed: {result.failure}"
    span = f"{result.lowest:.2f}–{result.highest:.2f}"
    return (
        f"  {result.tool:<17} {result.ratio:7.2f} {span:>15} {result.mean:7.2f} {result.cpu:7.2f} "
        f"{result.bytes_per_step / 1000:9.1f} {result.peak_mb:6.0f}  {result.keeps}"
    )


def main() -> int:
    """Measure, print row by row; exit code 1 where retrograd itself could not be measured."""
    parser = argparse.ArgumentParser(description="time per step against the bare loop")
    parser.add_argument("--quick", action="store_true", help="a minute or two; rough")
    parser.add_argument("--only", action="append", choices=list(TOOLS), metavar="TOOL")
    parser.add_argument("--workload", action="append", choices=list(WORKLOADS), metavar="NAME")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout at the end")
    options = parser.parse_args()
    plan = QUICK if options.quick else Plan()
    out = sys.stderr if options.json else sys.stdout
    print(
        f"PyTorch {torch.__version__}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, 2 threads; load before: {os.getloadavg()[0]:.1f}",
        file=out,
    )
    results = []
    for workload in options.workload or WORKLOADS:
        print(f"\n{workload}\n{HEAD}", file=out, flush=True)
        for tool in options.only or TOOLS:
            result = compare(tool, workload, plan)
            results.append(result)
            print(line(result), file=out, flush=True)
        times = [r.bare_ms for r in results if r.workload == workload and r.failure is None]
        if times:
            print(f"  bare: {statistics.median(times):.3g} ms a step", file=out, flush=True)
    if options.json:
        print(json.dumps({"torch": torch.__version__, "results": [r.as_json() for r in results]}))
    return int(any(r.failure for r in results if r.tool.startswith("retrograd")))


if __name__ == "__main__":
    sys.exit(main())
