"""Columns of source text: CPython counts them in UTF-8 bytes, the recording in characters."""

from __future__ import annotations


def characters(line: str, column: int) -> int:
    """Convert a column in UTF-8 bytes to one in characters."""
    return column if line.isascii() else len(line.encode()[:column].decode(errors="ignore"))
