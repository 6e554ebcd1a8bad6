"""What importing and starting cost: ``make bench-startup``.

Exit code 1 where ``import retrograd`` or ``retrograd --help`` loads torch or NumPy.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

HEAVY = ("torch", "numpy")
SCRIPT = """
import torch

weight = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
weight.sum().backward()
optimizer.step()
"""
MODULES = "import sys; before = set(sys.modules)\n{}\nprint(*sorted(set(sys.modules) - before))"


def seconds(command: list[str], folder: Path) -> float:
    """Return the time that a command takes."""
    start = perf_counter()
    subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
        check=True,
        capture_output=True,
    )
    return perf_counter() - start


def compare(name: str, plain: list[str], ours: list[str], folder: Path, pairs: int) -> None:
    """Run two commands in turns and print what the second takes longer."""
    for command in (plain, ours):
        seconds(command, folder)  # the first run fills the caches of the disk
    times = [(seconds(plain, folder), seconds(ours, folder)) for _ in range(pairs)]
    extra = [b - a for a, b in times]
    print(
        f"  {name:<34} {1000 * statistics.median(a for a, _ in times):7.0f} ms plain "
        f"{1000 * statistics.median(b for _, b in times):7.0f} ms "
        f"{1000 * statistics.median(extra):+7.0f} ms "
        f"({1000 * min(extra):+.0f} … {1000 * max(extra):+.0f})",
        flush=True,
    )


def loaded(statement: str) -> list[str]:
    """Return the modules that a statement loads."""
    done = subprocess.run(
        [sys.executable, "-c", MODULES.format(statement)],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()[-1].split()


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="what importing and starting cost")
    parser.add_argument("--pairs", type=int, default=15)
    pairs = parser.parse_args().pairs
    code = 0
    helping = (
        "import contextlib, io, runpy; sys.argv = ['retrograd', '--help']\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): "
        "runpy.run_module('retrograd', run_name='__main__')\n"
    )
    for name, statement in (("import retrograd", "import retrograd"), ("--help", helping)):
        modules = loaded(statement)
        ours = [module for module in modules if module.split(".")[0] == "retrograd"]
        heavy = [module for module in HEAVY if module in modules]
        code |= bool(heavy)
        text = f"loads {' and '.join(heavy)}" if heavy else "neither torch nor NumPy"
        print(f"  {name:<34} {len(modules)} modules, {len(ours)} of them ours; {text}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "script.py").write_text(SCRIPT)
        run = ["-m", "retrograd", "run", "--quiet", "script.py"]
        nothing = ["-c", "pass"]
        compare("import retrograd", nothing, ["-c", "import retrograd"], folder, pairs)
        compare("retrograd --help", nothing, ["-m", "retrograd", "--help"], folder, pairs)
        compare("retrograd run, one step", ["script.py"], run, folder, pairs)
    return code


if __name__ == "__main__":
    sys.exit(main())
