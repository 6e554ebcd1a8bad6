"""Runs ``retrograd view`` as a user does, and asks it over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from views.visiting import leave


@dataclass(frozen=True)
class Viewing:
    """A running ``retrograd view``."""

    process: subprocess.Popen[str]
    address: str

    @property
    def root(self) -> str:
        """The address without the token."""
        return self.address.partition("?")[0]

    @property
    def token(self) -> str:
        """The token."""
        return self.address.rpartition("=")[2]

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        """Return status and text of an answer."""
        request = urllib.request.Request(self.root + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def data(self, key: str) -> tuple[int, str]:
        """Return the answer to one of the page's questions."""
        return self.ask(f"data/{key}", Authorization=f"Bearer {self.token}")

    def end(self) -> None:
        """End it as Ctrl-C does, which must end it well whatever it is asked at the time."""
        self.process.send_signal(signal.SIGINT)
        try:
            _, said = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert self.process.returncode == 0, said
        assert "Traceback" not in said


def address(page: Page) -> str:
    """Return a page's address once the page, which writes it after each frame, has written it."""
    found: str = page.evaluate("new Promise(done => setTimeout(() => done(location.href)))")
    return found


@contextmanager
def viewing(path: Path, port: int = 0) -> Iterator[Viewing]:
    """Start ``retrograd view``, and end it when the pages that look at it have left."""
    command = [sys.executable, "-m", "retrograd", "view", path, "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    if found is None:
        process.kill()
        raise AssertionError(line + process.communicate()[1])
    running = Viewing(process, found[0])
    try:
        yield running
    finally:
        try:
            leave(running.root)
        finally:
            if process.returncode is None:
                running.end()
