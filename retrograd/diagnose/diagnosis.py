"""Runs the rules on a recording and puts their findings in order, root causes first."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from retrograd.diagnose.evidence import MOST_STEPS, Evidence
from retrograd.diagnose.finding import SEVERITIES, Diagnosis, Finding, Unchecked
from retrograd.diagnose.registry import all_rules, find
from retrograd.diagnose.rule import Hit, NotChecked, Rule
from retrograd.diagnose.settings import Settings
from retrograd.messages.message import Message, message
from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording

MOST_OF_A_RULE: Final = 5
"""Findings of one rule that are told one by one."""
LATE: Final = 5
"""What begins after this part of a run, a fifth, has not kept the loss from falling all along."""


def diagnose(
    recording: Recording,
    settings: Settings | None = None,
    most_steps: int = MOST_STEPS,
    *,
    strict: bool = False,
) -> Diagnosis:
    """Return what the rules say of a recording.

    A rule that fails counts as not checked, and the others stand. ``most_steps``: full steps to
    look at in detail; ``strict``: let a rule's failure through, for a test must not miss it.
    """
    settings = settings or Settings()
    evidence = Evidence(recording, most_steps)
    found: list[Finding] = []
    clean: list[str] = []
    unchecked: list[Unchecked] = []
    for rule in all_rules():
        if not settings.applies(rule):
            continue
        try:
            hits = list(rule.check(evidence, settings.limits_of(rule)))
        except NotChecked as error:
            unchecked.append(Unchecked(rule.code, rule.name, error.reason))
            continue
        except RecordingError:
            raise
        except Exception as error:
            if strict:
                raise
            unchecked.append(Unchecked(rule.code, rule.name, _broken(error)))
            continue
        found += [_finding(rule, hit) for hit in hits[:MOST_OF_A_RULE]]
        if not hits:
            clean.append(rule.code)
    ordered = sorted(found, key=_decisiveness)
    return Diagnosis(_folded(ordered), tuple(clean), tuple(unchecked), _notes(evidence))


def _broken(error: Exception) -> Message:
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    return message("diagnose-rule-failed", error=said)


def _finding(rule: Rule, hit: Hit) -> Finding:
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=hit.severity or rule.severity,
        kind=rule.kind,
        steps=hit.steps,
        site=hit.site,
        message=hit.message,
        fix=hit.fix or message(f"{rule.name}-fix"),
        event=hit.event,
        evidence=dict(hit.evidence),
        patch=hit.patch,
        parameters=hit.parameters,
    )


def _decisiveness(finding: Finding) -> tuple[int, bool, bool, bool, int, int]:
    """Sort by severity, what follows from a finding included: a cause weighs what it leads to."""
    return (
        _gravity(finding),
        find(finding.code).style,
        finding.kind != "exact",
        not finding.consequences,
        *_onset(finding),
    )


def _gravity(finding: Finding) -> int:
    below = [_gravity(consequence) for consequence in finding.consequences]
    return min([SEVERITIES.index(finding.severity), *below])


def _onset(finding: Finding) -> tuple[int, int]:
    step = finding.steps[0] if finding.steps else 0
    return step, -1 if finding.event is None else finding.event


def _folded(findings: list[Finding]) -> tuple[Finding, ...]:
    """Put findings under the one that they follow from."""
    rules = {rule.code: rule for rule in all_rules()}
    parents: dict[int, int] = {}
    for child, follower in enumerate(findings):
        for parent, cause in enumerate(findings):
            if (
                parent != child
                and _follows(follower, cause, rules)
                and not _inside(parent, child, parents)
            ):
                parents[child] = parent
                break

    def whole(number: int) -> Finding:
        under = [whole(child) for child, parent in parents.items() if parent == number]
        return replace(findings[number], consequences=tuple(under))

    roots = [whole(number) for number in range(len(findings)) if number not in parents]
    return tuple(sorted(roots, key=_decisiveness))


def _inside(number: int, ancestor: int, parents: dict[int, int]) -> bool:
    while number in parents:
        number = parents[number]
        if number == ancestor:
            return True
    return False


def _follows(follower: Finding, cause: Finding, rules: dict[str, Rule]) -> bool:
    # where a symptom was seen says nothing of when it began
    if rules[follower.code].symptom > rules[cause.code].symptom and _too_late(cause, follower):
        return False
    if follower.code in rules[cause.code].explains:
        mutual = cause.code in rules[follower.code].explains
        if mutual and _onset(follower) < _onset(cause):
            return False  # either may lead to the other: what came first did
        apart = follower.parameters and cause.parameters
        return not apart or not follower.parameters.isdisjoint(cause.parameters)
    decisive = cause.kind == "exact" and cause.severity == "error"
    return decisive and rules[follower.code].symptom and not rules[cause.code].symptom


def _too_late(cause: Finding, follower: Finding) -> bool:
    """Tell whether something began when what holds for the whole run had long been so."""
    if len(follower.steps) != 2 or not cause.steps:
        return False
    first, last = follower.steps
    return cause.steps[0] > first + (last - first) / LATE


def _notes(evidence: Evidence) -> tuple[Message, ...]:
    recording = evidence.recording
    found = []
    if not recording.complete and not recording.live:
        found.append(message("diagnose-cut-short", steps=recording.steps))
    light = recording.steps - len(recording.full_steps)
    if light > 0:
        full = len(recording.full_steps)
        found.append(message("diagnose-light", full=full, steps=recording.steps))
    if not recording.full_steps and recording.unfinished is None:
        found.append(message("diagnose-nothing-full"))
    return tuple(found)
