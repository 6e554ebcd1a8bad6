"""What the page gets to know of where a number came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrograd.views.data.explanation import CheckData, MessageData

Number = str
"""A number as JavaScript reads it, in full; complex ones as people write them."""


@dataclass(frozen=True, slots=True)
class LinkData:
    """A number with its name, and which element of which value of the step it is."""

    label: str
    number: Number | None  # None where it was not kept
    slot: int | None  # None for what cannot be asked
    place: int


@dataclass(frozen=True, slots=True)
class StepTermData:
    """One term of an update, for the element."""

    symbol: str
    math: str | None
    result: Number | None


@dataclass(frozen=True, slots=True)
class UpdatedData:
    """One update of the element."""

    event: int
    optimizer: str | None  # None for an update by hand
    before: LinkData
    gradient: LinkData
    after: LinkData
    terms: tuple[StepTermData, ...]


@dataclass(frozen=True, slots=True)
class RouteData:
    """A way from the loss, or the last node of many, and what it brings."""

    made: tuple[str, ...]  # what the ops along it made
    amount: Number | None


@dataclass(frozen=True, slots=True)
class RoutesData:
    """All ways to a parameter; too many are counted, and listed by their last nodes."""

    count: int
    paths: tuple[RouteData, ...]
    reason: MessageData | None


@dataclass(frozen=True, slots=True)
class ShareData:
    """One example's part, with what went in and the factors, where it is one product."""

    example: int
    amount: Number
    inputs: str
    factors: str | None


@dataclass(frozen=True, slots=True)
class SharesData:
    """The parts of all examples, the largest first."""

    size: int
    shares: tuple[ShareData, ...]
    others: Number  # of the examples that are not listed, together
    rest: Number  # of no example: a penalty
    sum: Number
    difference: float  # from PyTorch's own number


@dataclass(frozen=True, slots=True)
class ContributionData:
    """What one backward pass added."""

    number: int  # of the pass
    amount: LinkData
    paths: RoutesData
    samples: SharesData | None
    reason: MessageData | None  # why there are no samples
    origins: tuple[GradientOriginData, ...]


@dataclass(frozen=True, slots=True)
class ChangeData:
    """Something that changed ``.grad`` after the backward pass."""

    event: int
    before: Number | None
    after: Number | None


@dataclass(frozen=True, slots=True)
class GradientData:
    """What ``.grad`` held, and what each pass added."""

    before: Number | None
    contributions: tuple[ContributionData, ...]
    changes: tuple[ChangeData, ...]
    cleared: tuple[int, ...]  # events of zero_grad() between the passes
    after: LinkData


@dataclass(frozen=True, slots=True)
class MoveData:
    """What one step did to the element."""

    step: int
    before: Number
    after: Number
    full: bool


@dataclass(frozen=True, slots=True)
class HistoryData:
    """The element's way through the run, thinned, and the steps that moved it most."""

    first: Number | None
    last: Number
    last_step: int
    known: int  # steps that are known
    every_step: bool
    steps: tuple[int, ...]
    values: tuple[float | None, ...]
    moves: tuple[MoveData, ...]


@dataclass(frozen=True, slots=True)
class EnteredData:
    """An element that entered an op, and the derivative by it."""

    element: LinkData
    derivative: Number | None


@dataclass(frozen=True, slots=True)
class OriginData:
    """The op that made an element, and what entered."""

    op: str | None  # None for what came from outside the step
    event: int | None
    worked: str | None
    check: CheckData | None
    entered: tuple[EnteredData, ...]
    count: int  # of all that entered
    reason: MessageData | None


@dataclass(frozen=True, slots=True)
class ProductData:
    """Upstream times local derivative."""

    upstream: LinkData
    local: Number | None
    product: Number | None


@dataclass(frozen=True, slots=True)
class SenderData:
    """What one node sent."""

    event: int
    node: str
    amount: Number | None
    terms: tuple[ProductData, ...]
    count: int  # of all terms
    reason: MessageData | None


@dataclass(frozen=True, slots=True)
class GradientOriginData:
    """A gradient as the sum of what was sent."""

    label: str
    number: Number | None
    put_in: bool  # by backward() itself
    senders: tuple[SenderData, ...]


@dataclass(frozen=True, slots=True)
class ProvenanceData:
    """Where a number came from; which parts there are depends on what it is."""

    label: str
    kind: Literal["parameter", "parameter gradient", "value", "gradient"]
    state: str | None  # of the optimizer, where the number belongs to it
    parameter: int | None
    place: int
    loss: str
    step: int  # the step that the answer is about: an earlier one for what it began with
    full: bool
    number: Number | None
    updates: tuple[UpdatedData, ...]
    gradient: GradientData | None
    history: HistoryData | None
    origin: OriginData | None
    upstream: GradientOriginData | None
