"""The typed things that a recording holds: where, who, and every kind of event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from retrograd.store.value import Value

Argument = Value | float | int | bool | str | tuple[Any, ...] | None
"""An op's argument: a tensor's value, a number, a constant, or a tuple of arguments."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the user's that a recorded event points into, as it was when it ran."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """A position in a source file: the expression that ran.

    Lines count from 1, columns from 0 in characters; the end is exclusive. All are None where
    Python does not know.
    """

    id: int
    path: str
    function: str
    line: int | None
    end_line: int | None
    column: int | None
    end_column: int | None
    expression: str


@dataclass(frozen=True, slots=True)
class Module:
    """A ``torch.nn.Module`` that was called, by its dotted path below the outermost one."""

    id: int
    path: str
    type: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A leaf tensor that requires a gradient, or that an optimizer holds."""

    id: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    device: str
    requires_grad: bool
    site: Site | None  # where it is defined
    module: str | None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened to the run: kind is exception, warning, nonfinite or gap."""

    kind: str
    step: int | None
    event: int | None
    site: Site | None
    detail: Mapping[str, Any]


class Edge(NamedTuple):
    """Where a node sends a gradient: which node, and which of its inputs."""

    node: int
    input: int


@dataclass(frozen=True, slots=True)
class Node:
    """One autograd node, such as ``MmBackward0``."""

    index: int
    name: str
    op: int | None  # event of the op that created it
    next: tuple[Edge | None, ...]  # in the order of the gradients that it sends out
    saved: Mapping[str, Value | None]  # what it keeps for its backward formula
    freed: int | None  # event after which that is freed, None where the graph was retained
    parameter: int | None  # of an AccumulateGrad
    first_pass: int  # the first backward pass of the step that reaches it
    opaque: bool  # a custom autograd.Function
    created_by: int | None  # the node whose run created it (double backward)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a step, in order."""

    index: int
    kind: str
    phase: str  # forward, backward, zero_grad, optimizer or outside
    site: Site | None
    module: Module | None


@dataclass(frozen=True, slots=True)
class Op(Event):
    """One ATen operator call."""

    name: str  # such as "aten::add.Tensor"
    arguments: Mapping[str, Argument]
    outputs: tuple[Value | None, ...]
    node: int | None  # the autograd node that it created
    grad: bool  # whether grad mode was on
    mutates: tuple[str, ...]  # arguments changed in place


@dataclass(frozen=True, slots=True)
class BackwardCall(Event):
    """The start of a backward pass: ``backward()`` or ``torch.autograd.grad``."""

    api: str  # backward or grad
    number: int  # which pass of the step
    roots: tuple[Value | None, ...]
    root_nodes: tuple[int | None, ...]
    gradients: tuple[Value | None, ...]  # what flows into the roots
    retain_graph: bool
    create_graph: bool
    inputs: tuple[Value | None, ...]
    results: tuple[Value | None, ...]  # of torch.autograd.grad


@dataclass(frozen=True, slots=True)
class NodeRun(Event):
    """An autograd node ran in a backward pass."""

    node: int
    number: int  # which pass of the step
    grad_outputs: tuple[Value | None, ...]  # coming in
    grad_inputs: tuple[Value | None, ...]  # going out, one for each edge


@dataclass(frozen=True, slots=True)
class Accumulation(Event):
    """A contribution was added to a leaf's ``.grad``."""

    node: int
    number: int
    parameter: int
    before: Value | None
    contribution: Value | None
    after: Value | None


class GradientChange(NamedTuple):
    """One ``.grad`` before and after."""

    parameter: int
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class ZeroGrad(Event):
    """A call of ``zero_grad()``."""

    owner: str  # the class of the optimizer or module
    set_to_none: bool
    changes: tuple[GradientChange, ...]


@dataclass(frozen=True, slots=True)
class GradChange(Event):
    """A ``.grad`` changed between backward and step: clipping, ``.grad = None``, …"""

    parameter: int
    before: Value | None
    after: Value | None
    cause: str  # op, or unseen: found changed afterwards
    op: int | None  # the event of the op


@dataclass(frozen=True, slots=True)
class StepCall(Event):
    """A call of an optimizer's ``step()``; its updates follow."""

    optimizer: int
    name: str
    groups: int


@dataclass(frozen=True, slots=True)
class Update(Event):
    """One parameter before and after an update."""

    optimizer: int | None  # None for an update made by hand
    name: str
    group: int
    parameter: int
    before: Value | None
    gradient: Value | None  # what the update read
    after: Value | None
    state_before: Mapping[str, Value | None]
    state_after: Mapping[str, Value | None]
    hyperparameters: Mapping[str, Argument]
    manual: bool
    op: int | None  # the event of the op that a manual update is


@dataclass(frozen=True, slots=True)
class Opaque(Event):
    """Something that ran unseen: a compiled region, a ``torch.func`` transform."""

    name: str
    inputs: tuple[Value | None, ...]
    outputs: tuple[Value | None, ...]
    node: int | None
