"""R36: a squared error is taken of probabilities against labels 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for squared errors whose predictions come from a sigmoid or softmax."""
    seen = []
    for flow in evidence.flows:
        for found in criteria(flow):
            made = flow.origin(found.prediction)
            array = found.target.array
            if found.measure != "squared" or made is None or array is None:
                continue
            labels = bool(np.isin(array, (0, 1)).all())
            if kind(made) in ("sigmoid", "_softmax") and labels:
                seen.append(Sighting(flow, found.op, kind(made).lstrip("_")))
    for hits in repeated(seen, limits["times"]):
        said = message("squared-error-of-probability-found", op=hits[0].what)
        yield hit(evidence, hits, said, site=evidence.layer_site(hits[0].op))


FAILING = """\
import torch

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R36",
    name="squared-error-of-probability",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"times": 3},
    sources=("measured with PyTorch 2.13: OR starts with a gradient norm of 0.177, not 0.354",),
    failing=FAILING,
    correct=FAILING.replace("mse_loss", "binary_cross_entropy"),
)
