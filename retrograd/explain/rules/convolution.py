"""Convolutions: the gradient of a convolution is a transposed one, and the other way round."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_SOURCE: Final = "Dumoulin & Visin, A Guide to Convolution Arithmetic for Deep Learning, 2016"
_HOW: Final = "stride, padding, dilation, groups"
_TRANSPOSED_HOW: Final = "stride, padding, output_padding, dilation, groups"
_MAPS: Final = {
    "input": Structure.CONVOLUTION,
    "weight": Structure.CONVOLUTION,
    "bias": Structure.SUM,
}

_CONVOLVE: Final = f"convolve(input, weight, {_HOW})"
_TRANSPOSED: Final = f"convolve_transposed(input, weight, {_TRANSPOSED_HOW})"
_INPUT: Final = f"convolve_adjoint(G, conj(weight), input, {_HOW})"
_INPUT_TRANSPOSED: Final = f"trimmed(convolve(G, conj(weight), {_HOW}), input)"
_WEIGHT: Final = f"convolve_kernel(conj(input), G, weight, {_HOW})"
_WEIGHT_TRANSPOSED: Final = f"convolve_kernel(G, conj(input), weight, {_HOW})"


def _convolution(op: str) -> Rule:
    """Return the rule of an op with the arguments of ``convolution``."""
    return rule(
        op,
        f"({_TRANSPOSED} if transposed else {_CONVOLVE}) + along(given(bias, 0), input)",
        {
            "input": f"{_INPUT_TRANSPOSED} if transposed else {_INPUT}",
            "weight": f"{_WEIGHT_TRANSPOSED} if transposed else {_WEIGHT}",
            "bias": "channel_sum(G)",
        },
        _MAPS,
        _SOURCE,
    )


RULES: Final = (
    _convolution("convolution"),
    _convolution("convolution_overrideable"),
    rule(
        "im2col",
        "patches(self, kernel_size, dilation, padding, stride)",
        {"self": "from_patches(G, image_size(self), kernel_size, dilation, padding, stride)"},
        Structure.PERMUTATION,
    ),
    rule(
        "col2im",
        "from_patches(self, output_size, kernel_size, dilation, padding, stride)",
        {"self": "patches(G, kernel_size, dilation, padding, stride)"},
        Structure.PERMUTATION,
    ),
)
