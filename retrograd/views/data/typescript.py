"""Writes the TypeScript types of what the page is sent: ``python -m`` this module prints them."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from retrograd.views.data.card import CardData
from retrograd.views.data.curves import Curves
from retrograd.views.data.events import EventData
from retrograd.views.data.explanation import ExplanationData
from retrograd.views.data.findings import FindingsData
from retrograd.views.data.jacobian import JacobianData
from retrograd.views.data.light import LightStep
from retrograd.views.data.model_view import ExamplesData, ModelData, PathData, SurfaceData
from retrograd.views.data.nothing import NothingData
from retrograd.views.data.overview import Overview
from retrograd.views.data.provenance_data import ProvenanceData
from retrograd.views.data.source import SourceData
from retrograd.views.data.structure import StructureData
from retrograd.views.data.values import StepData
from retrograd.views.data.wire import Columns, is_row

ROOTS = (
    Overview,
    Curves,
    FindingsData,
    SourceData,
    StructureData,
    StepData,
    LightStep,
    ExplanationData,
    ProvenanceData,
    JacobianData,
    CardData,
    NothingData,
    ModelData,
    ExamplesData,
    SurfaceData,
    PathData,
)
UNIONS: Mapping[Any, str] = {EventData: "EventData"}
_SIMPLE: Mapping[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
_HEAD = """// What the page is sent. Made from the dataclasses in retrograd/views/data by
// `python -m retrograd.views.data.typescript`; a test fails where this file is stale.
import { each, type Columns, type Row, type Table } from "./columns.ts";
"""


def typescript() -> str:
    """Return the whole file."""
    writer = _Writer()
    for root in ROOTS:
        writer.named(root)
    return "\n".join([_HEAD, *writer.interfaces.values(), writer.rows()])


class _Writer:
    def __init__(self) -> None:
        self.interfaces: dict[str, str] = {}
        self.readers: dict[str, str] = {}
        """Of what travels as rows."""
        self.columned: set[type] = set()
        """Of what travels in columns."""
        self.inside = False
        """A row is read with all that is in it."""

    def named(self, hint: Any) -> str:
        """Return what a type is called in TypeScript, and write what it needs."""
        if hint in _SIMPLE:
            return _SIMPLE[hint]
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Literal:
            return " | ".join(f'"{item}"' for item in arguments)
        if origin in (Union, types.UnionType):
            parts = [self.named(part) for part in arguments if part is not type(None)]
            name = UNIONS.get(hint)
            if name is None:
                return " | ".join(parts)
            members = " | ".join(part.__name__ for part in arguments)
            self.interfaces.setdefault(name, f"export type {name} = {members};\n")
            return f"Row<{name}>"
        if origin is Columns:
            self.columned |= set(get_args(arguments[0]) or arguments)
            return self.named(arguments[0]).replace("Row<", "Columns<")
        if origin is tuple:
            if len(arguments) == 2 and arguments[1] is Ellipsis:
                return f"readonly ({self.item(arguments[0])})[]"
            return f"readonly [{', '.join(map(self.item, arguments))}]"
        if inspect.isclass(origin) and issubclass(origin, Mapping):
            return f"Readonly<Record<string, {self.item(arguments[1])}>>"
        if isinstance(hint, type) and (is_dataclass(hint) or is_row(hint)):
            name = self.interface(hint)
            return f"Row<{name}>" if is_row(hint) and not self.inside else name
        raise TypeError(f"no TypeScript for {hint}")

    def item(self, hint: Any) -> str:
        """Return the type of an item of a list, which may be null."""
        return self.named(hint) + (" | null" if _optional(hint) else "")

    def interface(self, item: type) -> str:
        if item.__name__ not in self.interfaces:
            self.interfaces[item.__name__] = ""  # its place, before what it needs
            outside, self.inside = self.inside, is_row(item)
            rows = [f"/** {(item.__doc__ or '').strip().splitlines()[0]} */"]
            rows.append(f"export interface {item.__name__} {{")
            hints = get_type_hints(item)
            for name in _names(item):
                mark = "?" if _optional(hints[name]) else ""
                rows.append(f"  readonly {name}{mark}: {self.named(hints[name])};")
            rows.append("}\n")
            self.interfaces[item.__name__] = "\n".join(rows)
            if is_row(item):
                self.readers[item.__name__] = _reader(item, hints, item in self.columned)
            self.inside = outside
        return item.__name__

    def rows(self) -> str:
        """Return what it takes to read rows: object literals, which JavaScript makes fastest."""
        return "\n".join(
            [
                "/** What reads a row of each type, or one out of columns; null is left out. */",
                "export const READ = {",
                *(f"  {name}: {text}," for name, text in self.readers.items()),
                "};",
                "",
            ]
        )


def _names(item: type) -> tuple[str, ...]:
    if is_dataclass(item):
        return tuple([field.name for field in fields(item)])
    found: tuple[str, ...] = item._fields  # type: ignore[attr-defined]  # of a NamedTuple
    return found


def _reader(item: type, hints: Mapping[str, Any], columned: bool) -> str:
    """Return the function that makes a value of a type from its row, or from a place in columns."""
    read = []
    for place, name in enumerate(_names(item)):
        value = f"r[{place}]![at]" if columned else f"r[{place}]"
        inner = _row_in(hints[name])
        if inner is not None:
            value = f"each({value}, READ.{inner.__name__})"
        elif _optional(hints[name]):
            value += " ?? undefined"
        read.append(f"{name}: {value}")
    taken = f"r: Table<{item.__name__}>, at: number" if columned else f"r: Row<{item.__name__}>"
    return f"({taken}) => ({{ {', '.join(read)} }}) as {item.__name__}"


def _row_in(hint: Any) -> type | None:
    """Return the type of the rows in a list, None where it is no list of rows."""
    for inner in get_args(hint):
        for part in (inner, *get_args(inner)):
            if isinstance(part, type) and is_row(part) and part is not tuple:
                return part
    return None


def _optional(hint: Any) -> bool:
    return type(None) in get_args(hint)


if __name__ == "__main__":
    sys.stdout.write(typescript())
