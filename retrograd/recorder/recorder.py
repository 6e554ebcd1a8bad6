"""The recorder: ties the watchers together, counts the steps and keeps to the budget."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
import time
from time import perf_counter
from typing import Any

import torch

from retrograd.recorder import notices
from retrograd.recorder.backward import BackwardPass
from retrograd.recorder.costs import READING, Costs
from retrograd.recorder.forward import UNTRACED_OPS, ForwardMode, OpInfo
from retrograd.recorder.gradients import Gradients
from retrograd.recorder.hooks import Hooks
from retrograd.recorder.keeping import Keeping
from retrograd.recorder.light import Probe, probe_key
from retrograd.recorder.links import Links
from retrograd.recorder.loop import Loop
from retrograd.recorder.modules import Modules
from retrograd.recorder.optimizers import OptimizerWatch, ZeroGrad
from retrograd.recorder.parameters import Parameters
from retrograd.recorder.policy import Policy
from retrograd.recorder.rows import LightStep, finite_or_none, number
from retrograd.recorder.saved import Saved
from retrograd.recorder.sink import Sink
from retrograd.recorder.sites import Sites
from retrograd.recorder.structures import Structures
from retrograd.recorder.torch_api import (
    inside_functorch,
    mode_active,
    mode_count,
    no_torch_function,
    pop_mode,
    push_mode,
    sequence_number,
    top_mode,
)
from retrograd.recorder.trace import Trace
from retrograd.store.writer import Writer

Watched = tuple[BackwardPass | None, bool]
"""The backward pass that is recorded, if one is, and whether the dispatch mode was suspended."""
LIGHT: Watched = (None, False)
"""A backward pass of a light step."""


class Recorder:
    """Records the training that the creating thread, or else one other thread, does."""

    def __init__(self, path: str, policy: Policy, keep: tuple[str, ...], program: dict[str, Any]):
        self.path = path
        self.policy = policy
        self.writer = Writer(path)
        self.active = False
        self.closed = False
        self.pid = os.getpid()
        self.thread = threading.get_ident()
        self.owner = threading.current_thread()  # whose number another thread may get once it ended
        self.failure: str | None = None
        self.trace: Trace | None = None
        self.paused = False
        self.cleared = False  # the step before called zero_grad()
        self.handling = False  # inside the handler of the dispatch mode
        self.watching = False  # no trace, but looking out for the first op of the next step
        self.last_follows = False  # the next step is the last one
        self.manual = False  # parameters are updated without an optimizer
        self.sequence = 0
        self.module: int | None = None
        self.steps = 0
        self.full_steps = 0
        self.first_full: int | None = None
        self.backwards = 0
        self.functional = 0  # gradients computed by torch.func
        self.costs = Costs()
        self.decide_at = 0  # the step before which no other depth is considered
        self.reading = True  # this step's parameters are read, be it light or full
        self.light_reading = 0.0  # seconds, in this step
        self.read_seconds = 0.0  # in all
        self.spent = 0.0
        self.full_spent = 0.0
        self.began = perf_counter()
        self.ended: float | None = None
        self.step_began = self.began
        self.training_began: float | None = None
        self.last_step_ended = self.began
        self.loss: Any = None
        self.loss_first: Any = None
        self.loss_last: Any = None
        self.loss_checked = False
        self.depth = 0  # backward passes running inside each other
        self.stepped_inside = False
        self.light_gradients: Any = None
        self.probes: dict[int, Probe] = {}
        self.versions: dict[int, int] = {}
        self.gaps: dict[str, dict[str, Any]] = {}
        self.exit: dict[str, Any] = {"kind": "ok"}
        self.program = program
        self.sites = Sites()
        self.parameters = Parameters()
        self.gradients = Gradients(self)
        self.links = Links()
        self.loop = Loop(self.sites)
        self.saved = Saved()
        self.keeping = Keeping(self.parameters, keep)
        self.modules = Modules(self)
        self.optimizers = OptimizerWatch(self)
        self.zero_grad = ZeroGrad(self)
        self.sink = Sink(self.writer, self.parameters, self._sink_failed)
        self.structures = Structures(self)
        self.hooks = Hooks(self)
        self.mode = ForwardMode(self)
        self.sink.meta = self.meta

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin recording in the calling thread."""
        self.active = True
        self.writer.begin()  # whoever looks at the file at once sees that it is being written
        self.writer.meta(self.meta())
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
        trace = self.trace
        if self.manual and trace is not None and trace.updates:
            self.finish_manual_step()
        elif self.manual and self._updated_by_hand():
            self._end_step(None, perf_counter())
        if self.trace is not None and self.trace.events:
            self._write_full(self.trace, complete=False)
        self.trace = None

    def _detach(self) -> None:
        """Take everything of ours out of PyTorch; the mode goes even where the hooks stay."""
        self.active = False
        self.trace = None
        self.watching = False
        try:
            self.hooks.uninstall()
        finally:
            self.drop_mode()

    def after_fork(self) -> None:
        """Forget everything in a child process: it is not recorded and must not write."""
        self.active = False
        self.trace = None
        self.watching = False
        self.paused = True

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

    def gap(self, why: str, detail: str = "") -> None:
        """Count something that was not recorded, and why."""
        entry = self.gaps.setdefault(
            why, {"why": why, "count": 0, "first_step": self.steps, "detail": detail}
        )
        entry["count"] += 1

    # -- where we are -------------------------------------------------------------------------

    def here(self) -> bool:
        """Tell whether the calling thread is the one that is recorded."""
        if not self.active:
            return False
        return threading.get_ident() == self.thread or self._moved()

    def _moved(self) -> bool:
        """Follow the training to another thread, if this one has not trained or has ended."""
        if (self.backwards or self.steps) and self.owner.is_alive():
            self.gap("other-thread", threading.current_thread().name)
            return False
        self.thread = threading.get_ident()
        self.owner = threading.current_thread()
        self.trace = None
        self.mode = ForwardMode(self)
        return True

    def site_above(self) -> int | None:
        """Return the user's position that led here."""
        return self.sites.here(sys._getframe(2))

    def site_row(self, site: int | None) -> int | None:
        """Return the id of a position's row in the file."""
        return self.structures.site_row(site)

    def suspend(self) -> bool:
        """Take the dispatch mode off, for code in which none may be active."""
        if mode_count():
            if top_mode() is self.mode and not self.handling:
                pop_mode()
            else:
                self.drop_mode()
        if self.paused or (self.trace is None and not self.watching):
            return False
        self.paused = True
        return True

    def resume(self, suspended: bool) -> None:
        """Put the dispatch mode back on after ``suspend``. Never raises."""
        try:
            if not suspended:
                return
            self.paused = False
            self.sequence = sequence_number()
            if self.active and (self.trace is not None or self.watching):
                self._attach()
        except Exception as error:
            self.fail("dispatch mode", error)

    def drop_mode(self) -> None:
        """Take the innermost mode of this thread off, if it is ours.

        Not from inside its handler, where PyTorch has taken it off and will put it back: there
        it stays, hands everything on, and goes when the next backward pass begins.
        """
        top = top_mode()
        if isinstance(top, ForwardMode) and top.recorder is self and not self.handling:
            pop_mode()

    def in_handler(self, call: Any, *arguments: Any) -> None:
        """Call something that may end or begin a step while the mode's handler runs.

        Never raises: a failure ends the recording, and the op goes on.
        """
        self.handling = True
        try:
            with no_torch_function():
                call(*arguments)
        except Exception as error:
            self.fail("forward", error)
        finally:
            self.handling = False

    def _attach(self) -> bool:
        if not mode_count() and not self.handling:
            push_mode(self.mode)
            return True
        if self.handling or top_mode() is self.mode:
            return True
        if mode_active(self.mode):
            return True  # below a mode of the user's
        # pushed above a mode of the user's, ours would be popped in its place
        self.gap("other-dispatch-mode")
        return False

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

    def watch(self, func: Any) -> None:
        """Look out for the forward pass of the next step after updates made by hand."""
        if not torch.is_grad_enabled() or func._schema.is_mutable:
            return
        if self._updated_by_hand():
            self._end_step(None, perf_counter())
            self.watching = False
            if self.trace is None:
                self.begin_full()

    def mutation(
        self, trace: Trace, info: OpInfo, args: Any, kwargs: Any, before: Any, grad: bool
    ) -> None:
        """Follow an op that changed its arguments: is one a parameter or a ``.grad``?"""
        with no_torch_function():
            self._note_mutation(trace, info, args, kwargs, before, grad)

    def _note_mutation(
        self, trace: Trace, info: OpInfo, args: Any, kwargs: Any, before: Any, grad: bool
    ) -> None:
        event = len(trace.events) - 1
        for position, name in info.mutated:
            if position < len(args):
                argument, slots = args[position], before[position]
            else:
                argument = (kwargs or {}).get(name)
                slots = next(
                    (e[2] for e in before if type(e) is tuple and e[:2] == ("k", name)), None
                )
            if argument is None:
                continue
            if isinstance(argument, torch.Tensor):
                pairs = [(argument, slots)]
            else:
                listed = slots[1] if isinstance(slots, tuple) else ()
                pairs = list(zip(argument, listed, strict=False))
            for tensor, slot in pairs:
                entry = trace.known.get(id(tensor))
                if entry is not None and entry[0] == slot:  # changed without a new version
                    del trace.known[id(tensor)]
                self._mutated(trace, tensor, slot, event, grad)

    def _mutated(self, trace: Trace, tensor: Any, old: Any, event: int, grad: bool) -> None:
        if tensor.requires_grad and not tensor.is_leaf:
            return
        if trace.owners is None or trace.owners.parameters != len(self.parameters.all):
            trace.owners = self.parameters.owners()
        number = self.parameters.known(tensor)
        of_gradient = None
        if number is None:
            number, of_gradient = trace.owners.of(tensor)
        if number is None and of_gradient is None:
            for leaf in self.parameters.candidates(tensor):
                trace.known.pop(id(leaf), None)
                self.keeping.summaries.forget(leaf)
        if number is not None:
            leaf = self.parameters.tensor(number)
            if leaf is None:
                return
            if tensor is not leaf:  # .data, or a part of it, which counts versions of its own
                known = trace.known.pop(id(leaf), None)
                self.keeping.summaries.forget(leaf)
                if tensor.shape != leaf.shape:
                    old = known[0] if known is not None and known[1]() is leaf else None
            if grad and tensor is leaf:
                return
            entry = trace.accumulated.get(number)
            gradient = entry[0] if entry else self.gradients.slot(trace, number, leaf)
            trace.events.append(("manual", number, old, gradient, trace.value(leaf), event))
            if self.backwards and not self.optimizers.numbers:
                self.manual = True
                trace.updates += 1
        elif of_gradient is not None:
            leaf = self.parameters.tensor(of_gradient)
            if leaf is None or leaf.grad is None:
                return
            gradient = leaf.grad
            if gradient is not tensor:
                trace.known.pop(id(gradient), None)
                self.keeping.summaries.forget(gradient)
            self.gradients.mutated(trace, of_gradient, gradient, event, trace.value(gradient))

    # -- backward -----------------------------------------------------------------------------

    def backward_begins(self, outputs: Any, args: Any, kwargs: Any) -> Watched | None:
        """Get ready for a backward pass; returns what ``backward_ended`` wants back."""
        if not self.active or not (threading.current_thread() is self.owner or self._moved()):
            self.drop_mode()  # left on when training moved to another thread, or on a failure
            if not self.active:
                self.hooks.uninstall()  # what had to stay until now
            return None
        start = perf_counter()
        if inside_functorch():
            self._functional(sys._getframe(1))
            return None
        if self.light:
            with no_torch_function():
                self._backward_starts(outputs, start)
            if self.light:  # the loss is a number: nothing asks for more
                self.depth += 1
                self.spent += perf_counter() - start
                return LIGHT
        watched = None
        with no_torch_function():
            site = self.sites.here(sys._getframe(1)) if self.trace is not None else None
            suspended = self.suspend()
            self._backward_starts(outputs, start)
            if self.trace is not None:
                watched = BackwardPass(self, self.trace, site)
                accumulates = bool(kwargs.get("accumulate_grad"))
                gradients, retain, create, inputs = args[:4]
                watched.prepare(outputs, gradients, retain, create, inputs, accumulates)
                self.trace.spent += perf_counter() - start
        self.spend(start)
        self.depth += 1
        return watched, suspended

    def backward_ended(self, watching: Watched, results: Any) -> None:
        """Close what ``backward_begins`` opened. Never raises."""
        if watching is LIGHT and not self.stepped_inside:
            self.depth -= 1
            return
        watched, suspended = watching
        try:
            self.depth -= 1
            ended = perf_counter()
            with no_torch_function():
                if watched is not None:
                    watched.trace.spent += perf_counter() - ended
                    watched.finish(results)
                self.resume(suspended)
                if self.active:
                    self._backward_ended(ended)
            self.spend(ended)
        except Exception as error:
            self.fail("backward", error)

    def _functional(self, frame: Any) -> None:
        """Note that ``torch.func`` computes gradients, unseen by us."""
        self.functional += 1
        self.gap("torch.func", "torch.func.grad and its kin are opaque")
        if self.trace is not None:
            site = self.sites.here(frame)
            self.trace.events.append(("opaque", "torch.func", site, self.module))

    def _backward_starts(self, outputs: Any, start: float) -> None:
        if self.depth:
            return
        if self.training_began is None:
            self.training_began = self.began
        trace = self.trace
        if self.manual or not self.optimizers.numbers:
            if trace is not None and trace.updates:
                self.finish_manual_step()
            elif trace is None and self.backwards and self._updated_by_hand():
                self._end_step(None, start)
        self.backwards += 1
        root = outputs[0]
        if isinstance(root, torch.Tensor) and root.numel() == 1 and not root.is_complex():
            if root.is_cpu:
                self.loss = root.item()
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
        if self.depth or self.optimizers.numbers:
            return
        self._note_versions()
        self._look_ahead(3)
        if self.trace is None and self._wants(self.steps + 1):
            self.watching = True
            self.hooks.full(True)
            self.resume(True)

    def _note_versions(self) -> None:
        """Remember the versions of all leaves, to see updates made without an optimizer."""
        self.versions = {
            parameter.id: tensor._version
            for parameter in self.parameters.all
            if (tensor := parameter.reference()) is not None
        }

    def _updated_by_hand(self) -> bool:
        for key, version in self.versions.items():
            tensor = self.parameters.tensor(key)
            if tensor is not None and tensor._version != version:
                self.manual = True
                return True
        return False

    @property
    def trained(self) -> bool:
        """Whether anything happened that a recording is for."""
        return bool(self.backwards or self.functional or self.steps)

    # -- steps --------------------------------------------------------------------------------

    @property
    def light(self) -> bool:
        """Whether the step is light and ends with an optimizer, so that no mode is on or wanted."""
        return (
            self.trace is None
            and not self.watching
            and not self.manual
            and bool(self.optimizers.numbers)
            and not mode_count()
        )

    def optimizer_starts(self, optimizer: Any) -> None:
        """Read the gradients of a light step before the update uses them."""
        self.manual = False
        probe = self._probe(optimizer)
        if probe is not None and not probe.small and self.reading:
            start = perf_counter()
            suspended = self.suspend()  # our own ops are none of the program
            self.light_gradients = probe.read_gradients()
            self.resume(suspended)
            self._read(start)

    def optimizer_stepped(self, optimizer: Any, start: float) -> None:
        """End the step, or put that off to the end of the backward pass that it happened in."""
        if self.depth:
            self.stepped_inside = True
            return
        if not self.active:
            return
        self._end_step(optimizer, start)

    def finish_manual_step(self) -> None:
        """End a step that updated its parameters without an optimizer."""
        self._end_step(None, perf_counter())

    def _probe(self, optimizer: Any) -> Probe | None:
        probe = self.probes.get(id(optimizer))
        if probe is None or probe.key != probe_key(optimizer.param_groups):
            probe = self.probes[id(optimizer)] = Probe(optimizer, self.parameters.register)
            self.structures.name_parameters(sys._getframe(2))
        return probe

    def _end_step(self, optimizer: Any, start: float) -> None:
        probe = self.probes.get(id(optimizer)) if optimizer is not None else None
        if optimizer is None and self.parameters.all:
            probe = self._manual_probe()
        trace = self.trace
        suspended = False
        if trace is not None or mode_count():
            suspended = self.suspend()  # our own ops are none of the program
        values = None
        if probe is not None and self.reading:
            began = perf_counter()
            values = probe.read()
            self._read(began)
        if optimizer is None and trace is not None:
            self.gradients.look(trace)  # cleared by hand after an update by hand?
        if suspended:
            self.resume(suspended)
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
            self.spent += self.costs.light_step + READING * self.light_reading
        self.light_reading = 0.0
        self.steps += 1
        self.last_step_ended = now
        if optimizer is None:
            self._note_versions()
        self._next_step(start, optimizer is None)

    def _manual_probe(self) -> Probe | None:
        probe = self.probes.get(0)
        leaves = [p.reference() for p in self.parameters.all if p.requires_grad]
        leaves = [leaf for leaf in leaves if leaf is not None]
        if probe is None or len(probe.tensors) != len(leaves):

            class Groups:
                param_groups = [{"params": leaves}]

            probe = self.probes[0] = Probe(Groups, self.parameters.register)
            self.structures.name_parameters(sys._getframe(2))
        return probe

    def _next_step(self, start: float, manual: bool) -> None:
        was_full = self.trace is not None
        self.trace = None
        if not manual:
            self._look_ahead(3)
        if self.steps >= self.decide_at or self.last_follows:
            if self._wants(self.steps):
                self.begin_full()
            self.reading = self.trace is not None or self._reads(self.steps)
        if was_full and self.trace is None:
            self.hooks.full(False)
        if self.trace is None and not self.paused:
            self.drop_mode()
        now = perf_counter()
        self.spent += now - start
        self.step_began = now

    def _look_ahead(self, depth: int) -> None:
        """Find out whether the next step is the last, which a budget always leaves room for."""
        if self.policy.bounded:
            self.last_follows = self.loop.last_follows(sys._getframe(depth))

    def _wants(self, step: int) -> bool:
        if self.last_follows:
            return True
        elapsed = perf_counter() - self.began
        cost = self.full_spent / self.full_steps if self.full_steps else 0.0
        return self.policy.wants(step, self.seconds_spent, elapsed, cost)

    def _read(self, start: float) -> None:
        seconds = perf_counter() - start
        self.light_reading += seconds
        self.read_seconds += seconds

    def _reads(self, step: int) -> bool:
        elapsed = perf_counter() - self.began
        if self.policy.reads(step, self.seconds_spent, elapsed, self.read_seconds):
            return True
        self.gap("light-without-norms", "to keep to the budget")
        self.decide_at = step + self.policy.pause(step)
        return False

    def begin_full(self, attach: bool = True) -> None:
        """Start the trace of a step that is recorded in full."""
        trace = Trace(perf_counter(), self.keeping)
        if not self.paused:
            self.drop_mode()  # our own looks are no ops of the program
        trace.rng = _rng_state()
        if self.backwards and not self.cleared:
            with no_torch_function():
                self.gradients.look(trace)
        if attach and not self.paused and not self._attach():
            return
        self.watching = False
        self.hooks.full(True)
        self.trace = trace
        self.cleared = False
        self.sequence = sequence_number()

    def _write_full(self, trace: Trace, complete: bool) -> None:
        start = perf_counter()
        structure = self.structures.number(trace)
        now = perf_counter()
        trace.spent += now - start
        costs = self.costs
        overhead = trace.spent + costs.full_step
        overhead += len(trace.ops) * costs.op + len(trace.nodes) * costs.node
        self.full_spent += overhead
        self.spent += overhead
        size = sum(map(len, (part for part in trace.parts if isinstance(part, bytes))))
        self.sink.full(
            (
                self.steps,
                structure,
                trace.started - self.began,
                now - trace.started,
                overhead,
                trace.rng,
                int(complete),
                trace.parts,
            ),
            size,
        )

    def spend(self, start: float) -> None:
        """Count our own time in a light step (full steps count in their trace)."""
        if self.trace is None:
            self.spent += perf_counter() - start

    # -- what the file says of the run ----------------------------------------------------------

    def incident(self, kind: str, detail: dict[str, Any], site: int | None = None) -> None:
        """Write down something that happened to the run, at the present event."""
        event = len(self.trace.events) if self.trace is not None else None
        self.sink.put("incident", (None, kind, self.steps, event, site, notices.as_json(detail)))

    @property
    def seconds_spent(self) -> float:
        """Seconds that recording has taken so far, the writing thread's included."""
        return self.spent + self.sink.cpu_seconds

    @property
    def overhead(self) -> float:
        """Recording time as a fraction of the time that the program itself took."""
        spent = self.seconds_spent
        elapsed = (self.ended or perf_counter()) - self.began
        return spent / max(elapsed - spent, 1e-9)

    def meta(self) -> dict[str, Any]:
        """Return the entries of ``meta`` as they stand now."""
        device = "cpu"
        if self.parameters.all:
            device = self.parameters.all[0].device
        entries: dict[str, Any] = {
            "program": self.program,
            "environment": {
                "retrograd": sys.modules["retrograd"].__version__,
                "python": platform.python_version(),
                "torch": str(torch.__version__),
                "platform": platform.platform(),
                "device": device,
                "threads": torch.get_num_threads(),
            },
            "pid": self.pid,
            "started": time.time() - (perf_counter() - self.began),
            "ended": None if self.active else time.time(),
            "complete": not self.active and self.failure is None,
            "steps": self.steps,
            "full_steps": self.full_steps,
            "backward_passes": self.backwards,
            "seconds": (self.ended or perf_counter()) - self.began,
            "overhead": self.overhead,
            "optimizers": self.optimizers.names,
            "policy": {**self.policy.describe(), "keep": list(self.keeping.patterns)},
            "exit": self.exit,
            "not_recorded": list(self.gaps.values()),
        }
        losses = {"loss_first": number(self.loss_first), "loss_last": number(self.loss_last)}
        return entries | finite_or_none(losses)


def _rng_state() -> bytes:
    state = torch.default_generator.get_state()
    return ctypes.string_at(state.data_ptr(), state.nbytes)
