"""What ``[tool.retrograd]`` in ``pyproject.toml`` says about the rules."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrograd.diagnose.registry import find
from retrograd.diagnose.rule import Limits, Rule
from retrograd.store.errors import RecordingError


class SettingsError(RecordingError):
    """A setting that means nothing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which rules apply, and thresholds that differ from the rules' own."""

    select: frozenset[str] = frozenset()  # codes; empty: all
    ignore: frozenset[str] = frozenset()
    limits: Mapping[str, Limits] = field(default_factory=dict)

    def applies(self, rule: Rule) -> bool:
        """Tell whether a rule is to be checked."""
        return (not self.select or rule.code in self.select) and rule.code not in self.ignore

    def limits_of(self, rule: Rule) -> Limits:
        """Return a rule's thresholds."""
        return {**rule.limits, **self.limits.get(rule.code, {})}


def codes(words: str | list[str]) -> frozenset[str]:
    """Return the codes that ``R15,step-without-gradients`` names. Raises ``UnknownRule``."""
    listed = words.split(",") if isinstance(words, str) else words
    return frozenset([find(word).code for word in listed if word.strip()])


def read(folder: Path) -> Settings:
    """Return the settings of the nearest ``pyproject.toml`` in or above a folder.

    Raises ``SettingsError`` where one cannot be understood.
    """
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        if path.is_file():
            return _of(path)
    return Settings()


def _of(path: Path) -> Settings:
    try:
        tools = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    table = tools.get("retrograd", {}) if isinstance(tools, dict) else None
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: [tool.retrograd] is no table")
    chosen = {"select": frozenset[str](), "ignore": frozenset[str]()}
    limits: dict[str, Limits] = {}
    for key, value in table.items():
        try:
            if key in chosen:
                if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                    raise SettingsError(f"{key} is no list of codes")
                chosen[key] = codes(value)
            else:
                rule = find(key)
                limits[rule.code] = _limits(rule, value)
        except RecordingError as error:
            raise SettingsError(f"{path}, [tool.retrograd]: {error}") from None
    return Settings(chosen["select"], chosen["ignore"], limits)


def _limits(rule: Rule, table: Any) -> Limits:
    if not isinstance(table, dict):
        raise SettingsError(f"{rule.code} is no table of thresholds")
    found = {}
    for key, value in table.items():
        if key not in rule.limits:
            known = ", ".join(rule.limits) or "none"
            raise SettingsError(f"{rule.code} has no threshold {key!r} (it has: {known})")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SettingsError(f"{rule.code}.{key} is no number")
        if not math.isfinite(value):
            raise SettingsError(f"{rule.code}.{key} is not finite")
        found[key] = float(value)
    return found
