"""Writes one page for each diagnosis rule into ``docs/rules``, from the rules: ``make docs``."""

from __future__ import annotations

from pathlib import Path

from retrograd.commands import diagnose_explain
from retrograd.diagnose.registry import all_rules
from retrograd.messages import LANGUAGES, Catalogue

FOLDER = Path(__file__).parent / "rules"


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    found = {}
    for language in LANGUAGES:
        words = Catalogue(language)
        ending = ".md" if language == "en" else f".{language}.md"
        found[f"index{ending}"] = diagnose_explain.index(words)
        for rule in all_rules():
            found[f"{rule.name}{ending}"] = diagnose_explain.page(rule, words)
    return found


def main() -> None:
    """Write the pages, and remove those of rules that are gone."""
    FOLDER.mkdir(exist_ok=True)
    texts = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
