"""Errors of values that were overwritten: one that backward needs, or a leaf itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retrograd.explain.failures.failure import Account, Fact
from retrograd.explain.failures.scene import Scene, shape, tensors
from retrograd.explain.rules import find
from retrograd.explain.tensor_card_memory import Storages
from retrograd.messages.message import Message, message
from retrograd.store.model import Op, StepCall, Update
from retrograd.store.step import Step
from retrograd.store.value import Value

_NO_GRAD: Final = (message("failure-fix-leaf"),)


def overwritten(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain which op keeps the value for its backward formula, and which line overwrote it."""
    if not scene.exact or scene.step is None:
        return None
    wanted = _lengths(match["shape"])
    node = match["node"] or ""
    versions = message(
        "failure-versions", version=match["version"] or "?", expected=match["expected"] or "?"
    )
    return (
        _by_op(scene, scene.step, wanted, node, (versions,) if match["version"] else ())
        or _by_update(scene, scene.step, wanted)
        or (_by_update(scene, scene.earlier, wanted) if scene.earlier is not None else None)
    )


def _by_op(
    scene: Scene, step: Step, wanted: tuple[int, ...], node: str, versions: tuple[Message, ...]
) -> Account | None:
    storages = Storages(step)
    found = []
    for saver, value in _saved(scene, wanted):
        for write in storages.writes(value):
            if write.index > saver.index and isinstance(write, Op):
                found.append((_rank(scene, saver, value, node), saver, value, write))
                break
    if not found:
        return None
    _, saver, value, write = max(found, key=lambda item: (item[0], item[1].index))
    name, op = scene.call(value), saver.name.removeprefix("aten::")
    overwrote = message(
        "failure-overwritten", name=name, op=write.name.removeprefix("aten::"), shape=shape(value)
    )
    facts = [
        Fact(overwrote, write.site),
        Fact(message("failure-keeps", op=op, name=name), saver.site),
    ]
    facts += [Fact(said) for said in versions]
    return Account(
        tuple(facts),
        (message("failure-fix-out-of-place"), message("failure-fix-clone", name=name)),
    )


def _saved(scene: Scene, wanted: tuple[int, ...]) -> Iterator[tuple[Op, Value]]:
    """Yield ops with the values of a shape that their backward formula uses."""
    for op in scene.ops:
        rule = find(op.name)
        used = None
        if rule is not None:
            used = {name for formula in rule.vjps.values() for name in formula.names}
        for name, argument in op.arguments.items():
            if not isinstance(argument, Value) or argument.slot.kind == "scalar":
                continue
            if argument.shape == wanted and (used is None or name in used):
                yield op, argument
        for position, output in enumerate(op.outputs):
            named = {f"y{position}", "y"} if position == 0 else {f"y{position}"}
            if output is not None and output.shape == wanted and (used is None or used & named):
                yield op, output


def _rank(scene: Scene, saver: Op, value: Value, node: str) -> int:
    """Return how well an op fits: its node has not run yet, and the value comes from ``node``."""
    waiting = any(n.op == saver.index and n.freed is None for n in scene.nodes)
    maker = scene.made.get(value.index)
    plain = "" if maker is None else maker.name.removeprefix("aten::").partition(".")[0]
    fits = plain.replace("_", "").lower() == node.removesuffix("Backward0").lower()
    return 2 * waiting + fits


def _by_update(scene: Scene, step: Step, wanted: tuple[int, ...]) -> Account | None:
    """An optimizer has changed a parameter that the waiting graph still needs."""
    waiting = (
        {node.parameter for node in scene.reached(scene.passes[-1].root_nodes)}
        if scene.passes
        else set()
    )
    calls = [event for event in step.events if isinstance(event, StepCall)]
    for update in reversed(step.updates):
        parameter = scene.recording.parameters[update.parameter]
        if parameter.shape not in (wanted, wanted[::-1]) or update.parameter not in waiting:
            continue
        said = message("failure-updated", name=parameter.name, by=_by(update))
        sites = [call.site for call in calls if call.index < update.index] or [update.site]
        facts = [Fact(said, sites[-1])]
        maker = next((p for p in reversed(step.ops) if _takes(p, update)), None)
        if maker is not None:
            used = message("failure-used-before-update", name=parameter.name)
            facts.append(Fact(used, maker.site))
        facts.append(Fact(message("failure-needs-old", name=parameter.name), scene.passes[-1].site))
        return Account(
            tuple(facts), (message("failure-fix-step-last"), message("failure-fix-forward-again"))
        )
    return None


def _by(update: Update) -> str:
    return update.name or "step()"


def _takes(op: Op, update: Update) -> bool:
    return op.phase == "forward" and any(
        item.slot.parameter == update.parameter for item in tensors(op)
    )


def _lengths(text: str) -> tuple[int, ...]:
    return tuple([int(length) for length in text.split(",") if length.strip()])


def leaf_in_place(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain that a leaf may only be changed where autograd does not watch."""
    site = scene.incident.site
    texts = scene.names.operands(site)
    name = texts[0] if texts else "?"
    if match["view"]:
        return Account((Fact(message("failure-leaf-view", name=name), site),), _NO_GRAD)
    facts = [Fact(message("failure-leaf", name=name), site)]
    facts.append(Fact(message("failure-leaf-again", name=name)))
    return Account(tuple(facts), _NO_GRAD)
