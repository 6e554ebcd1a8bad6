"""The page, in a real browser, on a real recording."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from retrograd.store.reader import load
from views.viewing import Viewing, address, viewing


def test_a_link_opens_exactly_its_view(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7&lang=en&theme=light")
    expect(page.locator(".ev.now")).to_contain_text("SigmoidBackward0")
    expect(page.locator(".ex h1")).to_have_text("SigmoidBackward0")
    expect(page.locator(".ok").first).to_contain_text("✓")
    expect(page.locator(".p-e math").first).to_be_visible()
    expect(page.locator(".nb.now h3")).to_contain_text("sigmoid")
    expect(page.locator("mark")).to_contain_text("torch.sigmoid")
    expect(page.locator(".ln.run")).to_contain_text("loss.backward()")
    expect(page.locator(".led tbody tr")).to_have_count(3)


def test_the_step_of_a_link_is_asked_for_at_once_and_once(page: Page, server: Viewing) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(server.root)))
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".ev.now")).to_contain_text("SigmoidBackward0")
    begun = [url for url in asked if url.startswith("data/")][:3]
    assert begun == ["data/overview", "data/step/437?try", "data/structure/437?try"]
    assert not [url for url in asked if url in ("data/step/437", "data/structure/437")]


def test_a_page_without_a_step_asks_for_the_one_that_the_server_expects(
    page: Page, or_gate: Path
) -> None:
    with viewing(or_gate) as running:
        while '"step":0}' not in running.ask(f"?token={running.token}")[1]:
            pass  # the server has just begun to look
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(running.root)))
        page.goto(running.address)
        expect(page.locator(".ev.now")).to_be_visible()
        assert "data/step/0?try" in asked and "data/step/0" not in asked


def test_keys_move_the_playhead_and_the_address(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=0")
    now = page.locator(".ev.now small")
    expect(page.locator(".ev.now")).to_have_accessible_name("mm 0 a0")
    expect(now).to_contain_text("a0")
    page.keyboard.press("ArrowRight")
    expect(now).to_contain_text("a1")
    assert "event=1" in address(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # back over the border of the step
    expect(page.locator(".fact b").first).to_have_text("436")
    expect(now).to_contain_text("14")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".fact b").first).to_have_text("437")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()


def test_the_next_change_goes_on_into_the_next_step(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=14")
    expect(page.locator(".ev.now")).to_contain_text("SGD")
    page.keyboard.press("n")
    expect(page.locator(".fact b").first).to_have_text("438")


def test_playing_has_a_speed(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=0")
    speed = page.get_by_role("button", name="speed of playing")
    expect(speed).to_have_text("1×")
    page.keyboard.press(">")
    expect(speed).to_have_text("2×")
    page.keyboard.press("<")
    page.keyboard.press("<")
    expect(speed).to_have_text("0.5×")
    for expected in ("1×", "2×", "4×", "8×", "0.5×", "1×", "2×", "4×", "8×"):
        speed.click()
        expect(speed).to_have_text(expected)
    page.get_by_role("button", name="play", exact=True).click()
    expect(page.locator(".fact b").first).to_have_text("438")  # through a step of 15 events


def test_the_strip_of_a_short_step_is_seen_whole(page: Page, server: Viewing) -> None:
    for event in (0, 7, 14):
        page.goto(f"{server.address}#step=437&event={event}")
        expect(page.locator(".ev.now small")).to_contain_text(str(event))
        strip = page.locator(".film")
        assert strip.evaluate("strip => strip.scrollWidth <= strip.clientWidth")


def test_the_chain_rule_has_the_hues_of_its_numbers(page: Page, server: Viewing) -> None:
    """Gradients in theirs, forward values in theirs, the names of functions in none."""
    page.goto(f"{server.address}#step=437&event=6")
    formula = page.locator(".ex math").first
    expect(formula.locator("mfrac.mg")).to_have_count(2)
    assert set(formula.locator(".mf").all_text_contents()) == {"output", "y"}
    expect(page.locator(".gwrap b.lab")).to_have_text("BinaryCrossEntropyBackward0")


def test_nothing_is_shown_before_it_has_happened(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=2")
    expect(page.locator(".nb.l.todo")).to_have_count(1)
    expect(page.locator(".led .pend").first).to_be_visible()
    page.keyboard.press("End")
    page.locator(".ev").last.click()
    expect(page.locator(".nb.todo")).to_have_count(0)
    expect(page.locator(".led .pend")).to_have_count(0)


@pytest.mark.parametrize(("language", "word"), [("en", "Ledger"), ("ko", "장부")])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_languages_and_themes(
    page: Page, server: Viewing, language: str, word: str, theme: str
) -> None:
    page.goto(f"{server.address}#step=0&event=0&lang={language}&theme={theme}")
    expect(page.locator(".led")).to_contain_text(word)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_number_shows_itself_in_full(page: Page, server: Viewing, or_gate: Path) -> None:
    with load(or_gate) as recording:
        op = recording.step(437).ops[3]
        assert op.outputs[0] is not None and op.outputs[0].array is not None
        shortest = str(op.outputs[0].array)
    page.goto(f"{server.address}#step=437&event=3")
    cell = page.locator(".nb.l .v").first
    expect(cell).to_have_attribute("title", f"loss = {shortest}")
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    assert "value=" in address(page)


def test_a_phone_needs_no_sideways_scrolling(page: Page, server: Viewing) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".tray")).to_be_visible()
    expect(page.locator(".ex h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_a_number_that_is_asked_brings_its_answer_into_sight(
    page: Page, server: Viewing
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server.address}#step=437&event=14")
    expect(page.locator(".ex:not(.stale) h1")).to_be_visible()
    expect(page.locator(".nb").first).to_be_visible()  # what comes above moves what is below
    page.locator(".led .val").first.click()
    expect(page.locator(".asked h1")).to_contain_text("2.7159")
    expect(page.locator(".asked h1")).to_be_in_viewport()


def test_every_event_can_be_opened(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=0")
    frames = page.locator(".ev")
    expect(frames).to_have_count(15)
    for number in range(15):
        frames.nth(number).click()
        name = frames.nth(number).locator("span").first.inner_text()
        expect(page.locator(".ex:not(.stale) h1")).to_have_text(name)


def test_an_event_leaves_the_root_of_the_page_alone(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".ev.now")).to_contain_text("SigmoidBackward0")
    page.evaluate("""() => {
        window.touched = 0;  // what is written to the root styles the whole page anew
        new MutationObserver(found => (touched += found.length))
            .observe(document.documentElement, {attributes: true});
    }""")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ev.now")).to_contain_text("AddBackward0")
    assert page.evaluate("touched") == 0
