"""Whatever a rule or a check says has a text in every language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import retrograd.explain
from retrograd.explain.rules import all_rules
from retrograd.messages import LANGUAGES, Catalogue


def reasons() -> set[str]:
    """Return every reason that the explaining code gives for not checking."""
    found = set()
    for path in Path(retrograd.explain.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in ("not_checked", "NotKept") and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_has_a_text(language: str) -> None:
    catalogue = Catalogue(language)
    notes = {note for rule in all_rules().values() for note in rule.notes}
    assert notes
    assert {note for note in notes if f"note-{note}" not in catalogue} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_text(language: str) -> None:
    catalogue = Catalogue(language)
    assert "values-not-kept" in reasons()
    assert {reason for reason in reasons() if f"reason-{reason}" not in catalogue} == set()
