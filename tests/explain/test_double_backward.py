"""Second derivatives: nodes that a backward pass makes are checked from what they keep."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import retrograd
from retrograd.explain.engine import Status, check_node
from retrograd.explain.story import explain_event
from retrograd.store.model import NodeRun
from retrograd.store.reader import load

Function = Callable[[Tensor], Tensor]

POINTWISE: dict[str, Function] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "gelu": F.gelu,
    "silu": F.silu,
    "mish": F.mish,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "celu": F.celu,
    "selu": F.selu,
    "softplus": lambda x: F.softplus(x, beta=2),
    "threshold": lambda x: F.threshold(x, 0.1, 3.0),
    "hardtanh": F.hardtanh,
    "hardswish": F.hardswish,
    "logsigmoid": F.logsigmoid,
    "softshrink": F.softshrink,
    "hardshrink": F.hardshrink,
    "glu": lambda x: F.glu(x, -1),
    "prelu": lambda x: F.prelu(x, torch.full((1,), 0.2)),
    "softmax": lambda x: F.softmax(x, -1),
    "log_softmax": lambda x: F.log_softmax(x, -1),
    "logsumexp": lambda x: x.logsumexp(-1),
    "prod": lambda x: x.prod(-1),
    "norm": lambda x: x.norm(dim=-1),
    "std": lambda x: x.std(-1),
    "cumsum": lambda x: x.cumsum(0),
    "logcumsumexp": lambda x: torch.logcumsumexp(x, 0),
    "slice": lambda x: x[1:, 1:3],
    "select": lambda x: x[0],
    "amax": lambda x: x.amax(-1),
    "sort": lambda x: x.sort(-1).values,
    "gather": lambda x: x.gather(1, torch.zeros(5, 2, dtype=torch.long)),
    "unfold": lambda x: x.unfold(1, 2, 1),
    "diagonal": lambda x: x.diagonal() ** 2,
    "matmul": lambda x: x @ x.T,
    "inverse": lambda x: torch.linalg.inv(x[:4] @ x[:4].T + torch.eye(4)),
    "mse": lambda x: F.mse_loss(x, torch.ones_like(x)),
    "smooth_l1": lambda x: F.smooth_l1_loss(x, torch.ones_like(x)),
    "huber": lambda x: F.huber_loss(x, torch.ones_like(x)),
    "soft_margin": lambda x: F.soft_margin_loss(x, torch.ones_like(x)),
    "bce": lambda x: F.binary_cross_entropy(torch.sigmoid(x), torch.full_like(x, 0.3)),
    "bce_logits": lambda x: F.binary_cross_entropy_with_logits(x, torch.full_like(x, 0.3)),
    "cross_entropy": lambda x: F.cross_entropy(x, torch.tensor([0, 1, 2, 3, 1])),
}
IMAGES: dict[str, Function] = {
    "conv": lambda x: F.conv2d(x, x[:1, :, :3, :3] * 1, padding=1, stride=2),
    "conv_transposed": lambda x: F.conv_transpose2d(x, x[:, :, :3, :3] * 1, torch.ones(2)),
    "layer_norm": lambda x: F.layer_norm(x, (6,), x[0, 0, 0] * 1, x[0, 0, 1] * 1),
    "batch_norm": lambda x: F.batch_norm(
        x, None, None, x[0, :, 0, 0] * 1, x[0, :, 0, 1] * 1, training=True
    ),
    "batch_norm_fixed": lambda x: F.batch_norm(x, torch.zeros(2), torch.ones(2), x[0, :, 0, 0] * 1),
    "group_norm": lambda x: F.group_norm(x, 2),
    "instance_norm": F.instance_norm,
    "rms_norm": lambda x: F.rms_norm(x, (6,)),
    "max_pool": lambda x: F.max_pool2d(x, 2),
    "avg_pool": lambda x: F.avg_pool2d(x, 2),
    "adaptive_avg_pool": lambda x: F.adaptive_avg_pool2d(x, 4),
    "adaptive_max_pool": lambda x: F.adaptive_max_pool2d(x, 2),
    "nearest": lambda x: F.interpolate(x, scale_factor=2),
    "bilinear": lambda x: F.interpolate(x, size=(7, 9), mode="bilinear"),
    "bicubic": lambda x: F.interpolate(x, size=(7, 9), mode="bicubic"),
    "reflect": lambda x: F.pad(x, (1, 1, 1, 1), mode="reflect"),
    "replicate": lambda x: F.pad(x, (1, 1, 1, 1), mode="replicate"),
    "im2col": lambda x: F.unfold(x, 2),
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record a gradient penalty of each function in a step of its own."""
    torch.manual_seed(0)
    rows, images = nn.Parameter(torch.randn(5, 6)), nn.Parameter(torch.randn(2, 2, 6, 6))
    table = nn.Parameter(torch.randn(10, 4))
    optimizer = torch.optim.SGD([rows, images, table], lr=1e-6)
    jobs = [(rows, f) for f in POINTWISE.values()] + [(images, f) for f in IMAGES.values()]
    jobs.append((table, lambda weight: F.embedding(torch.tensor([1, 2, 2]), weight)))
    path = tmp_path_factory.mktemp("double") / "double.retro"
    with retrograd.record(path, budget="all", keep="*"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for leaf, function in jobs:
            optimizer.zero_grad()
            loss = (function(leaf * 1.0) ** 2).sum()
            (gradient,) = torch.autograd.grad(loss, leaf, create_graph=True)
            (gradient**2).sum().backward()
            optimizer.step()
    return path


NAMES = [*POINTWISE, *IMAGES, "embedding"]


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_gradient_penalties_verify(recording: Path, number: int) -> None:
    with load(recording) as opened:
        step = opened.step(number)
        checks = {
            (event.index, step.nodes[event.node].name): check_node(step, event)
            for event in step.events
            if isinstance(event, NodeRun)
        }
        again = [n for n in step.nodes if n.created_by is not None and n.parameter is None]
    unverified = {k: c.reason for k, c in checks.items() if c.status is not Status.VERIFIED}
    assert again, "no node was made by a backward pass"
    assert not unverified


def test_a_rebuilt_op_is_explained_without_invented_names(recording: Path) -> None:
    with load(recording) as opened:
        step = opened.step(NAMES.index("tanh"))
        run = next(
            event
            for event in step.events
            if isinstance(event, NodeRun) and step.nodes[event.node].name == "TanhBackwardBackward0"
        )
        lines = explain_event(step, run.index).lines
    assert lines
    for line in lines:
        assert line.formula is not None and line.worked is not None
        assert "∂·" in line.symbol or line.symbol.endswith(tuple(line.names.values()))
