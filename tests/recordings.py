"""Records many small programs quickly: torch is imported once, each program is a fork."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def record(programs: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """Record programs, every step in full; return the files of those that trained."""
    jobs = [(str(path), str(folder / f"{path.parent.name}-{path.stem}.retro")) for path in programs]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(jobs),
        text=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return {Path(path): Path(out) for path, out in jobs if Path(out).exists()}


def _serve() -> None:
    import torch

    from retrograd.commands.cli import main
    from retrograd.recorder import launch  # noqa: F401

    torch.manual_seed(0)  # a program that sets no seed starts each time from the same numbers
    running = 0
    for path, out in json.load(sys.stdin):
        if running == (os.cpu_count() or 1):
            os.wait()
            running -= 1
        running += 1
        child = os.fork()
        if not child:
            code = 1
            try:
                command = ["run", "--quiet", "--budget", "all", "--out", out, path]
                code = main(command)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                os._exit(code)
    for _ in range(running):
        os.wait()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _serve()
