"""R69: no example goes into the predictions: they are made of parameters alone."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import sameness
from retrograd.diagnose.criteria import AFFINE, Criterion, criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import CHOOSING, RESHAPING, Flow, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Follow predictions that are the same for all examples back to what they were made from."""
    seen = [
        Sighting(flow, found.op, made)
        for flow in evidence.flows
        for found in criteria(flow)
        # where no layer is, a few numbers are fitted to the targets, which may be meant
        if _same(found, limits) and flow.kinds(flow.above(found.prediction)) & AFFINE
        if (made := sameness.unseen(flow, found.prediction)) is not None
    ]
    seen += [
        Sighting(flow, found.op, made)
        for flow in evidence.flows
        for found in criteria(flow)
        # the first step holds all that came before it: there the data were made too
        if flow.index and _told_apart(flow, found) and not _players(evidence)
        if (made := sameness.drawn(flow, found.prediction)) is not None
    ]
    for hits in repeated(seen, limits["times"]):
        site = evidence.layer_site(hits[0].what)
        yield hit(evidence, hits, message("input-ignored-found"), site=site)


def _players(evidence: Evidence) -> bool:
    """Tell whether several networks play: a generator is to make examples out of noise."""
    return len(evidence.optimizers) > 1


def _told_apart(flow: Flow, found: Criterion) -> bool:
    """Tell whether a loss compares with targets that differ, and that the step did not make."""
    array = found.target.array
    if array is None or array.ndim < 1 or len(array) < 2 or (array == array[:1]).all():
        return False
    maker = flow.maker(found.target)
    if maker is not None and maker.mutates:
        return False  # the step wrote into them
    made = [flow.events[index] for index in flow.above(found.target)]
    kinds = {kind(op) for op in made if isinstance(op, Op)}
    return kinds <= CHOOSING | RESHAPING


def _same(found: Criterion, limits: Limits) -> bool:
    """Tell whether the examples have one prediction and several targets."""
    prediction, target = found.prediction.array, found.target.array
    if prediction is None or target is None or not prediction.ndim or not target.ndim:
        return False
    if len(prediction) < limits["rows"] or len(target) != len(prediction):
        return False
    return bool((prediction == prediction[:1]).all() and (target != target[:1]).any())


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
start = torch.nn.Parameter(torch.randn(1, 4))
layer = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD([start, *layer.parameters()], lr=0.1)
for epoch in range(20):
    h = start.expand(len(X), 4)
    loss = torch.nn.functional.mse_loss(layer(h), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R69",
    name="input-ignored",
    kind="exact",
    severity="error",
    check=check,
    limits={"times": 3, "rows": 4},
    sources=("TheDeepChecker", "Karpathy, A Recipe for Training Neural Networks"),
    failing=FAILING,
    correct=FAILING.replace("h = start", "h = X + start"),
    explains=("R02", "R54", "R55", "R72", "R80", "R81"),
)
