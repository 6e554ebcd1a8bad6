"""Opens mutated recordings in a process of its own; run by ``test_hostile.py``.

``python hostile.py BASE FIRST COUNT`` prints one JSON line with the outcome of each mutation.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

SECONDS = 20
MEMORY = 1 << 30  # bytes of address space above what the imports took

Mutation = Callable[[random.Random, Path], None]


def flip(rng: random.Random, path: Path) -> None:
    """Change some bytes anywhere."""
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice([1, 1, 4, 64])):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(data)


def flip_early(rng: random.Random, path: Path) -> None:
    """Change bytes of the header and the first pages, where SQLite keeps its schema."""
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice([1, 3, 20])):
        data[rng.randrange(min(len(data), 16384))] = rng.randrange(256)
    path.write_bytes(data)


def truncate(rng: random.Random, path: Path) -> None:
    """Cut the end off."""
    os.truncate(path, rng.randrange(path.stat().st_size))


def shuffle(rng: random.Random, path: Path) -> None:
    """Overwrite one block with another, or with zeros."""
    data = bytearray(path.read_bytes())
    size = rng.choice([16, 512, 4096])
    a, b = (rng.randrange(0, len(data) - size) // size * size for _ in range(2))
    data[a : a + size] = data[b : b + size] if rng.random() < 0.7 else bytes(size)
    path.write_bytes(data)


SCHEMA = [
    "CREATE TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END",
    "CREATE TABLE more (x)",
    "DROP TABLE source",
    "DROP VIEW loss",
    "ALTER TABLE site ADD COLUMN more TEXT",
    "CREATE INDEX i ON structure (size)",
    "PRAGMA user_version = 99",
    "PRAGMA user_version = 0",
    "PRAGMA application_id = 7",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE meta AS SELECT "
    "randomblob(1000000000)' WHERE name = 'meta'",
    "DROP VIEW event; CREATE VIEW event AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
    "FROM n) SELECT x FROM n",
]
VALUES = [
    "NULL",
    "''",
    "'x'",
    "-1",
    "0",
    "1",
    "9223372036854775807",
    "1e999",
    "x'00ff'",
    "zeroblob(100000)",
    "'[]'",
    "'{}'",
    "'null'",
    "'[[' || hex(zeroblob(3)) || ']'",
    "replace(hex(zeroblob(50000)), '00', '[')",
    "'[1e400]'",
    "'\"' || char(0) || '\"'",
    "CAST(x'fffe80' AS TEXT)",
]
JSON_EDITS = [
    ("$[0].shape", "'[9223372036854775807, 9223372036854775807]'"),
    ("$[0].shape", "'[1000000000000]'"),
    ("$[0].shape", "'[-1]'"),
    ("$[0].size", "'1000000000000'"),
    ("$[0][1]", "'-8'"),
    ("$[0][1]", "'4000000000'"),
    ("$[0][0]", "'4000000000'"),
    ("$[0][0]", "'-1'"),
    ("$[0][2]", "'{}'"),
    ("$[0]", "'[0, 0]'"),
    ("$[0].dtype", "'\"float128\"'"),
    ("$[0].dtype", "'5'"),
    ("$[0].kind", "'\"content\"'"),
    ("$[0].kind", "'\"evil\"'"),
    ("$[0].kind", "'[]'"),
    ("$[0].name", "'{}'"),
    ("$[0].node", "'99999'"),
    ("$[0].site", "'99999'"),
    ("$[0].module", "'[]'"),
    ("$[0].outputs", "'[99999, -1, null, \"x\"]'"),
    ("$[0].arguments", '\'{"self": {"l": [{"l": [{"l": [{"v": 3}]}]}]}}\''),
    ("$[0].arguments", "'[]'"),
    ("$[0].next", "'[[0, 0], [99999, 0], 3]'"),
    ("$[0].phase", "'7'"),
    ("$[0]", "'null'"),
    ("$[0].kind", "'\"update\"'"),
    ("$[0].expression", "'1'"),
]


def sql(path: Path, script: str) -> None:
    """Run SQL on a file; what SQLite itself refuses leaves it as it was."""
    database = sqlite3.connect(path)
    with contextlib.suppress(sqlite3.Error):
        database.executescript(script)
    database.close()


def schema(rng: random.Random, path: Path) -> None:
    """Give the file a schema that no recorder writes."""
    sql(path, rng.choice(SCHEMA))


def cell(rng: random.Random, path: Path) -> None:
    """Put something else into a column of a table."""
    database = sqlite3.connect(path)
    tables = [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if name not in ("position", "power")
    ]
    table = rng.choice(tables)
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    database.close()
    limit = "" if rng.random() < 0.5 else " WHERE abs(random()) % 3 = 0"
    sql(path, f"UPDATE {table} SET {rng.choice(columns)} = {rng.choice(VALUES)}{limit}")


def document(rng: random.Random, path: Path) -> None:
    """Edit the JSON of the structures."""
    column = rng.choice(["events", "nodes", "forms", "slots"])
    place, value = rng.choice(JSON_EDITS)
    index = rng.randrange(12)
    place = place.replace("[0]", f"[{index}]", 1)
    sql(path, f"UPDATE structure SET {column} = json_set({column}, '{place}', json({value}))")


def drop_rows(rng: random.Random, path: Path) -> None:
    """Delete rows that others refer to."""
    table = rng.choice(["site", "source", "parameter", "structure", "content", "series", "meta"])
    sql(path, f"DELETE FROM {table} WHERE abs(random()) % 2 = 0")


MUTATIONS: list[Mutation] = [
    flip, flip, flip_early, truncate, shuffle, schema, cell, cell, document, document, drop_rows,
]  # fmt: skip


def exercise(path: Path) -> None:
    """Ask a recording for all that it can be asked for."""
    from retrograd.commands.cli import main
    from retrograd.store.errors import RecordingError
    from retrograd.store.reader import load

    complaints = io.StringIO()
    outcomes = []
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(complaints):
        for words in (["summary"], ["summary", "--json"], ["steps", "last"], ["steps", "3"]):
            outcomes.append(main([words[0], str(path), *words[1:]]))
    said = complaints.getvalue()
    if set(outcomes) - {0, 2}:
        raise AssertionError(f"exit codes {outcomes}")
    if len(said.splitlines()) != sum(code == 2 for code in outcomes) or "Traceback" in said:
        raise AssertionError(f"not one line for each error: {said!r}")
    failure = None
    with load(path) as recording:
        for name in recording.series_names:
            try:
                recording.series(name)
            except RecordingError as error:
                failure = error
        for index in (*recording.full_steps[:2], *recording.full_steps[-1:]):
            try:
                step = recording.step(index)
                for value in step.values:
                    _ = (value.array, value.statistics, value.sample, value.number, repr(value))
                _ = (step.nodes, step.rng)
            except RecordingError as error:
                failure = error
    if failure is not None:
        raise failure


def outcome(base: Path, seed: int, check: Callable[[Path], None] = exercise) -> str:
    """Return ``data``, ``error`` or what must not happen."""
    from retrograd.store.errors import RecordingError

    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutated.retro"
        path.write_bytes(base.read_bytes())
        mutation = rng.choice(MUTATIONS)
        mutation(rng, path)
        signal.alarm(SECONDS)
        try:
            check(path)
        except RecordingError as error:
            return "error" if "\n" not in str(error) else f"{mutation.__name__}: two lines: {error}"
        except BaseException as error:
            return f"{mutation.__name__} {seed}: {type(error).__name__}: {error}"
        finally:
            signal.alarm(0)
    return "data"


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


if __name__ == "__main__":
    import retrograd.commands.steps
    import retrograd.commands.summary  # noqa: F401

    signal.signal(signal.SIGALRM, _too_long)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    start, count = int(sys.argv[2]), int(sys.argv[3])
    for number in range(start, start + count):
        print(json.dumps(outcome(Path(sys.argv[1]), number)), flush=True)
