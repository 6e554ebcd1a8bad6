"""The graph in a real browser: it fills, returns, folds, and can be moved."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from retrograd.store.reader import load
from retrograd.views.export import export
from views.viewing import Viewing, address, viewing

PROGRAMS = Path(__file__).parent.parent / "programs"


def record(name: str, folder: Path) -> Path:
    """Record a program of the zoo, every step in full."""
    out = folder / f"{name}.retro"
    command = ["run", "--quiet", "--budget", "all", "--out", out, PROGRAMS / f"{name}.py"]
    subprocess.run(
        [sys.executable, "-m", "retrograd", *command], check=True, capture_output=True, cwd=folder
    )
    return out


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewing]:
    """A server of a transformer: modules in modules."""
    with viewing(record("gpt", tmp_path_factory.mktemp("gpt"))) as running:
        yield running


def box(page: Page, name: str) -> Locator:
    """Return the box with a title."""
    return page.locator(".nb", has=page.locator("h3 b", has_text=re.compile(f"^{name}$")))


def drawn(page: Page) -> str:
    """Return how large and from where the graph is drawn."""
    return str(page.locator(".graph").evaluate("e => getComputedStyle(e).transform"))


def moved(page: Page, act: Callable[[], object]) -> None:
    """Do something, and see that the graph is drawn at another place or size."""
    before = drawn(page)
    act()
    expect(page.locator(".graph")).not_to_have_css("transform", before)


def test_it_fills_forward_and_then_backward(page: Page, server: Viewing, or_gate: Path) -> None:
    with load(or_gate) as recording:
        events = [event.index for event in recording.step(437).events]
    page.goto(f"{server.address}#step=437&event=0")
    expect(box(page, "mm").locator("button.v")).to_have_count(4)
    expect(box(page, "sigmoid")).to_have_class(re.compile("todo"))
    expect(box(page, "weights").locator(".half.gr.todo")).to_have_count(1)
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".nb.todo")).to_have_count(0)
    expect(box(page, "sigmoid").locator(".half.gr button.v")).to_have_count(4)
    expect(box(page, "mm").locator(".half.gr.todo")).to_have_count(1)
    page.goto(f"{server.address}#step=437&event={events[-1]}")
    expect(page.locator(".nb .half.todo")).to_have_count(0)
    expect(box(page, "weights")).to_contain_text("new value")
    expect(box(page, "bias")).to_have_class(re.compile("now"))


def test_a_click_or_enter_goes_to_the_event(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7")
    box(page, "add").locator("h3 button").click()
    expect(page.locator(".ev.now small")).to_contain_text("a1")
    box(page, "sigmoid").locator("h3 button").focus()
    page.keyboard.press("Enter")
    expect(box(page, "sigmoid")).to_have_class(re.compile("now"))
    box(page, "mm").locator(".half.gr > p").click()  # to where its gradient comes from
    expect(page.locator(".ev.now")).to_contain_text("AddBackward0")


def test_what_is_saved_can_be_shown(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=3")
    expect(page.locator(".kept")).to_have_count(0)
    page.get_by_role("button", name="saved values").click()
    expect(box(page, "sigmoid").locator(".kept")).to_have_text("saved: output")
    page.locator(".ev").last.click()
    expect(box(page, "sigmoid").locator(".kept")).to_have_text("freed: output")


def test_it_moves_with_mouse_and_keys(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".nb.now")).to_be_visible()
    expect(page.locator(".graph")).to_have_css("transform", re.compile("matrix"))
    moved(page, lambda: page.get_by_role("button", name="zoom in").click())
    page.locator(".gwrap canvas").focus()
    for key in ("ArrowRight", "ArrowDown", "-", "+", "0"):
        moved(page, lambda key=key: page.keyboard.press(key))
    assert "event=7" in address(page), "on the graph the arrows move the graph"
    frame = page.locator(".gwrap").bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 20, frame["y"] + 20)
    page.keyboard.down("Control")
    moved(page, lambda: page.mouse.wheel(0, -200))
    page.keyboard.up("Control")
    moved(page, lambda: page.mouse.wheel(0, 40))
    page.mouse.down()
    moved(page, lambda: page.mouse.move(frame["x"] + 80, frame["y"] + 60))
    page.mouse.up()
    assert "event=7" in address(page), "a drag is no click"


def test_modules_fold_and_unfold(page: Page, nested: Viewing) -> None:
    page.goto(f"{nested.address}#step=1&event=60")
    folded = page.locator(".fold.now")
    expect(folded).to_have_attribute("aria-expanded", "false")
    frames = page.locator(".frame")
    count = frames.count()
    folded.focus()
    page.keyboard.press("Enter")
    expect(folded).to_contain_text("attn")  # which holds the event inside
    expect(frames).not_to_have_count(count)
    page.locator(".frame", has_text="0").first.click()
    expect(folded).to_contain_text("0")
    page.get_by_role("button", name="unfold all modules").click()
    expect(page.locator(".fold")).to_have_count(0)
    expect(page.locator(".nb.now")).to_have_count(1)
    page.get_by_role("button", name="fold all modules", exact=True).click()
    expect(page.locator(".fold.now")).to_have_count(1)


def test_a_large_value_says_its_figures_on_hover(page: Page, nested: Viewing) -> None:
    page.goto(f"{nested.address}#step=1&event=49")
    now = page.locator(".nb.now h3")
    now.hover()
    expect(page.locator(".tip")).to_contain_text(re.compile(r"min .+ max .+ mean .+ norm"))
    expect(page.locator(".tip")).to_contain_text("float32 4×16×16")


def test_each_run_of_a_node_is_counted(page: Page, tmp_path: Path) -> None:
    path = record("multi_loss_retain_graph", tmp_path)
    with load(path) as recording:
        step = next(step for step in recording.full_steps)
        runs: dict[int, list[int]] = {}
        for event in recording.step(step).events:
            if event.kind == "node":
                runs.setdefault(event.node, []).append(event.index)
        twice = next(events for events in runs.values() if len(events) > 1)
    with viewing(path) as running:
        for number, event in enumerate(twice, 1):
            page.goto(f"{running.address}#step={step}&event={event}")
            expect(page.locator(".nb.now .half.gr > p")).to_contain_text(f"{number}/{len(twice)}")


def test_the_exported_file_draws_it_offline(page: Page, or_gate: Path, tmp_path: Path) -> None:
    out = tmp_path / "or_gate.html"
    with load(or_gate) as recording:
        out.write_text(export(recording, [437], 5_000_000).html, encoding="utf-8")
    page.context.set_offline(True)
    page.goto(f"{out.as_uri()}#step=437&event=7")
    expect(box(page, "sigmoid")).to_have_class(re.compile("now"))


@pytest.mark.parametrize("look", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}])
def test_touch_moves_it_on_a_phone(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".nb.now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".gwrap").scroll_into_view_if_needed()
    frame = page.locator(".gwrap").bounding_box()
    before = drawn(page)
    assert frame is not None
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    session = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", x), ("touchMove", x - 40), ("touchMove", x - 90)):
        point = {"x": at, "y": y}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".graph")).not_to_have_css("transform", before)
