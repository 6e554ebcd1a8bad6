"""Fourier transforms: linear, so that each gradient is a transform back."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

RULES: Final = (
    rule(
        "_fft_c2c",
        "fft(self, dim, normalization, forward)",
        {"self": "fft(G, dim, normalization, 1 - forward)"},
        Structure.DENSE,
    ),
    rule(
        "_fft_r2c",
        "rfft(self, dim, normalization, onesided)",
        {"self": "rfft_vjp(G, self, dim, normalization)"},
        Structure.DENSE,
    ),
    rule(
        "_fft_c2r",
        "irfft(self, dim, normalization, last_dim_size)",
        {"self": "irfft_vjp(G, self, dim, normalization)"},
        Structure.DENSE,
    ),
)
