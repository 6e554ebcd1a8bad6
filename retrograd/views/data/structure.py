"""The part of a step that steps share: events, values without their numbers, nodes, sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from retrograd.explain.symbols import Symbols
from retrograd.store.model import Site
from retrograd.store.references import natural, text
from retrograd.store.step import Step
from retrograd.store.structure import Structure, freed, references
from retrograd.store.value import Slot
from retrograd.views.data.elements import Code
from retrograd.views.data.event_list import EventList, named_slots
from retrograd.views.data.events import ArgumentData, EventData, NamedSlot
from retrograd.views.data.overview import paths
from retrograd.views.data.values import inline_code
from retrograd.views.data.wire import Columns, row


class FormData(NamedTuple):
    """What many values of a step have in common."""

    named: bool  # whether their symbols are the user's own names
    kind: str  # whole, summary, content, scalar or none
    dtype: str  # PyTorch's name of it
    shape: tuple[int, ...]
    parameter: int | None
    code: Code | None  # of the elements that come along with a step; None: they do not


@dataclass(frozen=True, slots=True)
class SiteData:
    """A position in the source: lines from 1, columns from 0, the end exclusive."""

    file: int
    function: str
    line: int
    end_line: int
    column: int
    end_column: int
    expression: str


class EdgeData(NamedTuple):
    """Where a node sends a gradient."""

    node: int
    input: int


@row
@dataclass(frozen=True, slots=True)
class NodeData:
    """One autograd node."""

    name: str
    op: int | None  # the event that made it
    next: tuple[EdgeData | None, ...]
    saved: tuple[NamedSlot, ...]  # what it keeps for its backward formula
    freed: int | None  # the event after which that is freed
    parameter: int | None  # of an AccumulateGrad


@dataclass(frozen=True, slots=True)
class StructureData:
    """Everything of a step but its numbers."""

    id: int
    forms: tuple[FormData, ...]
    slots: tuple[int, ...]  # the form of each value
    symbols: tuple[str, ...]  # the user's name of each value, else one by the event that made it
    events: Columns[EventData]
    nodes: Columns[NodeData]
    options: tuple[tuple[ArgumentData, ...], ...]  # hyperparameters that updates share
    sites: tuple[SiteData, ...]


def structure(step: Step) -> StructureData:
    """Return the structure of a step."""
    return _Builder(step).build()


class _Builder:
    def __init__(self, step: Step) -> None:
        self.step = step
        self.files = {path: number for number, path in enumerate(paths(step.recording))}
        self.sites: dict[int, int | None] = {}
        self.listed: list[SiteData] = []

    def build(self) -> StructureData:
        stored = self.step.structure
        with self.step.recording.guard(f"structure {stored.id}"):
            listed = EventList(self.step, Symbols(self.step), self.site)
            self.step.recording.between()
            events = listed.all()
            self.step.recording.between()
            forms, slots = _forms(stored)
            return StructureData(
                stored.id,
                forms,
                slots,
                listed.named,
                Columns(events),
                Columns(_nodes(self.step)),
                tuple(listed.options),
                tuple(self.listed),
            )

    def site(self, number: int | None) -> int | None:
        """Return the page's number of a position in the source, None where it is not known."""
        if number is None:
            return None
        if number not in self.sites:
            self.sites[number] = self.listing(self.step.recording.sites[number])
        return self.sites[number]

    def listing(self, site: Site) -> int | None:
        if site.line is None or site.path not in self.files:
            return None
        self.listed.append(
            SiteData(
                self.files[site.path],
                site.function,
                site.line,
                site.end_line or site.line,
                site.column or 0,
                site.end_column or 0,
                site.expression,
            )
        )
        return len(self.listed) - 1


def _forms(stored: Structure) -> tuple[tuple[FormData, ...], tuple[int, ...]]:
    """Return the forms of a step's values, and the place of each value's form among them."""
    known: dict[tuple[int, bool], int] = {}
    places = [
        known.setdefault((form, name is not None), len(known))
        for form, name in zip(stored.form, stored.names, strict=True)
    ]
    return tuple([_form(stored.forms[form], named) for form, named in known]), tuple(places)


def _form(slot: Slot, named: bool) -> FormData:
    return FormData(named, slot.kind, slot.dtype, slot.shape, slot.parameter, inline_code(slot))


def _nodes(step: Step) -> tuple[NodeData, ...]:
    refer, let_go = references(step), freed(step.structure)
    nodes = []
    for index, entry in enumerate(step.structure.nodes):
        edges = [
            None if edge is None else EdgeData(refer.some_node(edge[0]), natural(edge[1]))
            for edge in entry["next"]
        ]
        nodes.append(
            NodeData(
                text(entry["name"]),
                refer.event(entry["op"]),
                tuple(edges),
                named_slots(entry["saved"], refer),
                let_go.get(index),
                None if entry["parameter"] is None else refer.parameter(entry["parameter"]),
            )
        )
    return tuple(nodes)
