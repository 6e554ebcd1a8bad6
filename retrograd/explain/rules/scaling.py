"""Gradient scaling for mixed precision."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

RULES: Final = (
    rule(
        "_amp_update_scale",
        "self * scale_backoff_factor if found_inf != 0 else"
        " self * scale_growth_factor if growth_tracker + 1 == growth_interval else self",
        {},
        Structure.ZERO,
        "PyTorch aten/src/ATen/native/AmpKernels.cpp",
        smooth=False,
    ),
)
