"""The writing thread: takes finished steps from the training thread and puts them on disk."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import torch

from retrograd.recorder.capture import Content, Deferred, Part
from retrograd.recorder.parameters import Parameters
from retrograd.recorder.rows import LightStep, QuietStep, columns
from retrograd.store.writer import Writer

INTERVAL: Final = 0.2
"""Seconds between two writes: what a kill can cost, well under the promised second."""
BACKLOG_BYTES: Final = 32 << 20
"""Unwritten bytes at which the training thread waits for the disk."""


class Sink:
    """A queue with a thread behind it.

    What goes wrong in the thread is raised where the next thing is queued: the recording is then
    stopped by the thread that trains, which alone can take the dispatch mode off.
    """

    def __init__(
        self, writer: Writer, parameters: Parameters, failed: Callable[[BaseException], None]
    ) -> None:
        self._writer = writer
        self._parameters = parameters
        self._failed = failed
        self._queue: deque[tuple[str, Any]] = deque()
        self._light: deque[tuple[int, LightStep | QuietStep]] = deque()
        # Queues a step and its row unchecked: the next step that is not quiet checks
        self.quiet = self._light.append
        self._contents: dict[bytes, int] = {}
        self._new_contents: list[tuple[int, bytes]] = []
        self._last_rng: tuple[bytes, int] = (b"", 0)
        self._wake = threading.Event()
        self._written = threading.Event()
        self._closing = False
        self.error: Exception | None = None  # what went wrong in the thread
        self._backlog = 0
        self.meta: Callable[[], dict[str, Any]] = dict
        self.cpu_seconds = 0.0  # of the writing thread
        self._thread = threading.Thread(target=self._run, name="retrograd-writer", daemon=True)

    def start(self) -> None:
        """Start the writing thread."""
        self._thread.start()

    def put(self, table: str, row: Any) -> None:
        """Queue a row of a table. Raises what went wrong in the thread."""
        if self.error is not None:
            raise self.error
        self._queue.append((table, row))

    def light(self, step: int, row: LightStep | QuietStep) -> None:
        """Queue the light record of a step. Raises what went wrong in the thread."""
        if self.error is not None:
            raise self.error
        self._light.append((step, row))
        if len(self._light) > 20_000:
            self._wait()

    def full(self, row: tuple[Any, ...], size: int) -> None:
        """Queue a full step; waits when the disk is far behind."""
        self.put("full_step", row)
        self._backlog += size
        if self._backlog > BACKLOG_BYTES:
            self._wait()

    def _wait(self) -> None:
        """Let the writing thread catch up; never longer than a disk may hang."""
        self._written.clear()
        self._wake.set()
        self._written.wait(timeout=30)

    def close(self) -> None:
        """Write what is queued and finish the file; what goes wrong is told to ``failed``."""
        self._closing = True
        try:
            self._wake.set()
            if self._thread.is_alive():
                self._thread.join(timeout=60)
            if self._thread.is_alive():
                raise TimeoutError("the disk has not answered for a minute")
            if self.error is None:
                self._writer.close()
        except Exception as error:
            self.error = error
        if self.error is not None:
            self._failed(self.error)

    def discard(self) -> None:
        """End the thread and remove the file, into which nothing was written."""
        self._closing = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=60)
        self._writer.discard()

    def _run(self) -> None:
        closing = False
        try:
            while not closing:
                self._wake.wait(timeout=INTERVAL)
                self._wake.clear()
                closing = self._closing
                self._write(closing)
                self.cpu_seconds = time.thread_time()
                self._written.set()
        except Exception as error:
            self.error = error
            self._queue.clear()
            self._light.clear()
            self._written.set()
            try:
                self._writer.abandon()
            except Exception:
                pass

    def _write(self, last: bool) -> None:
        writer = self._writer
        queue, light = self._queue, self._light
        if not queue and not light and not last:
            return
        rows: dict[str, list[Any]] = {}
        steps: list[tuple[int, LightStep | QuietStep]] = []
        while queue:
            table, row = queue.popleft()
            if table == "full_step":
                row = self._full(row)
            rows.setdefault(table, []).append(row)
        while light:
            steps.append(light.popleft())
        self._backlog = 0
        writer.begin()
        contents = rows.pop("content", [])
        writer.rows("content", contents + self._new_contents)
        self._new_contents = []
        for table, batch in rows.items():
            writer.rows(table, batch)
        start = 0
        while start < len(steps):  # runs of consecutive steps
            stop = start + 1
            while stop < len(steps) and steps[stop][0] == steps[stop - 1][0] + 1:
                stop += 1
            block = [row for _, row in steps[start:stop]]
            writer.series(steps[start][0], columns(block, self._parameters))
            start = stop
        entries = self.meta()
        entries["complete"] = entries["complete"] and last  # else there may be more in the queue
        writer.meta(entries)
        writer.commit()

    def _full(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        step, structure, started, seconds, overhead, rng, complete, parts = row
        if rng is not None and rng != self._last_rng[0]:
            self._last_rng = (rng, self._content(rng))
        return (
            step,
            structure,
            started,
            seconds,
            overhead,
            self._last_rng[1] if rng is not None else None,
            complete,
            parts if isinstance(parts, bytes) else b"".join(self._bytes(parts)),
        )

    def _bytes(self, parts: list[Part]) -> list[bytes]:
        deferred = [part for part in parts if not isinstance(part, bytes)]
        if not deferred:
            return parts  # type: ignore[return-value]
        fetched = fetch(deferred)
        result = []
        for part in parts:
            if isinstance(part, bytes):
                result.append(part)
            elif isinstance(part, Deferred):
                result.append(fetched[id(part)])
            else:
                whole, numbers = part.elements, part.statistics
                data = whole if isinstance(whole, bytes) else fetched[id(whole)]
                content = self._content(data)
                result.append(content.to_bytes(8, "little"))
                result.append(numbers if isinstance(numbers, bytes) else fetched[id(numbers)])
        return result

    def _content(self, data: bytes) -> int:
        digest = hashlib.blake2b(data, digest_size=16).digest()
        known = self._contents.get(digest)
        if known is None:
            known = self._contents[digest] = len(self._contents) + 1
            self._new_contents.append((known, data))
        return known


def fetch(parts: list[Any]) -> dict[int, bytes]:
    """Copy deferred bytes to the host, one transfer for each device."""
    wanted: list[Deferred] = []
    for part in parts:
        if isinstance(part, Content):
            wanted += [p for p in (part.elements, part.statistics) if isinstance(p, Deferred)]
        elif isinstance(part, Deferred):
            wanted.append(part)
    by_device: dict[torch.device, list[Deferred]] = {}
    for part in wanted:
        by_device.setdefault(part.tensor.device, []).append(part)
    result = {}
    for group in by_device.values():
        joined = torch.cat([part.tensor for part in group]).cpu().numpy().tobytes()
        start = 0
        for part in group:
            result[id(part)] = joined[start : start + part.size]
            start += part.size
    return result
