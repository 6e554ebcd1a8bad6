"""Functions that rearrange, select and reduce."""

from __future__ import annotations

from typing import Final

from retrograd.explain.functions.function import Function

FUNCTIONS: Final[dict[str, Function]] = {}
