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
from retrograd.views.data.provenance import ProvenanceData
from retrograd.views.data.source import SourceData
from retrograd.views.data.structure import StructureData
from retrograd.views.data.values import StepData

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
"""


def typescript() -> str:
    """Return the whole file."""
    writer = _Writer()
    for root in ROOTS:
        writer.named(root)
    return "\n".join([_HEAD, *writer.interfaces.values()])


class _Writer:
    def __init__(self) -> None:
        self.interfaces: dict[str, str] = {}

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
            self.interfaces.setdefault(name, f"export type {name} = {' | '.join(parts)};\n")
            return name
        if origin is tuple:
            if len(arguments) == 2 and arguments[1] is Ellipsis:
                return f"readonly ({self.item(arguments[0])})[]"
            return f"readonly [{', '.join(map(self.item, arguments))}]"
        if inspect.isclass(origin) and issubclass(origin, Mapping):
            return f"Readonly<Record<string, {self.item(arguments[1])}>>"
        if is_dataclass(hint) and isinstance(hint, type):
            return self.interface(hint)
        raise TypeError(f"no TypeScript for {hint}")

    def item(self, hint: Any) -> str:
        """Return the type of an item of a list, which may be null."""
        return self.named(hint) + (" | null" if _optional(hint) else "")

    def interface(self, item: type) -> str:
        if item.__name__ not in self.interfaces:
            self.interfaces[item.__name__] = ""  # its place, before what it needs
            rows = [f"/** {(item.__doc__ or '').strip().splitlines()[0]} */"]
            rows.append(f"export interface {item.__name__} {{")
            hints = get_type_hints(item)
            for field in fields(item):
                hint = hints[field.name]
                mark = "?" if _optional(hint) else ""
                rows.append(f"  readonly {field.name}{mark}: {self.named(hint)};")
            rows.append("}\n")
            self.interfaces[item.__name__] = "\n".join(rows)
        return item.__name__


def _optional(hint: Any) -> bool:
    return type(None) in get_args(hint)


if __name__ == "__main__":
    sys.stdout.write(typescript())
