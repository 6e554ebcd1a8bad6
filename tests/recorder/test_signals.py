"""P1 and P2 at the end of the process: signals, exits and uncaught exceptions are as without us."""

from __future__ import annotations

import functools
import re
import signal
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest
import zoo
from zoo import Outcome

from recorder.disturbances import TRAINING
from recorder.jobs import said, summary


@dataclass(frozen=True)
class End:
    """How a program ends, with which exit code, and what retrograd says of it, if anything."""

    text: str
    code: int
    says: str | None = None
    complete: bool = True


def _signalled(name: str) -> str:
    return f"import signal\ntrain(2)\nos.kill(os.getpid(), signal.{name})\nwhile True: pass\n"


ENDS = {
    "SIGINT": End(_signalled("SIGINT"), -2),
    "SIGTERM": End(_signalled("SIGTERM"), -15, "ended by SIGTERM; .* holds its 2 steps"),
    "SIGHUP": End(_signalled("SIGHUP"), -1, "ended by SIGHUP; .* holds its 2 steps"),
    "SIGABRT": End("train(2)\nos.abort()\n", -6, complete=False),
    "SIGINT that is caught": End(
        "import signal\n"
        "try:\n"
        "    train(2)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    while True: train(1)\n"
        "except KeyboardInterrupt:\n"
        "    print('saved')\n"
        "train(2)\n",
        0,
    ),
    "os._exit": End("train(2)\nos._exit(4)\n", 4, r"ended by os\._exit\(4\)"),
    "sys.exit in a function": End("def stop():\n    sys.exit(3)\ntrain(2)\nstop()\n", 3),
    "uncaught": End("def stop():\n    raise ValueError('mine')\ntrain(2)\nstop()\n", 1),
    "chained": End(
        "train(2)\ntry:\n    1 / 0\nexcept ZeroDivisionError as error:\n"
        "    raise RuntimeError('mine') from error\n",
        1,
    ),
    "a broken pipe of its own": End(
        "train(2)\ndef write():\n    reader, writer = os.pipe()\n    os.close(reader)\n"
        "    os.write(writer, b'x')\nwrite()\n",
        1,
    ),
    "an error of ours that it raises itself": End(
        "import retrograd\ntrain(2)\nretrograd.load('missing.retro')\n", 1
    ),
}


@dataclass(frozen=True)
class Pair:
    """A program's two runs, and the file of the recorded one."""

    bare: Future[Outcome]
    recorded: Future[Outcome]
    path: Path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    """Every program bare and recorded, each in a process of its own, two at a time."""
    folder = tmp_path_factory.mktemp("ends")
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup would hand on that it is ignored
    started = {}
    for number, (name, end) in enumerate(ENDS.items()):
        program = folder / f"end_{number}.py"
        program.write_text(TRAINING.replace("sys.argv[1]", "None") + end.text)
        path = folder / f"end_{number}.retro"
        bare = functools.partial(zoo.run_bare, program)
        recorded = functools.partial(zoo.run_recorded, program, path, "--budget", "all")
        started[name] = Pair(zoo.later(bare), zoo.later(recorded), path)
    return started


@pytest.mark.parametrize("name", ENDS)
def test_it_ends_as_it_does_bare(name: str, runs: dict[str, Pair]) -> None:
    """Exit code and traceback; one line where nothing else would tell; and a whole file."""
    bare, got = runs[name].bare.result(), runs[name].recorded.result()
    end = ENDS[name]
    assert bare.returncode == end.code
    assert zoo.differences(bare, got) == []
    lines = said(got.stderr)
    if end.says is None:
        assert lines == []
    else:
        (line,) = lines
        assert re.search(end.says, line)
    found = summary(runs[name].path)
    assert isinstance(found, tuple), found
    complete, steps, _ = found
    assert complete is end.complete
    assert steps >= 2 or not complete
