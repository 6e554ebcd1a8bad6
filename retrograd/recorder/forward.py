"""Sees every ATen op of the watched thread outside the backward pass."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import torch

from retrograd.recorder.frames import hide
from retrograd.recorder.torch_api import (
    TorchDispatchMode,
    bumps_below,
    counting_versions,
    resolving,
    sequence_number,
)
from retrograd.recorder.trace import may_be_lazy

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

UNTRACED_OPS: Final = 2000
"""Ops that create no autograd node (setting up, evaluating) kept in one step at most."""

# Ops that change arguments which their schema does not declare as changed.
_QUIETLY_MUTATING: Final = {
    "aten::native_batch_norm": ("running_mean", "running_var"),
    "aten::cudnn_batch_norm": ("running_mean", "running_var"),
    "aten::miopen_batch_norm": ("running_mean", "running_var"),
}
# Ops that change what a tensor is, and not the memory that it had.
_RESHAPING: Final = {"aten::set_", "aten::resize_", "aten::resize_as_", "aten::detach_"}
# Ops whose result holds whatever was in memory: code outside any op may fill it afterwards.
_UNINITIALISED: Final = {
    "aten::empty",
    "aten::empty_like",
    "aten::empty_permuted",
    "aten::empty_strided",
    "aten::new_empty",
    "aten::new_empty_strided",
}
_is_grad_enabled = torch.is_grad_enabled


class OpInfo:
    """What is looked up once per operator."""

    __slots__ = (
        "arrives_later",
        "bumps_below",
        "defaults",
        "func",
        "ignored",
        "mutated",
        "name",
        "names",
        "numbers",
        "uninitialised",
    )

    def __init__(self, func: Any) -> None:
        schema = func._schema
        overload = schema.overload_name
        self.func = func
        self.ignored = schema.name.startswith("profiler::")  # marks for a profiler, no maths
        self.name = f"{schema.name}.{overload}" if overload else schema.name
        self.names = tuple(argument.name for argument in schema.arguments)
        # The dispatcher leaves out what equals the default; the file names every argument.
        self.defaults = {
            argument.name: argument.default_value
            for argument in schema.arguments
            if argument.has_default_value()
        }
        # Python numbers given for these may differ at every step: kept as values, not structure.
        self.numbers = frozenset(
            key
            for index, argument in enumerate(schema.arguments)
            if str(argument.type) in ("number", "Optional[number]", "float", "Optional[float]")
            for key in (index, argument.name)
        )
        self.uninitialised = schema.name in _UNINITIALISED
        # what other processes send stands in the tensors once it has come, after the op
        self.arrives_later = schema.name.startswith(("c10d::", "_c10d_functional::"))
        self.bumps_below = schema.is_mutable and bumps_below(self.name)
        quiet = _QUIETLY_MUTATING.get(schema.name, ())
        self.mutated = tuple(
            (index, argument.name)
            for index, argument in enumerate(schema.arguments)
            if argument.name in quiet
            or (
                argument.alias_info is not None
                and argument.alias_info.is_write
                and schema.name not in _RESHAPING
            )
        )


class ForwardMode(TorchDispatchMode):
    """The dispatch mode; it hands every op on exactly once, whatever happens to the recording."""

    # PyTorch looks for this at each push, and a slot that is empty says no at a third of the price
    __slots__ = ("_mode_key",)

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.infos: dict[Any, OpInfo] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        try:
            recorder = self.recorder
            info = trace = before = None
            start = called = 0.0
            try:
                info = self.infos.get(func)
                if info is None:
                    info = self.infos[func] = OpInfo(func)
                if not recorder.switch.paused and recorder.switch.mode is self:
                    if recorder.watching and recorder.trace is None:
                        recorder.switch.in_handler(recorder.watch, func, sys._getframe(1), args)
                    if not info.ignored:
                        trace = recorder.trace
                if trace is not None:
                    start = perf_counter()
                    grad = _is_grad_enabled()
                    high = sequence_number()
                    low = recorder.sequence
                    if grad and recorder.by_hand.awaited and not info.mutated:
                        frame = sys._getframe(1)
                        recorder.switch.in_handler(recorder.by_hand.look, high != low, frame, args)
                        trace = recorder.trace
                    if trace is not None and (high != low or recorder.room_for_untraced(info)):
                        before = trace.arguments(args, kwargs, info)
                    called = perf_counter()
            except Exception as error:
                recorder.switch.in_handler(recorder.fail, "forward", error)
                before = None
            guard = None
            try:
                if info is not None and info.bumps_below:
                    guard = counting_versions()
                elif (trace is None or before is None or trace.lazy) and may_be_lazy(args):
                    guard = resolving()
            except Exception as error:
                recorder.switch.in_handler(recorder.fail, "forward", error)
            if guard is None:
                out = func(*args, **kwargs) if kwargs else func(*args)
            else:
                with guard:
                    out = func(*args, **kwargs) if kwargs else func(*args)
            if info is None or trace is None or trace is not recorder.trace:
                return out
            try:
                if before is None:
                    trace.spent += called - start
                    recorder.sequence = sequence_number()
                    return out
                returned = perf_counter()
                trace.op(info, before, out, low, high, grad, recorder, sys._getframe(1))
                if info.arrives_later:
                    trace.forget((args, out))
                recorder.sequence = sequence_number()
                if info.mutated:
                    recorder.mutations.note(trace, info, args, kwargs, before, grad)
                trace.spent += called - start + perf_counter() - returned
            except Exception as error:
                recorder.switch.in_handler(recorder.fail, "forward", error)
            return out
        except BaseException as error:
            hide(error)
            raise


def _unwrapped(dispatch: Any) -> Any:
    """Return the handler without the torch.compile guard that PyTorch wraps it in.

    The guard costs as much as the handler, and guards nothing here: the mode is never active in
    a compiled region.
    """
    while hasattr(dispatch, "__wrapped__"):
        dispatch = dispatch.__wrapped__
    return dispatch


ForwardMode.__torch_dispatch__ = _unwrapped(ForwardMode.__torch_dispatch__)  # type: ignore[method-assign]
