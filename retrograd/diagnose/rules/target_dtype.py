"""R34: The target has a dtype or a form that the loss does not take."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Rule

PATTERNS = (
    r"expected scalar type (Long|Float|Double|Half|BFloat16) but found",
    r"[Ff]ound dtype \w+ but expected \w+",
    r"multi-target not supported",
    r"expected target dtype to be",
    r"Expected floating point type for target with class probabilities",
    r"not implemented for .(Int|Float|Double|Long|Half|Bool|Byte|Short)., (?=.*loss)",
    r"\"(nll_loss|binary_cross_entropy|mse|cross_entropy|l1)\w*\" not implemented for",
    r"result type Float can.t be cast to the desired output type",
)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.argmax(dim=1).float()
model = torch.nn.Linear(3, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R34",
    name="target-dtype",
    kind="exact",
    severity="error",
    check=errors.placed("target-dtype", *PATTERNS, place=Evidence.cast_site),
    sources=("documentation of torch.nn.CrossEntropyLoss",),
    failing=FAILING,
    raises=PATTERNS,
    correct=FAILING.replace("argmax(dim=1).float()", "argmax(dim=1)"),
)
