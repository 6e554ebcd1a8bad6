"""The explain panel and the ledger: formulas, Jacobians, where any number came from, the tensor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from views.viewing import Viewing, address, viewing
from views.visiting import Look

STEP = "step=437&lang=en&theme=light"


@pytest.fixture
def look(look: Look) -> Look:
    """Nothing moves by itself."""
    return {**look, "reduced_motion": "reduce"}


def test_upstream_times_local_slope_is_downstream(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=7")
    columns = page.locator(".chain > div .cells")
    expect(columns).to_have_count(3)
    numbers = [
        [float(cell.get_attribute("title").rpartition(" = ")[2].replace("−", "-")) for cell in rows]  # type: ignore[union-attr]
        for rows in (columns.nth(place).locator(".v").all() for place in range(3))
    ]
    for upstream, local, downstream in zip(*numbers, strict=True):
        assert upstream * local == pytest.approx(downstream, rel=1e-5)


def test_a_row_of_the_jacobian_lights_up_in_the_shape_of_the_input(
    page: Page, server: Viewing
) -> None:
    page.goto(f"{server.address}#{STEP}&event=10")
    expect(page.locator(".jac h2")).to_contain_text("∂a0/∂weights")
    expect(page.locator(".matrix .lit th")).to_have_text("a0[0,0]")
    page.locator(".matrix th button").nth(2).focus()
    expect(page.locator(".matrix .lit th")).to_have_text("a0[2,0]")
    expect(page.locator(".rowpick .v")).to_have_text(["1", "0"])  # the inputs of example 2


def test_the_array_folds_to_the_gradient(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=10")
    folding = page.locator(".folding")
    expect(folding).to_contain_text("1 of 9")
    expect(folding.locator(".moving span")).to_have_count(8)
    after = folding.get_by_role("button", name="next")
    while after.is_enabled():
        after.click()
    expect(folding).to_contain_text("9 of 9")
    expect(folding.locator(".moving span:not(.under)")).to_have_count(2)
    sent = page.locator(".chain .cells").last.locator(".v").all_inner_texts()
    assert page.locator(".pair .cells").first.locator(".v").all_inner_texts() == sent


def test_a_number_leads_back_to_where_it_came_from(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=14")
    page.locator(".led tbody tr").first.locator("button.val").last.click()
    asked = page.locator(".asked")
    expect(asked.locator("h1")).to_contain_text("Where does")
    expect(asked).to_contain_text("The update")
    expect(asked.locator(".bars tbody tr").nth(0)).to_contain_text("X = ")
    asked.locator(".ask.gr").first.click()  # the gradient that the update read
    expect(asked.locator("p.say").first).to_contain_text("weights[0,0].grad")
    asked.locator(".terms .ask").first.click()  # and the gradient above it
    expect(asked.locator("p.say").first).to_contain_text("∂loss/∂a0[0,0]")
    expect(asked.locator(".crumbs > *")).to_have_count(4)
    link = address(page)
    page.goto("about:blank")
    page.goto(link)  # the address holds the question and the way to it
    expect(asked.locator("p.say").first).to_contain_text("∂loss/∂a0[0,0]")
    expect(asked.locator(".crumbs > *")).to_have_count(4)
    asked.locator(".crumbs button").nth(1).click()
    expect(asked.locator("p.say").first).to_contain_text("weights[0,0] · step 437")
    page.keyboard.press("Escape")
    expect(page.locator(".ex h1")).to_have_text("SGD")


def test_what_a_step_began_with_comes_from_the_step_before(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=14")
    page.locator(".led tbody tr").first.locator("button.val").first.click()
    expect(page.locator(".asked p.say").first).to_contain_text("step 436")
    page.locator(".asked .ask").first.click()
    expect(page.locator(".fact b").first).to_have_text("436")


def test_the_playhead_leaves_the_question(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=7")
    page.locator(".ex .v").first.click()
    expect(page.locator(".asked")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".asked")).to_have_count(0)
    assert "value=" not in address(page)


def test_every_recorded_number_has_an_answer(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=14")
    expect(page.locator(".ex h1")).to_have_text("SGD")
    for cell in page.locator(".nb button.v, .led button.val").all():
        cell.click()
        expect(page.locator(".asked p.say").first).to_contain_text("step 43")
        page.keyboard.press("Escape")


def test_the_tensor_is_drawn(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#{STEP}&event=2&value=0.4&of=tensor")
    card = page.locator(".asked")
    expect(card).to_contain_text("a 4×2 matrix")
    expect(card.locator(".dims code")).to_have_text(["stride 2", "stride 1"])
    expect(card.locator(".index span")).to_have_count(8)
    expect(card.locator(".tape .lit")).to_have_text("1")
    expect(card.locator(".bits code")).to_have_text(["0", "01111111", "0" * 23])
    page.locator(".index span").nth(2).hover()
    expect(card.locator(".tape li").nth(2).locator(".lit")).to_have_count(1)


def test_a_missing_zero_grad_is_seen(page: Page, tmp_path: Path) -> None:
    source = (Path(__file__).parents[2] / "examples" / "or_gate.py").read_text()
    assert "zero_grad()" in source
    script = tmp_path / "grows.py"
    kept = [line for line in source.splitlines() if "zero_grad()" not in line]
    script.write_text("\n".join(kept).replace("range(1000)", "range(5)"))
    subprocess.run(
        [sys.executable, "-m", "retrograd", "run", script],
        check=True,
        cwd=tmp_path,
        capture_output=True,
    )
    with viewing(tmp_path / "grows.retro") as server:
        page.goto(f"{server.address}#step=3&event=13&lang=en")
        expect(page.locator("p.stale")).to_contain_text("zero_grad() did not run")
        expect(page.locator(".led .stack")).to_have_count(3)
        page.locator(".led button[aria-expanded]").first.click()
        expect(page.locator(".led .update math")).to_be_visible()
        page.goto(f"{server.address}#step=0&event=13&lang=en")
        expect(page.locator(".fact b").first).to_have_text("0")
        expect(page.locator("p.stale")).to_have_count(0)


@pytest.mark.parametrize("aspect", ["why", "tensor"])
def test_a_phone_needs_no_sideways_scrolling(page: Page, server: Viewing, aspect: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server.address}#step=437&event=14&value=17.0&of={aspect}&lang=ko&theme=dark")
    expect(page.locator(".asked .part").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
