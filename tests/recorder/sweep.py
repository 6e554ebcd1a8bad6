"""Every differentiable operator of PyTorch's own database, bare and recorded.

``sweep(operator, samples, folder)`` returns what differs: outputs, gradients of leaves, the random
number generator, what each autograd node got and sent on, and links that are missing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils._pytree import tree_flatten, tree_map

import retrograd
from retrograd.store.model import Accumulation, BackwardCall, NodeRun
from retrograd.store.step import Step

# PyTorch takes an equal path with other node names when it is watched; the documentation lists
# these. Values are compared all the same, nodes are not.
OTHER_PATHS = {
    "cartesian_prod",
    "linalg.tensorinv",
    "nn.functional.ctc_loss",
    "nn.functional.scaled_dot_product_attention",
    "pca_lowrank",
    "svd_lowrank",
}
# as the reader widens what NumPy lacks
_WIDER = {torch.bfloat16: torch.float32, torch.complex32: torch.complex64}
OPERATORS = [op for op in op_db if op.supports_autograd and torch.float64 in op.dtypes]


@dataclass
class Pass:
    """What one forward and backward pass of a sample left behind."""

    results: list[bytes] = field(default_factory=list)  # outputs, leaf gradients, generator
    names: list[str] = field(default_factory=list)  # of the nodes, in the order they ran
    gradients: list[list[bytes | None]] = field(default_factory=list)  # in, then out


def content(tensor: Any) -> bytes | None:
    """Return a tensor's elements as bytes, None where it has none."""
    if tensor is None:
        return None
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    tensor = tensor.to(_WIDER.get(tensor.dtype, tensor.dtype))
    return tensor.numpy(force=True).tobytes()  # type: ignore[no-any-return]


def samples(operator: Any, count: int) -> list[Any]:
    """Return the first samples that have something to differentiate."""
    found = []
    for sample in operator.sample_inputs("cpu", torch.float64, requires_grad=True):
        if len(found) == count:
            break
        found.append(sample)
    return found


def run(operator: Any, sample: Any, hooked: bool) -> Pass | None:
    """Run a sample forwards and backwards; None where nothing flows back."""

    def fresh(item: Any) -> Any:
        if not isinstance(item, torch.Tensor):
            return item
        # with its storage, which as_strided reaches into
        copy = deepcopy(item.detach()) if item.layout is torch.strided else item.detach()
        return copy.requires_grad_(item.requires_grad)

    with torch.no_grad():
        value, args, kwargs = tree_map(fresh, (sample.input, sample.args, sample.kwargs))
    leaves = [
        leaf
        for leaf in tree_flatten((value, args, kwargs))[0]
        if isinstance(leaf, torch.Tensor) and leaf.requires_grad
    ]
    torch.manual_seed(0)
    out = operator(value, *args, **kwargs)
    out = sample.output_process_fn_grad(out)
    roots = [o for o in tree_flatten(out)[0] if isinstance(o, torch.Tensor) and o.requires_grad]
    if not roots:
        return None
    found = Pass()
    if hooked:
        hook_all(roots, found)
    torch.manual_seed(1)
    cotangents = [torch.randn(root.shape, dtype=root.dtype) for root in roots]
    torch.autograd.backward(roots, cotangents)
    tensors = [*roots, *(leaf.grad for leaf in leaves)]
    found.results = [content(t) or b"" for t in tensors]
    found.results.append(torch.get_rng_state().numpy().tobytes())
    return found


def hook_all(roots: list[torch.Tensor], found: Pass) -> None:
    """Put a plain hook on every node below some roots."""
    waiting = [torch.autograd.graph.get_gradient_edge(root).node for root in roots]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += [child for child, _ in node.next_functions if child is not None]

        def hook(incoming: Any, outgoing: Any, name: str = node.name()) -> None:
            found.names.append(name.rpartition("::")[2])
            found.gradients.append([content(g) for g in (*outgoing, *incoming)])

        node.register_hook(hook)


def sweep(operator: Any, count: int, folder: Path) -> Iterator[str]:
    """Yield one line for each thing that differs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chosen = samples(operator, count)
        bare = [run(operator, sample, hooked=True) for sample in chosen]
        path = folder / "sweep.retro"
        with retrograd.record(path, budget="all", keep="*") as recording:
            watched = [run(operator, sample, hooked=False) for sample in chosen]
        if recording.result.failure is not None:
            yield f"recording stopped: {recording.result.failure}"
            return
    for index, (one, other) in enumerate(zip(bare, watched, strict=True)):
        if (one is None) != (other is None):
            yield f"sample {index}: flows back only once"
        elif (
            one is not None
            and other is not None
            and one.results != other.results
            and not varies(operator, chosen[index], other.results)
        ):
            yield f"sample {index}: results differ"
    passes = [one for one in bare if one is not None]
    if not passes:
        path.unlink(missing_ok=True)
        return
    with retrograd.load(recording.path) as read:
        assert read.unfinished is not None
        step = read.step(read.unfinished)
        yield from compare(step, passes, names=operator.name not in OTHER_PATHS)
        yield from missing_links(step)
    Path(recording.path).unlink()


def varies(operator: Any, sample: Any, wanted: list[bytes]) -> bool:
    """Tell whether the bare operator gives these results too, some time.

    A few LAPACK routines round differently with the alignment of the memory that they are given.
    """
    moved = []
    for size in range(1, 4000, 13):
        moved.append(bytearray(size))
        again = run(operator, sample, hooked=False)
        if again is not None and again.results == wanted:
            return True
    return False


def compare(step: Step, passes: list[Pass], names: bool) -> Iterator[str]:
    """Hold the recorded node runs against what plain hooks saw."""
    calls = [event for event in step.events if isinstance(event, BackwardCall)]
    if len(calls) != len(passes):
        yield f"{len(calls)} backward passes recorded, {len(passes)} ran"
        return
    for index, expected in enumerate(passes):
        runs = [
            event
            for event in step.events
            if isinstance(event, (NodeRun, Accumulation)) and event.number == index
        ]
        got = [step.nodes[event.node].name.rpartition("::")[2] for event in runs]
        if not names:
            continue
        if got != expected.names:
            yield f"pass {index}: nodes {got} recorded, {expected.names} ran"
            continue
        for event, gradients in zip(runs, expected.gradients, strict=True):
            if isinstance(event, Accumulation):
                values = [event.contribution]
            else:
                values = [*event.grad_outputs, *event.grad_inputs]
            arrays = [None if value is None else value.array for value in values]
            recorded = [None if a is None else np.ascontiguousarray(a).tobytes() for a in arrays]
            lost = [v for v, a in zip(values, arrays, strict=True) if v is not None and a is None]
            if lost:
                yield f"pass {index}: {step.nodes[event.node].name}: {lost[0].slot.why}"
            elif recorded != gradients:
                yield f"pass {index}: gradients of {step.nodes[event.node].name} differ"


def missing_links(step: Step) -> Iterator[str]:
    """Name the nodes that cannot say which op created them."""
    for node in step.nodes:
        if node.name == "AccumulateGrad" or node.opaque:
            continue
        if node.op is None and node.created_by is None:
            yield f"{node.name} has no op"
