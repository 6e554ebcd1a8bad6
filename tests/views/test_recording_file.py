"""The open recording answers several questions at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from retrograd.store.reader import Recording
from retrograd.views import answers
from retrograd.views.data.findings import FindingsData
from retrograd.views.recording_file import RecordingFile


def test_a_long_diagnosis_holds_up_no_other_answer(
    or_gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, end = Event(), Event()

    def slow(recording: Recording) -> FindingsData:
        begun.set()
        assert end.wait(60)
        return FindingsData((), recording.steps)

    monkeypatch.setattr(answers, "findings", slow)
    file = RecordingFile(or_gate)
    with ThreadPoolExecutor(2) as pool:
        diagnosis = pool.submit(file.answer, "findings")
        assert begun.wait(60)
        other = pool.submit(file.answer, "overview")
        try:
            assert b'"steps":1000' in other.result(timeout=60)
            assert not diagnosis.done()
        finally:
            end.set()
        assert b'"clean":1000' in diagnosis.result(timeout=60)
    file.close()
