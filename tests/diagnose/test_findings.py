"""Every rule fires on its failing program, first and foremost, and not on the correct one."""

from __future__ import annotations

import pytest
from recordings import record

import retrograd
from retrograd.diagnose.diagnosis import diagnose
from retrograd.diagnose.finding import Diagnosis, Finding
from retrograd.diagnose.registry import all_rules
from retrograd.diagnose.rule import Rule
from retrograd.messages import LANGUAGES, Catalogue
from retrograd.messages.message import message

RULES = all_rules()


@pytest.fixture(scope="module")
def diagnoses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Diagnosis]:
    """The diagnosis of both programs of every rule, by ``R15-failing`` and ``R15-correct``."""
    folder = tmp_path_factory.mktemp("rules")
    programs = []
    for rule in RULES:
        for kind, text in (("failing", rule.failing), ("correct", rule.correct)):
            path = folder / f"{rule.code}-{kind}.py"
            path.write_text(text)
            programs.append(path)
    found = {}
    for path, recording in record(programs, folder).items():
        with retrograd.load(recording) as opened:
            found[path.stem] = diagnose(opened, strict=True)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_it_fires(rule: Rule, diagnoses: dict[str, Diagnosis]) -> None:
    found = diagnoses[f"{rule.code}-failing"].findings
    assert found, "nothing found"
    assert found[0].code == rule.code
    assert all(len(finding.steps) or finding.site for finding in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_it_does_not_fire(rule: Rule, diagnoses: dict[str, Diagnosis]) -> None:
    found = diagnoses[f"{rule.code}-correct"]
    assert [f.code for f in found.findings if f.severity != "hint"] == []
    assert rule.code in found.clean or rule.code in {f.code for f in found.findings}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_words(language: str, diagnoses: dict[str, Diagnosis]) -> None:
    words = Catalogue(language)

    def told(finding: Finding) -> None:
        assert words.text(finding.message)
        assert words.text(finding.fix)
        for key in finding.evidence:
            assert words.text(message(f"evidence-{key}".replace("_", "-")))
        for consequence in finding.consequences:
            told(consequence)

    for rule in RULES:
        assert words.text(message(f"{rule.name}-why"))
        assert words.text(message(f"{rule.name}-fix"))
    for diagnosis in diagnoses.values():
        for finding in diagnosis.findings:
            told(finding)
        for entry in diagnosis.not_checked:
            assert words.text(entry.reason)


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.failing != rule.correct
        assert rule.sources
        assert rule.code not in rule.explains
