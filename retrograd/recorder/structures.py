"""Recognises the structure of a step, and writes a new one down with all it refers to."""

from __future__ import annotations

import ast
import json
import linecache
import sys
from collections import OrderedDict
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from retrograd.recorder.names import Names, visible
from retrograd.recorder.structure import Builder
from retrograd.recorder.trace import Trace

if TYPE_CHECKING:
    from retrograd.recorder.parameters import Parameter
    from retrograd.recorder.recorder import Recorder

CACHED: Final = 256
"""Structures kept in memory; one that has been forgotten is written again when it returns."""


class Structures:
    """The rows of structure, site, source, module and parameter."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._known: OrderedDict[Any, int] = OrderedDict()
        self._last: Any = None  # lists and number of the step before, compared first
        self._count = 0
        self._sites: dict[int, int] = {}
        self._site_count = 0
        self._sources: dict[str, int] = {}
        self._modules: set[int] = set()
        self._definitions: dict[tuple[str, str, str], int | None] = {}  # (path, names) -> site
        self._parameters: set[int] = set()

    def number(self, trace: Trace) -> int:
        """Return the id of a trace's structure, writing it first where it is new."""
        last = self._last
        if (
            last is not None
            and last[0] == trace.events
            and last[1] == trace.slots
            and last[2] == trace.nodes
        ):
            return last[3]  # type: ignore[no-any-return]
        number = self._number(trace)
        self._last = (trace.events, trace.slots, trace.nodes, number)
        return number

    def _number(self, trace: Trace) -> int:
        key = (tuple(trace.events), tuple(trace.slots), tuple(trace.nodes))
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        names = self.name_parameters(sys._getframe(2))
        builder = Builder(self.recorder, trace, names)
        self._count += 1
        self._write_modules(names)
        self.recorder.sink.put("structure", (self._count, *builder.documents()))
        self._known[key] = self._count
        if len(self._known) > CACHED:
            self._known.popitem(last=False)
        return self._count

    def name_parameters(self, frame: FrameType | None) -> Names:
        """Name the parameters that have none yet, and write their rows."""
        frames = self.recorder.sites.user_frames(frame)
        roots = visible(frames)
        for reference in self.recorder.modules.all[:1]:
            module = reference()
            if module is not None:
                roots.append((module, type(module).__name__.lower()))
        paths = {frame.f_code.co_filename for frame in frames}
        sites = self.recorder.sites
        names = Names(roots, {name for path in paths for _, name in sites.assignments(path)})
        registry = self.recorder.parameters
        for parameter in registry.all:
            if parameter.id in self._parameters:
                continue
            tensor = parameter.reference()
            found = names.of(tensor) if tensor is not None else None
            short, full = found or (f"parameter{parameter.id}", f"parameter{parameter.id}")
            name = full if short in registry.names else short
            number = 2
            while name in registry.names:
                name = f"{full}#{number}"
                number += 1
            registry.names.add(name)
            parameter.name = name
            parameter.site = self._definition(short, full, frames)
            parameter.module = names.homes.get(id(tensor)) if tensor is not None else None
            self._parameters.add(parameter.id)
            self.recorder.sink.put("parameter", self._parameter_row(parameter))
        return names

    def _parameter_row(self, parameter: Parameter) -> tuple[Any, ...]:
        return (
            parameter.id,
            parameter.name,
            json.dumps(list(parameter.shape)),
            parameter.dtype,
            parameter.device,
            int(parameter.requires_grad),
            parameter.site,
            parameter.module,
        )

    def site_row(self, site: int | None) -> int | None:
        """Return the row id of a position, writing the row first where it is new."""
        if site is None:
            return None
        known = self._sites.get(site)
        if known is None:
            found = self.recorder.sites.resolve(site)
            known = self._sites[site] = self._write_site(
                found.path,
                found.function,
                (found.line, found.end_line, found.column, found.end_column),
                found.expression,
            )
        return known

    def _write_site(
        self, path: str, function: str, span: tuple[int | None, ...], expression: str
    ) -> int:
        self._site_count += 1
        row = (self._site_count, self._source(path), function, *span, expression)
        self.recorder.sink.put("site", row)
        return self._site_count

    def _source(self, path: str) -> int:
        if path not in self._sources:
            self._sources[path] = len(self._sources) + 1
            text = "".join(linecache.getlines(path))
            self.recorder.sink.put("source", (self._sources[path], path, text))
        return self._sources[path]

    def _write_modules(self, names: Names) -> None:
        for number, reference in enumerate(self.recorder.modules.all):
            if number in self._modules:
                continue
            self._modules.add(number)
            module = reference()
            path = names.modules.get(id(module), "") if module is not None else ""
            kind = type(module).__name__ if module is not None else ""
            self.recorder.sink.put("module", (number, path, kind))

    def _definition(self, short: str, full: str, frames: list[FrameType]) -> int | None:
        """Return the site that assigns the variable or attribute a parameter is named after.

        ``0.weight`` is named after nothing in the source: then the variable before it counts.
        """
        parts, variable = short.split("[")[0].split("."), full.split("[")[0].split(".")[0]
        own = [] if parts[0].isdecimal() else [(parts[0], parts[-1])]
        paths = list(dict.fromkeys(frame.f_code.co_filename for frame in frames))
        for names in (*own, (variable, variable)):
            for path in paths:
                key = (path, *names)
                if key not in self._definitions:
                    self._definitions[key] = self._assigning(*key)
                site = self._definitions[key]
                if site is not None:
                    return site
            assigned = [t for path in paths for _, t in self.recorder.sites.assignments(path)]
            if not set(names).isdisjoint(assigned):
                break
        return None

    def _assigning(self, path: str, *names: str) -> int | None:
        """Return the site in a file that first assigns one of two names."""
        for value, target in self.recorder.sites.assignments(path):
            if target in names and isinstance(value, ast.Call | ast.List):
                if value.end_lineno is None:
                    continue
                text = ast.get_source_segment("".join(linecache.getlines(path)), value) or ""
                span = (value.lineno, value.end_lineno, value.col_offset, value.end_col_offset)
                return self._write_site(path, "", span, text)
        return None
