"""A diagnosis for machines."""

from __future__ import annotations

from typing import Any

from retrograd.diagnose.finding import Diagnosis, Finding
from retrograd.messages import Catalogue
from retrograd.store.reader import Recording


def as_json(recording: Recording, diagnosis: Diagnosis, words: Catalogue) -> dict[str, Any]:
    """Return the document that ``--json`` prints."""
    return {
        "file": recording.path,
        "findings": [finding(found, words) for found in diagnosis.findings],
        "clean": list(diagnosis.clean),
        "not_checked": [
            {"code": entry.code, "name": entry.name, "reason": words.text(entry.reason)}
            for entry in diagnosis.not_checked
        ],
        "notes": [words.text(note) for note in diagnosis.notes],
    }


def finding(found: Finding, words: Catalogue) -> dict[str, Any]:
    """Return one finding with its consequences."""
    site = found.site
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity,
        "kind": found.kind,
        "steps": list(found.steps),
        "event": found.event,
        "file": None if site is None else site.path,
        "line": None if site is None else site.line,
        "column": None if site is None else site.column,
        "end_line": None if site is None else site.end_line,
        "end_column": None if site is None else site.end_column,
        "expression": None if site is None else site.expression,
        "message": words.text(found.message),
        "fix": words.text(found.fix),
        "patch": found.patch,
        "evidence": dict(found.evidence),
        "consequences": [finding(follower, words) for follower in found.consequences],
    }
