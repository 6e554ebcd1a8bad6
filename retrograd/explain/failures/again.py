"""The error of a second backward pass through a graph that the first one freed."""

from __future__ import annotations

import re

from retrograd.explain.failures.failure import Account, Fact
from retrograd.explain.failures.scene import Scene, same_place, tensors
from retrograd.messages.message import message
from retrograd.store.model import BackwardCall, Node, Op
from retrograd.store.value import Value


def second_backward(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain where the graph was freed, and what of it this pass goes through again."""
    if not scene.exact or not scene.passes:
        return None
    call = scene.passes[-1]
    reached = scene.reached(call.root_nodes)
    return _freed_here(scene, call, reached) or _from_before(scene, call, reached)


def _freed_here(scene: Scene, call: BackwardCall, reached: list[Node]) -> Account | None:
    """An earlier pass of this very step has freed a part of the graph."""
    shared = [
        node
        for node in reached
        if node.parameter is None and node.freed is not None and node.first_pass < call.number
    ]
    if not shared:
        return None
    first = scene.passes[shared[0].first_pass]
    facts = []
    if shared[0].index in call.root_nodes and shared[0].index in first.root_nodes:
        name = scene.call(call.roots[0])
        facts.append(Fact(message("failure-twice-the-loss", name=name), first.site))
    else:
        op = _op_of(scene, shared)
        if op is not None:
            name = scene.call(op.outputs[0])
            facts.append(Fact(message("failure-shared-part", name=name), op.site))
        facts.append(Fact(message("failure-freed-by"), first.site))
    facts.append(Fact(message("failure-again"), call.site))
    return Account(tuple(facts), (message("failure-fix-add-losses"), message("failure-fix-retain")))


def _op_of(scene: Scene, nodes: list[Node]) -> Op | None:
    by_event = {op.index: op for op in scene.ops}
    return next((by_event[n.op] for n in nodes if n.op is not None and n.op in by_event), None)


def _from_before(scene: Scene, call: BackwardCall, reached: list[Node]) -> Account | None:
    """The graph leads on into an earlier step, whose backward pass has freed its part."""
    old = {
        node.index
        for node in reached
        if node.op is None and node.parameter is None and node.created_by is None
    }
    if not old:
        return None
    facts: list[Fact] = []
    if any(root in old for root in call.root_nodes):
        root = call.roots[0]
        origin = None if root is None else scene.origin(root)
        site = None if origin is None else scene.site_of(origin)
        said = message("failure-loss-made-once", name=scene.call(root))
        return Account(
            (Fact(said, site), *_freed_before(scene), *_needed(scene, call)),
            (message("failure-fix-forward-in-loop"),),
        )
    ops = {node.op for node in reached}
    joined: dict[int, Value] = {}
    for op in scene.ops:
        if op.index in ops:
            for item in tensors(op):
                if item.index not in joined and _has_history(scene, item):
                    joined[item.index] = item
                    said = message("failure-from-earlier-step", name=scene.call(item))
                    facts.append(Fact(said, op.site))
    if not facts:
        return None
    item = next(iter(joined.values()))
    origin = scene.origin(item)
    site = None if origin is None else scene.site_of(origin)
    name, needed = scene.call(item), _needed(scene, call)
    again = site is None or any(same_place(site, op.site) for op in scene.ops)  # made again since
    fix = "failure-fix-anew"
    if again:
        fix = "failure-fix-sum" if item.slot.count == 1 else "failure-fix-carry"
        carried = scene.names.carried(call.site, facts[0].site)
        if carried is not None:  # into a function, by the one that calls backward()
            name = carried[0]
            facts.insert(0, Fact(message("failure-carried", name=name), carried[1]))
    if site is not None and not same_place(site, facts[-1].site):
        made = Fact(message("failure-made-before", name=scene.call(item)), site)
        once = not again and not needed  # before a loop: that is the cause
        facts.insert(0 if once else len(facts), made)
    facts += [*_freed_before(scene), *needed]
    fixes = (message(fix, name=name), message("failure-fix-retain"))
    return Account(tuple(facts), fixes)


def _has_history(scene: Scene, value: Value) -> bool:
    """Tell whether a value came into the step with a graph of its own."""
    return value.slot.requires_grad and not value.slot.leaf and value.index not in scene.made


def _needed(scene: Scene, call: BackwardCall) -> list[Fact]:
    """Name the pass that raised, where it is not the very line that freed the graph before."""
    freed = _freed_before(scene)
    if freed and same_place(freed[0].site, call.site):
        return []
    return [Fact(message("failure-again"), call.site)]


def _freed_before(scene: Scene) -> list[Fact]:
    step = scene.earlier
    if step is None:
        return []
    calls = [event for event in step.events if isinstance(event, BackwardCall)]
    freed = next((call for call in calls if not call.retain_graph), None)
    if freed is None:
        return []
    return [Fact(message("failure-freed-in-step", step=str(step.index)), freed.site)]
