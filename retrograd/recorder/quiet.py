"""Steps that leave nothing but the loss, because a budget allows no more.

Most steps of a long run are such, and may themselves be short: each line here is measured.
"""

from __future__ import annotations

from threading import get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import torch

from retrograd.recorder.tensors import LOWEST, address
from retrograd.recorder.torch_api import function_modes, mode_count

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

_Tensor: Final = torch.Tensor


class Quiet:
    """Goes through such steps by itself, and leaves what is unusual about one to the recorder."""

    __slots__ = ("_recorder", "_stepping", "left")

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._stepping = 0  # id of the optimizer whose step() has begun
        self.left = 0  # steps from here on

    def backward_begins(self, outputs: Any, kwargs: Any) -> bool:
        """Read the loss at the beginning of a backward pass; if false, nothing has happened.

        Whatever is unusual shows in a thread, a mode, a class, or in what ``item`` says; in a
        ``torch.func`` transform PyTorch lets nobody accumulate. Never raises.
        """
        recorder = self._recorder
        try:
            root = outputs[0]
            if (
                type(root) is not _Tensor
                or get_ident() != recorder.thread
                or recorder.depth
                or mode_count()
                or function_modes()
                or 0 < recorder.usual_passes <= recorder.backwards - recorder.stepped_at
                or not root.is_cpu
                or not kwargs.get("accumulate_grad")
                or (root.data_ptr() < LOWEST and not address(root))
            ):
                return False
            loss = root.item()
            if type(loss) is not float or loss - loss != 0:  # NaN or Inf
                return False
        except Exception:  # several elements, say
            return False
        recorder.backwards += 1
        recorder.loss = loss
        recorder.depth = 1
        return True

    def step_begins(self, optimizer: Any) -> bool:
        """Note that an optimizer's ``step()`` begins; if false, it is to be looked at closely."""
        recorder = self._recorder
        watch = recorder.optimizers
        key = id(optimizer)
        if watch.depth or key not in watch.numbers or get_ident() != recorder.thread:
            return False
        watch.depth = 1
        self._stepping = key
        return True

    def step_ends(self, optimizer: Any) -> bool:
        """Count the step that an optimizer's ``step()`` ends; if false, it is none of these."""
        recorder = self._recorder
        watch = recorder.optimizers
        if self._stepping != id(optimizer) or watch.depth != 1 or recorder.depth:
            return False
        watch.depth = self._stepping = 0
        now = perf_counter()
        loss = recorder.loss
        rate = optimizer.param_groups[0].get("lr")
        recorder.sink.quiet((recorder.steps, (loss, now - recorder.step_began, rate)))
        if loss is not None:
            recorder.loss_last = loss
            recorder.loss = None
        recorder.steps += 1
        recorder.stepped_at = recorder.backwards
        recorder.last_step_ended = recorder.step_began = now
        self.left -= 1
        return True
