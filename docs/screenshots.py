"""Makes the pictures of the documentation from real runs (``make screenshots``)."""

from __future__ import annotations

import base64
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from views.viewing import viewing  # noqa: E402

IMAGES = ROOT / "docs" / "images"
LARGEST = 250_000  # bytes of a picture
TONES = 3  # tones that count as one: nobody sees it, and files are much smaller
RAW = """async (png) => {
  const file = await fetch(`data:image/png;base64,${png}`);
  const bitmap = await createImageBitmap(await file.blob());
  const {width, height} = bitmap;
  const pen = new OffscreenCanvas(width, height).getContext("2d");
  pen.drawImage(bitmap, 0, 0);
  const bytes = new Uint8Array(pen.getImageData(0, 0, width, height).data.buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [width, height, btoa(text)];
}"""
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #10141a; width: max-content; }}
pre {{ margin: 0; padding: 20px 24px; color: #d8dee9; }}
pre {{ font: 14px/1.35 "DejaVu Sans Mono", monospace; }}
b {{ color: #88c0d0; font-weight: normal; }}
</style><pre>{text}</pre>"""


@dataclass(frozen=True)
class View:
    """One picture of the page."""

    name: str
    recording: str
    state: str  # of the address
    clicks: tuple[str, ...] = ()  # selectors
    part: str | None = None  # a selector, None: the window
    size: tuple[int, int] = (1440, 900)
    sharp: float = 1  # pixels of the picture for one of the page


MIDDLE = "step=437&event=7&theme=light&lang=en"
VIEWS = (
    View("page", "or_gate", MIDDLE),
    View("page-dark-ko", "or_gate", "step=437&event=10&theme=dark&lang=ko"),
    View("page-phone", "or_gate", MIDDLE, size=(390, 844), sharp=2),
    View("timeline", "or_gate", f"{MIDDLE}&window=0-120", part=".time"),
    View("strip", "or_gate", MIDDLE, part=".film"),
    View("source", "or_gate", MIDDLE, part=".p-s", size=(1440, 1100), sharp=1.5),
    View("graph", "or_gate", MIDDLE.replace("=7", "=11"), part=".p-g", sharp=1.5),
    View("saved", "or_gate", MIDDLE, clicks=(".chip",), part=".p-g", sharp=1.5),
    View("modules", "gpt", "step=3&event=200&theme=light&lang=en", part=".p-g", sharp=1.5),
    View("explain", "or_gate", MIDDLE, part=".p-e", sharp=1.5),
    View(
        "jacobian",
        "or_gate",
        MIDDLE.replace("event=7", "event=10"),
        part=".p-e",
        size=(1440, 1400),
        sharp=1.5,
    ),
    View("ledger", "or_gate", MIDDLE.replace("=7", "=14"), part=".led", size=(1440, 1100)),
    View("why", "or_gate", MIDDLE.replace("=7", "=14"), (".led .val",), ".p-e", sharp=1.5),
    View(
        "tensor",
        "or_gate",
        MIDDLE,
        (".nb.now .v", ".asked .seg button:last-child"),
        ".p-e",
        size=(1440, 1300),
        sharp=1.5,
    ),
    View("model", "or_gate", f"{MIDDLE}&view=model", part=".mv", sharp=1.5),
    View("raised", "raises", "theme=light&lang=en"),
    View("tour", "or_gate", MIDDLE, (".offer .btn.main", ".tour .btn.main"), size=(1280, 800)),
)
PROGRAMS = {
    "or_gate": ROOT / "examples" / "or_gate.py",
    "gpt": ROOT / "tests" / "programs" / "gpt.py",
    "raises": ROOT / "tests" / "programs" / "raises.py",
}


def browser_path() -> str:
    """Return the path of a Chromium; ends with a message where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        sys.exit("no chromium was found; install your system's package `chromium`")
    return found


def save(page: Page, name: str, png: bytes) -> None:
    """Write a picture, smaller than the browser does: ends with a message if it is too large."""
    width, height, raw = page.evaluate(RAW, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(raw), np.uint8).reshape(height, width, 4)[..., :3]
    tones = (np.round(pixels / TONES) * TONES).astype(np.uint8)
    before = np.zeros_like(tones)
    before[:, 1:] = tones[:, :-1]
    above = np.zeros_like(tones)
    above[1:] = tones[:-1]
    lines = [(filter, (tones - other).reshape(height, -1)) for filter, other in
             ((0, np.zeros_like(tones)), (1, before), (2, above))]  # fmt: skip
    costs = np.stack([np.abs(line.view(np.int8).astype(int)).sum(1) for _, line in lines])
    best = costs.argmin(0)
    rows = b"".join(bytes([kind]) + lines[kind][1][y].tobytes() for y, kind in enumerate(best))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    if len(data) > LARGEST:
        sys.exit(f"{name}.png has {len(data):,} bytes, more than {LARGEST:,}")
    (IMAGES / f"{name}.png").write_bytes(data)
    print(f"  {name}.png  {len(data) / 1000:.0f} kB")


def take(browser: Browser, address: str, view: View) -> None:
    """Open the page as a view says, and take its picture."""
    width, height = view.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=view.sharp,
        locale="en-US",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if view.name != "tour":
        page.add_init_script("localStorage.setItem('retrograd.visited', 'yes')")
    page.goto(f"{address}#{view.state}")
    page.wait_for_selector(".ex:not(.stale) h1")
    for selector in view.clicks:
        page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur()")
    png = page.locator(view.part).screenshot() if view.part else page.screenshot()
    page.goto("about:blank")
    save(page, view.name, png)
    context.close()


def retrograd(folder: Path, *words: str | Path) -> str:
    """Return what a command prints; a program may end with an error of its own."""
    command = [sys.executable, "-m", "retrograd", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode and words[0] != "run":
        sys.exit(done.stderr)
    return done.stdout


def terminal(browser: Browser, folder: Path) -> None:
    """Show one step as the terminal does."""
    command = "retrograd steps or_gate.retro 437"
    lines = retrograd(folder, *command.split()[1:]).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("backward()"))
    shown = [*lines[: start - 1], *lines[start : start + 25], "…"]
    said = [f"<b>{escape(line)}</b>" if line[:1].strip() else escape(line) for line in shown]
    page = browser.new_page(device_scale_factor=1.25)
    page.set_content(TERMINAL.format(text="\n".join([f"<b>$ {command}</b>", *said])))
    png = page.locator("body").screenshot()
    page.goto("about:blank")
    save(page, "steps", png)
    page.close()


def main() -> None:
    """Record the programs and take every picture, or those that the arguments name."""
    IMAGES.mkdir(exist_ok=True)
    wanted = [view for view in VIEWS if not sys.argv[1:] or view.name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        chromium = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--hide-scrollbars"]
        )
        for program, script in PROGRAMS.items():
            shutil.copy(script, folder)
            if program == "or_gate" or any(view.recording == program for view in wanted):
                retrograd(folder, "run", "--quiet", "--budget", "all", script.name)
        if not sys.argv[1:] or "steps" in sys.argv[1:]:
            terminal(chromium, folder)
        for program in PROGRAMS:
            views = [view for view in wanted if view.recording == program]
            if views:
                with viewing(folder / f"{program}.retro") as server:
                    for view in views:
                        take(chromium, server.address, view)
        chromium.close()


if __name__ == "__main__":
    main()
