"""A run that is still going on: the page follows it, and ``run --view`` does both at once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from views.viewing import Viewing, viewing
from views.visiting import visiting

TRAINING = """
import sys
import torch

weight = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
print("ready", flush=True)
for line in sys.stdin:
    optimizer.zero_grad()
    loss = weight.square().sum()
    loss.backward()
    optimizer.step()
    print("stepped", flush=True)
sys.exit(7)
"""


class Training:
    """A recorded run that takes a step for each line it is given."""

    def __init__(self, folder: Path, *options: str) -> None:
        script = folder / "training.py"
        script.write_text(TRAINING)
        self.path = folder / "training.retro"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "retrograd", "run", "-q", "--budget", "all", *options, script],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.said() == "ready\n"

    def said(self) -> str:
        """Return the program's next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def step(self) -> None:
        """Take a step."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.said() == "stepped\n"

    def end(self) -> None:
        """Let the program come to its end."""
        assert self.process.stdin is not None
        self.process.stdin.close()


@contextmanager
def training(folder: Path, *options: str) -> Iterator[Training]:
    """Start a run, and end it in any case."""
    running = Training(folder, *options)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        for stream in (running.process.stdout, running.process.stderr, running.process.stdin):
            assert stream is not None
            stream.close()


def test_the_page_follows_the_run_to_its_end(page: Page, tmp_path: Path) -> None:
    with training(tmp_path) as run:
        run.step()
        with viewing(run.path) as server:
            page.goto(server.address)
            live = page.locator("button.live")
            expect(live).to_have_text("still training")
            step = page.locator(".fact b").first
            expect(step).to_have_text("0")
            expect(live).to_have_attribute("aria-pressed", "true")
            run.step()
            run.step()
            expect(step).to_have_text("2")  # it goes along
            page.keyboard.press("ArrowLeft")  # until somebody stays to look
            expect(live).to_have_attribute("aria-pressed", "false")
            run.step()
            expect(page.locator(".fact i").first).to_have_text("/ 4")
            expect(step).to_have_text("2")
            live.click()
            expect(step).to_have_text("3")
            run.end()
            assert run.process.wait(timeout=30) == 7
            expect(page.locator(".notices")).to_contain_text("The run has ended after 4 steps")
            expect(live).to_have_count(0)
    assert not Path(f"{run.path}-wal").exists()  # the server did not stand in the way


def test_two_pages_of_one_run(page: Page, tmp_path: Path) -> None:
    with training(tmp_path) as run:
        run.step()
        with viewing(run.path) as first, viewing(run.path) as second:
            for server in (first, second):
                page.goto(server.address)
                expect(page.locator("button.live")).to_be_visible()
                run.step()
                expect(page.locator(".fact b").first).to_have_text("1" if server is first else "2")


def test_a_page_opened_before_the_first_step(page: Page, tmp_path: Path) -> None:
    with training(tmp_path) as run, viewing(run.path) as server:
        page.goto(server.address)
        expect(page.locator(".notices")).to_contain_text("The run has begun")
        run.step()
        expect(page.locator(".ev.now")).to_be_visible()


def test_a_file_that_goes_away_is_said_so(browser: Browser, or_gate: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.retro"
    copy.write_bytes(or_gate.read_bytes())
    with viewing(copy) as server, visiting(browser, refused=True, locale="en-US") as page:
        page.goto(f"{server.address}#step=3&event=1")
        expect(page.locator(".ev.now")).to_be_visible()
        copy.unlink()
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator(".notice[role=alert]")).to_contain_text("no longer there")
        expect(page.locator(".fact b").first).to_have_text("3")  # the step that is still shown
        copy.write_bytes(or_gate.read_bytes()[:5000])
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator(".notice[role=alert]")).to_contain_text("damaged")
        copy.write_bytes(or_gate.read_bytes())
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator(".notice[role=alert]")).to_have_count(0)


def test_a_server_that_ends_is_said_so(browser: Browser, or_gate: Path) -> None:
    with viewing(or_gate) as server, visiting(browser, refused=True, locale="ko-KR") as page:
        page.goto(f"{server.address}#step=3&event=1")
        expect(page.locator(".ev.now")).to_be_visible()
        server.end()
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator(".notice[role=alert]")).to_contain_text("retrograd view or_gate.retro")


def test_a_server_that_ends_while_a_page_follows_is_said_so(
    browser: Browser, tmp_path: Path
) -> None:
    with training(tmp_path) as run, viewing(run.path) as server:
        run.step()
        with visiting(browser, refused=True, locale="en-US") as page:
            page.goto(server.address)
            expect(page.locator("button.live")).to_be_visible()
            server.end()  # though it still streams to the page
            expect(page.locator(".notice[role=alert]")).to_contain_text("retrograd view")


def test_run_and_view_at_once(tmp_path: Path) -> None:
    with training(tmp_path, "--view") as run:
        run.step()
        assert run.process.stderr is not None
        address = re.search(r"http://\S+", run.process.stderr.readline())
        assert address is not None
        server = Viewing(run.process, address[0])
        assert '"live":true' in server.data("overview")[1]
        run.step()
        run.end()
        assert "stays open until Ctrl-C" in run.process.stderr.readline()
        assert '"live":false' in server.data("overview")[1]
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(timeout=20) == 7
        assert "Traceback" not in run.process.stderr.read()
        assert run.said() == ""  # standard output was the program's alone


def test_a_program_that_trains_nothing_needs_no_page(tmp_path: Path) -> None:
    script = tmp_path / "nothing.py"
    script.write_text("print('hello')\n")
    command = [sys.executable, "-m", "retrograd", "run", "--view", script]
    said = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (said.returncode, said.stdout) == (2, "hello\n")
    assert "nothing to record" in said.stderr
