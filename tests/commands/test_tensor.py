"""``retrograd tensor``: what it prints, in both languages and as JSON, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import retrograd
from retrograd.commands import cli


def printed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Return what the command prints."""
    assert cli.main(["tensor", *map(str, words)]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    return out


def test_a_parameter(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, or_gate, "weights", "--lang", "en")
    assert found.startswith("weights in step 0: a 2×1 matrix\n")
    assert "0.1 becomes 0.100000001490116119384765625\n" in found
    assert "A leaf: randn (or_gate.py:7) made it with requires_grad=True." in found
    assert "None → [[−0.2006], [−0.2134]]" in found
    korean = printed(capsys, or_gate, "weights", "--lang", "ko")
    assert korean.startswith("스텝 0의 weights: 2×1 행렬\n")
    assert "None → [[−0.2006], [−0.2134]]" in korean


def test_every_tensor_of_a_step(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the number of any event, a card or one clear line."""
    refused = []
    with retrograd.load(or_gate) as recording:
        count = len(recording.step(0).events)
    for event in range(count):
        for language in ("en", "ko"):
            code = cli.main(["tensor", str(or_gate), str(event), "--lang", language])
            out, error = capsys.readouterr()
            assert (code == 0) is bool(out)
            if code:
                refused.append(event)
                assert error.count("\n") == 1
                assert "made no tensor to ask about" in error
    with retrograd.load(or_gate) as recording:
        kinds = {recording.step(0).events[event].kind for event in refused}
    assert kinds == {"zero_grad", "step"}


def test_what_is_not_a_plain_matrix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Large, empty, complex, sparse, bfloat16, of five dimensions, with NaN."""
    path = tmp_path / "odd.retro"
    weight = torch.ones(3, requires_grad=True)
    with retrograd.record(path, budget="all"):
        large = torch.randn(200, 100).t()
        empty = torch.zeros(0, 3)
        turned = torch.ones(2, dtype=torch.complex64) * 1j
        sparse = torch.eye(3).to_sparse()
        half = torch.ones(2, 2, dtype=torch.bfloat16)
        deep = torch.arange(32.0).reshape(2, 2, 2, 2, 2)
        odd = torch.tensor([float("nan"), float("inf"), 1.0])
        flags = odd > 0
        scalar = torch.tensor(3)
        nowhere = torch.empty(2, 3, device="meta")
        row = nowhere.t()[1]
        (weight * 2).sum().backward()
        names = [name for name, item in locals().items() if torch.is_tensor(item)]
    made = [large, empty, turned, sparse, half, deep, odd, flags, scalar, nowhere, row]
    assert len(made) + 1 == len(names)
    with retrograd.load(path) as recording:
        step = "unfinished" if recording.unfinished is not None else "last"
    for name in names:
        for language in ("en", "ko"):
            assert printed(capsys, path, name, "--step", step, "--lang", language)
        words = ["tensor", str(path), name, "--step", step, "--json"]
        assert cli.main(words) == 0
        json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    found = printed(capsys, path, "deep", "--step", step, "--lang", "en")
    assert "a 2×2×2×2×2 tensor of rank 5" in found
    assert "[0, 0, 1, :, :]" in found
    assert (
        "not contiguous" in printed(capsys, path, "large", "--step", step, "--lang", "en").lower()
    )


def test_json(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, or_gate, "output", "--json"))
    assert found["shape"] == [4, 1]
    assert found["memory"]["stride"] == [1, 1]
    assert found["leaf"] is False
    assert found["grad_fn"] == "SigmoidBackward0"
    assert [item["leaf"] for item in found["leads_to"]] == [None, None, "weights", "bias"]
    assert found["precision"]["bits"] == 32


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("weigths",), "did you mean weights?"),
        (("weights[0]",), "ask for the tensor, weights"),
        (("weights", "--step", "4000"), "has no step 4000"),
        (("weights", "--step", "-1"), "is not understood"),
        (("999",), "has no event 999"),
        (("X.grad",), "X got no gradient in step 0"),
        (("",), "has no ''"),
    ],
)
def test_bad_input(
    words: tuple[str, ...], said: str, or_gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["tensor", str(or_gate), *words]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert said in error
    assert error.count("\n") == 1
