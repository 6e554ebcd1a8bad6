"""Writes a recording: one SQLite connection, used by one thread."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrograd.store.schema import (
    APPLICATION_ID,
    CHUNK_STEPS,
    FORMAT_VERSION,
    OBJECTS,
    constant_rows,
)

Column = NDArray[np.float64]

READERS_SECONDS = 1.0
"""How long the end of a recording waits for those who are reading the file just then."""


class Writer:
    """The open recording file; every change is durable against ``kill -9`` after ``commit``."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Create the file.

        Raises ``FileExistsError`` where it exists, ``OSError`` and ``sqlite3.Error`` where it
        cannot be written.
        """
        self.path = os.fspath(path)
        self._place = os.path.abspath(self.path)  # the program may change its directory
        file = os.open(self._place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        self._identity = _identity(os.fstat(file))
        os.close(file)
        self._series: dict[str, int] = {}
        self._tail: dict[int, list[Column]] = {}
        self._tail_first: int | None = None
        self._tail_count = 0
        try:
            self._db = sqlite3.connect(self._place, isolation_level=None, check_same_thread=False)
            self._lay_out()
        except BaseException:
            self.discard()
            raise

    def _lay_out(self) -> None:
        execute = self._db.execute
        execute("PRAGMA page_size = 4096")
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
        execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        execute("PRAGMA wal_autocheckpoint = 4000")
        execute("BEGIN")
        for statement in OBJECTS.values():
            execute(statement)
        positions, powers = constant_rows()
        self._db.executemany("INSERT INTO position VALUES (?)", positions)
        self._db.executemany("INSERT INTO power VALUES (?, ?)", powers)
        execute("COMMIT")

    def begin(self) -> None:
        """Start a transaction."""
        self._db.execute("BEGIN")

    def commit(self) -> None:
        """Make everything since ``begin`` durable and visible to readers.

        Raises ``FileNotFoundError`` where the file is no longer in its place: SQLite would go on
        writing into a file that nobody can open.
        """
        self._db.execute("COMMIT")
        try:
            there = _identity(os.stat(self._place)) == self._identity
        except FileNotFoundError:
            there = False
        if not there:
            raise FileNotFoundError("the file was removed or replaced")

    def rollback(self) -> None:
        """Give up the open transaction, if there is one."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def rows(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows of one of the schema's tables, all columns given."""
        if rows:
            places = ", ".join("?" * len(rows[0]))
            self._db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)

    def meta(self, entries: Mapping[str, Any]) -> None:
        """Set entries of ``meta``; the values must be fit for JSON."""
        self._db.executemany(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [(key, json.dumps(value, allow_nan=False)) for key, value in entries.items()],
        )

    def series(self, first_step: int, columns: Mapping[str, tuple[int | None, Column]]) -> None:
        """Append the same steps of several series, each as (parameter, numbers)."""
        ids = {}
        for name, (parameter, numbers) in columns.items():
            if name not in self._series:
                self._series[name] = len(self._series)
                self.rows("series", [(self._series[name], name, parameter)])
            ids[self._series[name]] = np.ascontiguousarray(numbers, dtype="<f8")
        if not ids:
            return
        count = len(next(iter(ids.values())))
        start = 0
        while start < count:
            room = CHUNK_STEPS - self._tail_count
            stop = min(count, start + room)
            self._append(first_step + start, {i: c[start:stop] for i, c in ids.items()})
            start = stop

    def _append(self, first_step: int, columns: dict[int, Column]) -> None:
        count = len(next(iter(columns.values())))
        if self._tail_first is None:
            self._tail_first = first_step
        for series, numbers in columns.items():
            have = self._tail.setdefault(series, [])
            missing = self._tail_count - sum(map(len, have))
            if missing:
                have.append(np.full(missing, np.nan))
            have.append(numbers)
        self._tail_count += count
        if self._tail_count >= CHUNK_STEPS:
            self._close_chunk()
        else:
            data = b"".join(numbers.tobytes() for numbers in columns.values())
            self.rows("series_tail", [(first_step, count, json.dumps(list(columns)), data)])

    def _close_chunk(self) -> None:
        """Turn the tail into one closed chunk per series."""
        if self._tail_first is None:
            return
        rows = []
        for series, pieces in self._tail.items():
            numbers = np.concatenate(pieces)
            if len(numbers) < self._tail_count:
                lacking = self._tail_count - len(numbers)
                numbers = np.concatenate([numbers, np.full(lacking, np.nan)])
            bits = numbers.view("<u8")
            data = numbers[:1] if bool((bits == bits[0]).all()) else numbers
            rows.append((series, self._tail_first, self._tail_count, data.tobytes()))
        self.rows("series_chunk", rows)
        self._db.execute("DELETE FROM series_tail")
        self._tail.clear()
        self._tail_first = None
        self._tail_count = 0

    def close(self) -> None:
        """Close the last chunk and turn the file into a single one without side files."""
        self.begin()
        self._close_chunk()
        self.commit()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        last = time.monotonic() + READERS_SECONDS
        while not self._alone() and time.monotonic() < last:
            time.sleep(0.02)
        self._db.close()

    def _alone(self) -> bool:
        """Give up the log; false while somebody reads: all is in the file, the log is empty."""
        try:
            self._db.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError:
            return False
        return True

    def abandon(self) -> None:
        """Close the connection after a failure; what was committed stays."""
        try:
            self.rollback()
        finally:
            self._db.close()

    def discard(self) -> None:
        """Remove a file into which nothing was written, as far as that can be done."""
        try:
            if hasattr(self, "_db"):
                self._db.close()
            os.unlink(self._place)
        except (OSError, sqlite3.Error):
            pass


def _identity(facts: os.stat_result) -> tuple[int, int]:
    return facts.st_dev, facts.st_ino


def free_name(path: str, taken: Iterable[str] = ()) -> str:
    """Return the path, or the first of ``name-2``, ``name-3``, … that does not exist."""
    stem, extension = os.path.splitext(path)
    number = 2
    candidate = path
    while os.path.lexists(candidate) or candidate in taken:
        candidate = f"{stem}-{number}{extension}"
        number += 1
    return candidate
