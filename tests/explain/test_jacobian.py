"""The Jacobian of single ops, held against ``torch.autograd.functional.jacobian``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import retrograd
from retrograd.explain.check import Status
from retrograd.explain.jacobian import Block, Jacobian, jacobian
from retrograd.explain.jacobian_structure import Entries, find_structure, shifts
from retrograd.explain.rule import Structure
from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording, load

Function = Callable[..., Tensor]
X, W, V = torch.randn(3, 4), torch.randn(4, 2), torch.randn(4)
BATCH, OTHER = torch.randn(2, 3, 4), torch.randn(2, 4, 2)
IMAGE, KERNEL = torch.randn(1, 2, 4, 4), torch.randn(3, 2, 2, 2)
CLASSES = torch.tensor([1, 0, 3])
INDICES = torch.tensor([2, 0, 2, 1])

# name: function, its inputs, and the kind of structure that each input's block has
OPS: dict[str, tuple[Function, tuple[Tensor, ...], tuple[str, ...]]] = {
    "mm": (torch.mm, (X, W), ("kronecker", "kronecker")),
    "bmm": (torch.bmm, (BATCH, OTHER), ("block-diagonal", "block-diagonal")),
    "addmm": (
        lambda b, x, w: torch.addmm(b, x, w, alpha=0.5),
        (torch.randn(2), X, W),
        ("broadcast", "kronecker", "kronecker"),
    ),
    "baddbmm": (
        torch.baddbmm,
        (torch.randn(2, 3, 2), BATCH, OTHER),
        ("identity", "block-diagonal", "block-diagonal"),
    ),
    "addbmm": (
        torch.addbmm,
        (torch.randn(3, 2), BATCH, OTHER),
        ("identity", "block-diagonal", "block-diagonal"),
    ),
    "mv": (torch.mv, (X, V), ("block-diagonal", "dense")),
    "addmv": (torch.addmv, (torch.randn(3), X, V), ("identity", "block-diagonal", "dense")),
    "dot": (torch.dot, (V, torch.randn(4)), ("weighted-sum", "weighted-sum")),
    "addr": (
        torch.addr,
        (torch.zeros(3, 4), torch.randn(3), V),
        ("identity", "block-diagonal", "kronecker"),
    ),
    "add": (torch.add, (X, V), ("identity", "broadcast")),
    "mul": (torch.mul, (X, V), ("diagonal", "weighted-broadcast")),
    "div": (torch.div, (X, V), ("diagonal", "weighted-broadcast")),
    "relu": (torch.relu, (X,), ("diagonal",)),
    "sigmoid": (torch.sigmoid, (X,), ("diagonal",)),
    "tanh": (torch.tanh, (X,), ("diagonal",)),
    "pow": (lambda x: x**3, (X,), ("diagonal",)),
    "sum": (torch.sum, (X,), ("sum",)),
    "sum of rows": (lambda x: x.sum(1), (X,), ("sum",)),
    "mean": (torch.mean, (X,), ("weighted-sum",)),
    "logsumexp": (lambda x: x.logsumexp(1), (X,), ("weighted-sum",)),
    "largest": (lambda x: x.amax(1), (X,), ("selection",)),
    "softmax": (lambda x: x.softmax(1), (X,), ("block-diagonal",)),
    "log_softmax": (lambda x: x.log_softmax(1), (X,), ("block-diagonal",)),
    "layer_norm": (
        lambda x, w, b: F.layer_norm(x, (4,), w, b),
        (X, V, torch.randn(4)),
        ("block-diagonal", "block-diagonal", "broadcast"),
    ),
    "conv1d": (
        lambda x, w: F.conv1d(x, w, stride=2, padding=1),
        (torch.randn(2, 2, 7), torch.randn(2, 2, 3)),
        ("convolution", "convolution"),
    ),
    "conv2d": (F.conv2d, (IMAGE, KERNEL), ("convolution", "convolution")),
    "transposed conv1d": (
        lambda x, w: F.conv_transpose1d(x, w, stride=2, dilation=2),
        (torch.randn(1, 2, 4), torch.randn(2, 2, 2)),
        ("convolution", "convolution"),
    ),
    "embedding": (lambda w: F.embedding(INDICES, w), (torch.randn(4, 3),), ("selection",)),
    "index_select": (lambda x: x.index_select(1, INDICES), (X,), ("selection",)),
    "reshape": (lambda x: x.view(6, 2), (X,), ("identity",)),
    "transpose": (lambda x: x.t(), (X,), ("permutation",)),
    "expand": (lambda v: v.expand(3, 4), (V,), ("broadcast",)),
    "cat": (lambda a, b: torch.cat((a, b)), (X, V[None]), ("selection", "selection")),
    "cumsum": (lambda v: v.cumsum(0), (V,), ("dense",)),
    "nll_loss": (lambda x: F.nll_loss(x, CLASSES), (X,), ("weighted-sum",)),
    "mse_loss": (F.mse_loss, (X, torch.randn(3, 4)), ("weighted-sum", "weighted-sum")),
    "bce": (
        lambda x: F.binary_cross_entropy(x, torch.full((3, 4), 0.3, dtype=x.dtype)),
        (torch.rand(3, 4),),
        ("weighted-sum",),
    ),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 2, 1), (IMAGE,), ("local",)),
    "bilinear": (
        lambda x: F.interpolate(x, scale_factor=1.5, mode="bilinear"),
        (torch.randn(1, 1, 2, 3),),
        ("local",),
    ),
    "max_pool2d": (lambda x: F.max_pool2d(x, 2), (IMAGE,), ("selection",)),
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recording]:
    """A recording with one step for each op, in order."""
    path = tmp_path_factory.mktemp("jacobian") / "ops.retro"
    leaf = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([leaf], lr=0.0)
    with retrograd.record(path, budget="all"):
        for function, given, _ in OPS.values():
            inputs = [tensor.clone().requires_grad_() for tensor in given]
            result = function(*inputs)
            result.backward(torch.randn_like(result))
            leaf.grad = torch.zeros(1)
            optimizer.step()
    with load(path) as recording:
        yield recording


def of(recorded: Recording, name: str, **asked: str) -> Jacobian:
    """Return the Jacobian of an op's first op with a node."""
    step = recorded.step(list(OPS).index(name))
    event = [op.index for op in step.ops if op.node is not None and op.name != "aten::clone"]
    return jacobian(step, event[0], asked.get("row"), asked.get("col"))


def oracle(name: str) -> list[np.ndarray]:
    """Return PyTorch's own Jacobian for each input, in float64, as a matrix."""
    function, given, _ = OPS[name]
    wide = tuple(tensor.double() for tensor in given)
    found = torch.autograd.functional.jacobian(function, wide)
    return [
        block.reshape(-1, tensor.numel()).numpy() for block, tensor in zip(found, wide, strict=True)
    ]


@pytest.mark.parametrize("name", OPS)
def test_equals_pytorch(name: str, recorded: Recording) -> None:
    """Every entry, the structure by the numbers, and vᵀJ."""
    found = of(recorded, name)
    expected = oracle(name)
    assert [block.structure.kind for block in found.blocks] == list(OPS[name][2])
    for block, matrix in zip(found.blocks, expected, strict=True):
        assert block.matrix is not None and block.pattern is not None
        np.testing.assert_allclose(block.matrix, matrix, rtol=1e-5, atol=1e-6)
        assert block.pattern[np.abs(matrix) > 1e-12].all()
        assert block.structure.agrees, block.structure
        assert block.check is not None and block.check.status is Status.VERIFIED


@pytest.mark.parametrize("name", OPS)
def test_rows_and_columns(name: str, recorded: Recording) -> None:
    """Each row and column, in the shape of its tensor, is that of the matrix."""
    for place, block in enumerate(of(recorded, name).blocks):
        assert block.matrix is not None
        rows, columns = block.matrix.shape
        row, column = rows // 2, columns // 2
        one = of(recorded, name, row=str(row)).blocks[place]
        assert one.line is not None and one.line.shape == block.value.shape
        np.testing.assert_allclose(one.line.dense.reshape(-1), block.matrix[row], rtol=1e-12)
        asked = ",".join(map(str, np.unravel_index(column, block.value.shape)))
        other = _block(of(recorded, name, col=f"{block.symbol}[{asked}]"), block)
        assert other.line is not None
        np.testing.assert_allclose(other.line.dense.reshape(-1), block.matrix[:, column])
        single = _block(of(recorded, name, row=str(row), col=f"{block.symbol}[{asked}]"), block)
        assert single.entry == pytest.approx(block.matrix[row, column])


def _block(found: Jacobian, like: Block) -> Block:
    return next(block for block in found.blocks if block.argument == like.argument)


# -- structure: a planted error is found ----------------------------------------------------------


@pytest.mark.parametrize("name", ["mm", "relu", "conv2d", "transpose", "sum of rows", "bce"])
def test_a_planted_entry_breaks_the_structure(name: str, recorded: Recording) -> None:
    """One more entry, and the numbers disagree with the rule; one dropped, and J is another."""
    block = of(recorded, name).blocks[-1]
    assert block.matrix is not None and block.pattern is not None
    zeros = np.argwhere(~block.pattern)
    row, column = zeros[len(zeros) // 2] if len(zeros) else (0, 0)
    matrix, pattern = block.matrix.copy(), block.pattern.copy()
    matrix[row, column], pattern[row, column] = 0.37, True
    step = of(recorded, name)
    entries = Entries(matrix, pattern, step.result.shape, block.value.shape, shifts((1, 1), (1, 1)))
    found = find_structure(entries, block.structure.claim)
    if name == "bce":  # one output: whatever the entries, they are added up
        assert found.agrees
    else:
        assert not found.agrees
        assert found.structure is not block.structure.claim


def test_kronecker_is_told_from_dense() -> None:
    """A product is found whichever dimensions it parts; a random matrix is none."""
    random = np.random.default_rng(0)
    left, right, noise = (random.normal(size=s) for s in ((3, 2), (2, 4), (6, 8)))
    for matrix, expected in ((np.kron(left, right), True), (noise, False)):
        entries = Entries(matrix, matrix != 0, (3, 2), (2, 4))
        found = find_structure(entries, Structure.KRONECKER)
        assert found.agrees is expected
        assert (found.structure is Structure.KRONECKER) is expected


# -- complex numbers ------------------------------------------------------------------------------


def test_complex_numbers_follow_pytorch(tmp_path: Path) -> None:
    """Holomorphic: ∂y/∂z, and vᵀ times its conjugate is sent; abs: by real and imaginary part."""
    z = torch.tensor([1 + 2j, -0.5 + 1j], requires_grad=True)
    path = tmp_path / "complex.retro"
    with retrograd.record(path, budget="all"):
        y = z * z
        size = y.abs()
        size.sum().backward()
    with load(path) as recording:
        step = recording.step(recording.unfinished or 0)
        square = jacobian(step, "mul").blocks
        assert square[0].matrix is not None
        np.testing.assert_allclose(square[0].matrix, np.diag(z.detach().numpy()), rtol=1e-6)
        assert square[0].convention.value == "holomorphic"
        length = jacobian(step, "abs").blocks[0]
        assert length.matrix is not None
        unit = (y / y.abs()).detach().numpy()
        np.testing.assert_allclose(length.matrix, np.diag(unit), rtol=1e-6)
        assert length.convention.value == "gradient"
        for block in (*square, length):
            assert block.check is not None and block.check.status is Status.VERIFIED


# -- large ----------------------------------------------------------------------------------------


def test_a_large_product_gives_rows_and_columns(tmp_path: Path) -> None:
    """Without its matrix: the row is zero but in one column of the weights."""
    x, w = torch.randn(300, 200), torch.randn(200, 100, requires_grad=True)
    path = tmp_path / "large.retro"
    with retrograd.record(path, budget="all", keep="*"):
        (x @ w).exp().sum().backward()
    with load(path) as recording:
        step = recording.step(recording.unfinished or 0)
        with pytest.raises(RecordingError, match=r"30,000 × 20,000 = 600,000,000 .* --row 0"):
            jacobian(step, "mm")
        row = jacobian(step, "mm", row="7,3").blocks[0].line
        assert row is not None and row.values.shape == (200, 1) and row.corner == (0, 3)
        np.testing.assert_allclose(row.values[:, 0], x[7].numpy(), rtol=1e-6)
        column = jacobian(step, "mm", col="5,3").blocks[0].line
        assert column is not None and column.values.shape == (300, 1) and column.corner == (0, 3)
        np.testing.assert_allclose(column.values[:, 0], x[:, 5].numpy(), rtol=1e-6)
        for asked in ({"row": "7,3"}, {"col": "7,3"}):
            line = jacobian(step, "exp", **asked).blocks[0].line
            assert line is not None and line.corner == (7, 3) and line.values.shape == (1, 1)


@pytest.mark.parametrize("function", [lambda x: x.softmax(1), lambda x: x * x, torch.cumsum])
def test_a_column_of_a_large_op_is_found(function: Function, tmp_path: Path) -> None:
    """Linear or not, it is what PyTorch's forward-mode derivative gives."""
    x = torch.randn(200, 80, requires_grad=True)
    run = (lambda t: torch.cumsum(t, 1)) if function is torch.cumsum else function
    path = tmp_path / "large.retro"
    with retrograd.record(path, budget="all", keep="*"):
        run(x).sum().backward()
    unit = torch.zeros(200, 80, dtype=torch.float64)
    unit[11, 5] = 1
    expected = torch.func.jvp(run, (x.detach().double(),), (unit,))[1]
    with load(path) as recording:
        step = recording.step(recording.unfinished or 0)
        node = next(op.index for op in step.ops if op.node is not None)
        blocks = jacobian(step, node, col="11,5").blocks
        total = sum(block.line.dense for block in blocks if block.line is not None)
    np.testing.assert_allclose(total, expected.numpy(), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("mm", ("J = I₃ ⊗ {1}ᵀ", "J = {0} ⊗ I₂")),
        ("mv", ("J = I₃ ⊗ {1}ᵀ", "J = {0}")),
        ("dot", ("J = {1}ᵀ", "J = {0}ᵀ")),
        ("addr", (None, "J = I₃ ⊗ {2}", "J = {1} ⊗ I₄")),
    ],
)
def test_a_product_folds(name: str, formulas: tuple[str | None, ...], recorded: Recording) -> None:
    """Which matrix J is, in the names of the program, equal in every number."""
    blocks = of(recorded, name).blocks
    symbols = [block.symbol for block in blocks]
    for block, formula in zip(blocks, formulas, strict=True):
        compared = [step for step in block.fold if step.equal is not None]
        if formula is None:
            assert not compared
            continue
        (step,) = compared
        assert step.formula == formula.format(*symbols)
        assert step.equal
