"""R65: the data hold NaN or infinity before anything is computed with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from retrograd.diagnose import nonfinite
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.program import assigned, last_name
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Op, Site


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for an input from outside of the step that is not finite where the harm begins."""
    found = nonfinite.origin(evidence)
    if found is None or found.cause != "data" or found.flow.parameter_of(found.value) is not None:
        return
    value, event = found.value, found.event
    rows = _rows(value.array)
    yield Hit(
        steps=(found.flow.index,),
        site=_spoilt(evidence, evidence.read_site(event, value))
        if isinstance(event, Op)
        else event.site,
        event=event.index,
        message=message(
            "nan-in-data-found",
            name=value.name or (event.site.expression if event.site else "?"),
            rows=rows,
        ),
        evidence={"nans": nonfinite.nans(value), "infs": nonfinite.infinities(value)},
    )


def _spoilt(evidence: Evidence, site: Site | None) -> Site | None:
    """Return what writes a NaN into data after they were made, as in ``table[3] = np.nan``."""
    program = evidence.program
    made = program.at(site)
    around = [] if made is None else program.above(made)
    names = {last_name(to) for node in around for to, value in assigned(node) if value is made}
    written = [
        target
        for node in program.nodes
        for target, value in assigned(node)
        if isinstance(target, ast.Subscript)
        and last_name(target.value) in names - {None}
        and any((last_name(part) or "").lower() == "nan" for part in ast.walk(value))
    ]
    return program.site(written[0]) if len(written) == 1 else site


def _rows(array: Array | None) -> str:
    if array is None or array.ndim == 0:
        return "?"
    spoilt = ~np.isfinite(array.reshape(array.shape[0], -1)).all(axis=1)
    listed = [str(row) for row in np.nonzero(spoilt)[0][:5]]
    return ", ".join(listed) + (", …" if spoilt.sum() > len(listed) else "")


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1, keepdim=True)
X[7, 1] = float("nan")
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R65",
    name="nan-in-data",
    kind="exact",
    severity="error",
    check=check,
    sources=("UMLAUT",),
    failing=FAILING,
    correct=FAILING.replace('X[7, 1] = float("nan")\n', ""),
    explains=("R40", "R41", "R42"),
)
