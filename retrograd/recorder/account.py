"""What recording has cost so far, and what the policy makes of it."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from retrograd.recorder.costs import READING, Costs
from retrograd.recorder.policy import SURE_READING
from retrograd.recorder.trace import Trace

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder


LEAST_OWN: Final = 0.05
"""The share of the time that is the program's own at least."""


class Account:
    """The seconds that recording takes, measured and estimated, and the choice of depth by them."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.costs = Costs()
        self.spent = 0.0  # on the training thread
        self.reading = True  # this step's parameters are read, be it light or full
        self.last_follows = False  # the next step is the last one
        self._full_spent = 0.0
        self._light_reading = 0.0  # in this step
        self._read_spent = 0.0  # in all
        self._decide_at = 0  # the step before which no other depth is considered
        self._decided = (0, recorder.began)  # the step at which that was last done, and when
        self._sure_at = 0  # the step that reads its parameters whatever that costs

    @property
    def seconds(self) -> float:
        """Seconds that recording has taken so far, the writing thread's included."""
        ahead = self.recorder.quiet.left * self.costs.quiet_step  # counted, and not run yet
        return self.spent - ahead + self.recorder.sink.cpu_seconds

    @property
    def overhead(self) -> float:
        """Recording time as a fraction of the time that the program itself took."""
        recorder = self.recorder
        spent = self.seconds
        elapsed = (recorder.ended or perf_counter()) - recorder.began
        # part of the costs is estimated, and may come out larger than all the time that there was
        return spent / max(elapsed - spent, elapsed * LEAST_OWN, 1e-9)

    def since(self, start: float) -> None:
        """Count our own time since a moment in a light step (full steps count in their trace)."""
        if self.recorder.trace is None:
            self.spent += perf_counter() - start

    def read(self, start: float) -> None:
        """Count the time since a moment as reading parameters in a light record."""
        seconds = perf_counter() - start
        self._light_reading += seconds
        self._read_spent += seconds

    def full_step(self, trace: Trace) -> float:
        """Count a full step; returns its seconds."""
        costs = self.costs
        overhead = trace.spent + costs.full_step
        overhead += len(trace.ops) * costs.op + len(trace.nodes) * costs.node
        self._full_spent += overhead
        self.spent += overhead
        return overhead

    def step_ended(self, light: bool) -> None:
        """Count what a light step costs beyond what was timed."""
        if light:
            self.spent += self.costs.light_step + READING * self._light_reading
        self._light_reading = 0.0

    def wants_full(self, step: int) -> bool:
        """Tell whether a step is to be recorded in full."""
        if self.last_follows:
            return True
        if step < self._decide_at:
            return False
        recorder = self.recorder
        full = recorder.full_steps
        cost = self._full_spent / full if full else 0.0
        return recorder.policy.wants(step, self.seconds, perf_counter() - recorder.began, cost)

    def choose_reading(self, step: int, full: bool) -> None:
        """Decide whether a step's parameters are read."""
        if full:
            self.ends(step)
        if full or step >= self._decide_at:
            self.reading = full or self._reads(step)

    def begin_quiet(self, step: int, most: int) -> int:
        """Return how many steps from this one on leave nothing but the loss, and count them."""
        steps = 0 if self.reading else max(min(self._decide_at - step - 1, most), 0)
        self.spent += steps * self.costs.quiet_step
        return steps

    def _reads(self, step: int) -> bool:
        recorder = self.recorder
        now = perf_counter()
        before, then = self._decided
        pause = recorder.policy.pause((now - then) / max(step - before, 1))
        self._decided = (step, now)
        sure = step >= self._sure_at
        if sure or recorder.policy.reads(self.seconds, now - recorder.began, self._read_spent):
            self._sure_at = step + max(SURE_READING, pause)
            return True
        self._decide_at = min(step + pause, self._sure_at)
        self._without_norms(self._decide_at - step)
        return False

    def ends(self, step: int) -> None:
        """Take back what was counted from this step on, which is read after all or never came."""
        if step < self._decide_at:
            self._without_norms(step - self._decide_at)
            self._decide_at = step

    def _without_norms(self, steps: int) -> None:
        self.recorder.gap("light-without-norms", "to keep to the budget", steps)
