"""R40: the first NaN or infinity of the run, with its op, its line and what it was given."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import nonfinite
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun, Update


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Find the step in which it did harm, and the op or node in which it appeared."""
    step = nonfinite.first_step(evidence)
    found = nonfinite.origin(evidence)
    if found is None:
        if step is not None and nonfinite.stays(evidence):
            incidents = [i for i in evidence.recording.incidents if i.kind == "nonfinite"]
            site = incidents[0].site if incidents else None
            said = message("nonfinite-value-found-light", step=step)
            yield Hit(steps=(step,), site=site, message=said)
        return
    event = found.event
    expression = event.site.expression if event.site is not None else "?"
    what = "nan" if nonfinite.nans(found.value) else "inf"
    places: dict[type, str] = {NodeRun: "backward", Update: "update"}
    where = places.get(type(event), "forward")
    yield Hit(
        steps=(found.flow.index,),
        site=event.site,
        event=event.index,
        message=message(
            "nonfinite-value-found",
            what=what,
            where=where,
            step=found.flow.index,
            expression=expression,
            begins=evidence.line(found.chain[0].site),
        ),
        evidence=_numbers(evidence, found),
    )


def _numbers(evidence: Evidence, found: nonfinite.Origin) -> dict[str, float]:
    numbers: dict[str, float] = {"nans": nonfinite.nans(found.value)}
    numbers["infs"] = nonfinite.infinities(found.value)
    for update in found.flow.updates:
        figures = None if update.before is None else update.before.statistics
        if figures is not None and figures.norm == figures.norm:
            numbers["weight_norm"] = max(numbers.get("weight_norm", 0.0), figures.norm)
    return numbers


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1)
weight = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(60):
    score = X @ weight
    score = (score - score.mean()) / score.std()
    loss = ((score - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R40",
    name="nonfinite-value",
    kind="exact",
    severity="error",
    check=check,
    sources=("SageMaker Debugger, built-in rules", "UMLAUT", "torch-audit TA100"),
    failing=FAILING,
    correct=FAILING.replace("zeros(3", "ones(3"),
    explains=("R49", "R53", "R80", "R51"),
)
