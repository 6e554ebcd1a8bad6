"""R20: layers in a plain list, or plain tensors, are used that ``parameters()`` does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from retrograd.diagnose import errors
from retrograd.diagnose.criteria import weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.program import assigned
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.not_in_optimizer import attribute_site, left_out, listed, plain
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.model import Site

PATTERNS = (r"optimizer got an empty parameter list",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for tensors reached through a list that get gradients and are in no optimizer."""
    empty = errors.raised(evidence, *PATTERNS)
    if empty is not None:
        said = message("unregistered-layers-found", what="empty", names="")
        yield errors.at(empty[0], _plain_holder(evidence) or empty[0].site, said)
        return
    if not evidence.held:
        return
    left = left_out(evidence, limits["steps"])
    for what, held in (("list", listed), ("plain", plain)):
        found = {number for number in left if held(evidence, number)}
        if found:
            yield _hit(evidence, what, found)
            return
    yield from _anew(evidence, limits)


def _anew(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for layers that are made anew in each step, and trained in that one alone."""
    updated = {update.parameter for flow in evidence.all_flows for update in flow.updates}
    once = {
        number
        for number, seen in evidence.reached.items()
        if len(seen) == 1 and evidence.parameters[number].module is None
    } - updated
    seen: dict[int, list[Sighting[int]]] = {}
    for flow in evidence.flows:
        for op in flow.ops if once else ():
            weight = weight_of(flow, op) if op.index in flow.loss_ops else None
            number = None if weight is None else flow.parameter_of(weight)
            if number in once and weight is not None:
                made = flow.maker(weight)
                line = op.site.id if op.site else -1
                seen.setdefault(line, []).append(Sighting(flow, made or op, number))
    for hits in seen.values():
        if len({found.flow.index for found in hits}) >= limits["anew"]:
            numbers = {found.what for found in hits}
            said = message(
                "unregistered-layers-found", what="anew", names=evidence.names([min(numbers)])
            )
            yield replace(hit(evidence, hits, said), parameters=frozenset(numbers))
            return


def _plain_holder(evidence: Evidence) -> Site | None:
    """Return the only place where an attribute is given a plain list or dict of what is called."""
    found = [
        value
        for node in evidence.program.nodes
        for target, value in assigned(node)
        if isinstance(target, ast.Attribute)
        and isinstance(value, (ast.List, ast.Dict, ast.ListComp, ast.DictComp, ast.Tuple))
        and any(isinstance(part, ast.Call) for part in ast.walk(value))
    ]
    return evidence.program.site(found[0]) if len(found) == 1 else None


def _hit(evidence: Evidence, what: str, found: set[int]) -> Hit:
    first = min(found)
    steps = evidence.reached[first]
    site = attribute_site(evidence, first) if what == "plain" else None
    site = site or evidence.parameters[first].site
    if site is None:
        site = _defined(evidence, first)
    if site is None:
        flow = evidence.flow(steps[0])
        used = [op for op in flow.ops if _takes(op.arguments.values(), first)]
        site = used[0].site if used else None
    return Hit(
        steps=evidence.alike(steps),
        site=site,
        message=message("unregistered-layers-found", what=what, names=evidence.names(found)),
        parameters=frozenset(found),
        evidence={"left_out": len(found)},
    )


def _defined(evidence: Evidence, parameter: int) -> Site | None:
    """Return the line that gives the list or dict its name, where the source has just one."""
    holder = re.match(r"\w+", evidence.parameters[parameter].name)
    return None if holder is None else evidence.definitions.attribute(holder[0])


def _takes(arguments: object, parameter: int) -> bool:
    return any(
        getattr(getattr(argument, "slot", None), "parameter", None) == parameter
        for argument in arguments  # type: ignore[attr-defined]
    )


FAILING = """\
import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = [torch.nn.Linear(4, 16), torch.nn.Linear(16, 16)]
        self.head = torch.nn.Linear(16, 1)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.head(x)


torch.manual_seed(0)
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R20",
    name="unregistered-layers",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 2, "anew": 5},
    sources=("measured with PyTorch 2.13: a list of Linear has no parameters()",),
    failing=FAILING,
    correct=FAILING.replace(
        "[torch.nn.Linear(4, 16), torch.nn.Linear(16, 16)]",
        "torch.nn.ModuleList([torch.nn.Linear(4, 16), torch.nn.Linear(16, 16)])",
    ),
    raises=PATTERNS,
)
