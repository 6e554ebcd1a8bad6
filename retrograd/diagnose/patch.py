"""Unified diffs against the source as it was when it ran."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from retrograd.store.model import Site
from retrograd.store.reader import Recording

Edit = Callable[[list[str], int], None]


def insert_before(recording: Recording, site: Site | None, line: str) -> str | None:
    """Return the diff that puts a line of code above the one at a position."""

    def edit(lines: list[str], at: int) -> None:
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines.insert(at, f"{indent}{line}")

    return _diff(recording, site, edit)


def replace(recording: Recording, site: Site | None, new: str) -> str | None:
    """Return the diff that puts other code in place of the expression at a position."""
    if site is None or site.end_line != site.line or site.column is None or not site.end_column:
        return None
    start, end = site.column, site.end_column

    def edit(lines: list[str], at: int) -> None:
        lines[at] = lines[at][:start] + new + lines[at][end:]

    return _diff(recording, site, edit)


def _diff(recording: Recording, site: Site | None, edit: Edit) -> str | None:
    source = None if site is None else recording.sources.get(site.path)
    if site is None or source is None or site.line is None:
        return None
    before = source.text.splitlines()
    if not 0 < site.line <= len(before):
        return None
    after = list(before)
    edit(after, site.line - 1)
    name = site.path.replace("\\", "/").rpartition("/")[2]
    return "\n".join(difflib.unified_diff(before, after, name, name, n=1, lineterm=""))
