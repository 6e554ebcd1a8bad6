"""Resizing and sampling of images: the gradient takes the weights of the values back."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_SCALES: Final = {1: "(scales,)", 2: "(scales_h, scales_w)", 3: "(scales_d, scales_h, scales_w)"}


def _resize(op: str, kind: str, dims: int, align: str) -> tuple[Rule, Rule]:
    """Return the rules of a resize and of its gradient, which is as linear."""
    how = f"output_size, {align}, {_SCALES[dims]}"
    there = rule(
        op,
        f"resize(self, '{kind}', resize_places('{kind}', self, {how}))",
        {"self": f"resize_adjoint(G, self, '{kind}', resize_places('{kind}', self, {how}))"},
        Structure.CONVOLUTION,
        "calculus",
    )
    image = "full(input_size, 0)"
    back = rule(
        f"{op}_backward",
        f"resize_adjoint(grad_output, {image}, '{kind}', resize_places('{kind}', {image}, {how}))",
        {"grad_output": f"resize(G, '{kind}', resize_places('{kind}', G, {how}))"},
        Structure.CONVOLUTION,
        "calculus",
    )
    return there, back


_HOW: Final = "interpolation_mode, padding_mode, align_corners"
_PIXELS: Final = "grid_pixels(grid, input, align_corners)"
_BASE: Final = "affine_base(size, align_corners)"


def _grid_sampler(op: str) -> Rule:
    return rule(
        op,
        f"grid_sample(input, {_PIXELS}, {_HOW})",
        {
            "input": f"grid_sample_image(G, input, {_PIXELS}, {_HOW})",
            "grid": f"grid_sample_grid(G, input, {_PIXELS}, {_HOW})",
        },
        Structure.BLOCK_DIAGONAL,
        "Jaderberg et al., Spatial Transformer Networks, 2015, equations 3 to 7",
        notes=("grid-sample-at-border",),
        finite_only=True,
    )


RULES: Final = (
    *[r for n in (1, 2, 3) for r in _resize(f"upsample_nearest{n}d", "nearest", n, "0")],
    *[
        r
        for n in (1, 2, 3)
        for r in _resize(f"_upsample_nearest_exact{n}d", "nearest-exact", n, "0")
    ],
    *_resize("upsample_linear1d", "linear", 1, "align_corners"),
    *_resize("upsample_bilinear2d", "linear", 2, "align_corners"),
    *_resize("upsample_trilinear3d", "linear", 3, "align_corners"),
    *_resize("upsample_bicubic2d", "cubic", 2, "align_corners"),
    *_resize("_upsample_bilinear2d_aa", "linear-antialiased", 2, "align_corners"),
    *_resize("_upsample_bicubic2d_aa", "cubic-antialiased", 2, "align_corners"),
    _grid_sampler("grid_sampler_2d"),
    _grid_sampler("grid_sampler_3d"),
    rule(
        "affine_grid_generator",
        f"reshape_like({_BASE} @ T(theta), y)",
        {"theta": f"T(place_rows(G)) @ {_BASE}"},
        Structure.KRONECKER,
        "Jaderberg et al., Spatial Transformer Networks, 2015, equation 1",
    ),
)
