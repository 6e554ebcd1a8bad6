"""R76: a share was computed with ``//``: whole numbers leave 0 of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from retrograd.diagnose import patch
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.program import assigned, last_name
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value

_COMPARING = frozenset({"eq", "ne", "gt", "lt", "ge", "le"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for one number divided down to 0 that says how good the predictions are."""
    yield from _of_tensors(evidence, limits)
    yield from _of_numbers(evidence, limits)
    yield from _of_rates(evidence, limits)
    yield from _of_data(evidence)


def _of_tensors(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    seen = []
    for flow in evidence.all_flows:
        for op in flow.ops:
            floors = kind(op) == "floor_divide" or op.arguments.get("rounding_mode") in (
                "floor",
                "'floor'",
            )
            pair = _pair(op) if floors else None
            if pair is not None and 0 < pair[0] < pair[1] and _counted(flow, op):
                seen.append(Sighting(flow, op, pair))
    for hits in repeated(seen, limits["times"]):
        op, (part, whole) = hits[0].op, hits[0].what
        found = hit(
            evidence, hits, message("floor-division-found", part=f"{part:g}", whole=f"{whole:g}")
        )
        expression = op.site.expression if op.site is not None else ""
        if expression.count("//") == 1:
            fixed = patch.replace(evidence.recording, op.site, expression.replace("//", "/"))
            yield Hit(found.steps, found.site, found.message, found.event, patch=fixed)
        else:
            yield found


def _of_numbers(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for counts of right predictions that the source, once they are numbers, divides."""
    program = evidence.program
    divisions = [
        node
        for node in program.nodes
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv)
    ]
    divisions = [node for node in divisions if _size(evidence, node, node.right)]
    if not divisions:
        return
    seen: dict[ast.BinOp, list[Sighting[ast.BinOp]]] = {}
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) == "_local_scalar_dense" and _imperfect(flow, op):
                for node in divisions:
                    if _goes_into(evidence, op, node):
                        seen.setdefault(node, []).append(Sighting(flow, op, node))
    for node, hits in seen.items():
        if len(hits) >= limits["times"]:
            site = program.site(node)
            part, whole = ast.unparse(node.left), ast.unparse(node.right)
            said = message("floor-division-found", part=part, whole=whole)
            told = hit(evidence, hits, said, site=site)
            fixed = patch.replace(evidence.recording, site, site.expression.replace("//", "/"))
            yield replace(told, patch=fixed)


def _of_data(evidence: Evidence) -> Iterator[Hit]:
    """Look for whole numbers of data that are divided by more than any of them."""
    for flow in evidence.all_flows[:2]:
        for op in flow.ops:
            by, given = op.arguments.get("other"), inputs(op)
            by = by.number if isinstance(by, Value) else by
            if kind(op) != "floor_divide" or not isinstance(by, (int, float)) or by < 2:
                continue
            before, out = given[0].statistics, op.outputs[0]
            after = None if out is None else out.statistics
            if before is None or after is None or out is None or not before.max > 1:
                continue
            if out.slot.count > 1 and after.zeros == out.slot.count and not flow.trained(given[0]):
                whole = op.site.expression if op.site is not None else op.name
                yield Hit(
                    steps=(flow.index,),
                    site=op.site,
                    event=op.index,
                    message=message("floor-division-found-data", expression=whole),
                    patch=patch.replace(evidence.recording, op.site, whole.replace("//", "/")),
                )
                return


def _of_rates(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a learning rate that the source divides, and that is 0 in nearly all steps."""
    updates = [(flow, update) for flow in evidence.flows for update in flow.updates[:1]]
    off = [(flow, u) for flow, u in updates if not u.manual and u.hyperparameters.get("lr") == 0]
    if len(off) < limits["rates"] or len(off) < limits["share"] * len(updates):
        return
    _, update = off[0]
    written = evidence.program.at(evidence.rate_site(update))
    given = [] if written is None else [written]
    given += [value for target, value in _assigned(evidence) if _rate_of_a_group(target)]
    for expression in given:  # and what stands for a name in them
        scope = evidence.program.scope(expression)
        names = [node for node in ast.walk(expression) if isinstance(node, ast.Name)]
        given += [v for node in names for v in _added(evidence, scope, node) if v not in given]
    for expression in given:
        for part in ast.walk(expression):
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.FloorDiv):
                site = evidence.program.site(expression)
                fixed = site.expression.replace("//", "/")
                yield Hit(
                    steps=tuple(each.index for each, _ in off),
                    site=site,
                    event=update.index,
                    message=message("floor-division-found-rate", division=ast.unparse(part)),
                    patch=patch.replace(evidence.recording, site, fixed),
                    severity="error",
                )
                return


def _assigned(evidence: Evidence) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in evidence.program.nodes:
        yield from assigned(node)


def _rate_of_a_group(target: ast.expr) -> bool:
    """Tell whether an assignment is to ``group["lr"]``."""
    key = target.slice if isinstance(target, ast.Subscript) else None
    return isinstance(key, ast.Constant) and key.value == "lr"


def _size(evidence: Evidence, division: ast.BinOp, node: ast.expr) -> bool:
    """Tell whether a division is by a number of examples, or by a sum of such numbers."""
    if isinstance(node, ast.Call):
        return last_name(node.func) in ("len", "size", "numel")
    if isinstance(node, ast.Subscript):
        return last_name(node.value) == "shape"
    return isinstance(node, (ast.Name, ast.Attribute)) and any(
        _size(evidence, division, value)
        for value in _added(evidence, evidence.program.scope(division), node)
        if not isinstance(value, (ast.Name, ast.Attribute))
    )


def _added(evidence: Evidence, scope: ast.AST, name: ast.expr) -> Iterator[ast.expr]:
    """Yield what a function adds to a variable, or gives it."""
    for node in ast.walk(scope):
        pairs = list(assigned(node))
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            pairs.append((node.target, node.value))
        for target, value in pairs:
            if ast.unparse(target) == ast.unparse(name):
                yield value


def _goes_into(evidence: Evidence, op: Op, division: ast.BinOp) -> bool:
    """Tell whether the number that an op gives Python is what a division divides, or part of it."""
    read = evidence.program.at(op.site)
    scope = evidence.program.scope(division)
    values = [division.left, *_added(evidence, scope, division.left)]
    around = [] if read is None else [read, *evidence.program.above(read)]
    alone = takewhile(lambda node: isinstance(node, (ast.Call, ast.Attribute)), around)
    return any(node in values for node in alone)  # 100 * right // all is a whole percentage


def _imperfect(flow: Flow, op: Op) -> bool:
    """Tell whether an op reads how many predictions were right, and not all of them were."""
    if not _counted(flow, op):
        return False
    number = inputs(op)[0].number
    compared = flow.events[max(flow.above(inputs(op)[0]) & _comparisons(flow))]
    asked = compared.outputs[0] if isinstance(compared, Op) and compared.outputs else None
    return asked is not None and number is not None and number < asked.slot.count


def _comparisons(flow: Flow) -> set[int]:
    return {op.index for op in flow.ops if kind(op) in _COMPARING}


def _pair(op: Op) -> tuple[float, float] | None:
    """Return the single numbers that an op divides."""
    found = []
    for argument in (op.arguments.get("self"), op.arguments.get("other")):
        number = argument.number if isinstance(argument, Value) else argument
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return None
        found.append(float(number))
    return found[0], found[1]


def _counted(flow: Flow, op: Op) -> bool:
    """Tell whether the number counts comparisons with what parameters predicted."""
    first = inputs(op)[0]
    compared = flow.kinds(flow.above(first)) & _COMPARING
    return bool(compared) and flow.trained(first)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.argmax(dim=1)
model = torch.nn.Linear(4, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    scores = model(X)
    loss = torch.nn.functional.cross_entropy(scores, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    correct = (scores.argmax(dim=1) == y).sum()
    print("accuracy:", correct // len(y))
"""

RULE = Rule(
    code="R76",
    name="floor-division",
    kind="exact",
    severity="warning",
    check=check,
    limits={"times": 2, "rates": 5, "share": 0.5},
    sources=("measured with PyTorch 2.13: 3 // 4 is 0",),
    failing=FAILING,
    correct=FAILING.replace("correct // len(y)", "(correct / len(y)).item()"),
    explains=("R51", "R54", "R66", "R80", "R81"),
)
