"""Watches ``optimizer.step()``: every parameter and its state before and after."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from operator import is_
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import ref

import torch

from retrograd.recorder.capture import Part
from retrograd.recorder.frames import hide
from retrograd.recorder.torch_api import no_torch_function
from retrograd.recorder.trace import Slot, Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

Named = tuple[tuple[str, Any], ...]
Read = dict[int, tuple[Part, Part | None]]
"""Of each parameter, by number: its value after an update, and the gradient that this read."""


class OptimizerStep:
    """One ``step()`` of one optimizer in a step that is recorded in full."""

    __slots__ = ("groups", "number", "optimizer", "pending", "recorder", "site", "trace")

    def __init__(
        self, recorder: Recorder, trace: Trace, optimizer: Any, number: int, site: int | None
    ) -> None:
        self.recorder = recorder
        self.trace = trace
        self.optimizer = optimizer
        self.number = number
        self.site = site
        # (group, tensor, parameter, value before, gradient read, state before)
        self.pending: list[tuple[int, Any, int, int, Slot, Named]] = []
        self.groups: list[Named] = []

    def before(self) -> None:
        """Note values, gradients, state and hyperparameters before the update."""
        trace = self.trace
        register = self.recorder.parameters.register
        gradients = self.recorder.gradients
        state = self.optimizer.state
        for index, group in enumerate(self.optimizer.param_groups):
            self.groups.append(self.recorder.optimizers.hyperparameters(self, group))
            for tensor in group["params"]:
                parameter = register(tensor)
                gradient = gradients.slot(trace, parameter, tensor) if tensor.is_leaf else None
                self.pending.append(
                    (
                        index,
                        tensor,
                        parameter,
                        trace.value(tensor),
                        gradient,
                        self._state(state, tensor),
                    )
                )

    def after(self, closure: bool) -> Read:
        """Note the values and state after the update, and append the events.

        Returns what was read of each parameter, so that the light record need not read it again.
        """
        trace = self.trace
        state = self.optimizer.state
        name = type(self.optimizer).__name__
        read: Read = {}
        trace.events.append(("step", self.number, name, tuple(self.groups), self.site))
        for group, tensor, parameter, before, gradient, state_before in self.pending:
            if closure:  # backward ran inside step(): what it left is what the update read
                entry = trace.accumulated.get(parameter)
                gradient = entry[0] if entry else gradient
            after = trace.value(tensor)
            if after == before and gradient is not None:
                after = self._unless_same(tensor, before)
            trace.events.append(
                (
                    "update",
                    self.number,
                    name,
                    group,
                    parameter,
                    before,
                    gradient,
                    after,
                    state_before,
                    self._state_after(state, tensor, state_before),
                )
            )
            read[parameter] = (
                trace.parts[after],
                None if gradient is None else trace.parts[gradient],
            )
        self.pending.clear()
        return read

    def _state(self, state: Any, tensor: Any) -> Named:
        entries = state and state.get(tensor)
        if not entries:
            return ()
        return tuple([(str(key), self._number(item)) for key, item in entries.items()])

    def _state_after(self, state: Any, tensor: Any, before: Named) -> Named:
        """Return the state after an update; fused ones leave the versions as they were."""
        after = self._state(state, tensor)
        if not after or not any(type(entry[1]) is int and entry in before for entry in after):
            return after
        seen = []
        for (key, slot), item in zip(after, state[tensor].values(), strict=True):
            if type(slot) is int and (key, slot) in before:
                slot = self._unless_same(item, slot)
            seen.append((key, slot))
        return tuple(seen)

    def _unless_same(self, tensor: Any, before: int) -> int:
        """Return the slot of a value whose version is as it was: a change through ``.data``?"""
        self.recorder.keeping.summaries.forget(tensor)
        return self.trace.unless_new(tensor, self.trace.snapshot(tensor, True), before)

    def _number(self, item: Any) -> Any:
        """Encode a hyperparameter or an entry of the state: tensors and floats by slot."""
        if isinstance(item, torch.Tensor):
            return self.trace.value(item)
        kind = type(item)
        if kind is float or (kind is int and not isinstance(item, bool)):
            return ("s", self.trace.scalar(item))
        if isinstance(item, (list, tuple)):
            return ("l", tuple([self._number(entry) for entry in item[:64]]))
        if isinstance(item, (bool, str)) or item is None:
            return (item,)
        return (type(item).__name__,)


class Hyperparameters:
    """One group's hyperparameters, encoded once; what changes over time stands in a slot."""

    __slots__ = ("encoded", "places", "values", "varying")

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.varying: set[str] = {"lr"}
        self.encoded: list[tuple[str, Any]] = []
        self.places: list[tuple[int, str]] = []  # of the entries that vary, which are None

    def encode(self, group: dict[str, Any], number: Any) -> Named:
        """Return the group's entries: constants, and slots of this step for what varies."""
        values = list(group.values())
        known = self.values
        if len(values) == len(known) and all(map(is_, values, known)):
            return self._entries(group, number)
        same = len(values) == len(known)
        for (key, value), old in zip(group.items(), known, strict=False):
            if value is not old and key != "params" and key not in self.varying:
                same = False
                if not isinstance(value, (bool, str, type(None))):
                    self.varying.add(key)
        if not same:
            self.encoded = [
                (key, None if key in self.varying else _constant(value))
                for key, value in group.items()
                if key != "params"
            ]
            self.values = values
            entries = enumerate(self.encoded)
            self.places = [(place, key) for place, (key, form) in entries if form is None]
        return self._entries(group, number)

    def _entries(self, group: dict[str, Any], number: Any) -> Named:
        entries = self.encoded.copy()
        for place, key in self.places:
            entries[place] = (key, number(group[key]))
        return tuple(entries)


def _constant(value: Any) -> Any:
    """Encode a hyperparameter that has not changed so far; None asks for a slot."""
    if isinstance(value, (bool, str, int, float)) or value is None:
        return (value,)
    if isinstance(value, (list, tuple)) and all(type(v) in (int, float) for v in value):
        return ("l", tuple([(v,) for v in value]))
    return None


class Known(NamedTuple):
    """An optimizer that has stepped; it is not kept alive."""

    reference: Any
    number: int  # in order of first use
    groups: dict[int, tuple[Any, Hyperparameters]]  # by id of the group


class OptimizerWatch:
    """The global hooks before and after every optimizer's ``step()``."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.depth = 0
        self.current: OptimizerStep | None = None
        self.closure = False
        self.suspended = False
        self.marked = False  # nothing lies between our hooks and PyTorch's marks round the step
        self.numbers: dict[int, Known] = {}  # of those that are alive, by id
        self.names: list[dict[str, Any]] = []  # of all that have stepped

    def hyperparameters(self, step: OptimizerStep, group: dict[str, Any]) -> Named:
        """Return one group's hyperparameters as they are in force now."""
        groups = self.numbers[id(step.optimizer)].groups
        known = groups.get(id(group))
        if known is None:
            known = groups[id(group)] = (group, Hyperparameters())
        return known[1].encode(group, step._number)

    def number(self, optimizer: Any) -> int:
        """Return the number of an optimizer, in order of first use."""
        known = self.numbers.get(id(optimizer))
        if known is None:
            reference = ref(optimizer, partial(self._gone, id(optimizer)))
            known = self.numbers[id(optimizer)] = Known(reference, len(self.names), {})
            self.names.append(
                {"name": type(optimizer).__name__, "groups": len(optimizer.param_groups)}
            )
        return known.number

    def _gone(self, key: int, reference: Any) -> None:
        """Let the parameters and the state of an optimizer go with it."""
        try:
            known = self.numbers.get(key)
            if known is not None and known.reference is reference:
                del self.numbers[key]
                self.recorder.probes.pop(key, None)
        except Exception as error:
            self.recorder.fail("optimizer", error)

    def hold(self, tensors: Iterable[Any]) -> bool:
        """Tell whether an optimizer that has stepped holds one of some tensors."""
        held = {
            id(parameter)
            for known in list(self.numbers.values())
            if (optimizer := known.reference()) is not None
            for group in optimizer.param_groups
            for parameter in group["params"]
        }
        return any(id(tensor) in held for tensor in tensors)

    def pre(self, optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Look at what a ``step()`` begins with; replaces a closure by one recorded as forward."""
        with no_torch_function():
            return self._pre(optimizer, args, kwargs)

    def _pre(self, optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        recorder = self.recorder
        if not recorder.here():
            return None
        if self.depth:  # inside another step(), or in a program that has caught what one raised
            self.depth = min(self.depth, _running(sys._getframe()) - 1)
        self.depth += 1
        if self.depth > 1:
            return None
        start = perf_counter()
        changed = None
        recorder.optimizer_starts(optimizer)
        self.number(optimizer)
        trace = recorder.trace
        if trace is None:
            recorder.account.spent += perf_counter() - start
            return None
        closure = args[1] if len(args) > 1 else kwargs.get("closure")
        self.closure = callable(closure)
        site = recorder.site_above()
        self.marked = recorder.switch.left_off
        self.suspended = recorder.switch.suspend()
        self.current = OptimizerStep(recorder, trace, optimizer, self.number(optimizer), site)
        self.current.before()
        if self.closure:
            wrapped = self._recorded(closure)
            if len(args) > 1:
                changed = ((args[0], wrapped, *args[2:]), kwargs)
            else:
                changed = (args, {**kwargs, "closure": wrapped})
        trace.spent += perf_counter() - start
        return changed

    def post(self, optimizer: Any) -> None:
        """Look at what a ``step()`` has done; the end of a step."""
        with no_torch_function():
            self._post(optimizer)

    def _post(self, optimizer: Any) -> None:
        recorder = self.recorder
        if not recorder.here() or self.depth == 0:
            return
        self.depth -= 1
        if self.depth:
            return
        start = perf_counter()
        current, self.current = self.current, None
        read: Read = {}
        if current is not None and current.trace is recorder.trace:
            read = current.after(self.closure)
            current.trace.spent += perf_counter() - start
        recorder.optimizer_stepped(optimizer, start, read)
        if current is not None:
            if self.marked and recorder.trace is not None:
                recorder.switch.left_off = True  # until PyTorch's mark of the step's end
            else:
                recorder.switch.resume(self.suspended)

    def broke_off(self) -> None:
        """Forget a ``step()`` that an exception has left."""
        recorder = self.recorder
        if not self.depth or not recorder.here():
            return
        self.depth -= 1
        if not self.depth and self.current is not None:
            self.current = None
            recorder.switch.resume(self.suspended)

    def _recorded(self, closure: Any) -> Any:
        """Return a closure that runs with the dispatch mode on, as if outside ``step()``."""
        recorder = self.recorder

        def recorded(*args: Any, **kwargs: Any) -> Any:
            try:
                recorder.switch.resume(self.suspended)
            except Exception as error:
                recorder.fail("optimizer", error)
            try:
                return closure(*args, **kwargs)
            except BaseException as error:
                hide(error)
                raise
            finally:
                try:
                    self.suspended = recorder.switch.suspend()
                except Exception as error:
                    recorder.fail("optimizer", error)

        return recorded


STEP: Final = torch.optim.Optimizer.profile_hook_step(lambda: None).__code__
"""What PyTorch wraps every optimizer's ``step()`` in; it runs the hooks."""


def _running(frame: FrameType | None) -> int:
    """Return how many calls of ``step()`` a frame is in."""
    count = 0
    while frame is not None:
        count += frame.f_code is STEP
        frame = frame.f_back
    return count


Clearing = tuple[Trace, Any, list[tuple[Any, int, Slot]], bool]


class ZeroGrad:
    """Stands in for ``Optimizer.zero_grad`` and ``Module.zero_grad`` while recording."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.inside = False

    def begins(self, owner: Any) -> Clearing | None:
        """Note in a full step what will be cleared; returns what ``ended`` wants back."""
        recorder = self.recorder
        trace = recorder.trace
        if trace is None or self.inside or not recorder.here():
            return None
        if recorder.switch.paused and not recorder.switch.left_off:
            return None
        start = perf_counter()
        before: list[tuple[Any, int, Slot]] = []
        suspended = recorder.switch.suspend()
        with no_torch_function():
            for tensor in _tensors(owner):
                # held while it is looked at: asked for anew, PyTorch makes another object of it
                gradient = tensor.grad if tensor.is_leaf else None
                if gradient is not None:
                    number = recorder.parameters.register(tensor)
                    slot = recorder.gradients.slot(trace, number, tensor)
                    before.append((tensor, number, slot))
        self.inside = True
        trace.spent += perf_counter() - start
        return trace, owner, before, suspended

    def ended(self, clearing: Clearing, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Note what the original has cleared. Never raises."""
        trace, owner, before, suspended = clearing
        recorder = self.recorder
        self.inside = False
        try:
            if recorder.trace is trace:
                start = perf_counter()
                with no_torch_function():
                    self._note(trace, owner, before, args, kwargs)
                trace.spent += perf_counter() - start
            recorder.switch.resume(suspended)
        except Exception as error:
            recorder.fail("zero_grad", error)

    def _note(
        self,
        trace: Trace,
        owner: Any,
        before: list[tuple[Any, int, Slot]],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        changes: list[tuple[int, Slot, Slot]] = []
        for tensor, number, slot in before:
            gradient = tensor.grad
            if gradient is None:
                trace.accumulated[number] = (None, 0, 0)
                changes.append((number, slot, None))
            else:
                trace.accumulated.pop(number, None)
                after = self.recorder.gradients.slot(trace, number, tensor)
                changes.append((number, slot, after))
        trace.owners = None
        self.recorder.cleared = True
        to_none = args[0] if args else kwargs.get("set_to_none", True)
        name = type(owner).__name__
        site = self.recorder.site_above()
        trace.events.append(("zero_grad", name, bool(to_none), tuple(changes), site))


def _tensors(owner: Any) -> list[Any]:
    if isinstance(owner, torch.nn.Module):
        return list(owner.parameters())
    return [tensor for group in owner.param_groups for tensor in group["params"]]
