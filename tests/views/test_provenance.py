"""Every number of a recording can be asked, and the answer is about that number."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from retrograd.store.reader import load
from retrograd.views.answers import Answers, NoAnswer


def test_every_element_has_an_answer(or_gate: Path) -> None:
    with load(or_gate) as recording:
        answers = Answers(recording)
        for value in recording.step(437).values:
            assert value.array is not None
            for place, element in enumerate(np.asarray(value.array).reshape(-1).tolist()):
                told = json.loads(answers.answer(f"why/437/{value.index}/{place}"))
                assert float(told["number"]) == pytest.approx(element, rel=1e-6), told["label"]


def test_the_value_before_a_step_is_that_after_the_one_before(or_gate: Path) -> None:
    with load(or_gate) as recording:
        answers = Answers(recording)
        for update in recording.step(437).updates:
            assert update.before is not None
            told = json.loads(answers.answer(f"why/437/{update.before.index}/0"))
            assert told["step"] == 436
            assert told["updates"][0]["after"]["number"] == told["number"]


def test_shares_and_paths_add_up_to_the_gradient(or_gate: Path) -> None:
    with load(or_gate) as recording:
        answers = Answers(recording)
        slot = recording.step(437).updates[0].gradient
        assert slot is not None
        told = json.loads(answers.answer(f"why/437/{slot.index}/0"))
        (part,) = told["gradient"]["contributions"]
        amount = float(part["amount"]["number"])
        shares = [float(share["amount"]) for share in part["samples"]["shares"]]
        assert sum(shares) == pytest.approx(amount, rel=1e-5)
        assert shares == sorted(shares, key=abs, reverse=True)
        assert sum(float(path["amount"]) for path in part["paths"]["paths"]) == pytest.approx(
            amount, rel=1e-5
        )


def test_a_jacobian_that_is_none_is_an_answer(or_gate: Path) -> None:
    with load(or_gate) as recording:
        answers = Answers(recording)
        told = json.loads(answers.answer("jacobian/437/5"))
        assert "no op" in told["nothing"]
        for question in ("why/437/99999/0", "why/437/0/99999", "card/437/99999"):
            assert "nothing" in json.loads(answers.answer(question))
        with pytest.raises(NoAnswer):
            answers.answer("jacobian/437/-1")
