"""R61: an activation stands between the last layer and a loss that takes raw scores."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message

_CUTTING = {
    "classes": frozenset({"relu", "sigmoid", "tanh"}),
    "logits": frozenset({"relu", "tanh"}),  # a sigmoid has a rule of its own
}


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look at the op that made the scores of each cross-entropy."""
    seen = []
    for flow in evidence.flows:
        for found in criteria(flow):
            made = flow.origin(found.prediction)
            name = kind(made).rstrip("_") if made is not None else ""
            if made is not None and name in _CUTTING.get(found.measure, ()):
                seen.append(Sighting(flow, made, name))
    for hits in repeated(seen, limits["times"]):
        said = message("activated-logits-found", op=hits[0].what)
        yield hit(evidence, hits, said, site=evidence.layer_site(hits[0].op))


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.argmax(dim=1)
model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R61",
    name="activated-logits",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 3},
    sources=("UMLAUT",),
    failing=FAILING,
    correct=FAILING.replace(", torch.nn.ReLU())", ")"),
    explains=("R39", "R55", "R80"),
)
