"""Writes what the commands in the documentation really print into it: ``make docs``.

The tables of the glossaries come from the catalogue of messages. In the pages of ``NAMES`` every
console block holds commands, each with its output below. They run on a recording of
``examples/or_gate.py`` with every step in full. Where two machines may differ, ``same`` allows it:
white space, the bars of a curve, and numbers by a thousandth or by 10⁻⁶.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from retrograd import messages
from retrograd.commands import cli
from retrograd.messages import Catalogue
from retrograd.messages.message import message

DOCS: Final = Path(__file__).parent
NAMES: Final = ("questions", "explain", "jacobian", "why", "tensor", "diff", "errors", "diagnose")
PAGES: Final = [DOCS / f"{name}{ending}" for name in NAMES for ending in (".md", ".ko.md")]
GLOSSARIES: Final = {DOCS / "glossary.md": ("en", "ko"), DOCS / "glossary.ko.md": ("ko", "en")}
"""Each glossary with its own language and the other one."""

OTHERS: Final = ("or_gate_slower", "or_gate_cut", "or_gate_forgets")
"""Examples beside the OR gate that are recorded too; the second one ends with an error."""
ENDS: Final = {"diff": 1, "diagnose": 1}
"""The exit code besides 0 with which a command may end well."""

_BLOCK: Final = re.compile(r"```console\n(.*?)```", re.DOTALL)
_NUMBER: Final = re.compile(r"([-−]?\d+(?:\.\d+)?(?:e[-−+]?\d+)?)")
_RELATIVE: Final = 1e-3
_ABSOLUTE: Final = 1e-6


@contextlib.contextmanager
def workplace() -> Iterator[None]:
    """Work in a folder that holds the examples and the recording, 80 columns wide, in English."""
    here, before = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DOCS.parent / "examples", Path(folder) / "examples")
        os.chdir(folder)
        os.environ.update(COLUMNS="80", LC_ALL="C.UTF-8")
        try:
            command = ["run", "--quiet", "--budget", "all", "examples/or_gate.py"]
            program = [sys.executable, "-m", "retrograd", *command]
            environment = os.environ | {"PYTHONPATH": str(DOCS.parent)}
            subprocess.run(program, env=environment, stdout=subprocess.DEVNULL, check=True)
            for name in OTHERS:
                program[-1] = f"examples/{name}.py"
                subprocess.run(program, env=environment, capture_output=True, check=False)
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)


def printed(command: str) -> str:
    """Return what a command prints. Raises ``RuntimeError`` where it fails."""
    words = shlex.split(command)
    if words[0] != "retrograd":
        raise RuntimeError(f"no command of ours: {command}")
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = cli.main(words[1:])
    if code not in (0, ENDS.get(words[1])):
        raise RuntimeError(f"{command}\n{error.getvalue()}")
    return out.getvalue()


def regenerated(page: str) -> str:
    """Return a page with the present output of its commands."""

    def block(found: re.Match[str]) -> str:
        commands = [line for line in found[1].splitlines() if line.startswith("$ ")]
        parts = [f"{line}\n{printed(line[2:]).rstrip()}\n" for line in commands]
        return f"```console\n{chr(10).join(parts)}```"

    return _BLOCK.sub(block, page)


def glossary(page: Path) -> str:
    """Return a glossary with its table from the catalogue, sorted by the term."""
    own, other = (Catalogue(language) for language in GLOSSARIES[page])
    folder = Path(messages.__file__).parent / own.language
    terms = re.findall(r"^(.*)-meaning =", (folder / "glossary.ftl").read_text("utf-8"), re.M)
    rows = []
    for term in terms:
        texts = [own.text(message(id)) for id in (term, f"{term}-meaning")]
        rows.append(f"| {' | '.join([*texts, other.text(message(term))])} |")
    head, rule, _ = page.read_text(encoding="utf-8").partition("|---|---|---|\n")
    return head + rule + "\n".join(sorted(rows, key=str.casefold)) + "\n"


def same(one: str, other: str) -> bool:
    """Return whether two pages agree but for white space and the last digits of numbers."""
    ours, theirs = (_NUMBER.split(re.sub(r"[\s─▁▂▃▄▅▆▇█]+", " ", text)) for text in (one, other))
    if len(ours) != len(theirs) or ours[::2] != theirs[::2]:
        return False
    pairs = zip(ours[1::2], theirs[1::2], strict=True)
    return all(_close(_value(a), _value(b)) for a, b in pairs)


def _value(number: str) -> float:
    return float(number.replace("−", "-"))


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= max(_ABSOLUTE, _RELATIVE * abs(other))


def main() -> int:
    """Rewrite the pages and name those that changed."""
    with workplace():
        written = {page: regenerated(page.read_text(encoding="utf-8")) for page in PAGES}
    written |= {page: glossary(page) for page in GLOSSARIES}
    for page, after in written.items():
        if after != page.read_text(encoding="utf-8"):
            page.write_text(after, encoding="utf-8")
            print(f"{page.name}: written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
