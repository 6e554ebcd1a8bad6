"""Steps that leave nothing but the loss, because a budget allows no more.

Most steps of a long run are such, and may themselves be short: each line here is measured.
"""

from __future__ import annotations

from threading import get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import torch

from retrograd.recorder.backward import LIGHT, Watched
from retrograd.recorder.tensors import LOWEST, address
from retrograd.recorder.torch_api import function_modes, mode_count

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

_Tensor: Final = torch.Tensor


class Quiet:
    """Stands before the recorder and goes through such steps alone; the others it passes on."""

    __slots__ = ("_optimizers", "_recorder", "_stepping", "left")

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._optimizers = recorder.optimizers
        self._stepping = 0  # id of the optimizer whose step() has begun
        self.left = 0  # steps from here on

    def backward_begins(self, outputs: Any, args: Any, kwargs: Any) -> Watched | None:
        """Read the loss before a backward pass; returns what ``Recorder.backward_ended`` wants.

        Whatever is unusual shows in a thread, a mode, a class, or in what ``item`` says; in a
        ``torch.func`` transform PyTorch lets nobody accumulate.
        """
        recorder = self._recorder
        if self.left:
            try:
                root = outputs[0]
                if (
                    type(root) is _Tensor
                    and get_ident() == recorder.thread
                    and not recorder.depth
                    and not mode_count()
                    and not function_modes()
                    and not 0 < recorder.usual_passes <= recorder.backwards - recorder.stepped_at
                    and root.is_cpu
                    and kwargs.get("accumulate_grad")
                    and (root.data_ptr() >= LOWEST or address(root))
                ):
                    loss = root.item()
                    if type(loss) is float and loss - loss == 0:  # neither NaN nor Inf
                        recorder.backwards += 1
                        recorder.loss = loss
                        recorder.depth = 1
                        return LIGHT
            except Exception:  # several elements, say
                pass
        return recorder.backward_begins(outputs, args, kwargs)

    def step_begins(self, optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Hook before every optimizer's ``step()``."""
        try:
            watch = self._optimizers
            if self.left and not watch.depth:
                key = id(optimizer)
                if key in watch.numbers and get_ident() == self._recorder.thread:
                    watch.depth = 1
                    self._stepping = key
                    return None
            return watch.pre(optimizer, args, kwargs)
        except Exception as error:
            self._recorder.fail("optimizer", error)
            return None

    def step_ends(self, optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Hook after every optimizer's ``step()``."""
        try:
            watch = self._optimizers
            recorder = self._recorder
            if (
                not self.left
                or self._stepping != id(optimizer)
                or watch.depth != 1
                or recorder.depth
            ):
                watch.post(optimizer)
                return
            watch.depth = 0
            now = perf_counter()
            loss = recorder.loss
            rate = optimizer.param_groups[0].get("lr")
            recorder.sink.quiet((recorder.steps, (loss, now - recorder.step_began, rate)))
            if loss is not None:
                recorder.loss_last = loss
                recorder.loss = None
            recorder.steps += 1
            recorder.stepped_at = recorder.backwards
            recorder.step_began = now
            self.left -= 1
        except Exception as error:
            self._recorder.fail("optimizer", error)
