"""How fast the page is, in headless Chromium: ``make bench-page``.

Every figure of the page's promises, with its target. Frames are timed from the start of the work
to the end of the paint, inside one frame, so that waiting for the screen does not count.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from retrograd.store.writer import Writer

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from views.viewing import Viewing, viewing  # noqa: E402

TIMES = 30
KEY = """([key, shift]) => new Promise(done => requestAnimationFrame(() => {
  const start = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key, shiftKey: shift, bubbles: true}));
  const {port1, port2} = new MessageChannel();
  port1.onmessage = () => done(performance.now() - start); // runs when the frame is painted
  port2.postMessage(0);
}))"""
SHOWN = """(step) => new Promise(done => {
  const start = performance.now();
  dispatchEvent(new KeyboardEvent("keydown"));
  document.body.dispatchEvent(
    new KeyboardEvent("keydown", {key: "ArrowRight", shiftKey: true, bubbles: true}));
  const look = () => document.querySelector(".fact b").textContent.replace(/\\D/g, "") === step
    && document.querySelector(".p-g canvas")
    ? setTimeout(() => done(performance.now() - start)) : setTimeout(look);
  look();
})"""
PAN = """() => new Promise(done => {
  const stage = document.querySelector(".gwrap");
  const started = performance.now();
  let frames = 0;
  const next = () => {
    stage.dispatchEvent(new WheelEvent("wheel",
      {deltaX: frames % 120 < 60 ? 12 : -12, deltaY: 3, bubbles: true, cancelable: true}));
    if (performance.now() - started > 2000) done(1000 * frames / (performance.now() - started));
    else { frames += 1; requestAnimationFrame(next); }
  };
  requestAnimationFrame(next);
})"""
SHOWN_AT = """window.shownAt = new Promise(done => {
  // told from inside: whoever asks from outside asks again after up to half a second
  const watcher = new MutationObserver(() => {
    if (!document.querySelector("%s")) return;
    watcher.disconnect();
    requestAnimationFrame(() => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => done(performance.now()); // runs when the frame is painted
      port2.postMessage(0);
    });
  });
  watcher.observe(document, {childList: true, subtree: true, attributes: true});
})"""


def record(script: Path, out: Path) -> Path:
    """Record every step of a script in full."""
    command = ["run", "--quiet", "--budget", "all", "--out", out, script]
    subprocess.run([sys.executable, "-m", "retrograd", *command], check=True, capture_output=True)
    return out


def million(out: Path) -> Path:
    """Write a recording of a million light steps."""
    random = np.random.default_rng(0)
    writer = Writer(out)
    writer.begin()
    steps = np.arange(1_000_000)
    loss = np.exp(-steps / 300_000) + 0.02 * random.random(steps.size)
    writer.series(0, {"loss": (None, loss), "grad_norm": (None, loss * random.random(steps.size))})
    writer.commit()
    writer.close()
    return out


def say(name: str, figure: float, unit: str, target: float, most: bool = True) -> bool:
    """Print a figure with its target, and return whether it is met."""
    met = figure <= target if most else figure >= target
    sign = "<" if most else ">="
    print(
        f"  {name:<52} {figure:8.2f} {unit:<3} {sign} {target:g} {'' if met else '  MISSED'}",
        flush=True,
    )
    return met


@dataclass(frozen=True)
class Opened:
    """A page, and what it took until it showed something."""

    page: Page
    took: float  # milliseconds
    processor: float  # milliseconds of the processor, for the page's main thread


def opening(browser: Browser, address: str, ready: str) -> Opened:
    """Open a page, and tell when the frame was painted in which an element is there."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.add_init_script(SHOWN_AT % ready)
    page.goto(address, wait_until="commit")
    took = float(page.evaluate("window.shownAt"))
    metrics = session.send("Performance.getMetrics")["metrics"]
    spent = next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
    return Opened(page, took, 1000 * spent)


def processor(running: Viewing) -> float:
    """Return the milliseconds of processor time that a server has taken."""
    fields = Path(f"/proc/{running.process.pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def median(measure: Callable[[], float], times: int = TIMES) -> float:
    """Return the median of some measurements."""
    return statistics.median(measure() for _ in range(times))


def or_gate(browser: Browser, folder: Path) -> list[bool]:
    """First paint, stepping, and the size of the export."""
    path = record(ROOT / "examples" / "or_gate.py", folder / "or_gate.retro")
    page_file = folder / "or_gate.html"
    subprocess.run(
        [sys.executable, "-m", "retrograd", "export", path, "-o", page_file],
        check=True,
        capture_output=True,
    )
    with viewing(path) as running:
        first = []
        for _ in range(5):
            opened = opening(browser, f"{running.address}#step=437&event=3", ".nb.now")
            first.append(opened.took)
            opened.page.context.close()
        page = opening(browser, f"{running.address}#step=437&event=0", ".nb.now").page
        page.wait_for_selector(".ex h1")
        for _ in range(14):  # what is asked of the server is asked once
            page.keyboard.press("ArrowRight")
            page.wait_for_selector(".ex:not(.stale)")
        rounds = []
        for _ in range(5):
            page.goto(f"{running.address}#step=437&event=0")
            page.wait_for_selector(".ev:first-child.now")
            rounds.append([float(page.evaluate(KEY, ["ArrowRight", False])) for _ in range(14)])
        # what else the machine does only adds: each event's best of five is its own cost
        events = [min(times) for times in zip(*rounds, strict=True)]
        steps = []
        for step in range(438, 438 + TIMES):
            steps.append(float(page.evaluate(SHOWN, str(step))))
        page.context.close()
    return [
        say("first useful paint of the OR gate", statistics.median(first), "ms", 500),
        say("next event, work and paint, median", statistics.median(events), "ms", 16),
        say("next event, slowest", max(events), "ms", 50),
        say("next step, from the key to the new numbers", statistics.median(steps), "ms", 50),
        say("export of the OR gate", page_file.stat().st_size / 1e6, "MB", 1.5),
    ]


def large(browser: Browser, folder: Path) -> list[bool]:
    """A step of 20,000 nodes: opened, folded, unfolded, moved."""
    path = record(ROOT / "benchmarks" / "deep.py", folder / "deep.retro")
    with viewing(path) as running:
        times = []
        for _ in range(4):
            before = processor(running)
            opened = opening(browser, f"{running.address}#step=1&event=20000", ".fold")
            times.append(opened.took)
            server = processor(running) - before
            print(f"    processor: server {server:.0f} ms, page {opened.processor:.0f} ms")
            opened.page.context.close()
        page = opening(browser, f"{running.address}#step=1&event=20000", ".fold").page
        page.wait_for_selector(".ex h1")
        folded = float(page.evaluate(PAN))
        event = median(lambda: float(page.evaluate(KEY, ["ArrowRight", False])))
        page.locator(".gtools button").nth(2).click()  # unfold all modules
        page.locator(".gtools button").last.click()  # and show all of it
        page.wait_for_function("!document.querySelector('.fold')")
        far = float(page.evaluate(PAN))
        page.locator(".gtools button").last.click()
        for _ in range(24):
            page.locator(".gtools button").nth(4).click()
        page.wait_for_selector(".nb")
        near = float(page.evaluate(PAN))
        page.context.close()
    return [
        say("a step of 20,000 nodes opens, the first time", times[0], "ms", 1500),
        say("it opens again, median", statistics.median(times[1:]), "ms", 1500),
        say("its next event", event, "ms", 50),
        say("it pans, folded", folded, "fps", 30, most=False),
        say("it pans, all 20,000 in view", far, "fps", 30, most=False),
        say("it pans, near enough to read", near, "fps", 30, most=False),
    ]


def long(browser: Browser, folder: Path) -> list[bool]:
    """A recording of a million steps."""
    with viewing(million(folder / "million.retro")) as running:
        times = []
        for _ in range(5):
            opened = opening(browser, running.address, ".plot canvas")
            times.append(opened.took)
            opened.page.context.close()
    return [say("a recording of 1,000,000 steps opens", statistics.median(times), "ms", 1000)]


def main() -> int:
    """Measure what the arguments name, else everything."""
    parts = {"or": or_gate, "large": large, "long": long}
    wanted = sys.argv[1:] or list(parts)
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        met = [result for name in wanted for result in parts[name](browser, Path(folder))]
        browser.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
