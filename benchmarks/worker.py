"""Trains one workload under one tool, in blocks, as the parent process says.

``python worker.py TOOL WORKLOAD MODULE FOLDER`` answers each line on stdin with one line of JSON:
``run N`` trains N steps and gives the seconds and the CPU seconds of all threads, ``memory`` gives
the resident bytes now, ``end`` finishes. Whatever the tool prints goes to stderr.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

import torch
from tools import TOOLS, discount
from workloads import make

THREADS = 2


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Answer until the parent says ``end``."""
    name, workload_name, module, place = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    torch.set_num_threads(THREADS)
    folder = Path(place)
    workload = make(workload_name)
    if module == "module":
        workload.module  # noqa: B018 - turns the perceptron into a module
    steps = 0
    with TOOLS[name].run(workload, folder) as step:
        asked = perf_counter()
        for line in sys.stdin:
            word, _, number = line.strip().partition(" ")
            if word == "memory":
                print(json.dumps(resident()), file=answers, flush=True)
                continue
            if word != "run":
                break
            start, cpu = perf_counter(), process_time()
            discount(start - asked)
            for _ in range(int(number)):
                step()
            asked = perf_counter()
            steps += int(number)
            print(json.dumps([asked - start, process_time() - cpu]), file=answers, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {"steps": steps, "bytes": size(folder), "peak_kb": peak}
    print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
