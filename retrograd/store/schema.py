"""The layout of a recording: an SQLite database with these tables and views.

One rule keeps the file small and quick to write: *what repeats is stored once*.  Most training
steps repeat the step before them, so everything about a step except its numbers (events, ops,
nodes, edges, shapes, source positions) is one row of ``structure``; a full step is one row of
``full_step`` that names its structure and carries the numbers of all its values, packed one
after the other at the offsets that the structure gives.  Series of one number per step are
packed into chunks.  The views undo the packing for people who come with plain SQL.

``docs/format.md`` describes every column; a test holds it against this module.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x52455452  # "RETR", so that `file` and SQLite tools can tell it
FORMAT_VERSION: Final = 1

CHUNK_STEPS: Final = 1024
"""Steps in one closed chunk of a series."""

STATISTICS: Final = ("min", "max", "mean", "std", "norm", "zeros", "nans", "infs")
"""The float64 numbers at the start of every ``summary`` value, in this order."""

SAMPLE_ELEMENTS: Final = 64
"""Most elements that a ``summary`` value carries besides its statistics."""

TABLES: Final[dict[str, str]] = {
    # One JSON value per key: program, argv, environment, promises kept, cost, completeness.
    "meta": "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # Every user file that a recorded event points into, with its text as it was at the time.
    "source": (
        "CREATE TABLE source (id INTEGER PRIMARY KEY, path TEXT NOT NULL, text TEXT NOT NULL)"
    ),
    # A position in a source file: the expression that ran. Lines from 1, columns from 0 (UTF-8
    # characters), end exclusive.
    "site": (
        "CREATE TABLE site (id INTEGER PRIMARY KEY, source INTEGER, function TEXT NOT NULL, "
        "line INTEGER, end_line INTEGER, column INTEGER, end_column INTEGER, "
        "expression TEXT NOT NULL)"
    ),
    # A called torch.nn.Module by its dotted path below the outermost module.
    "module": (
        "CREATE TABLE module (id INTEGER PRIMARY KEY, path TEXT NOT NULL, class TEXT NOT NULL)"
    ),
    # A leaf tensor that requires (or once received) a gradient, or that an optimizer holds.
    "parameter": (
        "CREATE TABLE parameter (id INTEGER PRIMARY KEY, name TEXT NOT NULL, "
        "shape TEXT NOT NULL, dtype TEXT NOT NULL, device TEXT NOT NULL, "
        "requires_grad INTEGER NOT NULL, site INTEGER, module TEXT)"
    ),
    # A series of one number per step; `parameter` where it belongs to one.
    "series": (
        "CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parameter INTEGER)"
    ),
    # `count` little-endian float64 numbers from `first_step` on; a single number where all are
    # equal. NaN stands for "not recorded at this step".
    "series_chunk": (
        "CREATE TABLE series_chunk (series INTEGER NOT NULL, first_step INTEGER NOT NULL, "
        "count INTEGER NOT NULL, data BLOB NOT NULL, "
        "PRIMARY KEY (series, first_step)) WITHOUT ROWID"
    ),
    # The newest steps of all series, not yet cut into chunks: for each id in `series` (a JSON
    # array) `count` float64 numbers, one series after the other.
    "series_tail": (
        "CREATE TABLE series_tail (first_step INTEGER PRIMARY KEY, count INTEGER NOT NULL, "
        "series TEXT NOT NULL, data BLOB NOT NULL)"
    ),
    # All of a step but its numbers: JSON arrays of events, autograd nodes, what values have in
    # common, and the slots of values, and the bytes that a full step of this structure packs.
    "structure": (
        "CREATE TABLE structure (id INTEGER PRIMARY KEY, events TEXT NOT NULL, "
        "nodes TEXT NOT NULL, forms TEXT NOT NULL, slots TEXT NOT NULL, size INTEGER NOT NULL)"
    ),
    # One step recorded in full. `started` in seconds since the recording began; `overhead`: the
    # part of `seconds` that recording took; `rng`: content id of the CPU generator's state at
    # the start; `complete` is 0 for what ran after the last step or was cut short.
    "full_step": (
        "CREATE TABLE full_step (step INTEGER PRIMARY KEY, structure INTEGER NOT NULL, "
        "started REAL NOT NULL, seconds REAL NOT NULL, overhead REAL NOT NULL, rng INTEGER, "
        "complete INTEGER NOT NULL, data BLOB NOT NULL)"
    ),
    # Bytes that several steps share, stored once: large values kept whole, RNG states.
    "content": "CREATE TABLE content (id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    # What happened to the run or the recording: kind is exception, warning, nonfinite or gap
    # (something that was not recorded, and why). `event` counts within the step; JSON detail.
    "incident": (
        "CREATE TABLE incident (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, step INTEGER, "
        "event INTEGER, site INTEGER, detail TEXT NOT NULL)"
    ),
    # 0 … CHUNK_STEPS-1, so that plain SQL can walk a packed array.
    "position": "CREATE TABLE position (n INTEGER PRIMARY KEY)",
    # 2 to the power of an IEEE 754 binary64 exponent field, scaled for a 52-bit significand.
    "power": "CREATE TABLE power (exponent INTEGER PRIMARY KEY, factor REAL NOT NULL)",
}


def _nibbles(blob: str, first_byte: str) -> str:
    """Return SQL for the 64-bit integer stored little-endian at a byte of a blob."""
    terms = []
    for byte in range(8):
        digits = f"hex(substr({blob}, {first_byte} + {byte + 1}, 1))"
        high = f"instr('0123456789ABCDEF', substr({digits}, 1, 1)) - 1"
        low = f"instr('0123456789ABCDEF', substr({digits}, 2, 1)) - 1"
        terms.append(f"((({high}) * 16 + {low}) << {8 * byte})")
    return " | ".join(terms)


_FLOAT64_VIEW = """
    SELECT {columns}, CASE (bits >> 52) & 2047
        WHEN 2047 THEN CASE bits & 4503599627370495
            WHEN 0 THEN CASE WHEN bits < 0 THEN -9e999 ELSE 9e999 END END
        WHEN 0 THEN (bits & 4503599627370495) * 4.9406564584124654e-324
            * CASE WHEN bits < 0 THEN -1 ELSE 1 END
        ELSE ((bits & 4503599627370495) | 4503599627370496)
            * (SELECT factor FROM power WHERE exponent = (bits >> 52) & 2047)
            * CASE WHEN bits < 0 THEN -1 ELSE 1 END
        END AS value
    FROM ({source})
"""

_PACKED = f"""
    SELECT c.series AS series, c.first_step + p.n AS step,
        {_nibbles("c.data", "CASE WHEN length(c.data) = 8 THEN 0 ELSE 8 * p.n END")} AS bits
    FROM series_chunk AS c JOIN position AS p ON p.n < c.count
    UNION ALL
    SELECT j.value AS series, t.first_step + p.n AS step,
        {_nibbles("t.data", "8 * (j.key * t.count + p.n)")} AS bits
    FROM series_tail AS t JOIN json_each(t.series) AS j JOIN position AS p ON p.n < t.count
"""


def _events(kind: str, columns: dict[str, str]) -> str:
    """Return the view of one kind of event, one column per JSON member."""
    picked = ", ".join(
        f"json_extract(e.value, '$.{member}') AS {column}" for column, member in columns.items()
    )
    return (
        f"SELECT f.step AS step, e.key AS event, {picked} FROM full_step AS f "
        "JOIN structure AS s ON s.id = f.structure JOIN json_each(s.events) AS e "
        f"WHERE json_extract(e.value, '$.kind') = '{kind}'"
    )


_VIEW_BODIES: Final[dict[str, str]] = {
    "series_value": _FLOAT64_VIEW.format(columns="series, step", source=_PACKED),
    "loss": (
        "SELECT v.step AS step, v.value AS loss FROM series_value AS v "
        "JOIN series AS s ON s.id = v.series WHERE s.name = 'loss'"
    ),
    "learning_rate": (
        "SELECT v.step AS step, v.value AS learning_rate FROM series_value AS v "
        "JOIN series AS s ON s.id = v.series WHERE s.name = 'learning_rate'"
    ),
    "event": (
        "SELECT f.step AS step, e.key AS event, json_extract(e.value, '$.kind') AS kind, "
        "json_extract(e.value, '$.phase') AS phase, json_extract(e.value, '$.site') AS site, "
        "t.line AS line, t.expression AS expression, e.value AS detail FROM full_step AS f "
        "JOIN structure AS s ON s.id = f.structure JOIN json_each(s.events) AS e "
        "LEFT JOIN site AS t ON t.id = json_extract(e.value, '$.site')"
    ),
    "op": _events(
        "op",
        {
            "name": "op",
            "phase": "phase",
            "site": "site",
            "module": "module",
            "arguments": "arguments",
            "outputs": "outputs",
            "node": "node",
        },
    ),
    "node": (
        "SELECT f.step AS step, n.key AS node, json_extract(n.value, '$.name') AS name, "
        "json_extract(n.value, '$.op') AS op_event, json_extract(n.value, '$.next') AS next, "
        "json_extract(n.value, '$.saved') AS saved FROM full_step AS f "
        "JOIN structure AS s ON s.id = f.structure JOIN json_each(s.nodes) AS n"
    ),
    "edge": (
        "SELECT f.step AS step, n.key AS node, x.key AS input, "
        "json_extract(x.value, '$[0]') AS next_node, json_extract(x.value, '$[1]') AS input_nr "
        "FROM full_step AS f JOIN structure AS s ON s.id = f.structure "
        "JOIN json_each(s.nodes) AS n JOIN json_each(n.value, '$.next') AS x "
        "WHERE x.type = 'array'"
    ),
    "accumulation": _events(
        "accumulate",
        {
            "parameter": "parameter",
            "node": "node",
            "before": "before",
            "contribution": "contribution",
            "after": "after",
        },
    ),
    "parameter_update": _events(
        "update",
        {
            "parameter": "parameter",
            "optimizer": "optimizer",
            "before": "before",
            "gradient": "gradient",
            "after": "after",
            "state_before": "state_before",
            "state_after": "state_after",
            "hyperparameters": "hyperparameters",
        },
    ),
    "value": (
        "SELECT step, slot, json_extract(form, '$.kind') AS kind, "
        "json_extract(entry, '$[2]') AS name, json_extract(form, '$.dtype') AS dtype, "
        "json_extract(form, '$.shape') AS shape, "
        "json_extract(form, '$.parameter') AS parameter, "
        "substr(data, json_extract(entry, '$[1]') + 1, json_extract(form, '$.size')) AS data "
        "FROM (SELECT f.step AS step, f.data AS data, v.key AS slot, v.value AS entry, "
        "json_extract(s.forms, '$[' || json_extract(v.value, '$[0]') || ']') AS form "
        "FROM full_step AS f JOIN structure AS s ON s.id = f.structure "
        "JOIN json_each(s.slots) AS v)"
    ),
}

VIEWS: Final[dict[str, str]] = {
    name: f"CREATE VIEW {name} AS {' '.join(body.split())}" for name, body in _VIEW_BODIES.items()
}

OBJECTS: Final[dict[str, str]] = TABLES | VIEWS
"""Every object of a recording by name, with the exact SQL text that a reader demands."""


def constant_rows() -> tuple[list[tuple[int]], list[tuple[int, float]]]:
    """Return the rows of the tables ``position`` and ``power``, the same in every file."""
    positions = [(n,) for n in range(CHUNK_STEPS)]
    powers = [(e, 2.0 ** (e - 1023) * 2.0**-52) for e in range(53, 2047)]
    # Below that the product would be subnormal before the significand is multiplied in; no
    # series holds such numbers but as rounding dust, and SQL has no exact way to write them.
    powers += [(e, 2.0 ** max(e - 1075, -1074)) for e in range(1, 53)]
    return positions, powers
