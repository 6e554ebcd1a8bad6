"""Errors of a graph that does not lead where a gradient is wanted."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from retrograd.explain.failures.failure import Account, Fact
from retrograd.explain.failures.scene import (
    FROM_PYTHON,
    Scene,
    differentiable,
    shape,
    short,
    tensors,
)
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.value import Value

_TO_PYTHON: Final = "aten::_local_scalar_dense"
_LISTED: Final = 6
"""Most tensors that are named in a sentence."""


def graph_cut(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain "element 0 of tensors does not require grad": follow the loss back to the cut."""
    if not scene.exact or not scene.passes:
        return None
    call = scene.passes[-1]
    number = int(match["root"])
    root = call.roots[number] if number < len(call.roots) else None
    if root is None:
        return None
    start = Fact(message("failure-no-way", root=scene.call(root)), call.site)
    cuts = [op for op in scene.back(root) if _cut(scene, op)]
    lost = None if cuts else _left_torch(scene, root)
    if lost is not None:
        cuts = [lost]
    if not cuts:
        facts, fixes = _copied(scene, root) or _nothing_requires(scene, root)
        return Account((*facts, start), fixes)
    facts, fixes = _at(scene, cuts)
    return Account((*facts, start), fixes)


def _cut(scene: Scene, op: Op) -> bool:
    """Tell whether the way back to a tensor that requires a gradient ends at an op."""
    if not any(scene.requires(item) for item in tensors(op)):
        return False
    outputs = [output for output in op.outputs if output is not None]
    return bool(outputs) and not any(scene.requires(output) for output in outputs)


def _at(scene: Scene, cuts: list[Op]) -> tuple[tuple[Fact, ...], tuple[Message, ...]]:
    op = cuts[0]
    if op.name == _TO_PYTHON:
        said = message("failure-cut-number", name=scene.call(tensors(op)[0]))
        return (Fact(said, op.site),), (message("failure-fix-number"),)
    if not op.grad:
        first = cuts[-1]  # the first that was calculated without history
        while first.grad:
            cuts = cuts[:-1]
            first = cuts[-1]
        switch = scene.names.switch(first.site)
        said = message("failure-cut-no-grad", name=scene.call(_output(first)))
        facts = [Fact(message("failure-switched-off"), switch)] if switch is not None else []
        return (*facts, Fact(said, first.site)), (message("failure-fix-no-grad"),)
    entering = next(item for item in tensors(op) if scene.requires(item))
    if op.name == "aten::detach":
        texts = scene.names.operands(op.site)
        name = short(texts[0]) if texts else scene.call(entering)
        said = message("failure-cut-detach", name=name)
        return (Fact(said, op.site),), (message("failure-fix-detach"),)
    made = _output(op)
    if made is not None and not differentiable(made):
        said = message("failure-cut-discrete", op=op.name.removeprefix("aten::"), dtype=made.dtype)
        return (Fact(said, op.site),), (message("failure-fix-discrete"),)
    said = message("failure-cut-op", op=op.name.removeprefix("aten::"))
    return (Fact(said, op.site),), (message("failure-fix-detach"),)


def _output(op: Op) -> Value | None:
    return next((output for output in op.outputs if output is not None), None)


def _left_torch(scene: Scene, root: Value) -> Op | None:
    """Return the op by which numbers left PyTorch that came back in what the root is made of.

    Only equal numbers make it sure; where none are equal, the last one to leave for good before
    a tensor came from Python is the likely one.
    """
    # numpy() detaches as well: what only that takes has left
    takers = [op for op in scene.ops if op.name != "aten::detach"]
    used = {item.index for op in takers for item in tensors(op)}
    leaving = [
        op
        for op in scene.ops
        if any(scene.requires(item) for item in tensors(op))
        and (
            op.name == _TO_PYTHON
            or (op.name == "aten::detach" and not any(o and o.index in used for o in op.outputs))
        )
    ]
    came = [op for op in scene.back(root) if op.name == FROM_PYTHON]
    given = [item for op in scene.back(root) for item in tensors(op)] + [root]
    back = np.concatenate([np.empty(0), *[_numbers(item) for item in given]])
    for op in reversed(leaving):
        left = _numbers(tensors(op)[0])
        if left.size and np.isin(left, back).all():
            return op
    if came:
        return next((op for op in reversed(leaving) if op.index < came[0].index), None)
    return None


def _copied(scene: Scene, root: Value) -> tuple[tuple[Fact, ...], tuple[Message, ...]] | None:
    """``torch.tensor([…])`` reads numbers of tensors unseen; equal numbers give them away."""
    for copy in scene.back(root):
        if copy.name != FROM_PYTHON:
            continue
        given = _numbers(tensors(copy)[0])
        for op in reversed(scene.ops):
            output = _output(op)
            if op.index >= copy.index or output is None or not scene.requires(output):
                continue
            numbers = _numbers(output)
            if (
                numbers.size
                and not np.isin(numbers, (0, 1)).all()
                and np.isin(numbers, given).all()
            ):
                said = message("failure-cut-copied", name=scene.call(output))
                return (Fact(said, copy.site),), (message("failure-fix-stack"),)
    return None


def _numbers(value: Value) -> Array:
    array = value.array
    if array is None or array.dtype.kind not in "fiu":
        return np.empty(0)
    return array.reshape(-1).astype(np.float64)


def _nothing_requires(scene: Scene, root: Value) -> tuple[tuple[Fact, ...], tuple[Message, ...]]:
    given = [item for item in scene.sources(root) if differentiable(item)]
    names = list(dict.fromkeys([scene.call(item) for item in given]))
    listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
    said = message("failure-none-requires", root=scene.call(root), names=listed)
    frozen = scene.names.frozen()
    if frozen is not None:
        fact = Fact(message("failure-frozen"), frozen)
        return (fact, Fact(said)), (message("failure-fix-frozen"),)
    facts = [Fact(said)]
    for item in given[:_LISTED]:
        site = scene.site_of(item)
        if site is not None:
            made = message("failure-made", name=scene.call(item), shape=shape(item))
            facts.append(Fact(made, site))
    return tuple(facts), (message("failure-fix-requires"),)


def unused_input(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain that ``torch.autograd.grad`` was asked for a tensor that the root is not made of."""
    if not scene.exact or not scene.passes:
        return None
    call = scene.passes[-1]
    root = next((item for item in call.roots if item is not None), None)
    if root is None:
        return None
    number = match["index"]
    inputs = [call.inputs[int(number)]] if number and int(number) < len(call.inputs) else []
    if not inputs:
        made_of = {item.index for op in scene.back(root) for item in tensors(op)}
        inputs = [i for i in call.inputs if i is not None and i.index not in made_of]
    facts: list[Fact] = []
    for item in inputs:
        if item is not None:
            facts += _not_reached(scene, item, root)
    fixes = (message("failure-fix-unused"), message("failure-fix-allow-unused"))
    return Account(tuple(facts), fixes) if facts else None


def _not_reached(scene: Scene, item: Value, root: Value) -> list[Fact]:
    name, end = scene.call(item), scene.call(root)
    way = [op for op in scene.back(root) if _comes_from(scene, op, item)]
    cuts = [op for op in way if _cut(scene, op)]
    if cuts:
        said = message("failure-unused-cut", name=name, root=end)
        return [*_at(scene, cuts)[0], Fact(said, scene.passes[-1].site)]
    takers = [op for op in scene.ops if any(each.index == item.index for each in tensors(op))]
    if not takers:
        return [Fact(message("failure-never-used", name=name), scene.site_of(item))]
    taken = message("failure-used-elsewhere", name=name, root=end)
    return [Fact(taken, takers[0].site)]


def _comes_from(scene: Scene, op: Op, item: Value) -> bool:
    if any(each.index == item.index for each in tensors(op)):
        return True
    return any(
        each.index == item.index
        for entering in tensors(op)
        for earlier in scene.back(entering)
        for each in tensors(earlier)
    )


def input_without_gradient(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain that ``torch.autograd.grad`` was asked for a tensor that requires no gradient."""
    if not scene.exact or not scene.passes:
        return None
    call = scene.passes[-1]
    facts: list[Fact] = []
    for item in call.inputs:
        if item is not None and not scene.requires(item):
            name = short(scene.call(item))
            said = message("failure-input-requires-none", name=name)
            facts.append(Fact(said, scene.site_of(item) or call.site))
    return Account(tuple(facts), (message("failure-fix-input"),)) if facts else None
