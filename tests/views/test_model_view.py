"""The model view: what the model predicts over its inputs, and its loss surface, in Chromium."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect

from retrograd.explain.replay import Replay
from retrograd.explain.replay_surface import Element, surface
from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.answers import Answers
from retrograd.views.data.elements import ArrayData
from retrograd.views.data.model_view import GridData, loss_surface, model
from views.viewing import Viewing, address, viewing


def numbers(data: ArrayData) -> list[float]:
    """Return the elements of an array on its way to the page."""

    found: list[float] = np.frombuffer(base64.b64decode(data.data), "<" + data.code).tolist()
    return found


def test_the_or_gate_is_divided(or_gate: Path) -> None:
    with load(or_gate) as recording:
        told = model(recording, 999)
    assert told.check is not None and told.check.status == "verified"
    drawn = told.boundary
    assert drawn is not None
    assert (drawn.kind, drawn.input, drawn.pair) == ("threshold", "X", (0.0, 1.0))
    assert (drawn.right, drawn.count) == (4, 4)
    assert drawn.grid.values.shape == (60, 60)
    found = numbers(drawn.grid.values)
    assert found[0] < 0.5 < found[-1]


def test_a_packed_grid_is_near(or_gate: Path) -> None:
    def unpacked(grid: GridData) -> list[float]:
        return [grid.low + n / 254 * (grid.high - grid.low) for n in numbers(grid.values)]

    with load(or_gate) as recording:
        small = loss_surface(recording, 437, packed=True)
        assert small.grid is not None and small.grid.up is not None
        replay, (first, second) = Replay(recording.step(437)), small.axes
        exact = surface(
            replay,
            Element(first.parameter, first.place),
            Element(second.parameter, second.place),
            (small.grid.across, small.grid.up),
            25,
        )
    error = (small.grid.high - small.grid.low) / 254
    for ours, theirs in zip(unpacked(small.grid), exact.reshape(-1), strict=True):
        assert abs(ours - theirs) <= 0.51 * error


@pytest.mark.parametrize("key", ["surface/3/9/0/0/0", "surface/3/0/99/0/0", "path/9/0/0/0"])
def test_elements_that_are_not_there(or_gate: Path, key: str) -> None:
    with load(or_gate) as recording:
        try:
            told = json.loads(Answers(recording).answer(key))
        except RecordingError as error:
            assert len(str(error).splitlines()) == 1
        else:
            assert told["why"]["id"] == "model-why-no-element"


def test_both_pictures_are_shown_and_read(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=999&event=3&lang=en&theme=light&view=model")
    pictures = page.locator(".mv canvas")
    expect(pictures).to_have_count(2)
    expect(page.locator(".mv figcaption").first).to_contain_text("4 of 4 on the right side")
    expect(page.locator(".p-g .ok")).to_contain_text("✓")
    pictures.first.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".reading").first).to_contain_text(re.compile(r"at \(0\.50, 0\.56\): 0\.9"))
    expect(page.locator(".ev.now small")).to_contain_text("3")  # the keys moved the crosshair only
    box = pictures.nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".reading").nth(1)).to_contain_text("loss")


def test_another_pair_of_elements(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=3&lang=en&view=model")
    page.get_by_label("up", exact=True).select_option(label="bias")
    expect(page.locator(".mv canvas").nth(1)).to_have_attribute("aria-label", re.compile("bias"))
    assert "over=0.0_1.0" in address(page)
    page.get_by_role("button", name="Graph").click()
    expect(page.locator(".mv")).to_have_count(0)
    assert "view=model" not in address(page)


def test_playing_goes_by_steps(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=0&event=3&view=model&lang=en")
    expect(page.locator(".mv canvas")).to_have_count(2)
    page.keyboard.press("Space")
    expect(page.locator(".fact b").first).to_have_text(re.compile(r"^([3-9]|\d\d+)$"))
    page.keyboard.press("Space")
    assert "event=3" in address(page)


def test_a_model_that_cannot_be_drawn_says_why(page: Page, tmp_path: Path) -> None:
    target = tmp_path / "a.retro"
    script = ROOT / "tests" / "programs" / "custom_function.py"
    command = ["run", "--quiet", "--steps", "0-2", "--out", target, script]
    subprocess.run([sys.executable, "-m", "retrograd", *command], check=True, capture_output=True)
    with viewing(target) as running:
        page.goto(f"{running.address}#step=1&view=model&lang=en")
        expect(page.locator(".mv .hint").first).to_contain_text("needs one or two features")


@pytest.mark.parametrize("look", [{"offline": True, "locale": "ko-KR"}])
def test_it_is_there_offline(or_gate: Path, tmp_path: Path, page: Page) -> None:
    target = tmp_path / "page.html"
    command = ["export", or_gate, "-o", target, "--steps", "0-8"]
    subprocess.run([sys.executable, "-m", "retrograd", *command], check=True, capture_output=True)
    page.goto(f"{target.as_uri()}#step=5&event=3&view=model")
    expect(page.locator(".mv canvas")).to_have_count(2)
    expect(page.locator(".mv figcaption").first).to_contain_text("4개 중 3개가 맞는 쪽")
    expect(page.get_by_label("가로", exact=True)).to_be_disabled()
