"""An SQLite file opened to read, with nothing in it trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

from retrograd.store.errors import RecordingError
from retrograd.store.schema import APPLICATION_ID, FORMAT_VERSION, OBJECTS

_MAGIC: Final = b"SQLite format 3\x00"
# SQLite's own message may quote bytes of a damaged schema that are no text
_UNREADABLE: Final = (sqlite3.Error, UnicodeDecodeError)


class Connection:
    """A recording's database. It has exactly the schema of this version, or it does not open."""

    def __init__(self, path: str) -> None:
        """Open a file. Raises ``RecordingError`` where it is no recording."""
        self.path = path
        self._copy: str | None = None
        self._one_at_a_time = Lock()
        self._db = self._open()
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file, and remove the copy of it where one had to be made."""
        self._db.close()
        if self._copy is not None:
            shutil.rmtree(self._copy, ignore_errors=True)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return _size(self.path)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows that a query finds."""
        return self._db.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> tuple[Any, ...]:
        """Return the first row; raises ``LookupError`` where there is none."""
        row = self._db.execute(query, values).fetchone()
        if row is None:
            raise LookupError("a row is missing")
        return tuple(row)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all queries inside see one and the same moment of a file that is being written."""
        with self._one_at_a_time:
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    def parts(self, table: str, row: int, starts: Iterable[int], size: int) -> list[bytes]:
        """Return pieces of the column ``data`` of a row, without reading the rest of it."""
        found = []
        with self._db.blobopen(table, "data", row, readonly=True) as blob:
            for start in starts:
                blob.seek(start)
                found.append(blob.read(size))
        return found

    def _open(self) -> sqlite3.Connection:
        path = self.path
        try:
            with open(path, "rb") as file:
                head = file.read(100)
        except IsADirectoryError:
            raise RecordingError(f"{path} is a directory, not a recording") from None
        except FileNotFoundError:
            raise RecordingError(
                f"{path} does not exist; `retrograd run script.py` writes a recording"
            ) from None
        except OSError as error:
            raise RecordingError(f"{path} cannot be read: {error.strerror}") from None
        if not head:
            raise RecordingError(f"{path} is empty: its recording was cut short at once")
        if head[:16] != _MAGIC or int.from_bytes(head[68:72], "big") not in (0, APPLICATION_ID):
            raise RecordingError(f"{path} is not a retrograd recording")
        try:
            return self._connect(path)
        except _UNREADABLE:
            pass
        # A run that was killed leaves a log beside the file; where SQLite may not write its
        # index of it there, it can be read in a copy.
        try:
            self._copy = tempfile.mkdtemp(prefix="retrograd-")
            target = os.path.join(self._copy, "recording")
            shutil.copyfile(path, target)
            if os.path.exists(path + "-wal"):
                shutil.copyfile(path + "-wal", target + "-wal")
            return self._connect(target, "rw")
        except (OSError, *_UNREADABLE) as error:
            if self._copy is not None:
                shutil.rmtree(self._copy, ignore_errors=True)
            raise RecordingError(
                f"{path} is damaged and cannot be read ({_reason(error)})"
            ) from None

    def _connect(self, path: str, mode: str = "ro") -> sqlite3.Connection:
        uri = f"file:{_quoted(os.path.abspath(path))}?mode={mode}"
        db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            # nothing can be longer than the file that it stands in
            db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(_size(path) + 65536, 1_000_000_000))
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
                db.execute(f"PRAGMA {pragma}")
            db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            db.close()
            raise
        return db

    def _check(self) -> None:
        with self.guard("the schema"):
            application = self.one("PRAGMA application_id")[0]
            version = self.one("PRAGMA user_version")[0]
            rows = self.rows("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL LIMIT 100")
        if application != APPLICATION_ID:
            raise RecordingError(f"{self.path} is not a retrograd recording")
        if version > FORMAT_VERSION:
            raise RecordingError(
                f"{self.path} was written by a newer retrograd (format {version}, this one reads "
                f"up to {FORMAT_VERSION}); update retrograd to open it"
            )
        if version != FORMAT_VERSION or dict(rows) != OBJECTS:
            raise RecordingError(
                f"{self.path} does not have the layout of a recording; the file is damaged"
            )

    @contextmanager
    def guard(self, part: str) -> Iterator[None]:
        """Turn whatever goes wrong with a part of the file into a ``RecordingError``."""
        try:
            yield
        except RecordingError:
            raise
        except (
            sqlite3.Error,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            ArithmeticError,
            RecursionError,
            MemoryError,
        ) as error:
            raise RecordingError(
                f"{self.path} is damaged: {part} cannot be read ({_reason(error)})"
            ) from None


def _size(path: str) -> int:
    """Return the bytes of a database and the log beside it."""
    found = 0
    for side in ("", "-wal"):
        try:
            found += os.path.getsize(path + side)
        except OSError:
            pass  # a run that ends just now removes its log
    return found


def _reason(error: BaseException) -> str:
    """Return an error's text in one line; it may quote anything that stands in the file."""
    return str(error).encode("unicode_escape").decode()[:200] or type(error).__name__


def _quoted(path: str) -> str:
    """Escape what has a meaning in an SQLite URI."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
