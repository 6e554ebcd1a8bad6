"""R32: binary_cross_entropy got numbers outside of 0 to 1."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Rule

PATTERNS = (r"all elements of input should be between 0 and 1",)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 2)
y = (X.sum(1, keepdim=True) > 0).float()
model = torch.nn.Linear(2, 1)
torch.nn.init.zeros_(model.weight)
torch.nn.init.constant_(model.bias, 0.5)
criterion = torch.nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=5.0)
for epoch in range(10):
    loss = criterion(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R32",
    name="bce-on-logits",
    kind="exact",
    severity="error",
    check=errors.placed("bce-on-logits", *PATTERNS, place=Evidence.criterion_site),
    sources=("measured with PyTorch 2.13",),
    failing=FAILING,
    raises=PATTERNS,
    correct=FAILING.replace("BCELoss", "BCEWithLogitsLoss"),
)
