"""PyTorch's own operator database, recorded and checked against the derivative rules.

Each sample of each operator runs forward and backward in a step of its own, under
``retrograd.record``; the file is then loaded and every node run is checked without torch.
"""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrograd.explain.engine import Check, Status, check_node, check_op
from retrograd.store.model import NodeRun, Op
from retrograd.store.reader import Recording, load
from retrograd.store.step import Step

ACCUMULATE = "torch::autograd::AccumulateGrad"
SAMPLES = 40
"""Samples of one operator and dtype at most."""


def operators(pattern: str = "") -> list[Any]:
    """Return the differentiable operators whose name matches, in order."""
    import torch
    from torch.testing._internal.common_methods_invocations import op_db

    found = {}
    for op in op_db:
        if not op.supports_autograd or not re.search(pattern, full_name(op)):
            continue
        if {torch.float64, torch.complex128} & set(op.supported_backward_dtypes("cpu")):
            found[full_name(op)] = op
    return list(found.values())


def full_name(op: Any) -> str:
    """Return an operator's name with its variant."""
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else str(op.name)


def record(ops: Iterable[Any], path: Path, limit: int = SAMPLES) -> Path:
    """Run every sample of some operators in a step of its own; returns the recording.

    Beside it, ``<path>.json`` names the operator, dtype and sample of each step.
    """
    import torch

    import retrograd

    labels: dict[int, tuple[str, str, int]] = {}
    leaf = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([leaf], lr=0.0)
    leaf.grad = torch.zeros(())
    step = 0
    with retrograd.record(path, budget="all", keep="*"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for op in ops:
            dtypes = set(op.supported_backward_dtypes("cpu"))
            for dtype in (torch.float64, torch.complex128):
                if dtype not in dtypes:
                    continue
                torch.manual_seed(0)
                try:
                    samples = list(_samples(op, dtype, limit))
                except Exception:
                    continue
                optimizer.step()  # ends the step that made the samples
                step += 1
                for number, sample in enumerate(samples):
                    try:
                        _run(op, sample)
                    except Exception:
                        continue
                    labels[step] = (full_name(op), str(dtype).removeprefix("torch."), number)
                    optimizer.step()
                    step += 1
    Path(f"{path}.json").write_text(json.dumps(labels))
    return path


def _samples(op: Any, dtype: Any, limit: int) -> Iterator[Any]:
    for number, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=True)):
        if number >= limit:
            return
        yield sample


def _run(op: Any, sample: Any) -> None:
    import torch

    result = op(sample.input, *sample.args, **sample.kwargs)
    if sample.output_process_fn_grad is not None:
        result = sample.output_process_fn_grad(result)
    outputs = [t for t in _tensors(result) if t.requires_grad and t.layout == torch.strided]
    if not outputs:
        return
    gradients = [torch.randn_like(t) if t.numel() else torch.zeros_like(t) for t in outputs]
    torch.autograd.backward(outputs, gradients)


def _tensors(result: Any) -> Iterator[Any]:
    import torch

    if isinstance(result, torch.Tensor):
        yield result
    elif isinstance(result, (list, tuple)):
        for item in result:
            yield from _tensors(item)


@dataclass
class Tally:
    """What the checks of one kind of node, or of one op, came to."""

    verified: int = 0
    wrong: list[str] = field(default_factory=list)
    not_checked: Counter[str] = field(default_factory=Counter)
    ops: Counter[str] = field(default_factory=Counter)  # ATen ops behind the node
    users: Counter[str] = field(default_factory=Counter)  # operators whose samples reach it
    largest: float = 0.0  # the largest difference as a fraction of what is allowed

    def add(self, label: str, operator: str, op: str | None, check: Check) -> None:
        """Count one check."""
        self.ops[op or "?"] += 1
        self.users[operator] += 1
        if check.status is Status.VERIFIED:
            self.verified += 1
            if check.tolerance:
                self.largest = max(self.largest, (check.difference or 0.0) / check.tolerance)
        elif check.status is Status.WRONG or check.reason == "formula-failed":
            self.wrong.append(f"{label}: {check.reason or check.difference}")
        else:
            self.not_checked[check.reason or "?"] += 1


def labelled_steps(path: Path) -> Iterator[tuple[str, str, int, Step]]:
    """Yield operator, dtype, sample and step for each recorded sample; then the file closes."""
    with load(path) as recording:
        yield from steps_of(recording)


def steps_of(recording: Recording) -> Iterator[tuple[str, str, int, Step]]:
    """Yield operator, dtype, sample and step for each sample of an open recording."""
    labels = json.loads(Path(f"{recording.path}.json").read_text())
    for number, (operator, dtype, sample) in labels.items():
        yield operator, dtype, sample, recording.step(int(number))


@dataclass
class Tallies:
    """Tallies by kind of node for gradients, by op for forward results."""

    nodes: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    ops: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add_step(self, step: Step, label: str, operator: str) -> None:
        """Check every node run and every op of a step."""
        for event in step.events:
            place = f"{label} step {step.index} event {event.index}"
            if isinstance(event, NodeRun):
                node = step.nodes[event.node]
                op = step.events[node.op] if node.op is not None else None
                name = op.name if isinstance(op, Op) else None
                found = guarded(check_node, step, event)
                self.nodes[node.name].add(place, operator, name, found)
            elif isinstance(event, Op):
                name = event.name.removeprefix("aten::")
                self.ops[name].add(place, operator, event.name, guarded(check_op, event))


def guarded(check: Callable[..., Check], *arguments: Any) -> Check:
    """Return what a check finds; an exception counts as wrong."""
    try:
        return check(*arguments)
    except Exception as error:
        return Check(Status.WRONG, f"raised {type(error).__name__}: {error}")


def check(path: Path) -> Tallies:
    """Check every step of a recording made by ``record``."""
    found = Tallies()
    for operator, dtype, sample, step in labelled_steps(path):
        found.add_step(step, f"{operator} {dtype} sample {sample}", operator)
    return found


def merge(parts: Iterable[Tallies]) -> Tallies:
    """Add up tallies of several recordings."""
    total = Tallies()
    for part in parts:
        for mine, more in ((total.nodes, part.nodes), (total.ops, part.ops)):
            for name, tally in more.items():
                into = mine[name]
                into.verified += tally.verified
                into.wrong += tally.wrong
                into.not_checked += tally.not_checked
                into.ops += tally.ops
                into.users += tally.users
                into.largest = max(into.largest, tally.largest)
    return total
