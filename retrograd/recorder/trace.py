"""The trace of one full step: its events, its value slots and the bytes of the values.

Everything but the bytes is made of hashable tuples, so that a finished step can be recognised as
a repetition of an earlier one by a single dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from weakref import ref

import torch

from retrograd.recorder import capture
from retrograd.recorder.capture import Part
from retrograd.recorder.tensors import LOWEST, address, is_leaf, reader, sizes
from retrograd.recorder.torch_api import (
    mode_count,
    no_torch_function,
    saved_tensor_hooks,
    unheard,
)

if TYPE_CHECKING:
    from retrograd.recorder.forward import OpInfo
    from retrograd.recorder.parameters import Owners

Slot = int | None
Event = tuple[Any, ...]

_Tensor: Final = torch.Tensor
_Parameter: Final = torch.nn.Parameter
_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
OUTSIDE_TENSORS: Final = 4096
"""Tensors from outside the steps whose facts are remembered at most."""
_WHOLE: Final = capture.WHOLE_ELEMENTS
# Element sizes of the dtypes whose memory is their value: no conjugate bit, no quantisation.
_ITEM_SIZES: Final = {
    torch.float32: 4,
    torch.float64: 8,
    torch.float16: 2,
    torch.bfloat16: 2,
    torch.int64: 8,
    torch.int32: 4,
    torch.int16: 2,
    torch.int8: 1,
    torch.uint8: 1,
    torch.bool: 1,
}


class Trace:
    """Collects one step. Not thread-safe; the recorder serialises the callers."""

    __slots__ = (
        "_placed",
        "_places",
        "accumulated",
        "base",
        "born",
        "events",
        "hooked",
        "keeper",
        "known",
        "lazy",
        "node_index",
        "nodes",
        "ops",
        "outside",
        "owners",
        "parts",
        "passes",
        "pointers",
        "rng",
        "saved",
        "slots",
        "spent",
        "started",
        "traced",
        "untraced",
        "updates",
        "wrapped",
    )

    def __init__(self, started: float, keeper: Keeper) -> None:
        self.started = started
        self.keeper = keeper
        self.outside = keeper.outside
        self.spent = 0.0  # seconds that recording has taken in this step
        self.events: list[Event] = []
        self.slots: list[tuple[Any, ...]] = []
        self.parts: list[Part] = []
        self.pointers: list[int] = []  # per slot: where the tensor's data lay, 0 if unknown
        self._places: dict[int, list[int]] = {}  # address -> slots, of the first so many slots:
        self._placed = 0
        self.hooked: set[int] = set()  # ops run under saved-tensor hooks of the user
        self.saved: dict[int, dict[str, Slot]] = {}  # node -> what it keeps for backward
        # tensor id -> (slot, weak reference, version, data pointer or 0): a tensor whose value
        # now is in a slot. The reference guards against an id that a new tensor has inherited.
        self.known: dict[int, tuple[int, Any, int, int]] = {}
        self.base = 0  # the sequence number at its start: all others are counted from there
        self.ops: list[tuple[int, int, int]] = []  # per op: event, lowest and end sequence number
        self.nodes: list[tuple[Any, ...]] = []
        self.node_index: dict[Any, int] = {}
        # (lowest, end, node): sequence numbers of the nodes that running a node has created
        self.born: list[tuple[int, int, int]] = []
        self.owners: Owners | None = None  # dropped whenever a .grad may have moved
        self.passes = 0
        self.updates = 0
        self.rng: bytes | None = None
        self.accumulated: dict[int, tuple[Slot, int, int]] = {}
        self.lazy = False  # a value was met whose conjugation or negation may be pending
        self.traced = False  # an op that autograd recorded has been seen
        self.untraced = 0  # ops seen that it did not record
        self.wrapped = False  # a tensor was met whose class answers ops with code of its own

    def guarded(self, tensor: Any) -> int:
        """Do what ``value`` does for a subclass, unseen by its ``__torch_function__``."""
        with no_torch_function():
            return self.value(tensor)

    def value(self, tensor: Any) -> int:
        """Return the slot of a tensor's present value, taking a snapshot if there is none."""
        entry = self.known.get(id(tensor))
        if entry is not None and entry[1]() is tensor:
            slot, _, version, pointer = entry
            try:
                if version == tensor._version and (
                    not pointer or pointer == tensor.data_ptr()  # not so after `.data = …`
                ):
                    return slot
            except RuntimeError:  # an inference tensor has no version counter, and cannot change
                return slot
        known = self.outside.get(id(tensor))
        if (
            known is not None
            and known[0]() is tensor
            and tensor.data_ptr() == known[1]
            and tensor.requires_grad is known[2]
            and tensor.shape == known[3]
        ):
            slot = len(self.slots)
            self.parts.append(known[4](known[1]).raw)
            self.pointers.append(known[1])
            self.slots.append(known[5])
            self.known[id(tensor)] = (slot, known[0], tensor._version, known[1])
            return slot
        return self._again_elsewhere(tensor)

    def _again_elsewhere(self, tensor: Any) -> int:
        """Return the slot of a value that comes back as another object, else of a new snapshot.

        Autograd hands on a shallow copy of a view, so that the tensor an op returned and the
        tensor that the next op takes are two objects on one memory. Memory may have been reused
        meanwhile: only equal bytes make it the same value.
        """
        slot = self.snapshot(tensor, True)
        pointer = self.pointers[slot]
        if pointer:
            part, facts = self.parts[slot], self.slots[slot]
            for earlier in reversed(self._lying_at(pointer, slot)):
                if (
                    self.parts[earlier] == part
                    and _dtype_and_shape(self.slots[earlier]) == facts[1:3]
                ):
                    del self.parts[slot], self.slots[slot], self.pointers[slot]
                    self.again(tensor, earlier)
                    return earlier
        return slot

    def _lying_at(self, pointer: int, end: int) -> Sequence[int]:
        """Return the slots before one, which is the newest, whose values lay at an address."""
        places = self._places
        for slot in range(self._placed, end):
            places.setdefault(self.pointers[slot], []).append(slot)
        self._placed = end
        return places.get(pointer, ())

    def snapshot(self, tensor: Any, external: bool = False) -> int:
        """Store a tensor's present value in a new slot and remember the tensor by it."""
        slot = self._unusual(tensor, True) if external else self.gradient(tensor)
        try:
            version = tensor._version
        except RuntimeError:  # an inference tensor
            version = -1
        self.known[id(tensor)] = (slot, ref(tensor), version, self.pointers[slot])
        if external:
            self._remember(tensor, slot)
        return slot

    def _remember(self, tensor: Any, slot: int) -> None:
        """Keep the facts of a tensor from outside, which the next steps will likely use again.

        Only the facts: its bytes are read at each step, since memory can change unseen.
        """
        facts = self.slots[slot]
        if facts[0] != "whole" or facts[1] not in _ITEM_SIZES or len(facts) != 11:
            return
        if tensor.is_inference():  # it has no version counter to be known again by
            return
        if tensor.is_cpu and tensor.is_contiguous() and not tensor.is_neg() and address(tensor):
            if len(self.outside) >= OUTSIDE_TENSORS:
                self.outside.clear()
            read = reader(facts[10])
            self.outside[id(tensor)] = (
                ref(tensor),
                tensor.data_ptr(),
                facts[6],
                facts[2],
                read,
                facts,
            )

    def carried(self, tensor: Any) -> int:
        """Return the slot of a ``.grad`` that may come from an earlier step.

        It is stored like the gradients of this step: who made it is no matter.
        """
        entry = self.known.get(id(tensor))
        if entry is not None and entry[1]() is tensor and entry[2] == tensor._version:
            return entry[0]
        return self.snapshot(tensor)

    def unless_new(self, tensor: Any, slot: int, earlier: int) -> int:
        """Return an earlier slot instead of the newest one where both hold the same bytes."""
        if slot != len(self.slots) - 1 or self.parts[slot] != self.parts[earlier]:
            return slot
        del self.parts[slot], self.slots[slot], self.pointers[slot]
        self.again(tensor, earlier)
        return earlier

    def gradient(self, tensor: Any) -> int:
        """Store the value of a tensor that this step made; it is not remembered by identity.

        This is the hottest path of a recording. Anything out of the ordinary raises or falls
        through to ``_unusual``.
        """
        if type(tensor) in _PLAIN_TYPES:
            slots = self.slots
            slot = len(slots)
            try:
                facts = (tensor.dtype, tensor.shape)
                known = _layouts.get(facts) or _layout(facts)
                read = known[1]
                if (
                    read is not None
                    and tensor.is_cpu
                    and tensor.is_contiguous()
                    and not tensor.is_neg()
                ):
                    pointer = tensor.data_ptr()
                    if pointer >= LOWEST or known[2] or address(tensor):
                        self.parts.append(read(pointer).raw)
                        self.pointers.append(pointer)
                        slots.append(known[0])
                        return slot
            except RuntimeError:  # no such thing as contiguity or a data pointer: sparse, say
                del self.parts[slot:], self.pointers[slot:]
        return self._unusual(tensor, False)

    def _unusual(self, tensor: Any, external: bool) -> int:
        """Store any value, one from outside the step with all that PyTorch knows of it."""
        if not mode_count():
            return self._unheard(tensor, external)
        with unheard():
            return self._unheard(tensor, external)

    def _unheard(self, tensor: Any, external: bool) -> int:
        slots = self.slots
        slot = len(slots)
        self.lazy = self.lazy or may_be_lazy((tensor,))
        try:
            why = capture.why_unreadable(tensor)
            if why == "sparse" and tensor.numel() <= _WHOLE:
                dense = tensor.detach().to_dense()
                self._append(dense, "whole", capture.elements(dense), None, external)
                slots[-1] = (*slots[-1], str(tensor.layout))
            elif why is not None:
                self._none(tensor, why, external)
            else:
                parameter = self.keeper.parameter(tensor) if external else None
                kind, data = self._bulky(tensor, parameter)
                self._append(tensor, kind, data, parameter, external)
                self.pointers[slot] = address(tensor)
        except Exception as error:
            del slots[slot:], self.parts[slot:], self.pointers[slot:]
            self._none(tensor, f"unreadable: {type(error).__name__}", external)
        return slot

    def _append(
        self, tensor: Any, kind: str, data: Part, parameter: int | None, external: bool
    ) -> None:
        self.slots.append(
            (
                kind,
                tensor.dtype,
                tensor.shape,
                tensor.stride(),
                tensor.storage_offset(),
                tensor.device,
                tensor.requires_grad,
                tensor.is_leaf,
                parameter,
                external,
                len(data) if type(data) is bytes else data.size,  # type: ignore[union-attr]
            )
        )
        self.parts.append(data)
        self.pointers.append(0)

    def arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any] | None, info: OpInfo
    ) -> tuple[Any, ...]:
        """Encode an op's arguments as hashable tuples; see ``encode`` for the forms."""
        numbers = info.numbers
        encoded: list[Any] = []
        for argument in args:
            kind = type(argument)
            if kind is _Tensor or kind is _Parameter:
                encoded.append(self.value(argument))
            elif argument is None:
                encoded.append(None)
            elif (kind is float or kind is int) and len(encoded) in numbers:
                encoded.append(("s", self.scalar(argument)))
            else:
                encoded.append(self.encode(argument))
        if not kwargs:
            return tuple(encoded)
        for key, argument in kwargs.items():
            if key in numbers and type(argument) in (int, float):
                encoded.append(("k", key, ("s", self.scalar(argument))))
            else:
                encoded.append(("k", key, self.encode(argument)))
        return tuple(encoded)

    def encode(self, argument: Any) -> Any:
        """Encode one argument: a slot number, ("s", slot), ("l", items), (constant,) or None."""
        if argument is None:
            return None
        if isinstance(argument, _Tensor):
            return self.guarded(argument)
        if isinstance(argument, (list, tuple)):
            return ("l", tuple([self.encode(item) for item in argument]))
        if isinstance(argument, (bool, int, str)):
            return (argument,)
        if isinstance(argument, float):
            return ("s", self.scalar(argument))
        if isinstance(argument, complex):
            return (str(argument),)
        return (_constant(argument),)

    def op(
        self,
        info: OpInfo,
        arguments: tuple[Any, ...],
        out: Any,
        low: int,
        high: int,
        grad: bool,
        recorder: Any,
        frame: Any,
    ) -> None:
        """Append an op event with snapshots of its outputs."""
        kind = type(out)
        site = recorder.sites.here(frame)
        events = self.events
        if info.name == "aten::detach" and events and high == low:
            # autograd keeps an output for its backward formula through a detached alias: not an
            # op of the program, which would have an expression of its own
            last = events[-1]
            if last[0] == "op" and last[2] == site and arguments[0] in last[5]:
                self.again(out, arguments[0])
                return
        outputs: Any
        if kind is _Tensor or kind is _Parameter:
            outputs = (self.snapshot(out),)
        elif kind is tuple or kind is list:
            with no_torch_function():
                outputs = tuple(
                    [self.snapshot(item) if isinstance(item, _Tensor) else None for item in out]
                )
        elif isinstance(out, _Tensor):
            with no_torch_function():
                outputs = (self.snapshot(out),)
        else:
            outputs = ()
        if info.uninitialised:
            self.known.pop(id(out), None)  # read again when an op takes it
        if high != low:
            self.ops.append((len(events), low - self.base, high - self.base))
            if saved_tensor_hooks(True) is not None:
                self.hooked.add(len(events))
            self.traced = True
        events.append(("op", info, site, recorder.module, arguments, outputs, grad))

    def forget(self, items: Any) -> None:
        """Read tensors again when an op next takes them, those in lists within lists included."""
        if isinstance(items, _Tensor):
            self.known.pop(id(items), None)
        elif isinstance(items, (list, tuple)):
            for item in items:
                self.forget(item)

    def overwritten(self, places: range, writer: Any) -> None:
        """Read what lies at some addresses anew when an op next takes it, unless the writer."""
        there = [
            key
            for key, (_, reference, _, pointer) in self.known.items()
            if pointer in places and reference() is not writer
        ]
        for key in there:
            del self.known[key]

    def again(self, tensor: Any, slot: int) -> None:
        """Note that a tensor holds the value of an existing slot."""
        try:
            version = tensor._version
        except RuntimeError:  # an inference tensor
            version = -1
        self.known[id(tensor)] = (slot, ref(tensor), version, self.pointers[slot])

    def scalar(self, number: float) -> int:
        """Store a Python number that may differ from step to step."""
        slot = len(self.slots)
        self.slots.append(("scalar",))
        self.parts.append(capture._PACK_SCALAR(number))
        self.pointers.append(0)
        return slot

    def _bulky(self, tensor: Any, parameter: int | None) -> tuple[str, Part]:
        if tensor.numel() <= _WHOLE:
            return "whole", capture.elements(tensor)
        if self.keeper.wanted(tensor, parameter):
            return "content", capture.Content(tensor)
        return "summary", self.keeper.summary(tensor)

    def _none(self, tensor: Any, why: str, external: bool) -> None:
        self.wrapped |= why == "subclass"
        try:
            facts: tuple[Any, ...] = (
                tensor.dtype,
                sizes(tensor),
                (),
                0,
                tensor.device,
                tensor.requires_grad,
                is_leaf(tensor),
            )
        except Exception:
            facts = (None, (), (), 0, None, False, False)
        self.slots.append(("none", *facts, None, external, 0, why))
        self.parts.append(b"")
        self.pointers.append(0)


def may_be_lazy(arguments: Any) -> bool:
    """Tell whether an op on these may meet a tensor whose conjugation or negation is pending.

    Only complex numbers make such tensors, possibly inside the op. What is no plain tensor is not
    asked: its class may answer with code of its own.
    """
    for argument in arguments:
        kind = type(argument)
        if kind is _Tensor or kind is _Parameter:
            if argument.is_complex() or argument.is_neg():
                return True
        elif kind is list or kind is tuple:
            if may_be_lazy(argument):
                return True
        elif isinstance(argument, _Tensor):
            return True
    return False


# (dtype, shape) -> itself, what reads the bytes, whether there are none. One tuple for all slots
# of a kind lets structures be compared by identity.
_layouts: dict[tuple[Any, Any], tuple[tuple[Any, Any], Any, bool]] = {}
LAYOUTS: Final = 4096
"""Kinds of small value remembered at most."""


def _layout(facts: tuple[Any, Any]) -> tuple[tuple[Any, Any], Any, bool]:
    size = _ITEM_SIZES.get(facts[0])
    count = facts[1].numel()
    read = None if size is None or count > _WHOLE else reader(size * count)
    if len(_layouts) >= LAYOUTS:
        _layouts.clear()
    known = _layouts[facts] = (facts, read, count == 0)
    return known


def _dtype_and_shape(facts: tuple[Any, ...]) -> tuple[Any, ...]:
    return facts if len(facts) == 2 else facts[1:3]


def _constant(argument: Any) -> str:
    """Put a dtype, device, layout, generator or other object into words that do not change."""
    text = str(argument)
    return type(argument).__name__ if " at 0x" in text or " object" in text else text


class Keeper:
    """What a trace asks of the recorder; a plain one for tests keeps nothing more."""

    def __init__(self) -> None:
        # tensor id -> (weak reference, data pointer, requires_grad, shape, reader, facts)
        self.outside: dict[int, tuple[Any, ...]] = {}

    def parameter(self, tensor: torch.Tensor) -> int | None:
        """Return the id of the parameter that a tensor is, None for any other tensor."""
        return None

    def wanted(self, tensor: Any, parameter: int | None) -> bool:
        """Tell whether a large value is to be kept whole."""
        return False

    def summary(self, tensor: torch.Tensor) -> Part:
        """Return the summary of a large value."""
        return capture.summary(tensor)
