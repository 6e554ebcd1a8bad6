"""R71: images stored as N×H×W×C were viewed as N×C×H×W: their pixels are mixed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrograd.diagnose import errors
from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op

_VIEWING = frozenset({"view", "reshape", "_unsafe_view", "_reshape_alias"})


PATTERNS = (r"expected input\[(\d+(?:, \d+){2,4})\] to have (\d+) channels",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a view of data that gives the channels another place without moving a number."""
    refused = errors.raised(evidence, *PATTERNS)
    if refused is not None and refused[1][1].split(", ")[-1] == refused[1][2]:
        incident, match = refused
        said = message("mixed-up-layout-found-last", shape=match[1].replace(", ", "×"))
        yield errors.at(incident, incident.site, said, message("mixed-up-layout-fix-last"))
        return
    seen = []
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) not in _VIEWING or not op.outputs or op.outputs[0] is None:
                continue
            one, other = inputs(op)[0].shape, op.outputs[0].shape
            if not _confused(one, other, limits) or flow.trained(inputs(op)[0]):
                continue
            seen.append(Sighting(flow, op, (one, other)))
    rows_last = sorted(
        _last_channels(evidence, limits), key=lambda s: s.op.index not in s.flow.loss_ops
    )
    for last in [*repeated(rows_last, 1)][:1]:  # the first place is enough
        shape = "×".join(map(str, last[0].what))
        said = message("mixed-up-layout-found-last", shape=shape)
        found = hit(evidence, last, said, site=evidence.given_site(last[0].op))
        yield replace(found, fix=message("mixed-up-layout-fix-last"), severity="warning")
    for turned in repeated(_rows_as_time(evidence), 3):
        rows, steps = turned[0].what
        said = message("mixed-up-layout-found-time", rows=rows, steps=steps)
        found = hit(evidence, turned, said, site=evidence.layer_site(turned[0].op))
        yield replace(found, fix=message("mixed-up-layout-fix-time"), severity="warning")
    for hits in repeated(seen, 1):
        before, after = ["×".join(map(str, shape)) for shape in hits[0].what]
        yield hit(evidence, hits, message("mixed-up-layout-found", one=before, other=after))


def _last_channels(evidence: Evidence, limits: Limits) -> Iterator[Sighting[tuple[int, ...]]]:
    """Yield the convolutions that take the rows of square images for their channels."""
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) not in ("convolution", "conv2d"):
                continue
            data = inputs(op)[0]
            if len(data.shape) == 4 and not flow.trained(data):
                rows, columns, channels = data.shape[1:]
                if channels <= limits["channels"] < rows == columns:
                    yield Sighting(flow, op, data.shape)


def _rows_as_time(evidence: Evidence) -> Iterator[Sighting[tuple[int, int]]]:
    """Yield recurrent layers that walk through the examples, one target for each, as if time."""
    for flow in evidence.flows:
        for op in flow.ops:
            if kind(op) != "mkldnn_rnn_layer" and not _unrolled(op):
                continue
            data = inputs(op)[0]
            if len(data.shape) != 3:
                continue
            rows, steps = data.shape[:2]
            targets = [found.target.shape for found in criteria(flow)]
            if steps > 1 and targets in ([(rows,)], [(rows, 1)]):
                yield Sighting(flow, op, (rows, steps))


def _unrolled(op: Op) -> bool:
    """Tell whether an op cuts what a recurrent layer is given into the steps of its time."""
    recurrent = op.module is not None and op.module.type in ("RNN", "GRU", "LSTM")
    return recurrent and kind(op) == "unbind" and op.arguments.get("dim", 0) == 0


def _confused(one: tuple[int, ...], other: tuple[int, ...], limits: Limits) -> bool:
    """Tell whether channels went from the last place to the one before height and width."""
    if len(one) < 3 or len(one) != len(other) or one[:-3] != other[:-3]:
        return False
    height, width, channels = one[-3:]
    small = 1 < channels <= limits["channels"] < min(height, width)
    return small and other[-3:] == (channels, height, width)


FAILING = """\
import torch

torch.manual_seed(0)
images = torch.rand(32, 8, 8, 3)
y = (images[:, :, :, 0].mean((1, 2)) > 0.5).long()
model = torch.nn.Sequential(
    torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 2)
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(10):
    x = images.view(32, 3, 8, 8)
    loss = torch.nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R71",
    name="mixed-up-layout",
    kind="exact",
    severity="error",
    check=check,
    limits={"channels": 4},
    sources=("UMLAUT", "torch-audit TA303"),
    failing=FAILING,
    correct=FAILING.replace("view(32, 3, 8, 8)", "permute(0, 3, 1, 2)"),
    explains=("R80",),
    raises=PATTERNS,
)
