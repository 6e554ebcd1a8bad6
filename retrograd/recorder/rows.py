"""Turns the light records of several steps into columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import torch

from retrograd.recorder.light import Probe
from retrograd.recorder.parameters import Parameters
from retrograd.store.writer import Column

ELEMENT_SERIES = 64
"""Most single elements whose values and gradients become series of their own."""


class LightStep(NamedTuple):
    """What every step leaves, read or not yet read from its device."""

    loss: Any  # float, one-element tensor or None
    seconds: float
    learning_rate: Any
    probe: Probe | None
    gradients: Any  # Probe.read_gradients
    values: Any  # Probe.read


QuietStep = tuple[Any, float, Any]
"""The first three of them: all that a step leaves where a budget allows no more."""
Columns = dict[str, tuple[int | None, Column]]


def columns(steps: Sequence[LightStep | QuietStep], parameters: Parameters) -> Columns:
    """Return the series that these consecutive steps make, NaN where nothing was recorded."""
    result: Columns = {
        "loss": (None, _numbers([step[0] for step in steps])),
        "seconds": (None, np.array([step[1] for step in steps])),
        "learning_rate": (None, _numbers([step[2] for step in steps])),
    }
    read = {
        index: step
        for index, step in enumerate(steps)
        if isinstance(step, LightStep) and (step.values or step.gradients)
    }
    for probe in {id(step.probe): step.probe for step in read.values() if step.probe}.values():
        rows = [index for index, step in read.items() if step.probe is probe]
        part = [read[index] for index in rows]
        found = _small(part, probe, parameters) if probe.small else _norms(part, probe, parameters)
        for name, (parameter, numbers) in found.items():
            if name not in result:
                result[name] = (parameter, np.full(len(steps), np.nan))
            result[name][1][rows] = numbers
    return result


def _small(steps: Sequence[LightStep], probe: Probe, parameters: Parameters) -> Columns:
    """Small parameters: every element, and the norms computed from them."""
    result: Columns = {}
    squares = {"weight": np.zeros(len(steps)), "grad": np.zeros(len(steps))}
    elements = sum(width for width, _ in probe.layout)
    for position, (number, layout) in enumerate(zip(probe.numbers, probe.layout, strict=True)):
        parameter = parameters.all[number]
        name = parameter.name or f"parameter {number}"
        width, kind_of = layout
        dtype = "<f4" if kind_of is torch.float32 else "<f8"
        for kind, offset in (("weight", 0), ("grad", 1)):
            pieces = [step.values[2 * position + offset] for step in steps]
            blank = np.full(width, np.nan, dtype=dtype).tobytes()
            table = np.frombuffer(
                b"".join([blank if piece is None else piece for piece in pieces]), dtype=dtype
            ).reshape(len(steps), width)
            wide = table.astype(np.float64)
            norms = np.sqrt(np.square(wide).sum(axis=1))
            result[f"{kind}_norm/{name}"] = (number, norms)
            squares[kind] += np.nan_to_num(np.square(norms), nan=0.0, posinf=np.inf)
            if elements <= ELEMENT_SERIES:
                prefix = "value" if kind == "weight" else "grad"
                for index, place in enumerate(product(*map(range, parameter.shape))):
                    suffix = f"[{','.join(map(str, place))}]" if place else ""
                    result[f"{prefix}/{name}{suffix}"] = (number, wide[:, index])
    for kind, total in squares.items():
        result[f"{kind}_norm"] = (None, np.sqrt(total))
    return result


def _norms(steps: Sequence[LightStep], probe: Probe, parameters: Parameters) -> Columns:
    """Large parameters: the norms that were taken on their device."""
    weights = np.full((len(steps), len(probe.numbers)), np.nan)
    gradients = np.full_like(weights, np.nan)
    for row, step in enumerate(steps):
        if step.values and step.values[0] is not None:
            weights[row] = step.values[0].double().cpu().numpy()
        if step.gradients is not None:
            positions, norms = step.gradients
            gradients[row, positions] = norms.double().cpu().numpy()
    result: Columns = {}
    for kind, table in (("weight", weights), ("grad", gradients)):
        for position, number in enumerate(probe.numbers):
            name = parameters.all[number].name or f"parameter {number}"
            result[f"{kind}_norm/{name}"] = (number, table[:, position])
        known = ~np.isnan(table).all(axis=1)
        total = np.sqrt(np.nansum(np.square(table), axis=1))
        result[f"{kind}_norm"] = (None, np.where(known, total, np.nan))
    return result


def _numbers(items: Sequence[Any]) -> Column:
    plain = [item if type(item) is float else number(item) for item in items]
    return np.array(plain, dtype=np.float64)


def number(item: Any) -> float:
    """Return a recorded number as float, NaN where there is none."""
    if item is None:
        return float("nan")
    if isinstance(item, torch.Tensor):
        return float(item.detach().double().cpu().item())
    return float(item)


def finite_or_none(value: Mapping[str, Any]) -> dict[str, Any]:
    """Replace NaN and infinities, which JSON lacks, by None."""
    return {
        key: None if isinstance(item, float) and not np.isfinite(item) else item
        for key, item in value.items()
    }
