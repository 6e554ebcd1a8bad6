"""``docs/format.md`` says what the file holds, and its examples run."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from conftest import ROOT

from retrograd.store.schema import TABLES, VIEWS

PAGE = (ROOT / "docs" / "format.md").read_text()
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


def test_every_table_view_and_column_is_described(or_gate: Path) -> None:
    """Names of the schema stand in the page."""
    database = sqlite3.connect(or_gate)
    for name in [*TABLES, *VIEWS]:
        assert f"**{name}**" in PAGE, name
        section = PAGE.split(f"**{name}**", 1)[1].split("**", 1)[0]
        for column in database.execute(f"SELECT name FROM pragma_table_info('{name}')"):
            assert f"`{column[0]}`" in section, (name, column)
    database.close()


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_answers(query: str, or_gate: Path) -> None:
    """Each example returns rows from a real recording."""
    database = sqlite3.connect(or_gate)
    assert database.execute(query).fetchall()
    database.close()


def test_every_event_kind_is_described() -> None:
    """The table of kinds is complete."""
    from retrograd.store.structure import _EVENTS

    for kind in _EVENTS:
        assert f"\n| {kind} |" in PAGE, kind


def test_the_python_runs(or_gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of the page, in a folder with a recording."""
    (tmp_path / "or_gate.retro").write_bytes(or_gate.read_bytes())
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(block, "format.md", "exec"), {})
