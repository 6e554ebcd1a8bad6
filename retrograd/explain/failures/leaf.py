"""The error of an optimizer that is given what an op has made."""

from __future__ import annotations

import re

from retrograd.explain.failures.failure import Account, Fact
from retrograd.explain.failures.scene import Scene, tensors
from retrograd.explain.op_title import op_word
from retrograd.messages.message import Message, message
from retrograd.store.model import Op
from retrograd.store.value import Value


def not_a_leaf(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain which op made what is to be learned, and of what: a leaf is made by none."""
    site = scene.incident.site
    if not scene.exact or site is None:
        return None
    made = [(op, taken) for op in scene.ops if (taken := _leaf_taken(scene, op)) is not None]
    given = [pair for pair in made if _named(scene, pair[0], site.expression)] or made
    if not given or (len(given) > 1 and given is made):
        return None
    op, taken = given[0]
    name = scene.call(op.outputs[0])
    said = message("failure-not-a-leaf", name=name, op=op_word(op.name))
    why = message("failure-leaves-learn", name=name)
    fixes: tuple[Message, ...] = (message("failure-fix-leaf-first", name=name),)
    kept = scene.names.target(scene.site_of(taken))
    if kept is not None and kept != name:
        fixes = (*fixes, message("failure-fix-give-leaf", name=name, leaf=kept))
    return Account((Fact(said, op.site), Fact(why, site)), fixes)


def _leaf_taken(scene: Scene, op: Op) -> Value | None:
    """Return the tensor to be learned that an op takes, where autograd follows the op."""
    if not op.grad or not op.outputs or op.outputs[0] is None:
        return None
    if not scene.requires(op.outputs[0]):
        return None
    return next((v for v in tensors(op) if scene.requires(v) and not _followed(scene, v)), None)


def _followed(scene: Scene, value: Value) -> bool:
    """Tell whether an op that autograd followed has made a value."""
    op = scene.made.get(value.index)
    return op is not None and any(scene.requires(item) for item in tensors(op))


def _named(scene: Scene, op: Op, expression: str) -> bool:
    """Tell whether an expression names what an op has made."""
    name = scene.call(op.outputs[0]).rpartition(".")[2]
    return bool(re.search(rf"\b{re.escape(name)}(?!\w)", expression))
