"""``retrograd diagnose`` on the command line: its output, its exit codes, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT
from recordings import record

from retrograd.commands import cli
from retrograd.diagnose.registry import all_rules, find


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of a training without zero_grad."""
    folder = tmp_path_factory.mktemp("diagnose")
    path = folder / "broken.py"
    path.write_text(find("R15").failing)
    return record([path], folder)[path]


def test_a_finding_is_told(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line with the expression underlined, the fix as a diff; the exit code is 1."""
    assert cli.main(["diagnose", str(broken), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "R15 zero-grad-missing · error" in out
    assert "        loss.backward()\n        ^^^^^^^^^^^^^^^\n" in out
    assert "+    optimizer.zero_grad()" in out
    assert "Checked and clean: R01" in out
    assert cli.main(["diagnose", str(broken), "--lang", "ko"]) == 1
    assert "고치기: 스텝마다" in capsys.readouterr().out


def test_json(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diagnose", str(broken), "--json", "--lang", "en"]) == 1
    document = json.loads(capsys.readouterr().out)
    (found,) = document["findings"]
    assert (found["code"], found["severity"], found["line"]) == ("R15", "error", 9)
    assert found["steps"] == list(range(1, 20))
    assert found["file"].endswith("broken.py")
    assert {"name", "message", "consequences", "fix"} <= set(found)
    assert "R30" in document["clean"]
    listed = {entry["code"] for entry in document["not_checked"]}
    follow = {entry["code"] for entry in found["consequences"]}
    judged = {"R15", *document["clean"]} | listed | follow
    assert judged == {rule.code for rule in all_rules()}


def test_sarif(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diagnose", str(broken), "--sarif", "--lang", "en"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["version"], document["$schema"][-10:]) == ("2.1.0", "2.1.0.json")
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "retrograd"
    assert [rule["id"] for rule in driver["rules"]] == ["R15"]
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    assert result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place.startswith("file:///")
    assert {"location": {"uri": place}} in run["artifacts"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], result["level"]) == ("R15", "error")
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (9, 5, 20)


def test_exit_codes(broken: Path, or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 clean, 1 findings that are severe enough."""
    assert cli.main(["diagnose", str(or_gate)]) == 0
    assert cli.main(["diagnose", str(broken), "--ignore", "R15"]) == 0
    assert cli.main(["diagnose", str(broken), "--select", "zero-grad-missing"]) == 1
    assert cli.main(["diagnose", str(broken), "--fail-on", "never"]) == 0


def test_bad_input(
    broken: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line, and exit code 2."""

    def refused(*words: str) -> str:
        assert cli.main(["diagnose", *words]) == 2
        out, error = capsys.readouterr()
        assert out == ""
        assert error.count("\n") == 1
        return error

    assert "R15 (zero-grad-missing)" in refused(str(broken), "--select", "R155")
    assert "did you mean R15 (zero-grad-missing)" in refused("--explain", "zero-grad")
    assert "does not exist" in refused(str(tmp_path / "none.retro"))
    assert "which recording?" in refused()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.retrograd.R15]\ntimse = 3\n")
    assert "R15 has no threshold 'timse' (it has: times)" in refused(str(broken))
    (tmp_path / "pyproject.toml").write_text("[tool.retrograd]\nselect = 3\n")
    assert "select is no list of codes" in refused(str(broken))
    for bad, said in (
        ("[tool.retrograd.R15]\ntimes = 'x'\n", "R15.times is no number"),
        ("[tool.retrograd.R15]\ntimes = true\n", "R15.times is no number"),
        ("[tool.retrograd.R15]\ntimes = nan\n", "R15.times is not finite"),
        ("[tool.retrograd]\nR15 = 4\n", "R15 is no table of thresholds"),
        ("[tool.retrograd.R155]\ntimes = 4\n", "no rule 'R155': did you mean"),
        ("[tool]\nretrograd = 4\n", "[tool.retrograd] is no table"),
        ("[tool.retrograd\n", "cannot be read"),
        ("tool = 3\n", "[tool.retrograd] is no table"),
    ):
        (tmp_path / "pyproject.toml").write_text(bad)
        assert said in refused(str(broken))


def test_settings(
    broken: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thresholds and choices stand in pyproject.toml, of this folder or one above."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.retrograd.R15]\ntimes = 30\n")
    assert cli.main(["diagnose", str(broken)]) == 0
    (tmp_path / "pyproject.toml").write_text('[tool.retrograd]\nignore = ["R15"]\n')
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert cli.main(["diagnose", str(broken)]) == 0


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """With both programs; every rule has a page, and it is fresh."""
    assert cli.main(["diagnose", "--explain", "R15", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "A program that fails" in out
    assert "      optimizer.zero_grad()\n" in out


def test_pages_are_fresh() -> None:
    """``make docs`` writes them."""
    scope: dict[str, object] = {"__file__": str(ROOT / "docs" / "rules.py"), "__name__": "rules"}
    exec(compile((ROOT / "docs" / "rules.py").read_text(), "rules.py", "exec"), scope)
    pages = scope["pages"]()  # type: ignore[operator]
    there = {path.name: path.read_text() for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert there == pages


def test_a_recording_cut_short_is_judged_as_far_as_it_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed in the middle: what is there is judged, and that it is not all is said."""
    path = tmp_path / "killed.py"
    kill = "\nimport os, time\ntime.sleep(1)\nos.kill(os.getpid(), 9)\n"
    path.write_text(find("R15").failing + kill)
    recording = record([path], tmp_path)[path]
    assert cli.main(["diagnose", str(recording), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "R15 zero-grad-missing · error" in out
    assert "cut short after 20 steps" in out
