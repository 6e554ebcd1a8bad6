"""Korean particles: which of two forms follows a word depends on how the word ends when spoken."""

from __future__ import annotations

from typing import Final

# Spoken names of digits and letters that end in a consonant; in ㄹ for those of _LIQUID.
_CLOSED: Final = frozenset("013678lmnrLMNR")
_LIQUID: Final = frozenset("178lrLR")
# Endings of English words that Korean closes with ㅂ, ㄱ or ㅅ: 아웃풋, 로짓, 스텝, 블록.
_SHORT: Final = ("put", "out", "ogit", "nit", "plit", "step", "clip", "skip", "roup", "ock")
_HANGUL: Final = range(0xAC00, 0xD7A4)
_RIEUL: Final = 8


def with_particle(word: object, pair: object) -> str:
    """Return a word with the fitting one of two particles, such as ``은/는`` or ``으로/로``.

    What cannot be spoken (brackets, quotes) is skipped to find the last sound.
    """
    text, after_consonant, after_vowel = str(word), *str(pair).split("/")
    closed, liquid = _ending(text)
    if after_consonant == "으로" and liquid:
        return text + after_vowel
    return text + (after_consonant if closed else after_vowel)


def _ending(text: str) -> tuple[bool, bool]:
    """Return whether a word ends in a consonant, and whether that is ㄹ."""
    if text.lower().endswith(_SHORT):
        return True, False
    for character in reversed(text):
        if ord(character) in _HANGUL:
            final = (ord(character) - _HANGUL.start) % 28
            return final != 0, final == _RIEUL
        if character.isalnum():
            return character in _CLOSED, character in _LIQUID
    return False, False
