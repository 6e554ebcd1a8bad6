"""A second, plain witness of a training: everything that the recorder must have seen.

It keeps copies by PyTorch's public means: a dispatch mode in the forward pass, hooks on the
autograd nodes, clones around ``step()``. It knows nothing of the recorder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

Bits = tuple[tuple[int, ...], bytes] | None


def bits(tensor: Any) -> Bits:
    """Return a tensor's shape and elements."""
    if not isinstance(tensor, torch.Tensor):
        return None
    return tuple(tensor.shape), tensor.detach().contiguous().numpy().tobytes()


@dataclass
class Witness:
    """One training step, seen from outside."""

    ops: list[tuple[str, list[Bits], list[Bits]]] = field(default_factory=list)
    nodes: list[tuple[str, list[Bits], list[Bits]]] = field(default_factory=list)
    loss: Bits = None
    updates: list[tuple[Bits, Bits, Bits, dict[str, Bits], dict[str, Bits]]] = field(
        default_factory=list
    )
    rng: bytes = b""


class Log(TorchDispatchMode):
    """Notes each op with the tensors that go in and come out."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self.witness = witness

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Copy what goes in, run the op, copy what comes out."""
        inputs = [
            bits(leaf) for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)
        ]
        out = func(*args, **(kwargs or {}))
        schema = func._schema
        name = f"{schema.name}.{schema.overload_name}" if schema.overload_name else schema.name
        outputs = [bits(leaf) for leaf in tree_leaves(out) if isinstance(leaf, torch.Tensor)]
        self.witness.ops.append((name, inputs, outputs))
        return out


def hook(root: torch.Tensor, witness: Witness) -> None:
    """Put a hook on every node below a root."""
    waiting: list[Any] = [root.grad_fn]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += [child for child, _ in node.next_functions if child is not None]
        name = node.name().rpartition("::")[2]

        def ran(sent: Any, received: Any, name: str = name) -> None:
            witness.nodes.append((name, [bits(g) for g in received], [bits(g) for g in sent]))

        node.register_hook(ran)


def state_bits(optimizer: torch.optim.Optimizer, parameter: Any) -> dict[str, Bits]:
    """Return the tensors of a parameter's optimizer state."""
    return {key: bits(item) for key, item in optimizer.state.get(parameter, {}).items()}


def witness_step(loss_of: Callable[[], torch.Tensor], optimizer: torch.optim.Optimizer) -> Witness:
    """Train one step, looking at everything."""
    witness = Witness(rng=torch.get_rng_state().numpy().tobytes())
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    optimizer.zero_grad()
    with Log(witness):
        loss = loss_of()
    witness.loss = bits(loss)
    hook(loss, witness)
    loss.backward()
    before = [(bits(p), bits(p.grad), state_bits(optimizer, p)) for p in parameters]
    optimizer.step()
    for parameter, (value, gradient, state) in zip(parameters, before, strict=True):
        witness.updates.append(
            (value, gradient, bits(parameter), state, state_bits(optimizer, parameter))
        )
    return witness
