"""Errors of PyTorch's, explained: every script under ``tests/failures`` ends in one.

The line that is to blame is marked ``# cause`` in the script; where several are, each is.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from conftest import ROOT

import retrograd
from retrograd.commands import cli
from retrograd.commands.failure_text import told
from retrograd.explain.failures import Failure, explain_failure
from retrograd.explain.failures.known import KINDS

SCRIPTS = sorted((ROOT / "tests" / "failures").glob("*.py"))

# script -> the kind of error, and what the explanation must say besides the line
EXPECTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "channels_of_images": ("channels", ("images [2, 8, 8, 3] has 8 channels", "expects 3")),
    "channels_of_layers": ("channels", ("has 4 channels", "expects 3", "was made here")),
    "class_from_one": ("class-out-of-bounds", ("labels holds the class number 3", "0 to 2")),
    "class_too_many": ("class-out-of-bounds", ("digits holds the class number 9", "classes: 0")),
    "cut_by_copy": ("graph-cut", ("copies the numbers of", "torch.stack")),
    "cut_by_data": ("graph-cut", ("detach() and .data", "model(x)")),
    "cut_by_detach": ("graph-cut", ("the numbers of output without", "Take .detach()")),
    "cut_by_item": ("graph-cut", ("a Python number was made of error",)),
    "cut_by_no_grad": ("graph-cut", ("switched off here", "self.hidden(x) was calculated")),
    "cut_by_numpy": ("graph-cut", ("the numbers of prediction without",)),
    "cut_by_rounding": ("graph-cut", ("gives bool",)),
    "dtype_of_classes": ("dtypes", ("labels is float32, but int64", "labels.long()")),
    "dtype_of_data": ("dtypes", ("features is float64, but float32", "features.float()")),
    "dtype_of_target": ("dtypes", ("y is int64, but float32", "y.float()")),
    "dtype_of_tokens": ("dtypes", ("counts is int64", "counts.float()")),
    "frozen_model": ("graph-cut", ("requires_grad is switched off",)),
    "inplace_activation": ("overwritten", ("out [5, 3] was overwritten", "sigmoid keeps out")),
    "inplace_index": ("overwritten", ("squares [4, 6] was overwritten", "exp keeps squares")),
    "inplace_step": ("overwritten", ("SGD changed critic.weight", "step() afterwards")),
    "leaf_in_place": ("leaf-in-place", ("w is a leaf", "torch.no_grad()")),
    "leaf_in_place_element": ("leaf-in-place", ("a part of model[0].weight",)),
    "not_leaf_moved": (
        "not-a-leaf",
        ("An op (to) made atoms here", "atoms.requires_grad_()"),
    ),
    "not_leaf_scaled": ("not-a-leaf", ("An op (mul) made weight here", "Give the optimizer raw")),
    "not_scalar_by_hand": ("not-a-scalar", ("errors has the shape [5]", "errors.mean()")),
    "not_scalar_reduction": ("not-a-scalar", ("loss has the shape [8, 1]", "reduction='mean'")),
    "nothing_requires_grad": ("graph-cut", ("weights, bias: none of them requires",)),
    "second_backward_gan": (
        "second-backward",
        ("fake was made here", "Calculate fake anew", "fake.detach() for that loss"),
    ),
    "second_backward_hidden_state": (
        "second-backward",
        ("hidden comes from an earlier step", "hidden = hidden.detach()"),
    ),
    "second_backward_loss_outside": ("second-backward", ("loss was calculated once",)),
    "second_backward_same_step": ("second-backward", ("features belongs to both graphs",)),
    "second_backward_total_loss": (
        "second-backward",
        ("total comes from an earlier step", "total += loss.item()"),
    ),
    "shapes_in_sequential": ("shapes-multiplied", ("expects 100 features", "has 72")),
    "shapes_of_layers": ("shapes-multiplied", ("fc2 (Linear) expects 12", "h [7, 10] has 10")),
    "shapes_of_matrices": ("shapes-multiplied", ("X is [5, 3]", "weights.T would fit")),
    "sizes_in_loss": ("shapes-broadcast", ("output and target do not fit",)),
    "sizes_of_tensors": ("shapes-broadcast", ("batch and scale do not fit",)),
    "target_size_batch": ("target-size", ("logits is [5, 2], but y is [8]", "same batch")),
    "target_size_bce": ("target-size", ("logits is [4, 1], but targets is [4]", "unsqueeze")),
    "unused_in_penalty": ("unused-input", ("inputs has no part in score",)),
    "unused_input": ("unused-input", ("unused was used by no op",)),
    "without_gradient_images": ("input-without-gradient", ("images does not require",)),
    "without_gradient_weight": ("input-without-gradient", ("w does not require",)),
}


def failed(script: Path, folder: Path, **options: str) -> tuple[Path, Exception]:
    """Run a script to its error while recording it."""
    options = options or {"budget": "all"}
    with (
        pytest.raises((RuntimeError, ValueError, IndexError)) as caught,
        warnings.catch_warnings(),  # PyTorch warns of some of them, too, some only once
        retrograd.record(folder / f"{script.stem}.retro", **options),
    ):
        warnings.simplefilter("ignore")
        runpy.run_path(str(script))
    return folder / f"{script.stem}.retro", caught.value


def explained(path: Path) -> Failure:
    with retrograd.load(path) as recording:
        failure = explain_failure(recording)
    assert failure is not None
    return failure


def marked(script: Path) -> list[int]:
    lines = script.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if line.endswith("# cause")]


def joined(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_every_kind_in_two_styles() -> None:
    """No script without an expectation, no kind with fewer than two scripts."""
    assert {script.stem for script in SCRIPTS} == set(EXPECTED)
    kinds = [kind for kind, _ in EXPECTED.values()]
    assert {kind: kinds.count(kind) >= 2 for kind in KINDS} == dict.fromkeys(KINDS, True)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_line_to_blame(script: Path, tmp_path: Path) -> None:
    path, error = failed(script, tmp_path)
    failure = explained(path)
    kind, said = EXPECTED[script.stem]
    assert failure.kind == kind
    assert failure.exact
    assert failure.cause is not None
    assert failure.cause.line in marked(script)
    english, korean = (told(str(path), language=language) for language in ("en", "ko"))
    for part in said:
        assert part in joined(english)
    assert english.splitlines()[1:] != korean.splitlines()[1:]
    assert korean.count(f"{script.name}:") == english.count(f"{script.name}:")
    assert [*error.__notes__] == [told(str(path))]  # below the traceback of `with retrograd.record`


@pytest.mark.parametrize("name", ["cut_by_detach", "shapes_in_sequential", "target_size_batch"])
def test_retrograd_run(name: str, tmp_path: Path) -> None:
    """After PyTorch's own traceback and with its exit code; nothing else differs."""
    script = ROOT / "tests" / "failures" / f"{name}.py"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    run = [sys.executable, "-m", "retrograd", "run"]
    bare, loud, quiet = (
        subprocess.run(
            [*words, str(script)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for words in ([sys.executable], [*run, "--lang", "ko"], [*run, "--quiet"])
    )
    assert bare.returncode == loud.returncode == quiet.returncode == 1
    assert bare.stdout == loud.stdout == quiet.stdout
    assert bare.stderr == quiet.stderr
    assert loud.stderr.startswith(bare.stderr)
    ours = loud.stderr.removeprefix(bare.stderr)
    assert ours.startswith("retrograd: 오류가 난 까닭")
    assert f"{name}.py:{marked(script)[0]} " in ours
    assert (tmp_path / f"{name}.retro").exists()  # also where no backward pass ran


def test_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``retrograd explain FILE --error`` tells it again."""
    path, _ = failed(ROOT / "tests" / "failures" / "cut_by_detach.py", tmp_path)
    assert cli.main(["explain", str(path), "--error", "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip() == told(str(path), language="en")
    assert cli.main(["explain", str(path), "--error", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kind"] == "graph-cut"
    assert found["facts"][0]["expression"] == "output.detach()"


def test_no_error(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(str(or_gate)) == ""
    assert cli.main(["explain", str(or_gate), "--error"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_error_of_the_program(tmp_path: Path) -> None:
    """What PyTorch did not raise is not explained, and the exception stays as it is."""
    path = tmp_path / "own.retro"
    with pytest.raises(KeyError) as caught, retrograd.record(path):
        raise KeyError("own")
    assert told(str(path)) == ""
    assert not hasattr(caught.value, "__notes__")


def test_a_light_step(tmp_path: Path) -> None:
    """What is not in the file is said, with the option that puts it there."""
    script = ROOT / "tests" / "failures" / "second_backward_hidden_state.py"
    path, _ = failed(script, tmp_path, steps="0")
    failure = explained(path)
    assert not failure.exact
    assert "Run again with --steps 1" in joined(told(str(path), language="en"))
