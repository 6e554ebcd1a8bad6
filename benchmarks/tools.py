"""The tools to measure: each wraps a workload so that a call trains one step under it.

All keep what they can keep at every step; what that is stands beside each. A tool that refuses
plain tensors gets the same model as an ``nn.Module``, and so does the bare loop that it is
compared with.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from workloads import Workload

EVERY = 101
"""The step that is recorded in full, where it is every n-th."""
PROFILED = 500
"""Steps in one profile."""
Step = Callable[[], object]
Steps = Iterator[Step]


@contextmanager
def bare(workload: Workload, folder: Path) -> Steps:
    """Nothing: the loop as it stands."""
    yield workload


def recorded(**options: Any) -> Callable[[Workload, Path], AbstractContextManager[Step]]:
    """Record with retrograd."""

    @contextmanager
    def run(workload: Workload, folder: Path) -> Steps:
        import retrograd

        with retrograd.record(folder / "run.retro", **options) as recording:
            yield workload
        assert recording.result is not None
        assert recording.result.failure is None, recording.result.failure

    return run


def discount(idle: float) -> None:
    """Tell a recorder that its process slept: a budget counts the time of training alone."""
    record = sys.modules.get("retrograd.recorder.record")
    for recording in record._current if record is not None else []:
        recording.recorder.began += idle
        recording.recorder.step_began += idle


@contextmanager
def detect_anomaly(workload: Workload, folder: Path) -> Steps:
    """Keep a stack for each op, in case a gradient is NaN."""
    with torch.autograd.detect_anomaly():
        yield workload


def debug_mode(**options: bool) -> Callable[[Workload, Path], AbstractContextManager[Step]]:
    """Log every op in memory."""

    @contextmanager
    def run(workload: Workload, folder: Path) -> Steps:
        from torch.utils._debug_mode import DebugMode

        def step() -> None:
            with DebugMode(**options):
                workload()

        yield step

    return run


@contextmanager
def profiler_each_step(workload: Workload, folder: Path) -> Steps:
    """Profile every step by itself, with shapes."""

    def step() -> None:
        with torch.profiler.profile(record_shapes=True) as profile:
            workload()
        profile.events()

    yield step


@contextmanager
def profiler(workload: Workload, folder: Path) -> Steps:
    """Profile many steps at once, in memory; all of a long run would not fit there."""
    profile = torch.profiler.profile()
    profile.start()
    count = 0

    def step() -> None:
        nonlocal profile, count
        workload()
        count += 1
        if count % PROFILED == 0:
            profile.stop()
            profile = torch.profiler.profile()
            profile.start()

    yield step
    profile.stop()


@contextmanager
def tensorboard(workload: Workload, folder: Path) -> Steps:
    """Write histograms of every parameter and gradient."""
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder))
    count = 0

    def step() -> None:
        nonlocal count
        workload()
        for name, parameter in workload.named_parameters():
            writer.add_histogram(name, parameter, count)
            if parameter.grad is not None:
                writer.add_histogram(f"{name}/grad", parameter.grad, count)
        count += 1

    yield step
    writer.close()


@contextmanager
def wandb_watch(workload: Workload, folder: Path) -> Steps:
    """Write histograms of every parameter and gradient, by W&B offline."""
    os.environ["WANDB_SILENT"] = "true"
    import wandb

    settings = wandb.Settings(console="off")
    run = wandb.init(mode="offline", dir=str(folder), project="benchmark", settings=settings)
    run.watch(workload.module, log="all", log_freq=1)

    def step() -> None:
        workload.optimizer.zero_grad()
        loss = workload.loss()
        loss.backward()
        workload.optimizer.step()
        run.log({"loss": loss.item()})

    yield step
    run.finish()


def torchlens(saved: bool) -> Callable[[Workload, Path], AbstractContextManager[Step]]:
    """Trace forward values and gradients, in memory or into one bundle for each step."""

    @contextmanager
    def run(workload: Workload, folder: Path) -> Steps:
        import torchlens as lens

        options = lens.options.CaptureOptions(backward_ready=True, save_grads="all")
        model = workload.module
        count = 0

        def step() -> None:
            nonlocal count
            x, y = next(workload.batches)
            workload.optimizer.zero_grad()
            trace = lens.trace(model, x, capture=options)
            trace.log_backward(workload.criterion(trace[-1].out, y))
            workload.optimizer.step()
            if saved:
                trace.save(folder / f"{count}.tlspec")
            trace.cleanup()
            count += 1

        yield step

    return run


@contextmanager
def node_hooks(workload: Workload, folder: Path) -> Steps:
    """Copy the gradients at every autograd node by hand; the last step, in memory."""
    kept: list[Any] = []

    def copy(incoming: Any, outgoing: Any) -> None:
        kept.append([None if g is None else g.clone() for g in (*incoming, *outgoing)])

    def step() -> None:
        kept.clear()
        workload.optimizer.zero_grad()
        loss = workload.loss()
        waiting = [loss.grad_fn]
        seen = set()
        while waiting:
            node = waiting.pop()
            if node is not None and node not in seen:
                seen.add(node)
                node.register_hook(copy)
                waiting += [child for child, _ in node.next_functions]
        loss.backward()
        workload.optimizer.step()

    yield step


class Copies(TorchDispatchMode):
    """Keeps a copy of what each op returns."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Any] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Run the op and copy."""
        out = func(*args, **(kwargs or {}))
        if isinstance(out, torch.Tensor):
            self.kept.append((func, out.clone()))
        return out


@contextmanager
def dispatch_mode(workload: Workload, folder: Path) -> Steps:
    """Copy the output of every op by a dispatch mode; the last step, in memory."""

    def step() -> None:
        with Copies():
            workload()

    yield step


@dataclass(frozen=True)
class Tool:
    """A way to run a workload, and what is needed to compare it."""

    run: Callable[[Workload, Path], AbstractContextManager[Step]]
    keeps: str
    module: bool = False  # takes nothing but an nn.Module
    warm_seconds: float = 1.0
    pairs: int = 1  # times the usual number


EVERYTHING_ON = {
    "record_torchfunction": True,
    "record_nn_module": True,
    "store_original_args": True,
    "record_stack_trace": True,
    "record_ids": True,
}
TOOLS: dict[str, Tool] = {
    "bare": Tool(bare, "nothing: the noise of this measurement"),
    "retrograd": Tool(recorded(budget="all"), "all of it, every step, on disk"),
    # until the first two seconds of recording are spent and have become a tenth of the run
    "retrograd-budget": Tool(
        recorded(), "default budget on a long run, on disk", warm_seconds=30, pairs=3
    ),
    "retrograd-light": Tool(recorded(budget="0"), "loss and norms alone, on disk"),
    "retrograd-every": Tool(recorded(every=EVERY), f"every {EVERY}th step in full, on disk"),
    "detect_anomaly": Tool(detect_anomaly, "nothing; a stack for each op"),
    "debug_mode": Tool(debug_mode(), "aten calls and shapes, last step, in memory"),
    "debug_mode-all": Tool(debug_mode(**EVERYTHING_ON), "calls, values, stacks, in memory"),
    "torchlens": Tool(torchlens(False), "forward values, some gradients, in memory", module=True),
    "torchlens-saved": Tool(torchlens(True), "the same on disk", module=True),
    "tensorboard": Tool(tensorboard, "histograms per parameter, on disk"),
    "wandb": Tool(wandb_watch, "histograms per parameter, on disk", module=True),
    "profiler": Tool(profiler, f"op names and times of {PROFILED} steps, in memory"),
    "profiler-each": Tool(profiler_each_step, "op names, shapes, times, in memory"),
    "node_hooks": Tool(node_hooks, "gradients, last step, in memory"),
    "dispatch_mode": Tool(dispatch_mode, "all outputs, last step, in memory"),
}
