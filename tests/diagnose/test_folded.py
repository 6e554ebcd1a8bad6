"""Every fault of the field's list has a rule, or a reason why not."""

from __future__ import annotations

import pytest

from retrograd.commands import cli
from retrograd.diagnose.folded import FOLDED, Folded, folded
from retrograd.diagnose.registry import UnknownRule, all_rules, find
from retrograd.messages import LANGUAGES, Catalogue

RULES = {rule.code for rule in all_rules()}


def test_the_list_is_complete() -> None:
    listed = {f"R{number:02}" for number in range(1, 85)}
    assert RULES | set(FOLDED) >= listed
    assert RULES.isdisjoint(FOLDED)


@pytest.mark.parametrize("entry", FOLDED.values(), ids=lambda entry: entry.code)
def test_rules_stand_for_it(entry: Folded, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(entry.instead) <= RULES
    assert folded(entry.name) is folded(entry.code.lower()) is entry
    for language in LANGUAGES:
        reason = Catalogue(language).text(entry.reason)
        assert entry.instead[0] in reason
        assert cli.main(["diagnose", "--explain", entry.code, "--lang", language]) == 0
        told = capsys.readouterr().out
        assert " ".join(reason.split()) in " ".join(told.split())
        assert entry.instead[0] in told
    with pytest.raises(UnknownRule, match=f"see {entry.instead[0]}"):
        find(entry.code)
