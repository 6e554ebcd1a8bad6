"""Both languages say everything, with the same arguments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from retrograd import messages
from retrograd.messages import LANGUAGES, Catalogue
from retrograd.messages.message import message
from retrograd.messages.particles import with_particle

FOLDER = Path(messages.__file__).parent


class Variables(Visitor):
    """Collects the arguments that a message uses."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        """Note one argument."""
        self.found.add(node.id.name)


def entries(language: str) -> dict[str, frozenset[str]]:
    """Return the arguments of every message by its file and id; fails on junk and doubles."""
    found: dict[str, frozenset[str]] = {}
    for path in sorted((FOLDER / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path}: {entry.content}"
            if isinstance(entry, ast.Message):
                key = f"{path.name}: {entry.id.name}"
                assert entry.id.name not in {known.partition(": ")[2] for known in found}, key
                used = Variables()
                used.visit(entry)
                found[key] = frozenset(used.found)
    return found


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_languages_agree(language: str) -> None:
    first, other = entries(LANGUAGES[0]), entries(language)
    assert first
    assert other == first


# Korean has several words for some terms; the glossary chose one
OTHER_WORDS = {
    "매개변수": "파라미터",
    "갱신": "업데이트",
    "자코비": "야코비 행렬",
    "경사": "그래디언트",
    "연쇄법칙": "연쇄 법칙",
    "최적화기": "옵티마이저",
    "기울기": "그래디언트",
}
SLOPES = ("notes.ftl", "glossary.ftl", "glossary.ko.md")  # which speak of a function's 기울기 too


def test_one_korean_word_for_each_term() -> None:
    pages = (*(FOLDER / "ko").glob("*.ftl"), *(FOLDER.parent.parent / "docs").glob("*.ko.md"))
    for path in pages:
        text = path.read_text(encoding="utf-8")
        for word, chosen in OTHER_WORDS.items():
            allowed = word == "기울기" and path.name in SLOPES
            assert allowed or word not in text, f"{path.name}: {word}, not {chosen}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gap_is_an_error(language: str) -> None:
    catalogue = Catalogue(language)
    with pytest.raises(KeyError):
        catalogue.text(message("no-such-message"))
    needs = next(id for id, used in entries(language).items() if used)
    with pytest.raises(ValueError, match="nknown"):
        catalogue.text(message(needs.partition(": ")[2]))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="en, ko"):
        Catalogue("xx")


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("손실", "은/는", "손실은"),
        ("기울기", "은/는", "기울기는"),
        ("0.3421", "은/는", "0.3421은"),
        ("0.3422", "은/는", "0.3422는"),
        ("weights[0]", "이/가", "weights[0]이"),
        ("bias", "을/를", "bias를"),
        ("7", "으로/로", "7로"),
        ("3", "으로/로", "3으로"),
        ("«»", "은/는", "«»는"),
        ("output", "을/를", "output을"),
        ("weight", "을/를", "weight를"),
        ("step", "으로/로", "step으로"),
    ],
)
def test_particles(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


def test_everything_that_a_recording_may_lack_has_words() -> None:
    """The recorder names a gap by an id, of which the summary makes a sentence."""
    recorder = FOLDER.parent / "recorder"
    named = {
        name
        for path in recorder.glob("*.py")
        for name in re.findall(r"\.gap\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert "light-without-norms" in named
    words = Catalogue("en")
    assert [name for name in named if f"gap-{name.replace('.', '-')}" not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_argument_without_bound_is_cut(language: str) -> None:
    """A hostile file may hold a name of any length."""
    said = Catalogue(language).text(
        message("summary-incident", step="1", place="", said="x" * 60_000)
    )
    assert 1000 < len(said) < 1100
    assert "…" in said
