"""Which large values are kept whole (``--keep``), and the summaries of the others."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import torch

from retrograd.recorder.capture import Part
from retrograd.recorder.parameters import Parameters, is_trained
from retrograd.recorder.summaries import Summaries
from retrograd.recorder.trace import Keeper


class Keeping(Keeper):
    """The recorder's answers to a trace."""

    def __init__(self, parameters: Parameters, patterns: tuple[str, ...]) -> None:
        super().__init__()
        self.parameters = parameters
        self.patterns = patterns
        self.summaries = Summaries()
        self._wanted: dict[int | None, bool] = {}

    def parameter(self, tensor: torch.Tensor) -> int | None:
        """Return the number of a leaf that is trained.

        One gets its number when a backward pass reaches it or an optimizer holds it: a leaf that
        is made and thrown away (a layer's own weight before it is tied to another's) gets none.
        """
        return self.parameters.known(tensor)

    def wanted(self, tensor: Any, parameter: int | None) -> bool:
        """Match a parameter's name against the patterns; ``*`` keeps every value."""
        if not self.patterns:
            return False
        if parameter is None and is_trained(tensor):
            return True  # may get a number and a name yet: keep rather than lose it
        known = self._wanted.get(parameter)
        if known is None:
            name = self.parameters.all[parameter].name if parameter is not None else ""
            if name is None:
                return True  # not named yet: keep rather than lose it
            known = any(fnmatchcase(name, p) or p == "*" for p in self.patterns)
            self._wanted[parameter] = known
        return known

    def forget(self) -> None:
        """Drop what is remembered of any tensor."""
        self.summaries.clear()
        self.outside.clear()

    def summary(self, tensor: Any) -> Part:
        """Return the summary of a large value."""
        return self.summaries.of(tensor)

    def stolen(self, gradient: Any, part: Part) -> None:
        """Note that a ``.grad`` has taken over the memory of a value that is summarised."""
        if gradient.is_cpu:
            self.summaries.note(gradient, part)
