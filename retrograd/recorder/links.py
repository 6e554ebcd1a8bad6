"""Ties autograd nodes to the ops that created them, by PyTorch's sequence numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from retrograd.recorder.trace import Trace

_COPY_SLICES: Final = "torch::autograd::CopySlices"
_GENERATED: Final = re.compile(r"Backward\d+(_copy)?$")
"""How the names of nodes end that PyTorch generates from its table of derivatives."""


def connect(trace: Trace, fresh: list[tuple[int, Any]]) -> None:
    """Set the op of the nodes that are met for the first time in this step.

    An op owns the sequence numbers from the end of the op before it to its own start. Nearly
    always that is one number. An in-place op on a view adds a ``CopySlices`` node after the
    op has run, and the next op that reads a view of the same base regenerates its node, so
    that several nodes compete; then the name decides.
    """
    nodes = trace.nodes
    by_number = {node._sequence_nr() - trace.base: index for index, node in fresh}
    for event, low, high in trace.ops:
        if high - low == 1:
            index = by_number.get(low)
            if index is not None and nodes[index][0] != _COPY_SLICES and not nodes[index][5]:
                _tie(trace, nodes, index, event)
            continue
        candidates = [by_number[n] for n in range(low, high) if n in by_number]
        candidates = [
            index for index in candidates if nodes[index][0] != _COPY_SLICES and not nodes[index][5]
        ]
        if not candidates:
            continue
        if len(candidates) > 1:
            wanted = _op_key(trace.events[event][1].name)
            named = [index for index in candidates if _node_key(nodes[index][0]) == wanted]
            candidates = named or candidates
        _tie(trace, nodes, candidates[0], event)
    for number, index in by_number.items():
        if nodes[index][0] == _COPY_SLICES:
            writer = _writer(trace, number)
            if writer is not None:
                _set(nodes, index, writer)
        else:
            for low, high, parent in trace.born:
                if low <= number < high:
                    nodes[index] = (*nodes[index], ("born", parent))


def _tie(trace: Trace, nodes: list[tuple[Any, ...]], index: int, event: int) -> None:
    """Set the op of a node, unless the node's name says that another op made it.

    What a hook on saved tensors runs, or a tensor subclass, has the numbers of nodes that it
    did not make.
    """
    maker = _past_copy(trace, event, nodes[index][0])
    if _may_make(trace.events[maker][1].name, nodes[index][0]):
        _set(nodes, index, maker)


def _set(nodes: list[tuple[Any, ...]], index: int, event: int) -> None:
    nodes[index] = (*nodes[index][:6], event, *nodes[index][7:])


def _writer(trace: Trace, number: int) -> int | None:
    """Return the in-place op after which the ``CopySlices`` of a sequence number was created.

    It lies between two ops that created nodes; the first of them is the writer itself, or the
    copy that the writer's own node keeps of what was there before.
    """
    start, stop = 0, len(trace.events)
    for event, _, high in trace.ops:
        if high > number:
            stop = event
            break
        start = event
    for event in range(start, stop):
        if trace.events[event][0] == "op" and trace.events[event][1].mutated:
            return event
    return None


def _past_copy(trace: Trace, event: int, node: str) -> int:
    """Return the op behind a copy of its input that it makes itself, else the op.

    Autograd makes that copy first, with the sequence number that the in-place op would have had.
    """
    events = trace.events
    if events[event][1].name != "aten::clone" or _node_key(node) == "clone":
        return event
    after = event + 1
    if after == len(events) or events[after][0] != "op":
        return event
    info = events[after][1]
    # or its input is a lazy conjugate, which the op's kernel carries out by a copy
    return after if info.mutated or _may_make(info.name, node) else event


@lru_cache(maxsize=4096)
def _may_make(op: str, node: str) -> bool:
    """Return whether a node may be an op's: of PyTorch's own ops, nodes are named after the op."""
    if not op.startswith("aten::") or _GENERATED.search(node) is None:
        return True
    # the suffix may stand for a copy in the place of a view, or be part of the name
    return _node_key(node) in (_op_key(op), _op_key(op.split(".")[0].removesuffix("_copy")))


def _op_key(name: str) -> str:
    plain = name.removeprefix("aten::").split(".")[0]
    return plain.removesuffix("_forward").replace("_", "")


def _node_key(name: str) -> str:
    return _GENERATED.sub("", name).lower()
