"""What the file says of the whole run: program, environment, counts, cost, how it ended."""

from __future__ import annotations

import platform
import sys
import time
from time import perf_counter
from typing import TYPE_CHECKING, Any

import torch

from retrograd.recorder.rows import finite_or_none, number

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


def description(recorder: Recorder) -> dict[str, Any]:
    """Return the entries of ``meta`` as they stand now."""
    device = "cpu"
    if recorder.parameters.all:
        device = recorder.parameters.all[0].device
    entries: dict[str, Any] = {
        "program": recorder.program,
        "environment": {
            "retrograd": sys.modules["retrograd"].__version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "platform": platform.platform(),
            "device": device,
            "threads": torch.get_num_threads(),
        },
        "pid": recorder.pid,
        "started": time.time() - (perf_counter() - recorder.began),
        "ended": None if recorder.active else time.time(),
        "complete": not recorder.active and recorder.failure is None,
        "steps": recorder.steps,
        "full_steps": recorder.full_steps,
        "backward_passes": recorder.backwards,
        "seconds": (recorder.ended or perf_counter()) - recorder.began,
        "overhead": recorder.account.overhead,
        "optimizers": recorder.optimizers.names,
        "policy": {**recorder.policy.describe(), "keep": list(recorder.keeping.patterns)},
        "exit": recorder.exit,
        "not_recorded": list(recorder.gaps.values()),
    }
    losses = {"loss_first": number(recorder.loss_first), "loss_last": number(recorder.loss_last)}
    return entries | finite_or_none(losses)
