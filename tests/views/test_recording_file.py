"""The open recording answers several questions at once."""

from __future__ import annotations

import gc
import shutil
import sys
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording, load
from retrograd.store.step import Step
from retrograd.views.answers import Answers
from retrograd.views.kept import Kept
from retrograd.views.recording_file import RecordingFile

WAITS = "import time; time.sleep(600)"


def test_the_findings_are_those_of_the_recording(or_gate: Path) -> None:
    file = RecordingFile(or_gate)
    with load(or_gate) as recording:
        expected = Answers(recording).answer("findings")
    assert file.answer("findings") == expected
    file.judge.command = [sys.executable, "-c", "raise SystemExit('asked twice')"]
    assert file.answer("findings") == expected  # the file has not changed
    file.close()


def test_a_long_diagnosis_holds_up_no_other_answer_and_ends_with_the_page(or_gate: Path) -> None:
    file = RecordingFile(or_gate)
    file.judge.command = [sys.executable, "-c", WAITS]
    with ThreadPoolExecutor(1) as pool:
        diagnosis = pool.submit(file.answer, "findings")
        assert b'"steps":1000' in file.answer("overview")
        assert not diagnosis.done()
        began = time.monotonic()
        file.close()
        with pytest.raises(RecordingError, match="was"):
            diagnosis.result(timeout=60)
        assert time.monotonic() - began < 60


def test_a_diagnosis_that_fails_is_one_line(or_gate: Path) -> None:
    file = RecordingFile(or_gate)
    file.judge.command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(RecordingError, match=r"^no such thing$"):
        file.answer("findings")
    file.close()


def test_what_a_page_opens_with_is_prepared(or_gate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = RecordingFile(or_gate)
    file.prepare()
    monkeypatch.setattr(Answers, "answer", lambda *_: pytest.fail("asked again"))
    for question in ("overview", "step/0", "structure/0"):
        assert file.answer(question).startswith(b"{")
    file.close()


def test_what_is_prepared_gives_way_to_what_is_asked(or_gate: Path) -> None:
    file = RecordingFile(or_gate)
    file.answer("step/3")  # not what a page opens with: it is not at the beginning
    file.prepare()
    kept = file._kept
    assert kept.known("step/3") and kept.known("overview") is None
    file.close()


def test_reading_for_later_is_given_up_in_its_middle(
    or_gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = RecordingFile(or_gate)
    step = Recording.step

    def asked_meanwhile(self: Recording, index: int) -> Step:
        file._other.set()
        file._asked.set()
        return step(self, index)

    monkeypatch.setattr(Recording, "step", asked_meanwhile)
    file.prepare()
    assert file._kept.known("overview") and file._kept.known("step/0") is None
    monkeypatch.undo()
    assert file.answer("step/0").startswith(b"{")
    file.close()


def test_a_kept_answer_waits_for_no_other(or_gate: Path) -> None:
    file = RecordingFile(or_gate)
    overview = file.answer("overview")
    with file._opened():  # as while another answer is being found
        assert file.answer("overview") == overview
    file.close()


def test_an_answer_is_found_once_until_the_file_changes(
    or_gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = Answers.answer
    monkeypatch.setattr(Answers, "answer", lambda self, key: asked.append(key) or answer(self, key))
    path = tmp_path / "copy.retro"
    shutil.copy(or_gate, path)
    file = RecordingFile(path)
    assert file.answer("step/3") == file.answer("step/3")
    assert asked == ["step/3"]
    shutil.copy(or_gate, path)  # another time of change
    file.answer("step/3")
    assert asked == ["step/3"] * 2
    file.close()


def test_the_oldest_answers_go_when_there_is_no_room() -> None:
    found: list[str] = []

    def find(key: str) -> bytes:
        found.append(key)
        return bytes(4)

    kept: Kept[int] = Kept(room=8)
    for key in "aba" + "cab":  # b is the oldest when c comes
        assert kept.answer(key, find) == bytes(4)
    assert "".join(found) == "abcb"
    assert Kept[int](room=3).answer("larger than the room", find) == bytes(4)


def test_a_step_that_is_left_is_let_go_without_the_collector(or_gate: Path) -> None:
    with load(or_gate) as recording:
        answers = Answers(recording)
        answers.answer("explanation/3/7")
        left = weakref.ref(answers.step(3).values[0])
        gc.disable()
        try:
            answers.answer("step/4")
            assert left() is None
        finally:
            gc.enable()
