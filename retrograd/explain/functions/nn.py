"""Functions of neural networks: convolution, pooling, normalisation, attention, losses."""

from __future__ import annotations

from typing import Final

from retrograd.explain.functions.function import Function

FUNCTIONS: Final[dict[str, Function]] = {}
