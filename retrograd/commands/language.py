"""The reader's language: what ``--lang`` says, else what the locale says."""

from __future__ import annotations

import argparse

from retrograd.messages import LANGUAGES, Catalogue
from retrograd.messages.locale import locale_language


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang``."""
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        help="language of the texts; without it the locale's, where there are texts in it",
    )


def catalogue(options: argparse.Namespace) -> Catalogue:
    """Return the catalogue of the language that the reader wants."""
    return Catalogue(options.lang) if options.lang else locale_catalogue()


def locale_catalogue() -> Catalogue:
    """Return the catalogue of the locale's language, the first one where it has no texts."""
    return Catalogue(locale_language())
