"""Why a run ended with an error that only a rule knows: one about the words of PyTorch's error."""

from __future__ import annotations

import re

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.registry import all_rules
from retrograd.diagnose.rule import NotChecked
from retrograd.explain.failures.failure import Fact, Failure
from retrograd.messages.message import message
from retrograd.store.reader import Recording


def failure_by_rule(recording: Recording) -> Failure | None:
    """Return what the rule about this error says, None where there is none."""
    evidence = Evidence(recording)
    incident = evidence.error
    if incident is None:
        return None
    words = str(incident.detail.get("message", ""))
    for rule in all_rules():
        if not any(re.search(pattern, words) for pattern in rule.raises):
            continue
        try:
            hits = list(rule.check(evidence, rule.limits))
        except NotChecked:
            continue
        for hit in hits:
            fact = Fact(hit.message, hit.site)
            fix = hit.fix or message(f"{rule.name}-fix")
            step = incident.step or 0
            exact = step == recording.unfinished or step in recording.full_steps
            return Failure(rule.name, words, step, incident.site, (fact,), (fix,), exact)
    return None
