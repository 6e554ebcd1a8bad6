"""``retrograd run`` beside the watcher: exact findings come once, and the program sees nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from retrograd.commands import watcher
from retrograd.diagnose.live import Watch

# It trains until the watcher has had time for two looks, and asks what children it has.
PROGRAM = """\
import os
import sys
import time

import torch

torch.manual_seed(0)
X, y = torch.randn(32, 4), torch.randint(0, 3, (32,))
model = torch.nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
end = time.monotonic() + float(sys.argv[1])
steps = 0
while steps < 12 or time.monotonic() < end:
    loss = torch.nn.functional.cross_entropy(model(X).softmax(1), y)
    loss.backward()
    optimizer.step()
    steps += 1
    time.sleep(0.01)
try:
    os.wait()
except ChildProcessError:
    print("no child")
sys.exit(5)
"""


def run(folder: Path, *words: str, seconds: float = 0) -> subprocess.CompletedProcess[str]:
    path = folder / "program.py"
    path.write_text(PROGRAM)
    command = [sys.executable, "-m", "retrograd", "run", *words, str(path), str(seconds)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, timeout=240
    )


def test_findings_come_while_it_runs_and_at_its_end(tmp_path: Path) -> None:
    """Each is told once, before the summary; standard output and exit code are the program's."""
    # as long as it takes on a machine where everything is ten times as slow
    for seconds in (6, 30, 90):
        done = run(tmp_path, seconds=seconds)
        assert (done.returncode, done.stdout) == (5, "no child\n")
        live, _, closing = done.stderr.partition("retrograd recorded the training\n")
        if live:
            break
    assert re.findall(r"^retrograd: (R\d+) \S+ program\.py:\d+: \w", live, re.M) == ["R30", "R15"]
    assert "found     R30 softmax-before-cross-entropy (error) program.py:14\n" in closing
    assert "R15 zero-grad-missing (error) program.py:15\n" in closing
    assert "retrograd diagnose program" in closing


def test_it_closes_in_the_readers_language(tmp_path: Path) -> None:
    closing = run(tmp_path, "--lang", "ko").stderr
    assert re.search(
        r"^retrograd가 학습을 기록했습니다\n  스텝 +\d+ \(간단히 0, 전부 \d+\)\n", closing, re.M
    )
    assert re.search(
        r"^  진단 +R30 softmax-before-cross-entropy \(오류\) program\.py:14$", closing, re.M
    )
    assert re.search(r"^  다음 +retrograd view program\.retro$", closing, re.M)


@pytest.mark.parametrize(("budget", "floor"), [("10%", True), ("0", False), ("all", False)])
def test_it_says_why_a_short_run_costs_much(tmp_path: Path, budget: str, floor: bool) -> None:
    """Only a budget has seconds that are spent in any case."""
    closing = run(tmp_path, "--no-live", "--budget", budget).stderr
    assert re.search(r"^  overhead +\d+% \(\d+\.\d\d s in all", closing, re.M)
    assert ("the first 2 s are always spent" in closing) == floor


@pytest.mark.parametrize("word", ["--no-live", "--quiet"])
def test_it_can_be_turned_off(tmp_path: Path, word: str) -> None:
    done = run(tmp_path, word)
    assert (done.returncode, done.stdout) == (5, "no child\n")
    assert "R15" not in done.stderr
    assert ("recorded the training" in done.stderr) == (word == "--no-live")


def test_settings_hold_for_it_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.retrograd]\nignore = ["R15"]\n')
    done = run(tmp_path)
    assert "R30" in done.stderr
    assert "R15" not in done.stderr


def test_a_finding_is_told_at_the_second_look_and_once(tmp_path: Path) -> None:
    """A look needs more steps than the one before."""
    import shutil

    from recordings import record

    from retrograd.diagnose.registry import find

    short, whole = tmp_path / "short.py", tmp_path / "whole.py"
    whole.write_text(find("R15").failing)
    short.write_text(find("R15").failing.replace("range(20)", "range(6)"))
    assert short.read_text() != whole.read_text()
    files = record([short, whole], tmp_path)
    seen = tmp_path / "seen.retro"
    shutil.copy(files[short], seen)
    watch = Watch(str(seen))
    assert watch.look() == []
    assert watch.look() == []
    shutil.copy(files[whole], seen)
    assert [finding.code for finding in watch.look()] == ["R15"]
    assert watch.look() == []
    assert watcher.found(str(seen), "en") == ["R15 zero-grad-missing (error) whole.py:9"]


def test_an_error_that_only_a_rule_knows_is_told(tmp_path: Path) -> None:
    """Also where it comes before the first backward pass: the file is kept then."""
    path = tmp_path / "raw.py"
    path.write_text(
        "import torch\n"
        "scores = torch.nn.Linear(2, 1)(torch.full((3, 2), 9.0)) + 9\n"
        "torch.nn.functional.binary_cross_entropy(scores, torch.ones(3, 1)).backward()\n"
    )
    command = [sys.executable, "-m", "retrograd", "run", "--no-live", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=240)
    assert done.returncode == 1
    assert "retrograd: Why this happened (bce-on-logits)\n  raw.py:3" in done.stderr
    assert "  fix  Use BCEWithLogitsLoss" in done.stderr
    assert (tmp_path / "raw.retro").exists()
