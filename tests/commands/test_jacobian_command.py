"""``retrograd explain FILE --jacobian NODE``: what is printed, in every form, and bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from rich.cells import cell_len

import retrograd
from retrograd.commands import cli
from retrograd.messages import LANGUAGES

Call = Callable[..., str]
Patch = pytest.MonkeyPatch


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Call:
    """A function that runs a command line, which must succeed, and returns what it printed."""

    def call(*words: str | Path) -> str:
        assert cli.main(["explain", *map(str, words)]) == 0
        out, error = capsys.readouterr()
        assert error == ""
        return out

    return call


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Call:
    """A function that runs a command line, which must fail, and returns its one line."""

    def call(*words: str | Path) -> str:
        assert cli.main(["explain", *map(str, words)]) == 2
        out, error = capsys.readouterr()
        assert out == ""
        assert error.count("\n") == 1, error
        return error

    return call


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two linear layers of 20 → 30 → 3, an embedding of whole numbers, a custom function."""

    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:
            return x * 2

        @staticmethod
        def backward(ctx: object, g: torch.Tensor) -> torch.Tensor:
            return g * 2

    path = tmp_path_factory.mktemp("layers") / "layers.retro"
    torch.manual_seed(0)
    first, second = torch.nn.Linear(20, 30), torch.nn.Linear(30, 3)
    table = torch.randn(4, 20, requires_grad=True)
    big = torch.randn(70, 70, requires_grad=True)
    optimizer = torch.optim.SGD([*first.parameters(), *second.parameters(), table], lr=0.1)
    with retrograd.record(path, budget="all", keep="*"):
        rows = torch.nn.functional.embedding(torch.tensor([1, 3]), table)
        hidden = torch.tanh(first(rows))
        doubled = Double.apply(second(hidden))
        loss = doubled.square().mean() + big.exp().sum()
        loss.backward()
        optimizer.step()
    return path


# -- what is printed ------------------------------------------------------------------------------


def test_the_or_gate(or_gate: Path, said: Call) -> None:
    """∂(XW)/∂W is X, and vᵀJ is the gradient that PyTorch sent."""
    out = said(or_gate, "--jacobian", "MmBackward0", "--lang", "en")
    assert "∂a4/∂weights, 4 × 2" in out
    rows = [line.split() for line in out.splitlines() if line.startswith("  a4[")]
    assert rows == [
        ["a4[0,0]", "0", "0"],
        ["a4[1,0]", "0", "1"],
        ["a4[2,0]", "1", "0"],
        ["a4[3,0]", "1", "1"],
    ]
    for part in (
        "a4[i,k] = Σ_j X[i,j] · weights[j,k]",
        "∂a4[i,k]/∂weights[j,k′] = X[i,j] if k = k′ else 0",
        "J = X   ✓ equal in every number",
        "vᵀJ = Xᵀ @ ∂loss/∂a4",
        "J has 4 × 2 = 8 numbers, vᵀJ has 2.",
        "✓ recomputed without PyTorch",
        "X takes no gradient",
    ):
        assert part in out, part


@pytest.mark.parametrize("node", ["4", "a4", "14", "mm", "aten::mm", "MmBackward0#1"])
def test_ways_to_name_an_op(node: str, or_gate: Path, said: Call) -> None:
    """The event of the op or of its node, the symbol of the result, the op, the node."""
    assert "Jacobian of a4 = mm" in said(or_gate, "--jacobian", node, "--lang", "en")


def test_rows_columns_entries(or_gate: Path, said: Call) -> None:
    """Each in the shape of its tensor."""
    row = said(or_gate, "--jacobian", "mm", "--row", "2", "--lang", "en")
    assert "row 2, how a4[2,0] changes with each element of weights" in " ".join(row.split())
    assert "  ⎡1⎤\n  ⎣0⎦\n" in row
    assert row == said(or_gate, "--jacobian", "mm", "--row", "2,0", "--lang", "en")
    column = said(or_gate, "--jacobian", "mm", "--col", "weights[1,0]", "--lang", "en")
    assert "  ⎡0⎤\n  ⎢1⎥\n  ⎢0⎥\n  ⎣1⎦\n" in column
    entry = said(or_gate, "--jacobian", "mm", "--row", "-1", "--col", "1", "--lang", "en")
    assert "∂a4[3,0]/∂weights[1,0] = 1" in entry


def test_zeros_are_told_apart(or_gate: Path, said: Call) -> None:
    """Those of the structure are dots."""
    out = said(or_gate, "--jacobian", "output", "--lang", "en")
    row = next(line for line in out.splitlines() if line.startswith("  output[0,0]"))
    assert row.split() == ["output[0,0]", "0.25", "·", "·", "·"]
    assert "Structure: diagonal" in out


def test_json(or_gate: Path, said: Call) -> None:
    """Everything, as plain data."""
    found = json.loads(said(or_gate, "--jacobian", "4", "--json"))
    assert (found["op"], found["node"], found["event"]) == ("aten::mm", "MmBackward0", 4)
    (block,) = found["blocks"]
    assert block["matrix"] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert block["structure"]["name"] == "kronecker" and block["structure"]["agrees"]
    assert block["check"]["status"] == "verified"
    assert [step["equal"] for step in block["fold"]].count(True) == 1
    upstream, sent = block["vjp"]["upstream"], block["vjp"]["downstream"]
    for column in range(2):
        product = sum(upstream[i][0] * block["matrix"][i][column] for i in range(4))
        assert product == pytest.approx(sent[column][0], rel=1e-5)


def test_to_paste(or_gate: Path, said: Call) -> None:
    """LaTeX balances its braces; Markdown closes its fences."""
    latex = said(or_gate, "--jacobian", "mm", "--latex")
    assert r"\begin{pmatrix} 0 & 0 \\ 0 & 1 \\ 1 & 0 \\ 1 & 1 \end{pmatrix}" in latex
    assert latex.count("{") == latex.count("}")
    markdown = said(or_gate, "--jacobian", "mm", "--markdown", "--lang", "en")
    assert markdown.startswith("# Jacobian of a4")
    assert markdown.count("```") % 2 == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("node", ["0", "mm", "add", "sigmoid", "binary_cross_entropy"])
def test_both_languages(node: str, language: str, or_gate: Path, said: Call) -> None:
    """No gap in any sentence, in any form."""
    for form in ((), ("--json",), ("--markdown",)):
        out = said(or_gate, "--jacobian", node, "--lang", language, *form)
        if form == ("--json",):
            out = str(json.loads(out))
        assert ("행" in out) == (language == "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_fit(language: str, layers: Path, said: Call, monkeypatch: Patch) -> None:
    """Korean letters take two columns; what is wide stands below its label."""
    monkeypatch.setenv("COLUMNS", "60")
    out = said(layers, "--jacobian", "TBackward0", "--row", "0", "--lang", language)
    where = out.index("── ")
    assert max(map(cell_len, out[where:].splitlines())) <= 60


def test_several_of_a_name(layers: Path, said: Call) -> None:
    """The first, and how to ask for the others."""
    out = said(layers, "--jacobian", "TBackward0", "--row", "0", "--lang", "en")
    assert "2 ops go by the name TBackward0. This is TBackward0#1" in " ".join(out.split())
    out = said(layers, "--jacobian", "TBackward0#2", "--row", "0", "--lang", "en")
    assert "This is TBackward0#2" in " ".join(out.split())


def test_a_gradient_of_one_number_is_always_shown(layers: Path, said: Call) -> None:
    """One row, however long, in the shape of the input."""
    out = said(layers, "--jacobian", "SumBackward0", "--lang", "en")
    assert "(70×70)" in out
    assert "min 1, max 1" in out


# -- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--jacobian", "MmBackwrd0"), "has no op 'MmBackwrd0'; did you mean MmBackward0"),
        (("--jacobian", "sigmod"), "did you mean sigmoid"),
        (("--jacobian", "zzz"), "there are 4 (MmBackward0), 5 (AddBackward0)"),
        (("--jacobian", "9999"), "no event 9999: its events are 0 to"),
        (("--jacobian", "node 99"), "has no node 99"),
        (("--jacobian", "mm#2"), "there is no mm#2"),
        (("--jacobian", "9"), "event 9 is no op but backward"),
        (("--jacobian", "weights"), "randn (event 2) has no input to differentiate by"),
        (("--jacobian", "4.1"), "event 4 has no result 1"),
        (("--jacobian", "mm", "--row", "4"), "--row 4 is out of range: a4 (4×1)"),
        (("--jacobian", "mm", "--row", "1,1"), "dimension 1 of a4 (4×1) goes from 0 to 0"),
        (("--jacobian", "mm", "--row", "0,0,0"), "has 3 indices where a4 (4×1) has 2"),
        (("--jacobian", "mm", "--row", "x"), "give a number, or an index such as 0,0"),
        (("--jacobian", "mm", "--row", ""), "give a number, or an index such as 0,0"),
        (("--jacobian", "mm", "--col", "2"), "--col 2 is out of range: weights (2×1)"),
        (("--jacobian", "add", "--col", "99"), "a4 (4×1, 4 columns), bias (1, 1 columns)"),
        (("--row", "1"), "--row belongs to --jacobian"),
        (("--jacobian", "mm", "--event", "4"), "leave out --event"),
        (("--jacobian", "mm", "--step", "99999"), "has no step 99999"),
    ],
)
def test_bad_questions(words: tuple[str, ...], line: str, or_gate: Path, refused: Call) -> None:
    """One line that says what is wrong and what there is."""
    assert line in refused(or_gate, *words)


def test_too_large(layers: Path, refused: Call, said: Call) -> None:
    """Its size, and rows and columns instead."""
    line = refused(layers, "--jacobian", "exp")
    assert "too large to print: 4,900 × 4,900 = 24,010,000 numbers" in line
    assert "--row 0 (to 4899)" in line and "--col 0 (to 4899)" in line
    out = said(layers, "--jacobian", "exp", "--row", "69,69", "--lang", "en")
    assert "zero outside of [69,69] (1 of 4,900 numbers are not zero)" in out


def test_what_has_no_rule(layers: Path, refused: Call) -> None:
    """A function of the program's own."""
    assert "custom autograd.Function" in refused(layers, "--jacobian", "DoubleBackward")


def test_what_was_not_kept(tmp_path: Path, refused: Call) -> None:
    """A large value of which only figures were kept, a light step."""
    path = tmp_path / "large.retro"
    weight = torch.full((80, 80), 0.01, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    with retrograd.record(path, steps="0"):
        for _ in range(3):
            (weight @ weight).exp().sum().backward()
            optimizer.step()
    assert "were not kept" in refused(path, "--jacobian", "exp", "--row", "0")
    assert "--keep" in refused(path, "--jacobian", "mm", "--row", "0")
    assert "recorded light" in refused(path, "--jacobian", "mm", "--step", "1")
