"""Every loss of ``torch.nn.functional``, in single precision, with each reduction and option."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import retrograd
from retrograd.explain.engine import Status, check_node, check_op
from retrograd.explain.rules import find
from retrograd.store.model import NodeRun, Op
from retrograd.store.reader import load

Loss = Callable[[], Tensor]


def losses(reduction: str) -> Iterator[tuple[str, Loss]]:
    """Yield each loss with its options, on inputs of its kind."""
    x = torch.randn(6, 5, requires_grad=True)
    other = torch.randn(6, 5, requires_grad=True)
    third = torch.randn(6, 5, requires_grad=True)
    shares = torch.rand(6, 5)
    classes = torch.tensor([0, 4, 2, -100, 1, 2])
    sides = torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
    weight, pixels = torch.rand(5) + 0.1, torch.randint(5, (6, 3))
    images = torch.randn(6, 5, 3, requires_grad=True)
    options = {"reduction": reduction}
    yield "mse", lambda: F.mse_loss(x, other, **options)
    yield "l1", lambda: F.l1_loss(x, other, **options)
    yield "huber", lambda: F.huber_loss(x, other, delta=0.7, **options)
    yield "smooth_l1", lambda: F.smooth_l1_loss(x, other, beta=0.3, **options)
    yield "smooth_l1 at 0", lambda: F.smooth_l1_loss(x, other, beta=0.0, **options)
    yield "bce", lambda: F.binary_cross_entropy(x.sigmoid(), shares, weight, **options)
    yield (
        "bce with logits",
        lambda: F.binary_cross_entropy_with_logits(
            x * 9, shares, weight, pos_weight=weight + 1, **options
        ),
    )
    for smoothing in (0.0, 0.1):
        for weights in (None, weight):
            yield (
                f"cross entropy, smoothing {smoothing}, weights {weights is not None}",
                lambda w=weights, s=smoothing: F.cross_entropy(
                    x, classes, w, label_smoothing=s, **options
                ),
            )
            yield (
                f"cross entropy of images, smoothing {smoothing}, weights {weights is not None}",
                lambda w=weights, s=smoothing: F.cross_entropy(
                    images, pixels, w, label_smoothing=s, **options
                ),
            )
    yield "cross entropy of shares", lambda: F.cross_entropy(x, shares, weight, **options)
    yield "nll", lambda: F.nll_loss(x.log_softmax(1), classes, weight, **options)
    yield "kl", lambda: F.kl_div(x.log_softmax(1), shares, **options)
    yield (
        "kl of logarithms",
        lambda: F.kl_div(x.log_softmax(1), other.log_softmax(1), log_target=True, **options),
    )
    yield "soft margin", lambda: F.soft_margin_loss(x, torch.sign(shares - 0.5), **options)
    for p in (1, 2):
        yield (
            f"multi margin {p}",
            lambda p=p: F.multi_margin_loss(x, classes.clamp(min=0), p, 0.8, weight, **options),
        )
    labels = torch.tensor([3, 0, -1, 2, 2]).repeat(6, 1)
    yield "multilabel margin", lambda: F.multilabel_margin_loss(x, labels, **options)
    yield (
        "multilabel soft margin",
        lambda: F.multilabel_soft_margin_loss(x, shares.round(), weight, **options),
    )
    yield "hinge", lambda: F.hinge_embedding_loss(x, torch.sign(shares - 0.5), **options)
    yield "ranking", lambda: F.margin_ranking_loss(x[:, 0], other[:, 0], sides, 0.2, **options)
    yield "cosine", lambda: F.cosine_embedding_loss(x, other, sides, 0.1, **options)
    yield "triplet", lambda: F.triplet_margin_loss(x, other, third, **options)
    yield "poisson", lambda: F.poisson_nll_loss(x, shares, **options)
    yield "gaussian", lambda: F.gaussian_nll_loss(x, other, shares + 0.1, **options)
    sequence = torch.randn(9, 2, 5, requires_grad=True)
    yield (
        "ctc",
        lambda: F.ctc_loss(
            sequence.log_softmax(2),
            torch.tensor([[1, 1, 3], [2, 4, 4]]),
            torch.tensor([9, 7]),
            torch.tensor([3, 2]),
            **options,
        ),
    )


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")
def test_every_loss_verifies(tmp_path: Path) -> None:
    """No op and no node of a loss differs from PyTorch, and what has a rule was really compared."""
    torch.manual_seed(0)
    path, names = tmp_path / "losses.retro", []
    leaf = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([leaf], lr=0.0)
    with retrograd.record(path, budget="all", keep="*"):
        for reduction in ("none", "mean", "sum"):
            for name, loss in losses(reduction):
                optimizer.step()  # ends the step that made the inputs
                loss().sum().backward()
                leaf.grad = torch.zeros(1)
                names.append(f"{name}, {reduction}")
                optimizer.step()
    wrong, verified = [], 0
    with load(path) as recording:
        for index in recording.full_steps:
            step = recording.step(index)
            for event in step.events:
                if isinstance(event, Op) and find(event.name) is not None:
                    check, what = check_op(event), event.name
                elif isinstance(event, NodeRun):
                    check, what = check_node(step, event), step.nodes[event.node].name
                else:
                    continue
                verified += check.status is Status.VERIFIED
                if check.status is Status.WRONG:
                    wrong.append((names[index // 2], what, check.difference, check.tolerance))
    assert not wrong, wrong
    assert verified > 10 * len(names) / 2, (verified, len(names))
