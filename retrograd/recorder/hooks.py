"""Everything that retrograd puts into PyTorch and Python while it records, and takes out again."""

from __future__ import annotations

import os
import sys
import warnings
from functools import partial, wraps
from threading import get_ident
from types import CodeType
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import torch
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from retrograd.recorder.backward import LIGHT
from retrograd.recorder.frames import hide
from retrograd.recorder.imports import after_import
from retrograd.recorder.optimizers import STEP
from retrograd.recorder.torch_api import dynamo_switches, hook_registrar, mode_count

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

_alive: WeakSet[Any] = WeakSet()
_fork_watched = False
WARNINGS_KEPT = 100
_ENGINE = "_engine_run_backward"


def _in_child() -> None:
    try:
        for recorder in list(_alive):
            recorder.after_fork()
    except Exception:
        pass


class Hooks:
    """The patches of one recorder; ``uninstall`` restores exactly what was there."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._patched: list[tuple[Any, str, Any, Any]] = []
        # What only steps in full need: (where, name, maker of the stand-in, original, stand-in)
        self._of_full: list[tuple[Any, str, Any, Any, Any]] = []
        self._full = False
        self._handles: list[Any] = []
        self._pre_hooks: dict[int, Any] = {}  # round the steps of all optimizers, whosever
        self._post_hooks: dict[int, Any] = {}
        self._compiled: Any = None  # the frame of the outermost torch.compile wrapper running
        self._switched = 0
        self._suspended = False
        self._warnings = 0

    def install(self) -> None:
        """Put all hooks in place."""
        global _fork_watched
        recorder = self.recorder
        quiet = recorder.quiet
        _alive.add(recorder)
        if not _fork_watched and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_in_child)
            _fork_watched = True
        engine = torch.autograd._engine_run_backward  # type: ignore[attr-defined]

        def run_backward(outputs: Any, *args: Any, **kwargs: Any) -> Any:
            watched = results = None
            try:
                watched = quiet.backward_begins(outputs, args, kwargs)
            except Exception as error:
                recorder.fail("backward", error)
            try:
                results = engine(outputs, *args, **kwargs)
                return results
            except BaseException as error:
                hide(error)
                raise
            finally:
                if watched is LIGHT and not recorder.stepped_inside:
                    recorder.depth -= 1
                elif watched is not None:
                    try:
                        recorder.backward_ended(watched, results)
                    except Exception as error:
                        recorder.fail("backward", error)

        self._patch(torch.autograd, _ENGINE, run_backward)

        # what they do inside is no op of the program: the gradient 1 that backward() starts from,
        # the marks that step() sets for a profiler
        def still_ours() -> None:
            if torch.autograd._engine_run_backward is engine:  # type: ignore[attr-defined]
                raise RuntimeError("somebody has put PyTorch's own way into the engine back")

        backward = torch.autograd.backward.__code__
        self._in_full(torch.autograd, "_make_grads", partial(self._unseen, still_ours, backward))
        marks = torch.autograd.profiler.record_function
        self._in_full(marks, "__enter__", partial(self._unseen, None, STEP))
        self._in_full(marks, "__exit__", self._leaving)
        self._in_full(torch.optim.Optimizer, "zero_grad", self._zero_grad)
        self._in_full(torch.nn.Module, "zero_grad", self._zero_grad)
        self._in_full(torch.nn.Module, "_call_impl", recorder.modules.wrapper)
        home = next(k for k in torch.autograd.Function.__mro__ if "_register_hook" in vars(k))
        self._in_full(home, "_register_hook", hook_registrar)
        self._patch(torch.utils, "swap_tensors", self._letting_go(torch.utils.swap_tensors))
        self._patch(warnings, "showwarning", self._warning_shower(warnings.showwarning))
        self._handles.append(register_optimizer_step_pre_hook(quiet.step_begins))
        self._handles.append(register_optimizer_step_post_hook(quiet.step_ends))
        self._pre_hooks, self._post_hooks = [handle.hooks_dict_ref() for handle in self._handles]
        compiling = partial(recorder.fail, "torch.compile")
        after_import("torch._dynamo.eval_frame", self._watch_dynamo, compiling)

    def uninstall(self) -> None:
        """Take every hook off, unless somebody has put another on top of it.

        Inside the mode's handler and from another thread the mode itself cannot be taken off; then
        the wrapper round the engine stays too, to do it before the next backward pass.
        """
        recorder = self.recorder
        stays = recorder.switch.handling or get_ident() != recorder.thread
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self.full(False)
        kept = [patch for patch in self._patched if stays and patch[1] == _ENGINE]
        for home, name, original, ours in reversed(self._patched):
            if home.__dict__.get(name) is ours and (home, name, original, ours) not in kept:
                setattr(home, name, original)
        self._patched = kept
        _alive.discard(self.recorder)

    def full(self, on: bool) -> None:
        """Put in what only steps in full need, or take it out: a light step passes none of it.

        Where somebody has put another on top of ours, ours stays below it and hands everything on.
        """
        if on is self._full or (self._compiled is not None and self.recorder.active):
            return  # what entered a compiled function has to leave it
        self._full = on
        for index, (home, name, make, original, ours) in enumerate(self._of_full):
            there = home.__dict__.get(name)
            if there is None:
                continue  # the program has deleted it
            if not on:
                if there is ours:
                    setattr(home, name, original)
            elif there is not ours:
                if there is not original:
                    original, ours = there, make(there)
                    self._of_full[index] = (home, name, make, original, ours)
                setattr(home, name, ours)

    def _in_full(self, home: Any, name: str, make: Any) -> None:
        original = home.__dict__[name]
        ours = make(original)
        self._of_full.append((home, name, make, original, ours))
        if self._full:
            setattr(home, name, ours)

    def _patch(self, home: Any, name: str, replacement: Any) -> None:
        self._patched.append((home, name, home.__dict__[name], replacement))
        setattr(home, name, replacement)

    def _unseen(self, check: Any, before_ours: CodeType | None, original: Any) -> Any:
        """Return a function that runs with the dispatch mode off, after a check of ours.

        ``before_ours``: code that has us suspend the mode again right after it has called this:
        for it the mode stays off until then.
        """
        recorder = self.recorder

        def unseen(*args: Any, **kwargs: Any) -> Any:
            suspended = stays_off = False
            try:
                if check is not None and recorder.active:
                    check()
                if recorder.switch.left_off or (not recorder.switch.paused and mode_count()):
                    suspended = get_ident() == recorder.thread and recorder.switch.suspend()
                stays_off = (
                    suspended
                    and sys._getframe(1).f_code is before_ours
                    and len(self._pre_hooks) == len(self._post_hooks) == 1
                )
            except Exception as error:
                recorder.fail("dispatch mode", error)
            try:
                result = original(*args, **kwargs)
                if stays_off:
                    recorder.switch.left_off, suspended = True, False
                return result
            except BaseException as error:
                hide(error)
                raise
            finally:
                if suspended:
                    recorder.switch.resume(True)

        return unseen

    def _leaving(self, original: Any) -> Any:
        """Return how a mark is left, which tells of an optimizer's ``step()`` that raises."""
        recorder = self.recorder
        unseen = self._unseen(None, None, original)

        def leaving(*args: Any, **kwargs: Any) -> Any:
            try:
                raised = len(args) > 1 and args[1] is not None
                if raised and sys._getframe(1).f_code is STEP:
                    recorder.optimizers.broke_off()
            except Exception as fault:
                recorder.fail("optimizer", fault)
            return unseen(*args, **kwargs)

        return leaving

    def _zero_grad(self, original: Any) -> Any:
        watch = self.recorder.zero_grad

        @wraps(original)
        def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
            clearing = None
            try:
                clearing = watch.begins(self)
            except Exception as error:
                watch.recorder.fail("zero_grad", error)
            try:
                return original(self, *args, **kwargs)
            except BaseException as error:
                hide(error)
                raise
            finally:
                if clearing is not None:
                    watch.ended(clearing, args, kwargs)

        return zero_grad

    def _letting_go(self, original: Any) -> Any:
        recorder = self.recorder

        @wraps(original)
        def swap_tensors(*tensors: Any) -> Any:
            """Swap with no reference of ours to either: PyTorch refuses where there is one."""
            take_up = None
            try:
                if recorder.active:
                    take_up = recorder.let_go(tensors)
            except Exception as error:
                recorder.fail("swap_tensors", error)
            try:
                return original(*tensors)
            except BaseException as error:
                hide(error)
                raise
            finally:
                try:
                    if take_up is not None:
                        take_up()
                except Exception as error:
                    recorder.fail("swap_tensors", error)

        return swap_tensors

    def _warning_shower(self, original: Any) -> Any:
        recorder = self.recorder

        def showwarning(
            message: Any,
            category: Any,
            filename: str,
            lineno: int,
            file: Any = None,
            line: Any = None,
        ) -> None:
            try:
                self._warnings += 1
                if recorder.active and self._warnings <= WARNINGS_KEPT:
                    detail = {"category": category.__name__, "message": str(message)}
                    site = recorder.site_row(recorder.site_above())
                    recorder.incident("warning", detail, site)
            except Exception as error:
                recorder.fail("warning", error)
            original(message, category, filename, lineno, file, line)

        return showwarning

    # torch.compile looks at the dispatch modes and gives up compiling under one, so the mode has
    # to be gone before a compiled function is entered: its first act is to switch the frame
    # evaluator off, its second to switch its own on, its last to restore the former one.

    def _watch_dynamo(self, module: Any) -> None:
        if not self.recorder.active:
            return
        for name in dynamo_switches(module):
            last = name == "_maybe_set_eval_frame"
            self._in_full(module, name, partial(self._switch, maybe=last))

    def _switch(self, original: Any, maybe: bool) -> Any:
        recorder = self.recorder

        def switch(callback: Any) -> Any:
            inside = False
            try:
                if not maybe or self._compiled is not None:
                    frame = sys._getframe(1)
                    inside = frame.f_code.co_name == "compile_wrapper" and recorder.here()
                    if inside and self._compiled is None:
                        self._enter_compiled(frame)
                    elif inside and maybe and frame is self._compiled:
                        self._switched += 1
            except Exception as error:
                recorder.fail("torch.compile", error)
            result = original(callback)
            if inside and self._switched == 2:
                self._leave_compiled()
            return result

        return switch

    def _enter_compiled(self, frame: Any) -> None:
        recorder = self.recorder
        if recorder.trace is not None and not recorder.switch.paused:
            site = recorder.sites.here(frame)
            recorder.trace.events.append(("opaque", "torch.compile", site, recorder.module))
        self._compiled = frame
        self._switched = 0
        self._suspended = recorder.switch.suspend()
        self._module_call(original=True)

    def _leave_compiled(self) -> None:
        self._compiled = None
        self._switched = 0
        try:
            if self.recorder.active:
                self._module_call(original=False)
            self.recorder.switch.resume(self._suspended)
        except Exception as error:
            self.recorder.fail("torch.compile", error)

    def _module_call(self, original: bool) -> None:
        if self._full:
            for home, name, _, theirs, ours in self._of_full:
                if home is torch.nn.Module and name == "_call_impl":
                    setattr(home, name, theirs if original else ours)
