"""Bad input ends in one clear line on stderr and exit code 2, never in a traceback."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from retrograd.commands import cli

Call = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """A function that runs a command line, which must fail, and returns its one line."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def call(*words: str | Path) -> str:
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as end:  # of the parser
            assert isinstance(end.code, int)
            code = end.code
        out, error = capsys.readouterr()
        assert code == 2
        assert out == ""
        assert error.count("\n") == 1, error
        assert error.startswith("retrograd")
        return error

    return call


def script(folder: Path, text: str | bytes, name: str = "script.py") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# -- retrograd ----------------------------------------------------------------------------------


def test_no_such_command(refused: Call) -> None:
    """A command that is nearly right is suggested; a script says what was forgotten."""
    assert "no command 'sumary'; did you mean summary?" in refused("sumary", "run.retro")
    assert "type: retrograd run train.py --lr 1" in refused("train.py", "--lr", "1")
    assert "there are run, summary" in refused("zzz")


@pytest.mark.parametrize(
    "command", [("run",), ("summary", "x.retro"), ("steps", "x.retro", "0")], ids=lambda c: c[0]
)
def test_an_unknown_option(command: tuple[str, ...], refused: Call) -> None:
    """Named, with the way to help."""
    line = refused(*command, "--colour=blue")
    assert "--colour" in line
    assert f"retrograd {command[0]} --help" in line


# -- run ------------------------------------------------------------------------------------------


def test_run_without_a_script(refused: Call) -> None:
    """Nothing to run."""
    assert "no script given" in refused("run")
    assert "no script given" in refused("run", "--budget", "all")
    assert "-m needs the name of a module" in refused("run", "-m")


def test_no_such_script(refused: Call, tmp_path: Path) -> None:
    """A path, a directory, a module."""
    assert f"{tmp_path / 'no.py'} does not exist" in refused("run", tmp_path / "no.py")
    assert "directory without a __main__.py" in refused("run", tmp_path)
    assert "no module named 'no_such_thing'" in refused("run", "-m", "no_such_thing")


def test_no_python_file(refused: Call, tmp_path: Path, or_gate: Path) -> None:
    """Bytes that are no text, a notebook, a recording."""
    noise = script(tmp_path, bytes(range(256)), "weights.bin")
    assert f"{noise} is not a Python file" in refused("run", noise)
    latin = script(tmp_path, "x = 'ä'\n".encode("latin-1"))
    assert f"{latin} is not a Python file" in refused("run", latin)
    notebook = script(tmp_path, "{}", "lesson.ipynb")
    assert "%load_ext retrograd" in refused("run", notebook)
    assert f"try `retrograd summary {or_gate}`" in refused("run", or_gate)


def test_a_place_for_the_recording(refused: Call, tmp_path: Path) -> None:
    """A directory that is missing, one in the place of the file."""
    program = script(tmp_path, "print('ran')\n")
    line = refused("run", "--out", tmp_path / "missing" / "x.retro", program)
    assert f"there is no directory {tmp_path / 'missing'}; create it first" in line
    assert "is a directory" in refused("run", "--out", tmp_path, program)
    assert list(tmp_path.iterdir()) == [program]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--steps", "5-1"), "the range 5-1 runs backwards; write 1-5"),
        (("--steps", "1,x"), "not understood at 'x'"),
        (("--steps", ""), "not understood"),
        (("--every", "0"), "give a whole number from 1 on"),
        (("--every", "-1"), "give a whole number from 1 on"),
        (("--budget", "much"), "give a percentage such as 10%"),
        (("--budget", "nan"), "give a percentage such as 10%"),
        (("--every", "2", "--steps", "1"), "exclude each other"),
        (("--out",), "expected one argument"),
    ],
)
def test_options_of_run(options: tuple[str, ...], said: str, refused: Call, tmp_path: Path) -> None:
    """What is wrong with a value, and what would be right."""
    program = [] if options == ("--out",) else [script(tmp_path, "print('ran')\n")]
    assert said in refused("run", *options, *program)


def python(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_syntax_error_is_reported_as_python_does(tmp_path: Path) -> None:
    """The same text, with the mark below the line; only the exit code is ours."""
    program = script(tmp_path, "def f(:\n    pass\n")
    bare = python(program, folder=tmp_path)
    ours = python("-m", "retrograd", "run", program, folder=tmp_path)
    assert bare.returncode == 1
    assert ours.returncode == 2
    assert (ours.stdout, ours.stderr) == (bare.stdout, bare.stderr)
    assert "SyntaxError" in ours.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print('hello')\n", "script.py never imported torch: nothing to record"),
        (
            "import torch\nprint('hello')\ntorch.ones(2).sum()\n",
            "no backward pass ran in script.py: retrograd looked for calls of loss.backward()",
        ),
    ],
)
def test_a_script_that_trains_nothing(text: str, said: str, tmp_path: Path) -> None:
    """It runs, exit code 2 and one line say that there is nothing to look at; no file is left."""
    script(tmp_path, text)
    done = python("-m", "retrograd", "run", "script.py", folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == "hello\n"
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == ["script.py"]


def test_a_script_that_raises_before_it_trains(tmp_path: Path) -> None:
    script(tmp_path, "import torch\nraise ValueError('no data')\n")
    done = python("-m", "retrograd", "run", "script.py", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.endswith("script.py raised the error above before any backward pass ran\n")
    assert os.listdir(tmp_path) == ["script.py"]


# -- summary and steps ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("summary",), ("steps", "0")])
def test_no_recording(
    command: tuple[str, ...], refused: Call, tmp_path: Path, or_gate: Path
) -> None:
    """No file, a directory, an empty file, text, another database, half a recording."""
    name, *rest = command
    database = tmp_path / "other.db"
    with sqlite3.connect(database) as other:
        other.execute("CREATE TABLE t (x)")
    half = script(tmp_path, or_gate.read_bytes()[: or_gate.stat().st_size // 2], "half.retro")
    cases = {
        tmp_path / "missing.retro": "does not exist; `retrograd run script.py` writes a recording",
        tmp_path: "is a directory, not a recording",
        script(tmp_path, "", "empty.retro"): "is empty",
        script(tmp_path, "hello", "text.retro"): "is not a retrograd recording",
        database: "is not a retrograd recording",
        half: "damaged",
    }
    for path, said in cases.items():
        line = refused(name, path, *rest)
        assert line.startswith(f"retrograd {name}: {path}")
        assert said in line


def test_a_newer_format(refused: Call, tmp_path: Path, or_gate: Path) -> None:
    """It is not guessed at."""
    path = script(tmp_path, or_gate.read_bytes(), "newer.retro")
    with sqlite3.connect(path) as newer:
        (version,) = newer.execute("PRAGMA user_version").fetchone()
        newer.execute(f"PRAGMA user_version = {version + 1}")
    line = refused("summary", path)
    assert f"written by a newer retrograd (format {version + 1}" in line
    assert "update retrograd" in line


def test_a_step_that_is_not_there(refused: Call, or_gate: Path, light: Path) -> None:
    """Too large, recorded light, or no number: the line says which full ones are near."""
    line = refused("steps", or_gate, "99999")
    assert "has no step 99999: it has steps 0 to " in line
    assert re.search(r"the nearest full ones are \d+, \d+, \d+", line)
    assert "no step" in refused("steps", or_gate, "9" * 15)
    for word in ("x", "-1", "1.5", "9" * 16, "²"):
        assert "is not understood" in refused("steps", "--", or_gate, word)
    line = refused("steps", light, "4")
    assert "light" in line
    assert "the nearest full ones are 2, 3, 6" in line


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording with the steps 0 to 9, of which 2, 3 and 6 are full."""
    import torch

    import retrograd

    path = tmp_path_factory.mktemp("light") / "light.retro"
    with retrograd.record(path, steps="2-3,6"):
        weight = torch.ones(2, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        for _ in range(10):
            optimizer.zero_grad()
            weight.square().sum().backward()
            optimizer.step()
    return path


def test_a_recording_that_is_still_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It opens, and the summary says that there will be more."""
    path = tmp_path / "run.retro"
    script(
        tmp_path,
        "import sys, torch\n"
        "w = torch.ones(2, requires_grad=True)\n"
        "while True:\n"
        "    w.square().sum().backward()\n"
        "    w.data -= 0.1 * w.grad\n"
        "    w.grad = None\n"
        "    print('step', flush=True)\n",
    )
    command = [sys.executable, "-m", "retrograd", "run", "--out", str(path), "script.py"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            assert cli.main(["summary", str(path)]) == 0
        finally:
            process.kill()
            process.stdout.read()
    assert "still being written; this is what it holds so far" in capsys.readouterr().out
    process.wait()
    assert cli.main(["summary", str(path)]) == 0
    assert "cut short" in capsys.readouterr().out
