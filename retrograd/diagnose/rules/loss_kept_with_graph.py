"""R12: losses are added up with their graphs, which keeps every step's graph alive."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from retrograd.diagnose import patch
from retrograd.diagnose.detours import same_numbers
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.program import assigned, last_name, parameter_of
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value

_SCALING = frozenset({"mul", "div", "neg", "mul_", "div_"})
_JOINING = frozenset({"add", "add_", "sub", "sub_", "lerp", "lerp_"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for sums of losses that go on from step to step, and for lists of losses."""
    found = False
    for hits in _sums(evidence).values():
        if len(hits) >= limits["steps"]:
            found = True
            op = hits[0][1]
            yield Hit(
                steps=evidence.alike(flow.index for flow, _ in hits),
                site=op.site,
                event=op.index,
                message=message("loss-kept-with-graph-found", how="sum"),
                patch=_patched(evidence, op),
            )
    if not found:
        yield from _listed(evidence, limits["steps"])


def _sums(evidence: Evidence) -> dict[int, list[tuple[Flow, Op]]]:
    """Return, by line, the sums of losses and of a tensor of earlier steps that has a graph."""
    seen: dict[int, list[tuple[Flow, Op]]] = {}
    last: dict[int, tuple[int, Value]] = {}  # what each line computed, and in which step
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) not in _JOINING or not op.grad or op.index in flow.loss_ops:
                continue
            summed = _summed(flow, op)
            old = [value for value in summed if _old(value)]
            if not old:
                continue
            line = op.site.id if op.site else -1
            before = last.get(line)
            plain = kind(op) in ("add", "add_") and all(
                value.index in {each.index for each in summed} for value in inputs(op)
            )
            # scaled or subtracted, it may be a difference of two losses: then it does not go on
            goes_on = (
                before is not None
                and flow.index == before[0] + 1
                and any(same_numbers(before[1], each) for each in old)
            )
            if goes_on or (plain and len(inputs(op)) > 1):
                seen.setdefault(line, []).append((flow, op))
            out = op.outputs[0] if op.outputs else None
            if out is not None:
                last[line] = flow.index, out
    return seen


def _summed(flow: Flow, op: Op) -> list[Value]:
    """Return the losses that a sum of scaled ones is made of; nothing where it is not of losses."""
    roots = {root.index for root in flow.roots}
    found: list[Value] = []
    waiting = inputs(op)
    while waiting:
        value = waiting.pop()
        made = flow.producers.get(value.index)
        if _old(value) or value.index in roots:
            found.append(value)
        elif made is not None and made.grad and kind(made) in _SCALING | _JOINING:
            waiting += inputs(made)
        else:
            return []
    return found


def _listed(evidence: Evidence, times: float) -> Iterator[Hit]:
    """Look for a step that meets the losses of several earlier ones, with their graphs."""
    roots: list[tuple[int, Value]] = []
    for flow in evidence.all_flows:
        met: dict[int, Op] = {}  # by the step that the loss belongs to
        matched: set[int] = set()  # equal losses of several steps are one value
        for op in flow.ops:
            for value in inputs(op):
                if not _old(value) or op.index in flow.loss_ops or value.index in matched:
                    continue
                for step, root in roots:
                    if step not in met and same_numbers(root, value):
                        met[step] = op
                        matched.add(value.index)
                        break
        if len(met) >= times:
            op = next(iter(met.values()))
            names = {root.name for step, root in roots if step in met and root.name}
            kept = _appended(evidence, names)
            site = op.site if kept is None else evidence.program.site(kept[0])
            yield Hit(
                steps=(flow.index,),
                site=site,
                event=op.index,
                message=message("loss-kept-with-graph-found", how="list"),
                evidence={"losses_kept": len(met)},
            )
            return
        roots += [(flow.index, root) for root in flow.roots]
    yield from _never_read(evidence, roots, times)


def _never_read(evidence: Evidence, roots: list[tuple[int, Value]], times: float) -> Iterator[Hit]:
    """Look for a call that puts the very loss into a list, which no op ever takes from it."""
    names = Counter(root.name for _, root in roots if root.name)
    often = {name for name, count in names.items() if name is not None and count >= times}
    kept = _appended(evidence, often)
    passes = {pass_.site for flow in evidence.flows for pass_ in flow.passes}
    if kept is None or not any(_stays(evidence, *kept, site) for site in passes):
        return
    steps = [step for step, root in roots if root.name == kept[1]]
    yield Hit(
        steps=tuple(steps),
        site=evidence.program.site(kept[0]),
        message=message("loss-kept-with-graph-found", how="list"),
        evidence={"losses_kept": len(steps)},
    )


def _stays(evidence: Evidence, call: ast.Call, loss: str, site: Site | None) -> bool:
    """Tell whether a call puts what a pass starts from, round by round, into a list that stays."""
    program = evidence.program
    started = program.at(site)
    loop = None if started is None else program.loop(started)
    if loop is None or program.loop(call) is not loop:
        return False
    held = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    given = [(ast.unparse(to), value) for node in ast.walk(loop) for to, value in assigned(node)]
    freed = [
        last_name(part.func) in ("item", "detach", "float")
        for to, value in given
        if to == loss
        for part in ast.walk(value)
        if isinstance(part, ast.Call)
    ]
    return not any(freed) and held not in {to for to, _ in given}


def _appended(evidence: Evidence, names: set[str]) -> tuple[ast.Call, str] | None:
    """Return what puts a loss into a list, and its name, where the source has just one such call.

    The list may be one of dictionaries, and a function of the program may append to it.
    """
    kept = [
        (call, name)
        for call in evidence.program.calls
        for given in (*call.args, *[word.value for word in call.keywords])
        for part in _parts(given)
        if (name := ast.unparse(part)) in names
        if last_name(call.func) == "append" or _appends(evidence, call, given)
    ]
    given = [found for found in kept if not _handed_over(evidence, *found)]
    kept = given or kept
    return kept[0] if len(kept) == 1 else None


def _handed_over(evidence: Evidence, call: ast.Call, name: str) -> bool:
    """Tell whether a name is that of an argument of the function in which a call stands."""
    home = evidence.program.scope(call)
    return isinstance(home, ast.FunctionDef) and name in [each.arg for each in home.args.args]


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what is held by a dictionary, a list or a tuple that is written out; else the node."""
    items: list[ast.expr] | None = None
    if isinstance(node, ast.Dict):
        items = node.values
    elif isinstance(node, (ast.List, ast.Tuple)):
        items = node.elts
    if items is None:
        yield node
    else:
        for item in items:
            yield from _parts(item)


def _appends(evidence: Evidence, call: ast.Call, given: ast.expr) -> bool:
    """Tell whether a call is of a function of the program that appends an argument to a list."""
    made = evidence.origins.function(call.func)
    name = None if made is None else parameter_of(made, call, given)
    return made is not None and any(
        isinstance(node, ast.Call)
        and last_name(node.func) == "append"
        and name in [last_name(part) for argument in node.args for part in _parts(argument)]
        for node in ast.walk(made)
        if name is not None
    )


def _old(value: Value) -> bool:
    """Tell whether a value was made in an earlier step and has its graph still."""
    slot = value.slot
    return slot.external and slot.requires_grad and not slot.leaf and value.shape in ((), (1,))


def _patched(evidence: Evidence, op: Op) -> str | None:
    if op.site is None or not re.fullmatch(r"[\w.]+ *\+= *[\w.]+", op.site.expression):
        return None
    return patch.replace(evidence.recording, op.site, f"{op.site.expression}.item()")


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = 0
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total += loss
"""

RULE = Rule(
    code="R12",
    name="loss-kept-with-graph",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 3},
    sources=("mldoct", "https://discuss.pytorch.org/t/43284", "https://discuss.pytorch.org/t/6741"),
    failing=FAILING,
    correct=FAILING.replace("total += loss", "total += loss.item()"),
)
