"""The error of a backward pass that starts at more than one number."""

from __future__ import annotations

import re

from retrograd.explain.failures.failure import Account, Fact
from retrograd.explain.failures.scene import Scene, shape
from retrograd.messages.message import message
from retrograd.store.value import Value


def not_a_scalar(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain what has several elements, which line made it, and what would make one of them."""
    site = scene.incident.site
    texts = scene.names.operands(site)
    candidates = [scene.latest(text) for text in texts]
    root = next((v for v in candidates if v is not None and v.slot.count != 1), None)
    if root is None and scene.exact and scene.ops:
        root = next(
            (o for op in reversed(scene.ops) for o in op.outputs if o is not None and _several(o)),
            None,
        )
    if root is None:
        return None
    name, lengths = scene.call(root), shape(root)
    facts = [Fact(message("failure-several", name=name, shape=lengths), scene.site_of(root))]
    op = scene.made.get(root.index)
    reduction = None if op is None else op.arguments.get("reduction")
    if reduction is not None and not isinstance(reduction, Value) and reduction == 0:
        facts.append(Fact(message("failure-no-reduction")))
        fixes = (message("failure-fix-reduction"), message("failure-fix-mean", name=name))
    else:
        fixes = (message("failure-fix-mean", name=name), message("failure-fix-vector", name=name))
    return Account((*facts, Fact(message("failure-one-number"), site)), fixes)


def _several(value: Value) -> bool:
    return value.slot.count != 1 and value.slot.kind != "scalar"
