"""The events of a step, one type for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from retrograd.views.data.wire import row

SlotNumber = int
Phase = Literal["forward", "backward", "zero_grad", "optimizer", "outside"]
Head = tuple[int, Phase, str, str, int | None, str | None]
"""The fields of an event head."""


class ArgumentData(NamedTuple):
    """A hyperparameter of an update: a value, or a constant as text."""

    name: str
    slots: tuple[SlotNumber, ...]
    constant: str | None


@dataclass(frozen=True, slots=True)
class EventHead:
    """What all events have."""

    index: int
    phase: Phase
    name: str  # as PyTorch calls it
    label: str  # what it yields
    site: int | None
    module: str | None  # dotted path


@row
@dataclass(frozen=True, slots=True)
class OpData(EventHead):
    """One ATen operator call."""

    kind: Literal["op"]
    inputs: tuple[SlotNumber, ...]  # tensors and numbers among its arguments
    outputs: tuple[SlotNumber | None, ...]
    node: int | None


@row
@dataclass(frozen=True, slots=True)
class BackwardData(EventHead):
    """The start of a backward pass."""

    kind: Literal["backward"]
    number: int  # which pass of the step
    roots: tuple[SlotNumber | None, ...]
    root_nodes: tuple[int | None, ...]
    gradients: tuple[SlotNumber | None, ...]


@row
@dataclass(frozen=True, slots=True)
class NodeRunData(EventHead):
    """An autograd node ran."""

    kind: Literal["node"]
    number: int  # which pass of the step
    node: int
    grad_outputs: tuple[SlotNumber | None, ...]  # coming in
    grad_inputs: tuple[SlotNumber | None, ...]  # going out


@row
@dataclass(frozen=True, slots=True)
class AccumulationData(EventHead):
    """A contribution was added to a ``.grad``."""

    kind: Literal["accumulate"]
    number: int  # which pass of the step
    node: int
    parameter: int
    before: SlotNumber | None
    contribution: SlotNumber | None
    after: SlotNumber | None


class GradientChangeData(NamedTuple):
    """One ``.grad`` before and after."""

    parameter: int
    before: SlotNumber | None
    after: SlotNumber | None


@row
@dataclass(frozen=True, slots=True)
class ZeroGradData(EventHead):
    """A call of ``zero_grad()``."""

    kind: Literal["zero_grad"]
    changes: tuple[GradientChangeData, ...]


@row
@dataclass(frozen=True, slots=True)
class GradChangeData(EventHead):
    """A ``.grad`` changed between backward and step."""

    kind: Literal["grad_change"]
    parameter: int
    before: SlotNumber | None
    after: SlotNumber | None


@row
@dataclass(frozen=True, slots=True)
class StepCallData(EventHead):
    """A call of an optimizer's ``step()``."""

    kind: Literal["step"]


class NamedSlot(NamedTuple):
    """A value with a name."""

    name: str
    slot: SlotNumber | None


@row
@dataclass(frozen=True, slots=True)
class UpdateData(EventHead):
    """One parameter before and after an update."""

    kind: Literal["update"]
    parameter: int
    before: SlotNumber | None
    gradient: SlotNumber | None  # what the update read
    after: SlotNumber | None
    options: int  # place of its hyperparameters in the structure's list
    state_before: tuple[NamedSlot, ...]
    state_after: tuple[NamedSlot, ...]
    manual: bool  # made by the user's own code


@row
@dataclass(frozen=True, slots=True)
class OpaqueData(EventHead):
    """Something that ran unseen."""

    kind: Literal["opaque"]
    inputs: tuple[SlotNumber | None, ...]
    outputs: tuple[SlotNumber | None, ...]
    node: int | None


EventData = (
    OpData
    | BackwardData
    | NodeRunData
    | AccumulationData
    | ZeroGradData
    | GradChangeData
    | StepCallData
    | UpdateData
    | OpaqueData
)
