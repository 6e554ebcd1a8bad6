"""The answer to a question that makes sense, but that this recording has nothing to say to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NothingData:
    """Why there is no answer, in words."""

    nothing: str
