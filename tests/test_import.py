"""``import retrograd`` is light."""

from __future__ import annotations

import json
import subprocess
import sys


def loaded(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport sys, json; print(json.dumps(list(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(json.loads(result.stdout))


def test_the_package_loads_neither_torch_nor_numpy() -> None:
    """Both come when they are needed."""
    assert not {"torch", "numpy", "rich", "sqlite3"} & loaded("import retrograd")


def test_reading_never_loads_torch() -> None:
    """Loading and showing a recording works where there is no torch."""
    modules = loaded(
        "import retrograd; retrograd.load; "
        "import retrograd.commands.summary, retrograd.commands.steps, retrograd.explain.engine"
    )
    assert "retrograd.store.reader" in modules
    assert "torch" not in modules


def test_an_unknown_name_is_an_error_like_any_other() -> None:
    """Python's own message, not one of ours."""
    import pytest

    import retrograd

    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = retrograd.nothing  # type: ignore[attr-defined]
