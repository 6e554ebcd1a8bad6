"""The programs under ``tests/programs``, run bare and recorded, each once for all tests.

Once, too, where several processes share the tests: they share a folder as well.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAMS = sorted((HERE / "programs").glob("*.py"))
NAMES = [path.stem for path in PROGRAMS]
PACKAGE = HERE.parent / "retrograd"
RECORD_OPTIONS = ("--budget", "all")
TIMEOUT = 240.0
FOLDER = "RETROGRAD_ZOO"
"""The variable that tells the processes of a test session its folder."""

_lock = threading.Lock()
_pool = ThreadPoolExecutor(
    max_workers=2 if os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1") == "1" else 1,
    thread_name_prefix="zoo",
)
_running: dict[tuple[str, tuple[str, ...]], Future[Outcome]] = {}


@dataclass(frozen=True)
class Outcome:
    """What a program left behind; ``state`` is None where it could not write it."""

    stdout: str
    stderr: str
    returncode: int
    state: dict[str, Any] | None


def program(name: str) -> Path:
    """Return the path of a program by its name, without ``.py``."""
    return HERE / "programs" / f"{name}.py"


def run(command: list[str], timeout: float = TIMEOUT) -> Outcome:
    """Run a Python command line in an empty folder and collect its outcome and final state."""
    with tempfile.TemporaryDirectory(dir=session_folder()) as folder:
        state = Path(folder) / "state.json"
        work = Path(folder) / "work"
        work.mkdir()
        paths = [str(HERE / "state_dump"), os.environ.get("PYTHONPATH", "")]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",
            "HF_HUB_OFFLINE": "1",
            "RETROGRAD_TEST_STATE": str(state),
        }
        done = subprocess.run(
            [sys.executable, *command],
            cwd=work,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        written = json.loads(state.read_text()) if state.exists() else None
    return Outcome(done.stdout, done.stderr, done.returncode, written)


def run_bare(path: Path, *arguments: str) -> Outcome:
    """Run a program as a user does without retrograd."""
    return run([str(path), *arguments])


def run_recorded(path: Path, out: Path, *options: str, arguments: Iterable[str] = ()) -> Outcome:
    """Run a program under ``retrograd run`` with the options given, recording to ``out``."""
    command = ["-m", "retrograd", "run", "--quiet", "--out", str(out), *options]
    return run([*command, str(path), *arguments])


@functools.cache
def session_folder() -> Path:
    """Return the folder of this test session; it goes with the process that first asked."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="retrograd-zoo-")
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
    return Path(os.environ[FOLDER])


def later(task: Callable[[], Outcome]) -> Future[Outcome]:
    """Run a task in the background; few run at a time."""
    session_folder()
    return _pool.submit(task)


def _future(name: str, *options: str) -> Future[Outcome]:
    with _lock:
        known = _running.get((name, options))
        if known is None:
            path = program(name)
            task = functools.partial(run_bare, path)
            if options:
                task = functools.partial(
                    run_recorded, path, _recording_path(name, *options), *options
                )
            once = functools.partial(_once, _recording_path(name, *options), task)
            known = _running[name, options] = later(once)
        return known


def _once(path: Path, task: Callable[[], Outcome]) -> Outcome:
    """Return the outcome of a task that some process of this session has run, or run it."""
    found = path.with_suffix(".json")
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            found.write_text(json.dumps(asdict(task())))
        return Outcome(**json.loads(found.read_text()))


def _recording_path(name: str, *options: str) -> Path:
    variant = re.sub(r"\W+", "_", "".join(options))
    return session_folder() / f"{name}{variant}.retro"


def start(names: Iterable[str], *options: str) -> None:
    """Begin to run programs in the background: bare, or recorded with the options given."""
    for name in names:
        _future(name, *options)


def bare(name: str) -> Outcome:
    """Return the outcome of the program's bare run, of which there is one per session."""
    return _future(name).result()


def recorded(name: str, *options: str) -> Outcome:
    """Return the outcome of the program's recorded run, one per session and set of options.

    Without options every step is recorded in full.
    """
    return _future(name, *(options or RECORD_OPTIONS)).result()


def recording(name: str, *options: str) -> Path:
    """Return the file that ``recorded`` wrote, for all tests of the session: do not change it."""
    recorded(name, *options)
    return _recording_path(name, *(options or RECORD_OPTIONS))


def own_lines_removed(stderr: str) -> str:
    """Return what is on stderr without the lines that retrograd itself wrote."""
    lines = stderr.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("retrograd:"))


def launcher_frames_removed(stderr: str) -> str:
    """Return stderr without the frames below the program's, where a warning lists the stack."""
    lines = stderr.splitlines(keepends=True)
    kept: list[str] = []
    skipping = False
    for line in lines:
        frame = re.match(r' *File "(.+?)", line \d+, in ', line)
        if frame is not None:
            path = frame.group(1)
            skipping = path.startswith("<frozen runpy>") or Path(path).is_relative_to(PACKAGE)
        elif not line.startswith("    "):
            skipping = False
        if not skipping:
            kept.append(line)
    return "".join(kept)


def differences(expected: Outcome, got: Outcome) -> list[str]:
    """Name everything in which two outcomes differ; empty when nothing does."""
    found = []
    if expected.returncode != got.returncode:
        found.append(f"exit code: {expected.returncode} -> {got.returncode}")
    if expected.stdout != got.stdout:
        found.append(f"stdout: {_first_difference(expected.stdout, got.stdout)}")
    errors, errors_got = own_lines_removed(expected.stderr), own_lines_removed(got.stderr)
    if errors != errors_got:
        found.append(f"stderr: {_first_difference(errors, errors_got)}")
    if expected.state is None or got.state is None:
        if expected.state is not got.state:
            found.append(f"state: {_has(expected)} -> {_has(got)}")
        return found
    for key in [*expected.state, *(key for key in got.state if key not in expected.state)]:
        before, after = expected.state.get(key, "absent"), got.state.get(key, "absent")
        if isinstance(before, dict) and isinstance(after, dict):
            facts = [fact for fact in {**before, **after} if before.get(fact) != after.get(fact)]
            found += [f"state {key}: {f}: {before.get(f)} -> {after.get(f)}" for f in facts]
        elif before != after:
            found.append(f"state {key}: {before} -> {after}")
    return found


def _has(outcome: Outcome) -> str:
    return "not written" if outcome.state is None else "written"


def _first_difference(expected: str, got: str) -> str:
    ours, theirs = expected.splitlines(), got.splitlines()
    for number, (line, other) in enumerate(zip(ours, theirs, strict=False)):
        if line != other:
            return f"line {number + 1}: {line!r} -> {other!r}"
    if len(ours) == len(theirs):
        return "line endings"
    longer, what = (ours, "lacks") if len(ours) > len(theirs) else (theirs, "has the further")
    return f"{what} line {longer[min(len(ours), len(theirs))]!r}"
