"""The recorder: ties the watchers together, counts the steps and keeps to the budget."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from threading import get_ident
from time import perf_counter
from typing import Any, Final

import torch

from retrograd.recorder import notices
from retrograd.recorder.account import Account
from retrograd.recorder.backward import LIGHT, BackwardPass, Watched
from retrograd.recorder.by_hand import ByHand, leaves
from retrograd.recorder.capture import why_unreadable
from retrograd.recorder.description import description
from retrograd.recorder.forward import UNTRACED_OPS, ForwardMode, OpInfo
from retrograd.recorder.gradients import Gradients
from retrograd.recorder.graph import Graphs
from retrograd.recorder.hooks import Hooks
from retrograd.recorder.keeping import Keeping
from retrograd.recorder.light import Probe
from retrograd.recorder.loop import Loop
from retrograd.recorder.modules import Modules
from retrograd.recorder.mutations import Mutations
from retrograd.recorder.optimizers import OptimizerWatch, Read, ZeroGrad
from retrograd.recorder.parameters import Parameters
from retrograd.recorder.policy import Policy
from retrograd.recorder.quiet import Quiet
from retrograd.recorder.rows import LightStep
from retrograd.recorder.sink import Sink
from retrograd.recorder.sites import Sites
from retrograd.recorder.structures import Structures
from retrograd.recorder.switch import Switch
from retrograd.recorder.tensors import reader
from retrograd.recorder.torch_api import (
    call_unheard,
    compiled_backward,
    compiling,
    inside_functorch,
    mode_count,
    no_torch_function,
    sequence_number,
)
from retrograd.recorder.trace import Trace
from retrograd.store.writer import Writer

_Tensor: Final = torch.Tensor
UNENDED_PASSES: Final = 100
"""Backward passes without an update after which a step is no longer recorded in full."""


class Recorder:
    """Records the training that the creating thread, or else one other thread, does."""

    __slots__ = (
        "__weakref__",
        "account",
        "active",
        "backwards",
        "began",
        "by_hand",
        "cleared",
        "closed",
        "depth",
        "ended",
        "exit",
        "failure",
        "first_full",
        "full_steps",
        "functional",
        "gaps",
        "gradients",
        "graphs",
        "hooks",
        "keeping",
        "left",
        "light_gradients",
        "loop",
        "loss",
        "loss_checked",
        "loss_first",
        "loss_last",
        "manual",
        "module",
        "modules",
        "mutations",
        "optimizers",
        "owner",
        "parameters",
        "path",
        "pid",
        "policy",
        "probes",
        "program",
        "quiet",
        "rng",
        "sequence",
        "sink",
        "sites",
        "step_began",
        "stepped_at",
        "stepped_inside",
        "steps",
        "structures",
        "switch",
        "thread",
        "trace",
        "training_began",
        "usual_passes",
        "watching",
        "writer",
        "zero_grad",
    )

    def __init__(self, path: str, policy: Policy, keep: tuple[str, ...], program: dict[str, Any]):
        self.path = path
        self.policy = policy
        self.writer = Writer(path)
        self.active = False
        self.closed = False
        self.pid = os.getpid()
        self.thread = get_ident()
        self.owner = threading.current_thread()  # whose number another thread may get once it ended
        self.failure: str | None = None
        self.trace: Trace | None = None
        self.cleared = False  # the step before called zero_grad()
        self.watching = False  # no trace, but looking out for the first op of the next step
        self.manual = False  # parameters are updated without an optimizer
        self.sequence = 0
        self.rng = b""  # the random state of the last full step
        self.module: int | None = None
        self.steps = 0
        self.full_steps = 0
        self.first_full: int | None = None
        self.backwards = 0
        self.stepped_at = 0  # backward passes that had run when the last step ended
        self.usual_passes = 0  # most backward passes that a step of an optimizer had so far
        self.left = False  # the present step was written before its end
        self.functional = 0  # gradients computed by torch.func
        self.began = perf_counter()
        self.ended: float | None = None
        self.step_began = self.began
        self.training_began: float | None = None
        self.loss: Any = None
        self.loss_first: Any = None
        self.loss_last: Any = None
        self.loss_checked = False
        self.depth = 0  # backward passes running inside each other
        self.stepped_inside = False
        self.light_gradients: Any = None
        self.probes: dict[int, Probe] = {}
        self.account = Account(self)
        self.gaps: dict[str, dict[str, Any]] = {}
        self.exit: dict[str, Any] = {"kind": "ok"}
        self.program = program
        self.sites = Sites()
        self.parameters = Parameters()
        self.gradients = Gradients(self)
        self.graphs = Graphs(self.parameters)
        self.loop = Loop(self.sites)
        self.keeping = Keeping(self.parameters, keep)
        self.modules = Modules(self)
        self.mutations = Mutations(self)
        self.by_hand = ByHand(self)
        self.optimizers = OptimizerWatch(self)
        self.quiet = Quiet(self)
        self.zero_grad = ZeroGrad(self)
        self.sink = Sink(self.writer, self.parameters, self._sink_failed)
        self.structures = Structures(self)
        self.hooks = Hooks(self)
        self.switch = Switch(self)
        self.sink.meta = partial(description, self)

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin recording in the calling thread."""
        self.active = True
        self.writer.begin()  # whoever looks at the file at once sees that it is being written
        self.writer.meta(description(self))
        self.writer.commit()
        self.sink.start()
        self.hooks.install()
        if self.active and self.policy.wants(0, 0.0, 0.0, 0.0):
            self.begin_full()

    def stop(self) -> None:
        """Write what is left, take every hook off and close the file. Never raises."""
        try:
            if os.getpid() != self.pid:
                return
            if self.active:
                with no_torch_function():
                    self._write_rest()
        except Exception as error:
            self.fail("stop", error)
        self.ended = perf_counter()
        try:
            self._detach()
            self.sink.close()
        except Exception as error:
            self.fail("stop", error)
        self.closed = True

    def abort(self) -> None:
        """Undo a ``start`` that failed half-way: nothing stays behind. Never raises."""
        self.closed = True
        try:
            self._detach()
            self.sink.discard()
        except Exception:
            pass

    def _write_rest(self) -> None:
        """Keep what ran after the last complete step, if it was being recorded."""
        self.account.ends(self.steps)
        if self.backwards and self.unaided:
            self.by_hand.finish(sys._getframe())
        if self.trace is not None and self.trace.events:
            self._write_full(self.trace, complete=False)
        self.trace = None

    def _detach(self) -> None:
        """Take everything of ours out of PyTorch; the mode goes even where the hooks stay."""
        self.active = False
        self.quiet.left = 0
        self.trace = None
        self.watching = False
        try:
            self.hooks.uninstall()
        finally:
            self.switch.drop()

    def after_fork(self) -> None:
        """Forget everything in a child process: it is not recorded and must not write."""
        self.active = False
        self.quiet.left = 0
        self.trace = None
        self.watching = False
        self.switch.paused = True

    def fail(self, where: str, error: BaseException) -> None:
        """Stop recording after a failure of our own; the program goes on. Never raises."""
        if self.failure is not None or self.closed:
            return
        self.failure = where
        try:
            self._detach()
        except Exception:
            pass
        try:
            if os.getpid() != self.pid:
                return
            self.failure = notices.told(error)
            where = "writing" if error is self.sink.error else where
            self.gap("failure", f"{where}: {self.failure}")
        except Exception:
            pass
        try:
            notices.stopped(self.steps, where, self.failure, self.path)
        except Exception:
            pass

    def _sink_failed(self, error: BaseException) -> None:
        self.fail("writing", error)

    def gap(self, why: str, detail: str = "", count: int = 1) -> None:
        """Count something that was not recorded, and why."""
        entry = self.gaps.setdefault(
            why, {"why": why, "count": 0, "first_step": self.steps, "detail": detail}
        )
        entry["count"] += count

    def let_go(self, tensors: tuple[Any, ...]) -> Callable[[], None]:
        """Drop every reference to some tensors; returns what takes up those of parameters again."""
        self.by_hand.forget()
        self.keeping.forget()
        for probe in self.probes.values():
            probe.forget()
        self.probes.clear()
        if self.trace is not None:
            for tensor in tensors:
                self.trace.known.pop(id(tensor), None)
        return self.parameters.let_go(tensors)

    # -- where we are -------------------------------------------------------------------------

    def here(self) -> bool:
        """Tell whether the calling thread is the one that is recorded."""
        if not self.active:
            return False
        return get_ident() == self.thread or self._moved()

    def _moved(self) -> bool:
        """Follow the training to another thread, if this one has not trained or has ended."""
        if (self.backwards or self.steps) and self.owner.is_alive():
            self.gap("other-thread", threading.current_thread().name)
            return False
        self.thread = get_ident()
        self.owner = threading.current_thread()
        self.trace = None
        self.switch.mode = ForwardMode(self)
        return True

    def site_above(self) -> int | None:
        """Return the user's position that led here."""
        return self.sites.here(sys._getframe(2))

    def site_row(self, site: int | None) -> int | None:
        """Return the id of a position's row in the file."""
        return self.structures.site_row(site)

    # -- the dispatch mode's questions ----------------------------------------------------------

    def room_for_untraced(self, info: OpInfo) -> bool:
        """Tell whether an op that autograd does not record is still kept in this step."""
        trace = self.trace
        if trace is None:
            return False
        trace.untraced += 1
        if trace.untraced > UNTRACED_OPS and not info.mutated:
            if trace.untraced == UNTRACED_OPS + 1:
                self.gap("many-untraced-ops", f"more than {UNTRACED_OPS} in step {self.steps}")
            return False
        return True

    def watch(self, func: Any, frame: Any, arguments: Any) -> None:
        """Look out for the forward pass of the next step after updates made by hand."""
        if not torch.is_grad_enabled():
            return
        if func._schema.is_mutable:
            self.by_hand.updated(True)
        elif self.by_hand.look(sequence_number() != self.sequence, frame, arguments):
            self.watching = False
            if self.trace is None:
                self.begin_full()

    # -- backward -----------------------------------------------------------------------------

    def backward_begins(self, outputs: Any, args: Any, kwargs: Any) -> Watched | None:
        """Get ready for a backward pass; returns what ``backward_ended`` wants back."""
        if not self.active or not (threading.current_thread() is self.owner or self._moved()):
            self.switch.drop()  # left on when training moved to another thread, or on a failure
            if not self.active:
                self.hooks.uninstall()  # what had to stay until now
            return None
        start = perf_counter()
        # where a torch.func transform runs, PyTorch lets nobody accumulate
        functional = not kwargs.get("accumulate_grad") and inside_functorch()
        if functional or compiling():  # the latter on tensors without numbers
            if self.switch.left_off:
                self.switch.resume(self.switch.suspend())
            if functional:
                self._functional(sys._getframe(1))
            return None
        if self.light:
            with no_torch_function():
                self._backward_starts(outputs)
            if self.light:  # the loss is a number: nothing asks for more
                self.depth += 1
                self.account.spent += perf_counter() - start
                return LIGHT
        watched = None
        with no_torch_function():
            site = self.sites.here(sys._getframe(1)) if self.trace is not None else None
            suspended = self.switch.suspend()
            self._backward_starts(outputs)
            if self.trace is not None and compiled_backward():
                self.gap("compiled-autograd", "torch.compile runs the backward pass")
                self.trace.events.append(("opaque", "compiled autograd", site, self.module))
            elif self.trace is not None:
                watched = BackwardPass(self, self.trace, site)
                accumulates = bool(kwargs.get("accumulate_grad"))
                gradients, retain, create, inputs = args[:4]
                watched.prepare(outputs, gradients, retain, create, inputs, accumulates)
                self.trace.spent += perf_counter() - start
        self.account.since(start)
        self.depth += 1
        return watched, suspended

    def backward_ended(self, watching: Watched, results: Any) -> None:
        """Close what ``backward_begins`` opened. Never raises."""
        watched, suspended = watching
        try:
            self.depth -= 1
            ended = perf_counter()
            with no_torch_function():
                if watched is not None:
                    watched.trace.spent += perf_counter() - ended
                    watched.finish(results)
                self.switch.resume(suspended)
                if self.active:
                    self._backward_ended(ended)
            self.account.since(ended)
        except Exception as error:
            self.fail("backward", error)

    def _functional(self, frame: Any) -> None:
        """Note that ``torch.func`` computes gradients, unseen by us."""
        self.functional += 1
        self.gap("torch.func", "torch.func.grad and its kin are opaque")
        if self.trace is not None:
            site = self.sites.here(frame)
            self.trace.events.append(("opaque", "torch.func", site, self.module))

    def _backward_starts(self, outputs: Any) -> None:
        if self.depth:
            return
        if self.training_began is None:
            self.training_began = self.began
        if self._left_optimizers() and not self.optimizers.hold(leaves(outputs)):
            self.manual = True
        if self.unaided:
            if self.backwards:
                self.by_hand.look(True, sys._getframe())
            if self.trace is None:
                self.by_hand.meet(outputs, sys._getframe())
        self.backwards += 1
        root = outputs[0]
        if isinstance(root, torch.Tensor) and root.numel() == 1 and not root.is_complex():
            unreadable = why_unreadable(root)
            if unreadable is not None:  # to ask for its number could run code of the user's
                self.gap("loss-unreadable", unreadable)
            elif root.is_cpu:
                self.loss = call_unheard(root.item)
                if not self.loss_checked and self.loss - self.loss != 0:  # NaN or Inf
                    self._first_nonfinite()
            else:
                self.loss = root.detach().clone()

    def _first_nonfinite(self) -> None:
        self.loss_checked = True
        if self.trace is None:  # catch at least the backward pass of this step
            self.begin_full(attach=False)
            self.gap("forward-was-light", "the step of the first NaN or Inf was light until then")
        site = self.site_row(self.site_above())
        self.incident("nonfinite", {"what": str(self.loss), "where": "loss"}, site)

    def _backward_ended(self, now: float) -> None:
        if self.depth == 0 and self.stepped_inside:
            self.stepped_inside = False
            self._end_step(None, now)
            return
        if self.depth or not self.unaided:
            return
        self.by_hand.backward_ended(self.trace, sys._getframe(2))
        if self.trace is not None and self.trace.passes >= UNENDED_PASSES:
            self._leave(self.trace)
            return
        if self.manual and (probe := self.probes.get(0)) is not None:
            self._read_gradients(probe)
        self._look_ahead(3)
        if self.trace is None and not self.left and self.account.wants_full(self.steps + 1):
            self.watching = True
            self.hooks.full(True)
            self.switch.resume(True)

    @property
    def trained(self) -> bool:
        """Whether anything happened that a recording is for."""
        return bool(self.backwards or self.functional or self.steps)

    @property
    def unaided(self) -> bool:
        """Whether no optimizer updates the parameters, as far as can be seen."""
        return self.manual or not self.optimizers.names

    def _left_optimizers(self) -> bool:
        """Tell whether more backward passes have run since the last step than in any before."""
        return not self.manual and 0 < self.usual_passes <= self.backwards - self.stepped_at

    def _leave(self, trace: Trace) -> None:
        """Write a step that does not end, as a loop's whose parameters are new ones each time."""
        self.gap("no-update-seen", f"in {trace.passes} backward passes of step {self.steps}")
        self._write_full(trace, complete=False)
        self.trace = None
        self.left = True
        self.hooks.full(False)
        self.switch.drop()

    # -- steps --------------------------------------------------------------------------------

    @property
    def light(self) -> bool:
        """Whether the step is light and ends with an optimizer, so that no mode is on or wanted."""
        return (
            self.trace is None
            and not self.watching
            and not self.manual
            and bool(self.optimizers.names)
            and not mode_count()
        )

    def optimizer_starts(self, optimizer: Any) -> None:
        """Read the gradients of a light step before the update uses them."""
        self.manual = False
        self.by_hand.awaited = False
        probe = self._probe(optimizer)
        if probe is not None:
            self._read_gradients(probe)

    def _read_gradients(self, probe: Probe) -> None:
        if not probe.small and self.account.reading:
            start = perf_counter()
            suspended = self.switch.suspend()  # our own ops are none of the program
            self.light_gradients = call_unheard(probe.read_gradients)
            self.switch.resume(suspended)
            self.account.read(start)

    def optimizer_stepped(self, optimizer: Any, start: float, read: Read) -> None:
        """End the step, or put that off to the end of the backward pass that it happened in.

        ``read``: what its trace has just read of the parameters.
        """
        if self.depth:
            self.stepped_inside = True
            return
        if not self.active:
            return
        self._end_step(optimizer, start, read)

    def finish_manual_step(self) -> None:
        """End a step that updated its parameters without an optimizer."""
        self._end_step(None, perf_counter())

    def _probe(self, optimizer: Any) -> Probe | None:
        probe = self.probes.get(id(optimizer))
        if probe is None or not probe.is_of(optimizer.param_groups):
            probe = Probe(optimizer.param_groups, self.parameters.register)
            self.probes[id(optimizer)] = probe
            self.structures.name_parameters(sys._getframe(2))
        return probe

    def _end_step(self, optimizer: Any, start: float, read: Read | None = None) -> None:
        probe = self.probes.get(id(optimizer)) if optimizer is not None else None
        if optimizer is None and self.parameters.all:
            probe = self._manual_probe()
        trace = self.trace
        suspended = False
        if trace is not None or mode_count():
            suspended = self.switch.suspend()  # our own ops are none of the program
        values = None
        if probe is not None and self.account.reading:
            began = perf_counter()
            values = probe.known(read) if read else None
            if values is None:
                values = call_unheard(probe.read)
            if optimizer is None:
                values = self.by_hand.with_gradients(probe, values)
            self.account.read(began)
        if optimizer is None and trace is not None:
            self.gradients.look(trace)  # cleared by hand after an update by hand?
        if suspended:
            self.switch.resume(suspended)
        rate = optimizer.param_groups[0].get("lr") if optimizer is not None else None
        now = perf_counter()
        seconds = now - self.step_began
        row = LightStep(self.loss, seconds, rate, probe, self.light_gradients, values)
        self.sink.light(self.steps, row)
        if self.loss is not None:
            if self.loss_first is None:
                self.loss_first = self.loss
            self.loss_last = self.loss
        self.loss = None
        self.light_gradients = None
        if trace is not None:
            self._write_full(trace, complete=True)
            if not self.full_steps:
                self.first_full = self.steps
            self.full_steps += 1
        else:
            self.keeping.summaries.clear()
        self.account.step_ended(light=trace is None)
        self.steps += 1
        if optimizer is not None:
            self.usual_passes = max(self.usual_passes, self.backwards - self.stepped_at)
        self.stepped_at = self.backwards
        self.left = False
        if optimizer is None:
            self.by_hand.step_ended()
        self._next_step(start, optimizer is None)

    def _manual_probe(self) -> Probe | None:
        probe = self.probes.get(0)
        trained = [p for p in self.parameters.all if p.requires_grad]
        alive = [(p.id, leaf) for p in trained if (leaf := p.reference()) is not None]
        leaves = [leaf for _, leaf in alive]
        if probe is None or not probe.follow([number for number, _ in alive], leaves):
            probe = self.probes[0] = Probe([{"params": leaves}], self.parameters.register)
            self.structures.name_parameters(sys._getframe(2))
        return probe

    def _next_step(self, start: float, manual: bool) -> None:
        was_full = self.trace is not None
        self.trace = None
        if not manual:
            self._look_ahead(3)
        if self.account.wants_full(self.steps):
            self.begin_full()
        self.account.choose_reading(self.steps, self.trace is not None)
        if was_full and self.trace is None:
            self.hooks.full(False)
        if self.trace is None and not self.switch.paused:
            self.switch.drop()
        if self.light:
            self.quiet.left = self.account.begin_quiet(self.steps, self.loop.ahead)
        now = perf_counter()
        self.account.spent += now - start
        self.step_began = now

    def _look_ahead(self, depth: int) -> None:
        """Find out whether the next step is the last, which a budget always leaves room for."""
        if self.policy.bounded:
            follows = self.loop.last_follows(self.steps, sys._getframe(depth))
            self.account.last_follows = follows

    def begin_full(self, attach: bool = True) -> None:
        """Start the trace of a step that is recorded in full."""
        trace = Trace(perf_counter(), self.keeping)
        if not self.switch.paused:
            self.switch.drop()  # our own looks are no ops of the program
        rng = _rng_state()
        if rng != self.rng:
            self.rng = rng  # else the same object, so that no step that waits holds its own
        trace.rng = self.rng
        if self.backwards and not self.cleared:
            with no_torch_function():
                self.gradients.look(trace)
        if attach and not self.switch.attach():
            return
        self.watching = False
        self.quiet.left = 0
        self.hooks.full(True)
        self.trace = trace
        self.cleared = False
        self.sequence = trace.base = sequence_number()

    def _write_full(self, trace: Trace, complete: bool) -> None:
        start = perf_counter()
        structure = self.structures.number(trace)
        now = perf_counter()
        trace.spent += now - start
        overhead = self.account.full_step(trace)
        data: Any = trace.parts
        size = sum(map(len, data))
        try:
            data = b"".join(data)  # one piece, so that steps that wait take less room in the caches
        except TypeError:  # some is still on its device
            pass
        self.sink.full(
            (
                self.steps,
                structure,
                trace.started - self.began,
                now - trace.started,
                overhead,
                trace.rng,
                int(complete),
                data,
            ),
            size,
        )
        trace.known.clear()  # nobody asks again, and PyTorch refuses to swap what is referred to

    # -- what the file says of the run ----------------------------------------------------------

    def incident(self, kind: str, detail: dict[str, Any], site: int | None = None) -> None:
        """Write down something that happened to the run, at the present event."""
        event = len(self.trace.events) if self.trace is not None else None
        self.sink.put("incident", (None, kind, self.steps, event, site, notices.as_json(detail)))


def _rng_state() -> bytes:
    state = torch.default_generator.get_state()
    return reader(state.nbytes)(state.data_ptr()).raw  # type: ignore[no-any-return]
