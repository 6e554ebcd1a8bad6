"""Checks the ledger: what a ``.grad`` held, plus the contribution, is what it holds afterwards."""

from __future__ import annotations

import numpy as np

from retrograd.explain.arguments import NotKept, wide
from retrograd.explain.check import Check, not_checked
from retrograd.explain.comparison import compare
from retrograd.explain.noise import Noise
from retrograd.store.elements import Array
from retrograd.store.model import Accumulation


def check_accumulation(event: Accumulation) -> Check:
    """Recompute ``before + contribution`` and compare it with what PyTorch left in ``.grad``."""
    if event.contribution is None:
        return not_checked("no-contribution")
    if event.after is None:
        return not_checked("grad-consumed")  # by a hook, before anybody could look

    def again(noise: Noise | None = None) -> list[Array | None]:
        parts = [wide(part) for part in (event.before, event.contribution) if part is not None]
        if noise is not None:
            parts = [noise.on(part, str(place)) for place, part in enumerate(parts)]
        return [np.asarray(sum(parts[1:], start=parts[0]))]

    try:
        return compare(again(), [event.after], again, None)
    except NotKept as error:
        return not_checked(str(error))
