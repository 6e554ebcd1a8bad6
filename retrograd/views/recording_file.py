"""A recording that stays open between the page's questions, and is seen anew when it changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Final

from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording, load
from retrograd.views.answers import Answers
from retrograd.views.judge import FINDINGS, Judge
from retrograd.views.kept import Kept

_MOMENT: Final = 0.005
"""Seconds in which a question that has come can be heard: reading leaves other threads no time."""
_PATIENCE: Final = 1.0
"""Seconds in which a page that has come asks its first question."""
_GRACE: Final = 0.3
"""Seconds in which a browser that runs already comes: less than another takes to start."""
Stamp = tuple[tuple[int, ...] | None, ...]


class Vanished(RecordingError):
    """The file was there, and is there no more."""


class RecordingFile:
    """Answers about one file, whatever happens to it while the page is open.

    A file that has changed is opened again. One with a log beside it is closed after each answer:
    with a reader about, its run could not turn it into one closed file at the end.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a file. Raises ``RecordingError`` where it is no recording."""
        self.path = os.path.abspath(path)
        self.judge = Judge(self.path)
        self._one_at_a_time = Lock()
        self.opening: int | None = None
        """The step that a page opens with, where it is known already."""
        self._came, self._asked, self._other = Event(), Event(), Event()
        """Set when a page is on its way, when it asks, and when that is not what is prepared."""
        self._stamp: Stamp | None = None
        self._answers: Answers | None = None
        self._kept: Kept[Stamp] = Kept()
        load(self.path).close()

    def close(self) -> None:
        """Close the file, and end what is being found out about it."""
        self.judge.close()
        with self._one_at_a_time:
            self._close()

    def answer(self, key: str) -> bytes:
        """Return the answer to a question as JSON. Raises ``RecordingError`` without one."""
        if key == FINDINGS:
            return self.judge.answer(self._look())
        known = self._known(key)
        if known is not None:
            return known  # without waiting for another answer, which may take long
        if key not in self._prepared():
            self._other.set()
        self._asked.set()
        with self._opened() as answers:
            return self._kept.answer(key, answers.answer)

    def expect(self) -> None:
        """Know that a page is on its way: what it asks for comes next."""
        self._came.set()

    def _prepared(self) -> tuple[str, ...]:
        return ("overview", f"step/{self.opening}", f"structure/{self.opening}")

    def _known(self, key: str) -> bytes | None:
        kept = self._kept
        try:
            return kept.known(key) if kept.stamp == self._look() else None
        except Vanished:
            return None

    def prepare(self) -> None:
        """Find the answers that a page asks for when it opens at the beginning of a finished run.

        One that went wrong opens where it did, and a live one is closed after each answer.
        A browser takes a while to start, and a large step a while to read. What somebody asks for
        comes first, where it is something else.
        """
        try:
            with self._opened() as answers:
                recording = answers.recording
                wrong = {"exception", "nonfinite"} & {i.kind for i in recording.incidents}
                if recording.live or wrong or not recording.full_steps:
                    return
                self.opening = recording.full_steps[0]
            if self._came.wait(_GRACE):
                self._give_way()
            for key in self._prepared():
                with self._opened() as answers, _interrupted(answers.recording, self._give_way):
                    self._kept.answer(key, answers.answer)
        except RecordingError:
            pass  # whoever asks is told

    def _give_way(self) -> None:
        self._asked.wait(_PATIENCE if self._came.is_set() else _MOMENT)
        self._came.clear()
        if self._other.is_set():
            raise RecordingError("something else is asked for")

    def pulse(self) -> tuple[Stamp | None, bool]:
        """Return what changes when the file does, and whether its run is still going on."""
        try:
            with self._opened() as answers:
                return self._stamp, answers.recording.live
        except RecordingError:
            return None, False

    @contextmanager
    def _opened(self) -> Iterator[Answers]:
        with self._one_at_a_time:
            try:
                stamp = self._look()
            except Vanished:
                self._close()
                raise
            if self._answers is None or stamp != self._stamp:
                self._close()
                self._answers, self._stamp = Answers(load(self.path)), stamp
                self._answers.ascii = True
                self._kept = Kept(stamp)
            answers = self._answers
            try:
                yield answers
            finally:
                if stamp[1] is not None:
                    self._close()

    def _look(self) -> Stamp:
        """Return identity, size and time of the file and of the log beside it."""
        found: list[tuple[int, ...] | None] = []
        for side in ("", "-wal"):
            try:
                facts = os.stat(self.path + side)
            except OSError:
                found.append(None)
            else:
                found.append((facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns))
        if found[0] is None:
            raise Vanished(f"{self.path} is no longer there: it was moved or deleted")
        return tuple(found)

    def _close(self) -> None:
        if self._answers is not None:
            self._answers.recording.close()
            self._answers = None


@contextmanager
def _interrupted(recording: Recording, between: Callable[[], None]) -> Iterator[None]:
    """Let what takes long to read be given up meanwhile."""
    between()
    usual, recording.between = recording.between, between
    try:
        yield
    finally:
        recording.between = usual
