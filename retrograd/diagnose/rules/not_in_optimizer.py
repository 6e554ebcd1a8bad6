"""R21: a trained tensor gets gradients, and no optimizer ever updates it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Site

_RANDOM = frozenset({"uniform_", "normal_", "randn", "rand", "bernoulli_", "exponential_"})


def left_out(evidence: Evidence, steps: float) -> frozenset[int]:
    """Return parameters whose ``.grad`` fills in several steps, and that nothing updates."""
    updated = set(evidence.held)
    updated |= {u.parameter for flow in evidence.all_flows for u in flow.updates}
    return frozenset(
        number
        for number, seen in evidence.reached.items()
        if number not in updated and len(seen) >= steps
    )


def listed(evidence: Evidence, number: int) -> bool:
    """Tell whether a tensor is reached through a plain list or dict: ``layers[0].weight``."""
    name = evidence.parameters[number].name
    holder = name.partition(".")[0]
    if "[" in name or not holder.isidentifier():
        return "[" in name
    # a key of a dict looks like a name of a module; the source says which it is
    made = re.compile(rf"\bself\.{holder}\s*(:[^=\n]+)?=\s*(\{{|dict\()")
    return any(made.search(source.text) for source in evidence.recording.sources.values())


def plain(evidence: Evidence, number: int) -> bool:
    """Tell whether a tensor is an attribute of a module without being an ``nn.Parameter``."""
    parameter = evidence.parameters[number]
    site, source = parameter.site, None
    if parameter.module is not None and site is not None and "Parameter(" not in site.expression:
        source = evidence.recording.sources.get(site.path)
    if parameter.module is not None and attribute_site(evidence, number) is not None:
        return True
    if source is None or site is None or site.line is None:
        return False
    lines = source.text.splitlines()[site.line - 1 : site.line]
    held = re.compile(rf"^\s*self\.{re.escape(parameter.name.rpartition('.')[2])}\b")
    return any(held.match(line) for line in lines)


def attribute_site(evidence: Evidence, number: int) -> Site | None:
    """Return the only place that gives a module's attribute a tensor that is no parameter."""
    name = evidence.parameters[number].name.rpartition(".")[2]
    site = evidence.definitions.attribute(name) if name.isidentifier() else None
    said = "" if site is None else site.expression
    return site if "requires_grad" in said and "Parameter(" not in said else None


def replaced(evidence: Evidence, left: Iterable[int]) -> dict[int, int]:
    """Pair tensors left out with what an optimizer holds in their place and never gets a gradient.

    It has the same shape; or it is in no module any more, and the other one is in its place. Or
    it got gradients until a new tensor took the place, shape and name of it.
    """
    parameters = evidence.parameters
    idle = sorted(set(evidence.held) - evidence.graded)
    pairs: dict[int, int] = {}
    for number in sorted(left):
        new = parameters[number]
        ended = [old for old in sorted(evidence.held) if _succeeds(evidence, number, old)]
        if ended:
            pairs[number] = ended[-1]
            continue
        for other in idle:
            old = parameters[other]
            orphan = old.module is None and new.module is not None and old.requires_grad
            if old.shape == new.shape or (orphan and len(old.shape) == len(new.shape)):
                pairs[number] = other
                idle.remove(other)
                break
    return pairs


def _succeeds(evidence: Evidence, number: int, other: int) -> bool:
    """Tell whether a tensor gets its gradients where another one got them before."""
    new, old = evidence.parameters[number], evidence.parameters[other]
    if new.module is None or new.site is None or (new.module, new.site) != (old.module, old.site):
        return False
    alike = (new.shape, _last(new.name)) == (old.shape, _last(old.name))
    before = evidence.reached.get(other)
    return alike and bool(before) and max(before or ()) < min(evidence.reached[number])


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare what gets gradients with what the optimizers hold."""
    if not evidence.held:
        return
    left = left_out(evidence, limits["steps"])
    found = {n for n in left if not listed(evidence, n) and not plain(evidence, n)}
    found -= replaced(evidence, found).keys() | _asked(evidence)
    thawed = _thawed(evidence, limits["steps"])
    found |= thawed.keys()
    if not found:
        return
    # a head trained on a backbone that nobody froze is wasteful, and works: unless the backbone
    # has nothing but the random numbers that this run gave it
    trained = set(evidence.held) & evidence.graded
    deliberate = len(found) >= len(trained) and not _siblings(evidence, found, trained)
    deliberate = deliberate and not any(_random(evidence, number) for number in found)
    # where the optimizer is made is where they are missing
    steps = thawed.get(min(found)) or evidence.reached[min(found)]
    later = evidence.flows if min(found) not in thawed else [evidence.flow(steps[0])]
    updates = [u for flow in later for u in flow.updates if u.parameter in trained]
    made = None
    if updates and not updates[0].manual:
        made = evidence.optimizer_named(updates[0], found, trained)
        made = made or evidence.optimizer_site(updates[0])
    yield Hit(
        steps=evidence.alike(steps),
        site=made or evidence.parameters[min(found)].site,
        message=message("not-in-optimizer-found", names=evidence.names(found), count=len(found)),
        parameters=frozenset(found),
        severity="hint" if deliberate else None,
    )


def _thawed(evidence: Evidence, least: float) -> dict[int, list[int]]:
    """Return what was frozen, then thawed, and is not updated since: in these steps."""
    frozen: dict[int, int] = {}
    moved: dict[int, int] = {}
    for flow in evidence.flows:
        frozen |= dict.fromkeys(flow.frozen, flow.index)
        moved |= dict.fromkeys([update.parameter for update in flow.updates], flow.index)
    found = {}
    for number, last in frozen.items():
        since = [step for step in evidence.reached.get(number, ()) if step > last]
        others = [step for step in since if step in evidence.chosen and evidence.flow(step).updates]
        if len(others) >= least and moved.get(number, -1) < last:
            found[number] = since
    return found


def _asked(evidence: Evidence) -> set[int]:
    """Return tensors whose derivative the program asks for itself: inputs, as in physics."""
    return {
        value.slot.parameter
        for flow in evidence.all_flows
        for call in flow.passes
        for value in call.inputs
        if value is not None and value.slot.parameter is not None
    }


def _random(evidence: Evidence, number: int) -> bool:
    """Tell whether a tensor had random numbers, made in this run, when it first got a gradient."""
    flow = evidence.flow(evidence.reached[number][0])
    for op in flow.ops:
        for value in inputs(op):
            if flow.parameter_of(value) == number:
                made = flow.producers.get(value.index)
                if made is not None:
                    return kind(made) in _RANDOM
    # of one that was made steps before; what is loaded is copied
    new, made_there = (
        evidence.parameters[number],
        () if evidence.first is None else evidence.first.ops,
    )
    drawn = [op for op in made_there if kind(op) in _RANDOM and _within(op.site, new.site)]
    loaded = [op for op in made_there if kind(op) == "copy_" and inputs(op)[0].shape == new.shape]
    return bool(drawn) and not loaded


def _within(part: Site | None, whole: Site | None) -> bool:
    if part is None or whole is None or part.path != whole.path:
        return False
    return (whole.line or 0) <= (part.line or 0) <= (whole.end_line or 0)


def _siblings(evidence: Evidence, found: set[int], trained: set[int]) -> bool:
    """Tell whether a tensor left out belongs to the same module as one that is trained."""
    homes = [{_home(evidence.parameters[n].name) for n in side} for side in (found, trained)]
    return not homes[0].isdisjoint(homes[1])


def _home(name: str) -> str:
    return name.rpartition(".")[0]


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X + 5
weight = torch.randn(1, 1, requires_grad=True)
bias = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(20):
    loss = ((X @ weight + bias - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R21",
    name="not-in-optimizer",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 2},
    sources=("TorchLens",),
    failing=FAILING,
    correct=FAILING.replace("[weight]", "[weight, bias]"),
)
