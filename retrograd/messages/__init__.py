"""Texts for people: message ids with arguments, put into words by one catalogue per language."""

from retrograd.messages.catalogue import LANGUAGES, Catalogue
from retrograd.messages.message import Message

__all__ = ["LANGUAGES", "Catalogue", "Message"]
