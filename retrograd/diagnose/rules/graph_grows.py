"""R11: every backward pass goes through the graphs of all steps before it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from retrograd.diagnose import detours
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import BackwardCall, Op, Site


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for passes over ever more nodes, and for weights that keep the graph of all before."""
    times = int(limits["times"])
    chain = _chain(evidence, times)
    if chain is not None:
        yield chain
        return
    for flow in evidence.all_flows:
        kept = _retained(flow, times)
        if kept is not None:
            yield kept
            return
    if len(evidence.flows) < times:
        raise NotChecked("diagnose-needs-full-steps", count=times)
    rising: list[Flow] = []
    for flow in evidence.flows:
        before = rising[-1] if rising else None
        if before is not None and not (
            flow.index == before.index + 1
            and len(flow.runs) > len(before.runs)
            and (len(rising) == 1 or len(flow.ops) == len(before.ops))
        ):
            rising = []
        rising.append(flow)
        if len(rising) > times:
            break
    if len(rising) <= times:
        return
    first, last = rising[1], rising[-1]
    held = carrier(last)
    call = last.passes[-1]
    yield Hit(
        steps=tuple(flow.index for flow in evidence.flows if flow.index >= first.index),
        site=held.site if held is not None else call.site,
        event=call.index,
        message=message(
            "graph-grows-found", how="nodes", first=len(first.runs), last=len(last.runs)
        ),
        evidence={"nodes_first": len(first.runs), "nodes_last": len(last.runs)},
    )


def _retained(flow: Flow, times: int) -> Hit | None:
    """Find passes of one step of which each goes through the graphs of those before it again."""
    rising: list[tuple[BackwardCall, int]] = []
    for call, following in pairwise([*flow.passes, None]):
        assert call is not None
        end = len(flow.events) if following is None else following.index
        count = sum(1 for run in flow.runs if call.index < run.index < end)
        if not call.retain_graph or call.create_graph or call.api != "backward":
            rising = []
        elif rising and (call.site != rising[-1][0].site or count <= rising[-1][1]):
            rising = [(call, count)]
        else:
            rising.append((call, count))
    if len(rising) <= times:
        return None
    (before, _), (last, count) = rising[-2:]
    carrier = _carried(flow, before, last)
    return Hit(
        steps=(flow.index,),
        site=carrier.site
        if carrier is not None and _beside(carrier.site, last.site)
        else last.site,
        event=last.index,
        message=message("graph-grows-found", how="nodes", first=rising[0][1], last=count),
        evidence={"nodes_first": rising[0][1], "nodes_last": count},
    )


def _beside(one: Site | None, other: Site | None) -> bool:
    """Tell whether two places are in the same function."""
    return one is not None and other is not None and one.function == other.function


def _carried(flow: Flow, before: BackwardCall, last: BackwardCall) -> Op | None:
    """Return the first op after a pass that takes what an op before it made, graph and all."""
    for op in flow.ops:
        if before.index < op.index < last.index and op.index in flow.loss_ops and op.grad:
            for value in inputs(op):
                made = flow.producers.get(value.index)
                source = flow.source(value)
                if flow.parameter_of(source) is not None or made is None:
                    continue
                if made.index < before.index and value.index in flow.requires:
                    return op
    return None


def _chain(evidence: Evidence, times: int) -> Hit | None:
    """Find a line that makes weights of the weights it made before, in more than some passes.

    No pass comes to the leaf at its end, as it would in meta-learning, and nothing updates it.
    """
    moved = set(evidence.held) | evidence.reached.keys()
    moved |= {update.parameter for flow in evidence.all_flows for update in flow.updates}
    for flow in evidence.all_flows:
        if len(flow.passes) <= times or any(call.create_graph for call in flow.passes):
            continue
        links: dict[int, tuple[int, int]] = {}  # by op: how many, and from which leaf
        for op in flow.ops:
            if not op.grad or op.site is None or kind(op) not in detours.STEPPING:
                continue
            for value in inputs(op):
                number = value.slot.parameter
                before = flow.producers.get(value.index)
                if number is not None and number not in moved:
                    links[op.index] = 1, number
                elif (
                    before is not None
                    and before.index in links
                    and before.site == op.site
                    and any(before.index < call.index < op.index for call in flow.passes)
                ):
                    links[op.index] = links[before.index][0] + 1, links[before.index][1]
            if links.get(op.index, (0, 0))[0] > times:
                expression = op.site.expression
                return Hit(
                    steps=(flow.index,),
                    site=op.site,
                    event=op.index,
                    message=message("graph-grows-found", how="weights", expression=expression),
                    parameters=frozenset({links[op.index][1]}),
                )
    return None


def carrier(flow: Flow) -> Op | None:
    """Return the op that takes a tensor of an earlier step with its graph, and goes on with it."""
    for op in flow.ops:
        for value in () if flow.cuts(op) else inputs(op):
            if value.slot.external and value.slot.requires_grad and not value.slot.leaf:
                return op
    return None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.002)
total = 0
for epoch in range(8):
    total = total + torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    total.backward(retain_graph=True)
    optimizer.step()
"""

RULE = Rule(
    code="R11",
    name="graph-grows",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 4},
    sources=("number of nodes that backward passes run, counted in the recording",),
    failing=FAILING,
    correct=FAILING.replace("total = total + torch", "total = torch").replace(
        "retain_graph=True", ""
    ),
    explains=("R12", "R49", "R53", "R80"),
)
