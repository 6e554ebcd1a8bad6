"""The user's program: finds it and runs it as ``__main__``, as Python itself would."""

from __future__ import annotations

import importlib.util
import io
import os
import runpy
import sys
import tokenize
import traceback
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, Self

from retrograd.store.errors import RecordingError


@dataclass(frozen=True, slots=True)
class Program:
    """A script, a module (``-m``), or a directory or archive with a ``__main__.py``."""

    kind: str
    name: str
    arguments: tuple[str, ...]
    code: CodeType | None = None  # of a script

    @classmethod
    def find(cls, words: list[str]) -> Self:
        """Return the program that a command line names.

        Raises ``RecordingError`` where there is none; a syntax error is printed as Python does
        and ends the process with exit code 2.
        """
        if not words:
            raise RecordingError("no script given: retrograd run script.py")
        if words[0] == "-m":
            if len(words) < 2:
                raise RecordingError("-m needs the name of a module")
            return cls("module", _module(words[1]), tuple(words[2:]))
        name = words[0]
        if os.path.isdir(name):
            if not os.path.isfile(os.path.join(name, "__main__.py")):
                raise RecordingError(
                    f"{name} is a directory without a __main__.py; give the script in it"
                )
            return cls("package", name, tuple(words[1:]))
        return cls("script", name, tuple(words[1:]), _compiled(name))

    @property
    def stem(self) -> str:
        """What the recording is called by default."""
        base = os.path.basename(os.path.abspath(self.name))
        return base.rpartition(".")[2] if self.kind == "module" else os.path.splitext(base)[0]

    def run(self) -> None:
        """Run it; whatever it raises comes out."""
        main = ModuleType("__main__")
        facts: dict[str, Any] = {"__builtins__": sys.modules["builtins"]}
        if "__annotations__" in vars(sys.modules["__main__"]):  # as before Python 3.14
            facts["__annotations__"] = {}
        main.__dict__.update(facts)
        sys.modules["__main__"] = main
        safe = getattr(sys.flags, "safe_path", False)
        if self.kind == "module":
            sys.argv = ["-m", *self.arguments]
            if not safe:
                sys.path[0] = os.getcwd()
            _run_as_main(self.name, True)
        elif self.kind == "package":
            sys.argv = [self.name, *self.arguments]
            sys.path[0] = self.name
            _run_as_main("__main__", False)
        else:
            sys.argv = [self.name, *self.arguments]
            if not safe:
                sys.path[0] = os.path.dirname(os.path.realpath(self.name))
            assert self.code is not None
            facts = {
                "__file__": os.path.abspath(self.name),
                "__loader__": SourceFileLoader("__main__", os.path.abspath(self.name)),
                "__cached__": None,
                "__spec__": None,
                "__package__": None,
            }
            main.__dict__.update(facts)
            exec(self.code, main.__dict__)


# The way `python -m` goes, frames in tracebacks included.
_run_as_main: Any = runpy._run_module_as_main  # type: ignore[attr-defined]


def _module(name: str) -> str:
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # where `python -m` looks first
    top = name.partition(".")[0]
    try:
        found = importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        raise RecordingError(f"no module named {name!r}; is it installed, or in this directory?")
    return name


def _compiled(path: str) -> CodeType:
    try:
        with io.open_code(os.path.abspath(path)) as file:
            data = file.read()
    except FileNotFoundError:
        raise RecordingError(f"{path} does not exist; give the path of a Python script") from None
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}") from None
    if data[:16] == b"SQLite format 3\x00":
        raise RecordingError(f"{path} is a recording, not a script: try `retrograd summary {path}`")
    if path.endswith(".ipynb"):
        raise RecordingError(
            f"{path} is a notebook: type %load_ext retrograd in it and %%retrograd above a cell"
        )
    try:
        tokenize.detect_encoding(io.BytesIO(data).readline)
        binary = b"\0" in data
    except SyntaxError:
        binary = True
    if binary:
        raise RecordingError(f"{path} is not a Python file")
    try:
        return compile(data, os.path.abspath(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        traceback.print_exception(type(error), error, None)
        raise SystemExit(2) from None
    except ValueError as error:
        raise RecordingError(f"{path} is not a Python file ({error})") from None
