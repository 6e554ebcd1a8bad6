"""Sampling of images at given places, and the gradients of both images and places."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.separable import cubic
from retrograd.explain.functions.sizes import Sizes
from retrograd.store.elements import Array

_LINEAR, _NEAREST, _CUBIC = range(3)
_ZEROS, _BORDER, _REFLECTION = range(3)
_KEYS: Final = -0.75
"""The parameter of the cubic kernel that PyTorch uses."""


def grid_pixels(grid: Array, image: Array, align: bool) -> Array:
    """Return a grid's places, from −1 to 1, counted in pixels."""
    lengths = np.asarray(image.shape[:1:-1])  # the last coordinate is the first dimension's
    if align:
        return np.asarray((grid + 1) / 2 * (lengths - 1))
    return np.asarray(((grid + 1) * lengths - 1) / 2)


def affine_base(sizes: Sizes, align: bool) -> Array:
    """Return the places of all pixels, from −1 to 1 and followed by a 1, a row for each."""
    axes = []
    for length in reversed(sizes[2:]):
        ends = np.linspace(-1.0, 1.0, length) if length > 1 else np.zeros(1)
        axes.append(ends if align else ends * (length - 1) / length)
    grids = np.meshgrid(*reversed(axes), indexing="ij")[::-1]
    return np.stack([*[each.reshape(-1) for each in grids], np.ones(grids[0].size)], axis=-1)


def _clipped(at: Array, length: int) -> tuple[Array, Array]:
    slope = np.where((at <= 0) | (at >= length - 1), 0.0, 1.0)
    return np.clip(at, 0, length - 1), slope


def _reflected(at: Array, length: int, align: bool) -> tuple[Array, Array]:
    low, span = (0.0, length - 1.0) if align else (-0.5, float(length))
    if span == 0:
        return np.zeros_like(at), np.zeros_like(at)
    away = at - low
    sign = np.where(away < 0, -1.0, 1.0)
    flips = np.floor(np.abs(away) / span)
    extra = np.fmod(np.abs(away), span)
    even = flips % 2 == 0
    return np.where(even, extra, span - extra) + low, np.where(even, sign, -sign)


def _placed(at: Array, length: int, padding: int, align: bool) -> tuple[Array, Array]:
    """Return positions brought into the image as the padding says, and their slope."""
    if padding == _BORDER:
        return _clipped(at, length)
    if padding == _REFLECTION:
        mirrored, slope = _reflected(at, length, align)
        inside, kept = _clipped(mirrored, length)
        return inside, slope * kept
    return at, np.ones_like(at)


def _taps(
    at: Array, length: int, mode: int, padding: int, align: bool
) -> list[tuple[Array, Array, Array]]:
    """Return (index, weight, derivative of the weight by the place) for each pixel it touches.

    The place is counted in pixels; the derivative is by the grid's number, from −1 to 1.
    """
    scale = (length - 1) / 2 if align else length / 2
    found = []
    if mode == _CUBIC:
        base = np.floor(at)
        for offset in range(-1, 3):
            index, _ = _placed(base + offset, length, padding, align)
            away = at - base - offset
            found.append((index, cubic(away, _KEYS), _cubic_slope(away) * scale))
    else:
        inside, slope = _placed(at, length, padding, align)
        if mode == _NEAREST:
            return [(np.rint(inside), np.ones_like(at), np.zeros_like(at))]
        base = np.floor(inside)
        part = inside - base
        found.append((base, 1 - part, -slope * scale))
        found.append((base + 1, part, slope * scale))
    return found


def _cubic_slope(distance: Array) -> Array:
    x, a = np.abs(distance), _KEYS
    near = (3 * (a + 2) * x - 2 * (a + 3)) * x
    far = (3 * a * x - 10 * a) * x + 8 * a
    return np.sign(distance) * np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def _pixels(
    lengths: tuple[int, ...], pixels: Array, mode: int, padding: int, align: bool, signs: bool
) -> Iterator[tuple[Array, Array, list[Array]]]:
    """Yield (flat index, weight, its derivative by each coordinate) for each pixel touched.

    The last coordinate of a place belongs to the first dimension. Without ``signs`` weights and
    derivatives are magnitudes.
    """
    dims = len(lengths)
    taps = [
        _taps(pixels[..., dims - 1 - axis], length, mode, padding, align)
        for axis, length in enumerate(lengths)
    ]
    for corner in itertools.product(*taps):
        inside = np.ones(pixels.shape[:-1], dtype=bool)
        flat = np.zeros(pixels.shape[:-1])
        for (index, _, _), length in zip(corner, lengths, strict=True):
            inside &= (index >= 0) & (index < length)
            flat = flat * length + index
        weight = np.where(inside, np.prod([w for _, w, _ in corner], axis=0), 0.0)
        slopes = [
            np.where(
                inside,
                corner[axis][2]
                * np.prod([w for i, (_, w, _) in enumerate(corner) if i != axis], 0),
                0.0,
            )
            for axis in range(dims)
        ]
        if not signs:
            weight, slopes = np.abs(weight), [np.abs(slope) for slope in slopes]
        yield np.where(inside, flat, 0).astype(np.int64), weight, slopes[::-1]


def _values(image: Array, flat: Array) -> Array:
    """Return samples × channels × places of the image."""
    samples, channels = image.shape[:2]
    rows = image.reshape(samples, channels, -1)
    index = flat.reshape(samples, 1, -1)
    return np.take_along_axis(rows, np.broadcast_to(index, (samples, channels, index.shape[2])), 2)


def grid_sample(
    image: Array, pixels: Array, mode: int, padding: int, align: bool, signs: bool = True
) -> Array:
    """Return the image's values at the places of a grid, which are counted in pixels."""
    image = image if signs else np.abs(image)
    total = np.zeros((*image.shape[:2], int(np.prod(pixels.shape[1:-1]))), image.dtype)
    for flat, weight, _ in _pixels(image.shape[2:], pixels, mode, padding, align, signs):
        total += _values(image, flat) * weight.reshape(len(weight), 1, -1)
    return total.reshape(*image.shape[:2], *pixels.shape[1:-1])


def grid_sample_image(
    gradient: Array,
    image: Array,
    pixels: Array,
    mode: int,
    padding: int,
    align: bool,
    signs: bool = True,
) -> Array:
    """Return the gradient of the image: each place sends its own to the pixels it touched."""
    samples, channels = image.shape[:2]
    total = np.zeros((samples, channels, int(np.prod(image.shape[2:]))), gradient.dtype)
    sent = (gradient if signs else np.abs(gradient)).reshape(samples, channels, -1)
    row, channel = np.arange(samples)[:, None, None], np.arange(channels)[None, :, None]
    for flat, weight, _ in _pixels(image.shape[2:], pixels, mode, padding, align, signs):
        shape = (samples, 1, -1)
        np.add.at(total, (row, channel, flat.reshape(shape)), sent * weight.reshape(shape))
    return total.reshape(image.shape)


def grid_sample_grid(
    gradient: Array,
    image: Array,
    pixels: Array,
    mode: int,
    padding: int,
    align: bool,
    signs: bool = True,
) -> Array:
    """Return the gradient of the grid: how the values change as the places move."""
    total = np.zeros(pixels.shape)
    sent = gradient.reshape(*image.shape[:2], -1)
    for flat, _, slopes in _pixels(image.shape[2:], pixels, mode, padding, align, signs):
        changes = sent * _values(image, flat)
        changes = changes if signs else np.abs(changes)
        local: Any = changes.sum(axis=1).reshape(pixels.shape[:-1])
        total += np.stack([local * slope for slope in slopes], axis=-1)
    return total


FUNCTIONS: Final[dict[str, Function]] = {
    "affine_base": Function(affine_base),
    "place_rows": Function(lambda g: g.reshape(len(g), -1, g.shape[-1]), "{0}", "{0}"),
    "grid_pixels": Function(grid_pixels),
    "grid_sample": Function(grid_sample, terms=partial(grid_sample, signs=False)),
    "grid_sample_image": Function(grid_sample_image, terms=partial(grid_sample_image, signs=False)),
    "grid_sample_grid": Function(grid_sample_grid, terms=partial(grid_sample_grid, signs=False)),
}
