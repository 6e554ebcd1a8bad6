"""Ops on lists of tensors, and composite ops of inference mode, are recomputed like plain ones."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

import retrograd
from retrograd.explain.engine import Status, check_op
from retrograd.store.model import Op
from retrograd.store.reader import load

UNARY = "abs ceil cos erf exp expm1 floor log log1p neg reciprocal round rsqrt sigmoid sqrt tanh"
BINARY = "add sub mul div maximum minimum clamp_max clamp_min pow"


def lists() -> None:
    """Run ops on lists in each overload."""
    some, more = [torch.randn(3, 2), torch.randn(2)], [torch.rand(3, 2) + 1, torch.rand(2) + 1]
    for name in UNARY.split():
        getattr(torch, f"_foreach_{name}")(more)
    for name in BINARY.split():
        for operand in (some, 2.0, [2.0, 3.0]):
            getattr(torch, f"_foreach_{name}")(more, operand)
    torch._foreach_add(some, more, alpha=3.0)
    torch._foreach_mul(some, torch.tensor(3.0))
    torch._foreach_pow(2.0, some)
    for order in (1, 2, float("inf")):
        torch._foreach_norm(some, order)
    torch._foreach_addcmul(some, some, more, 2.0)
    torch._foreach_addcdiv(some, some, more, [2.0, 3.0])
    torch._foreach_addcdiv(some, some, more, torch.tensor([2.0, 3.0]))
    for weight in (0.3, some, [0.2, 0.3]):
        torch._foreach_lerp(some, more, weight)


@torch.inference_mode()
def evaluation() -> None:
    """Run layers that inference mode leaves in one piece."""
    images = torch.randn(2, 2, 6, 6)
    nn.Sequential(
        nn.Conv2d(2, 4, 3, padding="same"),
        nn.BatchNorm2d(4),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(36, 4),
        nn.LayerNorm(4),
        nn.Softmax(-1),
    ).eval()(images)
    nn.functional.scaled_dot_product_attention(images, images, images)
    images.chunk(2, -1)
    images[0].unflatten(0, (1, 2))


def test_lists_and_composite_ops_verify(tmp_path: Path) -> None:
    torch.manual_seed(0)
    leaf = nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([leaf])
    with retrograd.record(tmp_path / "run.retro", budget="all", keep="*"):
        lists()
        evaluation()
        leaf.sum().backward()
        optimizer.step()
    with load(tmp_path / "run.retro") as recording:
        ops = [event for event in recording.step(0).events if isinstance(event, Op)]
    checks = {op.name: check_op(op) for op in ops}
    accepted = ("random", "uninitialised")
    unverified = {
        name: check.reason
        for name, check in checks.items()
        if check.status is not Status.VERIFIED and check.reason not in accepted
    }
    assert not unverified
    assert sum(name.startswith("aten::_foreach_") for name in checks) >= 45
    assert {"aten::linear", "aten::conv2d.padding", "aten::max_pool2d"} <= checks.keys()
