"""A diagnosis on the terminal: the line with the expression underlined, the proof, the fix."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from retrograd.commands import text
from retrograd.commands.prose import Prose
from retrograd.diagnose.finding import Diagnosis, Finding
from retrograd.messages import Catalogue
from retrograd.store.model import Site
from retrograd.store.reader import Recording


class Teller:
    """Puts a diagnosis into lines."""

    def __init__(self, recording: Recording, words: Catalogue) -> None:
        self.recording = recording
        self.prose = Prose(words)
        self.say = self.prose.say

    def lines(self, diagnosis: Diagnosis) -> Iterator[str]:
        """Yield all lines: findings, what follows from them, what was clean, what was not."""
        name = text.safe(self.recording.path.rpartition("/")[2])
        yield self._summary(name, diagnosis)
        for note in diagnosis.notes:
            yield from self.prose.wrapped(self.prose.put(note))
        for number, found in enumerate(diagnosis.findings):
            if number:
                yield ""
            yield from self._finding(found)
        yield from self._rest(diagnosis)

    def _summary(self, name: str, diagnosis: Diagnosis) -> str:
        found = diagnosis.findings
        if not found:
            return self.say("diagnose-clean-run", name=name, count=len(diagnosis.clean))
        counts = {s: sum(f.severity == s for f in found) for s in ("error", "warning", "hint")}
        return self.say(
            "diagnose-summary",
            name=name,
            errors=counts["error"],
            warnings=counts["warning"],
            hints=counts["hint"],
        )

    def _finding(self, found: Finding) -> Iterator[str]:
        severity = self.say(f"diagnose-{found.severity}")
        yield from self.prose.title(f"{found.code} {found.name} · {severity}")
        yield from self.prose.wrapped(self.prose.put(found.message))
        yield from self._source(found.site)
        if found.evidence:
            numbers = [
                f"{self.say(f'evidence-{key}'.replace('_', '-'))} = {text.safe(_number(value))}"
                for key, value in found.evidence.items()
            ]
            yield from self.prose.wrapped(" · ".join(numbers))
        yield from self.prose.wrapped(self._when(found))
        for follower in _flat(found.consequences):
            line = self.prose.put(follower.message)
            told = self.say("diagnose-follows", code=follower.code, text=line)
            yield from self.prose.wrapped(told, "  ")
        fix = self.prose.put(found.fix)
        yield from self.prose.wrapped(f"{self.say('diagnose-fix')}: {fix}")
        if found.patch:
            yield from (f"    {text.safe(line)}" for line in found.patch.splitlines()[2:])

    def _when(self, found: Finding) -> str:
        sure = self.say(f"diagnose-sure-{found.kind}")
        steps = found.steps
        if not steps:
            return sure
        if len(steps) == 1:
            when = self.say("diagnose-in-step", step=steps[0])
        else:
            when = self.say("diagnose-in-steps", count=len(steps), first=steps[0], last=steps[-1])
        return f"{when} {sure}"

    def _source(self, site: Site | None) -> Iterator[str]:
        """Yield the source line with the expression underlined."""
        if site is None or site.line is None:
            return
        yield f"  {text.place(site)}"
        source = self.recording.sources.get(site.path)
        lines = [] if source is None else source.text.splitlines()
        if not 0 < site.line <= len(lines):
            return
        line = lines[site.line - 1]
        shown = text.safe(line.replace("\t", " "))
        yield f"    {shown}"
        if site.column is not None and site.column < len(line):
            end = site.end_column if site.end_line == site.line else len(line)
            marked = line[site.column : end]
            yield " " * (4 + cell_len(line[: site.column])) + "^" * max(cell_len(marked), 1)

    def _rest(self, diagnosis: Diagnosis) -> Iterator[str]:
        if diagnosis.clean and diagnosis.findings:
            yield ""
            clean = ", ".join(diagnosis.clean)
            yield from self.prose.wrapped(self.say("diagnose-clean", codes=clean), "")
        reasons: dict[str, list[str]] = {}
        for entry in diagnosis.not_checked:
            reasons.setdefault(self.prose.put(entry.reason), []).append(entry.code)
        for reason, codes in reasons.items():
            line = self.say("diagnose-not-checked", codes=", ".join(codes), reason=reason)
            yield from self.prose.wrapped(line, "")
        if diagnosis.findings:
            code = diagnosis.findings[0].code
            yield self.say("diagnose-more", code=code)


def _flat(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    for found in findings:
        yield found
        yield from _flat(found.consequences)


def _number(value: float | int | str) -> str:
    return value if isinstance(value, str) else text.number(value)
