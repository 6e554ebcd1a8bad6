"""Makes the pictures of the documentation from a real run (``make screenshots``)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #10141a; }}
pre {{ margin: 0; padding: 20px 24px; color: #d8dee9; }}
pre {{ font: 14px/1.35 "DejaVu Sans Mono", monospace; }}
b {{ color: #88c0d0; font-weight: normal; }}
</style><pre>{text}</pre>"""


def browser() -> str:
    """Return the path of a Chromium; ends with a message where there is none."""
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if found is None:
        sys.exit("no chromium was found; install your system's package `chromium`")
    return found


def picture(text: str, name: str, folder: Path) -> None:
    """Render text as a terminal shows it."""
    page = folder / "page.html"
    page.write_text(PAGE.format(text=text))
    lines = text.splitlines()
    width = max(len(line) for line in lines) * 8 + 120
    subprocess.run(
        [
            browser(),
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
            f"--window-size={min(width, 900)},{round(len(lines) * 18.9) + 44}",
            f"--screenshot={HERE / 'images' / name}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )


def main() -> None:
    """Record the OR gate and show one of its steps."""
    (HERE / "images").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE.parent / "examples" / "or_gate.py", folder)

        def run(*words: str) -> str:
            command = [sys.executable, "-m", "retrograd", *words]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
            return done.stdout

        run("run", "--quiet", "or_gate.py")
        command = "retrograd steps or_gate.retro 437"
        lines = run(*command.split()[1:]).splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("backward()"))
        shown = [*lines[: start - 1], *lines[start : start + 25], "…"]
        shown = [
            f"<b>{escape(line)}</b>" if line and line[0] != " " else escape(line) for line in shown
        ]
        picture("\n".join([f"<b>$ {command}</b>", *shown]), "steps.png", folder)


if __name__ == "__main__":
    main()
