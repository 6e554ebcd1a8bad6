"""One step recorded in full: its events, nodes and values."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from retrograd.store.model import Accumulation, Event, Node, Op, Update
from retrograd.store.structure import Structure, bind_events, bind_nodes
from retrograd.store.value import Value

if TYPE_CHECKING:
    from retrograd.store.reader import Recording


class Step:
    """A full step. Everything below it is made when first asked for."""

    def __init__(
        self,
        recording: Recording,
        index: int,
        structure: Structure,
        times: tuple[float, float, float],
        complete: bool,
        rng: int | None,
    ) -> None:
        self.recording = recording
        self.index = index
        self.structure = structure
        self.complete = complete
        """False for what ran after the last step, or was cut short."""
        self.started, self.seconds, self.overhead = times
        """Seconds since the recording began; that the step took; of these, for recording."""
        self._rng = rng

    def __repr__(self) -> str:
        return f"<Step {self.index} of {self.recording.path}: {len(self.structure.events)} events>"

    @cached_property
    def data(self) -> bytes:
        """The packed bytes of the values."""
        return self.recording.step_data(self.index, self.structure.size)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every value by the number of its slot."""
        return tuple([Value(self, index, slot) for index, slot in enumerate(self.structure.slots)])

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        return bind_events(self)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The autograd nodes that the step's backward passes reach."""
        return bind_nodes(self)

    def release(self) -> None:
        """Let go of all that was read; it is read again when it is asked for.

        A step and its values hold each other: without this a large one stays in memory until
        Python's collector comes by, which takes seconds then.
        """
        for name in ("data", "values", "events", "nodes"):
            self.__dict__.pop(name, None)

    @property
    def rng(self) -> bytes | None:
        """State of PyTorch's CPU generator at the start of the step."""
        return None if self._rng is None else self.recording.content(self._rng)

    @property
    def ops(self) -> tuple[Op, ...]:
        """The op events alone."""
        return tuple([event for event in self.events if isinstance(event, Op)])

    @property
    def accumulations(self) -> tuple[Accumulation, ...]:
        """The accumulations alone."""
        return tuple([event for event in self.events if isinstance(event, Accumulation)])

    @property
    def updates(self) -> tuple[Update, ...]:
        """The updates alone."""
        return tuple([event for event in self.events if isinstance(event, Update)])
