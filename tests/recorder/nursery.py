"""Runs many programs in children forked from one process that has imported PyTorch already.

``python nursery.py JOBS [--cold]`` reads a list of jobs as JSON and writes one JSON line for each:
what the child left behind. A child is a whole process: it ends as a Python program ends.
"""

from __future__ import annotations

import atexit
import gc
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from recorder import faults

HERE = Path(__file__).parent
PATIENCE = 60.0


def warm_up(cold: bool) -> None:
    """Import all that a program would, so that the children need not; no PyTorch if ``cold``."""
    faults.install()
    import retrograd.commands.run

    if cold:
        import retrograd.recorder.launch

        return
    import torch._dynamo  # noqa: F401  the optimizers import it, which takes seconds

    import retrograd.recorder.launch
    import retrograd.recorder.recorder  # noqa: F401

    gc.freeze()  # a child that ends would otherwise go through all of that


def state_dump() -> Any:
    """Return the module that writes a program's final state."""
    path = HERE.parent / "state_dump" / "sitecustomize.py"
    spec = importlib.util.spec_from_file_location("state_dump", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def leave(calls: str) -> None:
    """Write how often each function of the recorder was called, and end the process at once.

    This is the last thing that runs at exit. Taking PyTorch's modules apart takes longer than
    most programs here, so the exit code is worked out as Python would.
    """
    Path(calls).write_text(json.dumps(faults.calls))
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
    _exit(1 if hasattr(sys, "last_value") else exit_code)


exit_code = 0
_exit = os._exit  # retrograd puts another in its place


def become(job: dict[str, Any], dump: Any) -> list[str]:
    """Turn a forked child into the process of a job; returns its command line."""
    os.chdir(job["folder"])
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT),
        (2, "stderr", os.O_WRONLY | os.O_CREAT),
    ):
        source = os.open(name, flags, 0o666)
        os.dup2(source, descriptor)
        os.close(source)
    os.mkdir("work")
    os.chdir("work")
    atexit.register(leave, os.path.join(job["folder"], "calls.json"))
    dump.TARGET = os.path.join(job["folder"], "state.json")
    dump.begin()
    faults.arm(None if job["fault"] is None else faults.Fault(**job["fault"]))
    return list(job["words"])


def live(words: list[str]) -> int:
    """Run a script, or ``retrograd`` with its words; the exit code is noted for ``leave``."""
    global exit_code
    from retrograd.commands.cli import main as retrograd
    from retrograd.recorder.program import Program

    try:
        if words[0] == "retrograd":
            exit_code = retrograd(words[1:])
        else:
            Program.find(words).run()
    except SystemExit as end:
        exit_code = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    return exit_code


def wait(child: int) -> int | None:
    """Return the child's exit code, None where it hung and had to be ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return None


def main() -> int:
    """Run the jobs one after the other; in a child, run its program."""
    jobs = json.loads(Path(sys.argv[1]).read_text())
    warm_up(cold="--cold" in sys.argv)
    dump = state_dump()
    for job in jobs:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            words = become(job, dump)
            return live(words)
        code = wait(child)
        print(json.dumps({"id": job["id"], "returncode": code}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
