"""How exactly PyTorch computes with each dtype."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np


class Precision(NamedTuple):
    """How exactly PyTorch computes with a dtype."""

    rounding: float  # the largest relative error of one rounding
    roundings: float  # how many may add up
    tiny: float  # what may be lost to underflow
    largest: float


# Kernels of half precision compute in float32 and round once, chains of them a few times. In
# float64 both sides round, and some of PyTorch's special functions are exact to 1e-9 only; noise
# of a single rounding would mostly be rounded away there, so it is eight times as large.
PRECISIONS: Final = {
    "float64": Precision(2.0**-50, 1.25e6, 1e-300, np.inf),
    "float32": Precision(2.0**-24, 64, 1e-37, float(np.finfo(np.float32).max)),
    "float16": Precision(2.0**-11, 6, 2.0**-23, 65504.0),
    "bfloat16": Precision(2.0**-8, 4, 1e-37, 3.39e38),
}
PRECISIONS["float8_e4m3fn"] = PRECISIONS["float8_e4m3fnuz"] = Precision(2.0**-4, 2, 2.0**-9, 240.0)
PRECISIONS["float8_e5m2"] = PRECISIONS["float8_e5m2fnuz"] = Precision(2.0**-3, 2, 2.0**-16, 57344.0)
PRECISIONS["complex32"] = PRECISIONS["float16"]
PRECISIONS["complex128"] = PRECISIONS["float64"]
PRECISIONS["complex64"] = PRECISIONS["float32"]
