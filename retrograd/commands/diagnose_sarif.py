"""A diagnosis as SARIF 2.1.0, which code-scanning services read."""

from __future__ import annotations

from typing import Any, Final

from retrograd import __version__
from retrograd.diagnose.finding import Diagnosis, Finding
from retrograd.diagnose.registry import find
from retrograd.messages import Catalogue
from retrograd.messages.message import message
from retrograd.store.model import Site
from retrograd.store.reader import Recording

_LEVELS: Final = {"error": "error", "warning": "warning", "hint": "note"}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(recording: Recording, diagnosis: Diagnosis, words: Catalogue) -> dict[str, Any]:
    """Return the document that ``--sarif`` prints."""
    codes = sorted({found.code for found in diagnosis.findings})
    driver = {
        "name": "retrograd",
        "version": __version__,
        "rules": [_rule(code, words) for code in codes],
    }
    results = [_result(found, words) for found in diagnosis.findings]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": {"uri": _uri(path)}} for path in recording.sources],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, words: Catalogue) -> dict[str, Any]:
    rule = find(code)
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": words.text(message(f"{rule.name}-why"))},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(found: Finding, words: Catalogue) -> dict[str, Any]:
    told = f"{words.text(found.message)} {words.text(found.fix)}"
    result: dict[str, Any] = {
        "ruleId": found.code,
        "level": _LEVELS[found.severity],
        "message": {"text": told},
        "properties": {"steps": list(found.steps), "evidence": dict(found.evidence)},
    }
    if found.site is not None and found.site.line is not None:
        result["locations"] = [{"physicalLocation": _location(found.site)}]
    return result


def _location(site: Site) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": site.line}
    if site.column is not None and site.end_column is not None:  # SARIF counts columns from 1
        region |= {
            "startColumn": site.column + 1,
            "endLine": site.end_line or site.line,
            "endColumn": site.end_column + 1,
        }
    return {"artifactLocation": {"uri": _uri(site.path)}, "region": region}


def _uri(path: str) -> str:
    from urllib.parse import quote

    plain = path.replace("\\", "/")
    return f"file://{quote(plain)}" if plain.startswith("/") else quote(plain)
