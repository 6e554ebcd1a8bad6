"""Opens a recording and answers questions about it, without torch.

Nothing in the file is trusted: it must have exactly the schema of this version, no SQL of its own
is ever run, and whatever else is wrong with it ends in one ``RecordingError``.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from importlib import import_module
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrograd.store.connection import Connection
from retrograd.store.errors import RecordingError, StepError
from retrograd.store.model import Incident, Module, Parameter, Site, Source
from retrograd.store.schema import CHUNK_STEPS
from retrograd.store.step import Step
from retrograd.store.structure import Structure, parse

_T = TypeVar("_T")
_CACHED_STRUCTURES: Final = 32
_NUMBER: Final = (int, float)
# What the entries of meta are; None stands for "not known" in all of them.
_META: Final[dict[str, type | tuple[type, ...]]] = {
    "program": dict,
    "environment": dict,
    "pid": int,
    "started": _NUMBER,
    "ended": _NUMBER,
    "complete": bool,
    "steps": int,
    "full_steps": int,
    "backward_passes": int,
    "seconds": _NUMBER,
    "overhead": _NUMBER,
    "optimizers": list,
    "policy": dict,
    "exit": dict,
    "not_recorded": list,
    "loss_first": _NUMBER,
    "loss_last": _NUMBER,
}
_LARGEST_STEP: Final = 1 << 53
_Tail = tuple[int, int, list[int], bytes]  # first step, count, ids of the series, numbers


class Series(NamedTuple):
    """One number for each of some steps; NaN where it was not recorded."""

    steps: NDArray[np.int64]
    values: NDArray[np.float64]


class Recording:
    """An open recording, read-only. Use it as a context manager, or ``close()`` it."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a file. Raises ``RecordingError`` where it is no recording."""
        self.path = os.fspath(path)
        self.between: Callable[[], None] = lambda: None
        """Called between the parts of what takes long to read; what it raises ends the reading."""
        self._structures: OrderedDict[int, Structure] = OrderedDict()
        self._known_tails: tuple[int, list[_Tail]] | None = None
        self._db = Connection(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Recording {self.path}: {self.steps} steps, {len(self.full_steps)} in full>"

    def _repr_html_(self) -> str:
        """Return the page, for a notebook's cell."""
        # by its name: the store imports nothing of ours, and only notebooks need this
        cell: str = import_module("retrograd.views.notebook").cell(self.path)
        return cell

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # -- the run ----------------------------------------------------------------------------------

    @cached_property
    def meta(self) -> Mapping[str, Any]:
        """What the file says of the run as a whole; ``docs/format.md`` lists the keys."""
        with self._db.guard("the table meta"):
            found = {
                _text(key): json.loads(value)
                for key, value in self._db.rows("SELECT key, value FROM meta")
            }
            for key, value in found.items():
                if value is not None and not isinstance(value, _META.get(key, object)):
                    raise TypeError(f"{key} is a {type(value).__name__}")
                if isinstance(value, list) and not all(isinstance(item, dict) for item in value):
                    raise TypeError(f"{key} is no list of objects")
            return found

    def _entry(self, key: str, kind: type[Any], default: Any) -> Any:
        value = self.meta.get(key)
        return value if type(value) is kind else default

    @property
    def program(self) -> Mapping[str, Any]:
        """``script``, ``argv``, ``cwd`` and ``module`` of the program that ran."""
        return self._entry("program", dict, {})  # type: ignore[no-any-return]

    @property
    def environment(self) -> Mapping[str, Any]:
        """Versions, platform, device and threads."""
        return self._entry("environment", dict, {})  # type: ignore[no-any-return]

    @property
    def steps(self) -> int:
        """Number of steps, light ones included."""
        counted: int = self._entry("steps", int, 0)
        return max(counted, self.full_steps[-1] + 1 if self.full_steps else 0)

    @property
    def overhead(self) -> float | None:
        """Time for recording as a fraction of the time that the program itself took."""
        value = self.meta.get("overhead")
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def complete(self) -> bool:
        """Whether the recording was closed in good order."""
        return self._entry("complete", bool, False)  # type: ignore[no-any-return]

    @property
    def live(self) -> bool:
        """Whether the run that writes the file seems to be going on still."""
        if self.meta.get("ended") is not None:
            return False
        pid = self._entry("pid", int, 0)
        if pid <= 0 or pid >= 1 << 31:
            return False
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        except OSError:
            return False
        return True

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._db.size

    def guard(self, part: str) -> AbstractContextManager[None]:
        """Turn whatever goes wrong with a part of the file into a ``RecordingError``."""
        return self._db.guard(part)

    # -- who and where ------------------------------------------------------------------------

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The user's files by path."""
        with self._db.guard("the table source"):
            rows = self._db.rows("SELECT path, text FROM source ORDER BY id")
            return {_text(path): Source(path, _text(text)) for path, text in rows}

    @cached_property
    def sites(self) -> Mapping[int, Site]:
        """Positions in the source by id."""
        with self._db.guard("the table site"):
            rows = self._db.rows(
                "SELECT site.id, path, function, line, end_line, column, end_column, expression "
                "FROM site JOIN source ON source.id = site.source"
            )
            found = {}
            for number, path, function, line, end_line, column, end_column, text in rows:
                span = (line, end_line, column, end_column)
                first, last, start, end = [_optional(item, int) for item in span]
                names = (_text(path), _text(function))
                found[number] = Site(number, *names, first, last, start, end, _text(text))
            return found

    @cached_property
    def modules(self) -> Mapping[int, Module]:
        """Modules that were called, by id."""
        with self._db.guard("the table module"):
            rows = self._db.rows("SELECT id, path, class FROM module")
            return {number: Module(number, _text(p), _text(c)) for number, p, c in rows}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters by id."""
        with self._db.guard("the table parameter"):
            found: list[Parameter] = []
            shapes: dict[str, tuple[int, ...]] = {}
            for row in self._db.rows("SELECT * FROM parameter ORDER BY id"):
                number, name, shape, dtype, device, requires_grad, site, module = row
                lengths = shapes.get(shape)
                if lengths is None:
                    lengths = shapes[shape] = tuple([int(length) for length in json.loads(shape)])
                if number != len(found) or min(lengths, default=0) < 0:
                    raise ValueError("a parameter out of order")
                found.append(
                    Parameter(
                        number,
                        _text(name),
                        lengths,
                        _text(dtype),
                        _text(device),
                        bool(requires_grad),
                        self.sites.get(site),
                        _optional(module, str),
                    )
                )
            return tuple(found)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Exceptions, warnings and gaps, in order."""
        with self._db.guard("the table incident"):
            found = []
            for kind, step, event, site, text in self._db.rows(
                "SELECT kind, step, event, site, detail FROM incident ORDER BY id"
            ):
                detail = json.loads(text)
                if not isinstance(detail, dict):
                    raise TypeError("a detail that is no object")
                found.append(
                    Incident(
                        _text(kind),
                        _optional(step, int),
                        _optional(event, int),
                        self.sites.get(site),
                        detail,
                    )
                )
            return tuple(found)

    # -- steps ----------------------------------------------------------------------------------

    @cached_property
    def full_steps(self) -> tuple[int, ...]:
        """Numbers of the steps that were recorded in full, in order."""
        with self._db.guard("the table full_step"):
            rows = self._db.rows("SELECT step FROM full_step WHERE complete = 1 ORDER BY step")
            return tuple([_step_number(number) for (number,) in rows])

    @cached_property
    def unfinished(self) -> int | None:
        """Number under which ``step()`` finds what ran after the last complete step."""
        with self._db.guard("the table full_step"):
            rows = self._db.rows("SELECT max(step) FROM full_step WHERE complete = 0")
            return None if rows[0][0] is None else _step_number(rows[0][0])

    def step(self, index: int) -> Step:
        """Return a step recorded in full.

        Raises ``StepError`` for one that is not there or was recorded light, naming full ones
        that are near.
        """
        with self._db.guard(f"step {index}"):
            rows = self._db.rows(
                "SELECT structure, started, seconds, overhead, rng, complete FROM full_step "
                "WHERE step = ?",
                index,
            )
            if rows:
                structure, started, seconds, overhead, rng, complete = rows[0]
                times = (float(started), float(seconds), float(overhead))
                return Step(self, index, self._structure(structure), times, complete == 1, rng)
        raise StepError(self._why_not(index))

    def _why_not(self, index: int) -> str:
        place = bisect_left(self.full_steps, index)
        near = sorted(
            self.full_steps[max(0, place - 3) : place + 3], key=lambda step: abs(step - index)
        )[:3]
        listed = ", ".join(map(str, sorted(near)))
        hint = f"; the nearest full ones are {listed}" if near else "; none was recorded in full"
        if not 0 <= index < self.steps:
            there = f"it has steps 0 to {self.steps - 1}" if self.steps else "it has no step"
            return f"{self.path} has no step {index}: {there}{hint}"
        return (
            f"step {index} of {self.path} was recorded light ({self._light(index)}){hint}; "
            f"to see it, run again with --steps {index}"
        )

    def _light(self, index: int) -> str:
        """Return what is known of a light step."""
        found = []
        for name, called in (("loss", "loss"), ("grad_norm", "gradient norm")):
            if name in self.series_names:
                series = self.series(name)
                values = series.values[series.steps == index]
                if values.size and np.isfinite(values[0]):
                    found.append(f"{called} {values[0]:.6g}")
        return ", ".join(found) or "loss and norms only"

    def _structure(self, number: int) -> Structure:
        known = self._structures.get(number)
        if known is None:
            row = self._db.one(
                "SELECT events, nodes, forms, slots, size FROM structure WHERE id = ?", number
            )
            known = self._structures[number] = parse(self.between, number, *row)
            if len(self._structures) > _CACHED_STRUCTURES:
                self._structures.popitem(last=False)
        return known

    def structure_of(self, index: int) -> int:
        """Return the id of a full step's structure: equal ids, equal events."""
        with self._db.guard(f"step {index}"):
            return int(self._db.one("SELECT structure FROM full_step WHERE step = ?", index)[0])

    def step_data(self, index: int, size: int) -> bytes:
        """Return the packed values of a step."""
        with self._db.guard(f"step {index}"):
            data = self._db.one("SELECT data FROM full_step WHERE step = ?", index)[0]
            if type(data) is not bytes or len(data) != size:
                raise ValueError("its data have another size than its structure says")
            return data

    def content(self, number: int) -> bytes:
        """Return shared bytes by their id."""
        with self._db.guard(f"content {number}"):
            data = self._db.one("SELECT data FROM content WHERE id = ?", number)[0]
            if type(data) is not bytes:
                raise TypeError("not bytes")
            return data

    def content_parts(self, number: int, starts: Iterable[int], size: int) -> bytes:
        """Return pieces of shared bytes behind each other; every piece has the same size."""
        with self._db.guard(f"content {number}"):
            found = self._db.parts("content", number, starts, size)
            if any(len(part) != size for part in found):
                raise ValueError("it is shorter than its shape says")
            return b"".join(found)

    # -- series -----------------------------------------------------------------------------------

    @cached_property
    def _series(self) -> dict[str, tuple[int, int | None]]:
        with self._db.guard("the table series"):
            rows = self._db.rows("SELECT name, id, parameter FROM series ORDER BY id")
            return {_text(name): (number, _optional(of, int)) for name, number, of in rows}

    @property
    def series_names(self) -> tuple[str, ...]:
        """Names such as ``loss``, ``grad_norm`` and ``weight_norm/layer.weight``."""
        return tuple(self._series)

    def series(self, name: str) -> Series:
        """Return one number per step. Raises ``RecordingError`` for a name that is not there."""
        if name not in self._series:
            known = ", ".join(list(self._series)[:8])
            raise RecordingError(f"{self.path} has no series {name!r}; it has {known}, …")
        with self._db.guard(f"the series {name}"), self._db.snapshot():
            steps: list[NDArray[np.int64]] = []
            values: list[NDArray[np.float64]] = []
            for first, numbers in self._pieces(self._series[name][0]):
                steps.append(np.arange(first, first + len(numbers)))
                values.append(numbers)
            if not steps:
                return Series(np.empty(0, np.int64), np.empty(0))
            return Series(np.concatenate(steps), np.concatenate(values))

    def _pieces(self, number: int) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Yield (first step, numbers) of one series in order."""
        for first, count, data in self._db.rows(
            "SELECT first_step, count, data FROM series_chunk WHERE series = ? ORDER BY first_step",
            number,
        ):
            if not 0 < count <= CHUNK_STEPS or len(data) not in (8, 8 * count):
                raise ValueError("a chunk of another size than it says")
            numbers = np.frombuffer(data, dtype="<f8")
            yield _step_number(first), np.broadcast_to(numbers, count)
        for first, count, listed, data in self._tails():
            if number in listed:
                start = listed.index(number) * count * 8
                yield first, np.frombuffer(data[start : start + count * 8], dtype="<f8")

    def _tails(self) -> list[_Tail]:
        """Return the tails of all series, read again where the file has changed."""
        version = self._db.one("PRAGMA data_version")[0]
        if self._known_tails is None or self._known_tails[0] != version:
            self._known_tails = (version, list(self._read_tails()))
        return self._known_tails[1]

    def _read_tails(self) -> Iterator[_Tail]:
        for first, count, text, data in self._db.rows(
            "SELECT first_step, count, series, data FROM series_tail ORDER BY first_step"
        ):
            listed = json.loads(text)
            if not 0 < count <= CHUNK_STEPS or len(data) != 8 * count * len(listed):
                raise ValueError("a tail of another size than it says")
            yield _step_number(first), count, listed, data


def load(path: str | os.PathLike[str]) -> Recording:
    """Open a recording for reading; torch is not needed.

    Raises ``RecordingError`` where the file is missing, damaged, or no recording. A file that is
    still being written can be opened, and shows what was on disk at that moment.
    """
    return Recording(path)


def _text(item: Any) -> str:
    if not isinstance(item, str):
        raise TypeError("not a text")
    return item


def _optional(item: Any, kind: type[_T]) -> _T | None:
    if item is not None and type(item) is not kind:
        raise TypeError(f"{str(item)[:40]!r} where {kind.__name__} is expected")
    return item  # type: ignore[no-any-return]


def _step_number(item: Any) -> int:
    if type(item) is not int or not 0 <= item < _LARGEST_STEP:
        raise ValueError("a step that is no number")
    return item
