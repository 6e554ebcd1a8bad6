"""Judges a recording while it is written, and tells each exact finding once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from retrograd.diagnose.diagnosis import diagnose
from retrograd.diagnose.finding import Finding
from retrograd.diagnose.registry import all_rules
from retrograd.diagnose.settings import Settings
from retrograd.store.reader import load

FEWEST_STEPS: Final = 4
"""Steps before which nothing is judged: a fault of the loop repeats."""
MOST_STEPS: Final = 24
"""Full steps looked at: enough for what repeats, and as cheap at step a million as at step 100."""
ABSENCES: Final = frozenset(
    {"R02", "R13", "R14", "R17", "R19", "R20", "R21", "R22", "R28", "R51", "R73", "R74", "R77"}
)
"""Rules that judge what has not happened, or may be meant for a while: they wait for the end."""


class Watch:
    """What has been found so far in a file that grows."""

    def __init__(self, path: str, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        exact = {rule.code for rule in all_rules() if rule.kind == "exact"} - ABSENCES
        chosen = (settings.select or exact) & exact
        self.path = path
        self._settings = replace(settings, select=frozenset(chosen))
        self._steps = 0
        self._seen: set[str] = set()  # in the last look
        self._told: set[str] = set()

    def look(self) -> list[Finding]:
        """Return what is found for the second time, and was not told yet.

        A step that is half written may look like a fault: what is one is there at the next look
        too, with more steps. Raises ``RecordingError`` where the file cannot be read.
        """
        with load(self.path) as recording:
            steps = len(recording.full_steps)
            if steps < FEWEST_STEPS or steps <= self._steps:
                return []
            self._steps = steps
            found = diagnose(recording, self._settings, MOST_STEPS).findings
        new = [finding for finding in found if finding.severity != "hint"]
        told = [f for f in new if f.code in self._seen and f.code not in self._told]
        self._seen = {finding.code for finding in new}
        self._told |= {finding.code for finding in told}
        return told
