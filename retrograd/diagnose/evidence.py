"""What the rules look at: a choice of full steps, the run as a whole, and its parameters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

import numpy as np

from retrograd.diagnose.definitions import Definitions
from retrograd.diagnose.flow import Flow, inputs
from retrograd.store.model import Incident, Op, Parameter, Site, StepCall, Update
from retrograd.store.reader import Recording, Series
from retrograd.store.value import Value

MOST_STEPS: Final = 160
"""Full steps looked at in detail; what is structural holds for all steps of the same structure."""
OF_EACH: Final = 4
"""Steps looked at from where a structure first appears."""


class Evidence:
    """A recording as the rules see it. Everything is read when first asked for."""

    def __init__(self, recording: Recording, most_steps: int = MOST_STEPS) -> None:
        self.recording = recording
        self._most = most_steps
        self._flows: dict[int, Flow] = {}

    @cached_property
    def structures(self) -> dict[int, list[int]]:
        """The full steps of each structure, in order."""
        found: dict[int, list[int]] = {}
        for step in self.recording.full_steps:
            found.setdefault(self.recording.structure_of(step), []).append(step)
        return found

    @cached_property
    def chosen(self) -> tuple[int, ...]:
        """The complete full steps that are looked at: firsts, lasts, new structures, a spread."""
        full = self.recording.full_steps
        if len(full) <= self._most:
            return full
        place = {step: position for position, step in enumerate(full)}
        wanted = set(full[: min(12, self._most // 3)]) | set(full[-4:])
        for steps in self.structures.values():
            for step in steps[:1]:
                if len(wanted) < self._most * 3 // 4:
                    wanted |= set(full[place[step] : place[step] + OF_EACH])
        spread = np.linspace(0, len(full) - 1, self._most - len(wanted)).astype(int)
        wanted |= {full[position] for position in spread}
        return tuple(sorted(wanted))

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The chosen steps."""
        return tuple([self.flow(step) for step in self.chosen])

    @cached_property
    def tail(self) -> Flow | None:
        """What ran after the last complete step: cut short, or evaluation."""
        number = self.recording.unfinished
        return None if number is None else self.flow(number)

    @cached_property
    def all_flows(self) -> tuple[Flow, ...]:
        """The chosen steps, and what ran after the last one."""
        return self.flows if self.tail is None else (*self.flows, self.tail)

    def flow(self, step: int) -> Flow:
        """Return a full step by its number."""
        if step not in self._flows:
            self._flows[step] = Flow(self.recording.step(step))
        return self._flows[step]

    def alike(self, steps: Iterable[int]) -> tuple[int, ...]:
        """Return all steps with the structures of some: what is structural holds for them too."""
        wanted = set(steps)
        found = set(wanted)
        for members in self.structures.values():
            if not wanted.isdisjoint(members):
                found.update(members)
        return tuple(sorted(found))

    # -- parameters -------------------------------------------------------------------------------

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every leaf that was trained, or that an optimizer held."""
        return self.recording.parameters

    @cached_property
    def held(self) -> dict[int, tuple[int, int]]:
        """Parameters that an optimizer holds: its number and their group."""
        return {
            update.parameter: (update.optimizer, update.group)
            for flow in self.flows
            for update in flow.updates
            if update.optimizer is not None
        }

    @cached_property
    def optimizers(self) -> frozenset[int]:
        """Numbers of the optimizers that stepped."""
        return frozenset(
            e.optimizer for flow in self.flows for e in flow.ledger if isinstance(e, StepCall)
        )

    @cached_property
    def reached(self) -> dict[int, list[int]]:
        """Steps in which a backward pass added to a parameter's ``.grad``."""
        found: dict[int, list[int]] = {}
        for flow in self.all_flows:
            for event in flow.accumulations:
                steps = found.setdefault(event.parameter, [])
                if not steps or steps[-1] != flow.index:
                    steps.append(flow.index)
        return found

    @cached_property
    def graded(self) -> frozenset[int]:
        """Parameters that had a gradient at some step, light ones included."""
        found = set(self.reached)
        for flow in self.flows:
            found |= {u.parameter for u in flow.updates if u.gradient is not None}
        for parameter in self.parameters:
            if parameter.id not in found:
                series = self.series(f"grad_norm/{parameter.name}")
                if series is not None and np.isfinite(series.values).any():
                    found.add(parameter.id)
        return frozenset(found)

    def names(self, parameters: Iterable[int], most: int = 4) -> str:
        """Return what the user calls some parameters."""
        listed = [self.parameters[number].name for number in sorted(parameters)]
        more = f", … ({len(listed)})" if len(listed) > most else ""
        return ", ".join(listed[:most]) + more

    def definition(self, parameter: int) -> Site | None:
        """Return the line that makes a parameter's innermost layer, else its module's."""
        named = self.parameters[parameter]
        inner = [part for part in named.name.split(".")[1:-1] if part.isidentifier()]
        for part in reversed(inner):
            site = self.definitions.attribute(part)
            if site is not None:
                return site
        return named.site

    # -- the run ----------------------------------------------------------------------------------

    def series(self, name: str) -> Series | None:
        """Return one number per step, None where there is no such series."""
        return self.recording.series(name) if name in self.recording.series_names else None

    @cached_property
    def losses(self) -> Series:
        """The loss at every step that has one."""
        found = self.series("loss")
        if found is None:
            return Series(np.empty(0, np.int64), np.empty(0))
        known = ~np.isnan(found.values)
        known[: len(known)] |= self._nan_losses(found)
        return Series(found.steps[known], found.values[known])

    def _nan_losses(self, found: Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell the steps whose loss was NaN from those without one: after the first NaN."""
        first = [i.step for i in self.recording.incidents if i.kind == "nonfinite"]
        if not first or first[0] is None:
            return np.zeros(len(found.steps), bool)
        return np.asarray(found.steps >= first[0])

    @cached_property
    def error(self) -> Incident | None:
        """The exception that ended the run."""
        if self.recording.meta.get("exit", {}).get("kind") != "exception":
            return None
        found = [i for i in self.recording.incidents if i.kind == "exception"]
        return found[-1] if found else None

    def warnings(self, *parts: str) -> list[Incident]:
        """Return the warnings whose text holds all of some parts."""
        return [
            incident
            for incident in self.recording.incidents
            if incident.kind == "warning"
            and all(part in str(incident.detail.get("message")) for part in parts)
        ]

    # -- places -----------------------------------------------------------------------------------

    @cached_property
    def first(self) -> Flow | None:
        """The first step, with everything since the program began; None where it is light."""
        return self.flow(0) if 0 in self.recording.full_steps else None

    @cached_property
    def definitions(self) -> Definitions:
        """Where the source makes optimizers and layers."""
        return Definitions(self.recording)

    def optimizer_site(self, update: Update) -> Site | None:
        """Return where the optimizer that made an update is made, else where it was stepped."""
        if update.manual:
            return update.site
        return self.definitions.optimizer(update.name, update.site) or update.site

    def rate_site(self, update: Update) -> Site | None:
        """Return where the learning rate of an update is written, else where its optimizer is."""
        rate = update.hyperparameters.get("lr")
        written = None
        if not update.manual:
            written = self.definitions.rate(update.name, update.site, rate)
        return written or self.optimizer_site(update)

    def layer_site(self, op: Op) -> Site | None:
        """Return where the layer that called an op is made, else where it was called."""
        return self.definitions.layer(op.module) or op.site

    def initial_site(self, parameter: int) -> Site | None:
        """Return what gave a parameter its first numbers, else where it is defined."""
        first = self.first
        if first is not None:
            for update in first.updates:
                if update.parameter == parameter and update.before is not None:
                    maker = first.maker(update.before)
                    if maker is not None and maker.site is not None:
                        return maker.site
        return self.parameters[parameter].site

    def start_site(self, flow: Flow, value: Value) -> Site | None:
        """Return where the program itself gave the layer behind a value its first numbers.

        None where the layer did so when it was made, as most do.
        """
        layer = flow.origin(value)
        for _ in range(4):  # an activation, a softmax or an added bias may come after the layer
            taken = [] if layer is None else inputs(layer)
            weights_first = sorted(taken, key=lambda item: -len(item.shape))
            numbers = [flow.parameter_behind(item) for item in weights_first]
            for number in numbers:
                if number is not None and (start := self._own_start(number)) is not None:
                    return start
            if not taken or len(taken) - numbers.count(None) > 1:
                break
            layer = flow.origin(taken[0])
        return None

    def _own_start(self, number: int) -> Site | None:
        parameter, start = self.parameters[number], self.initial_site(number)
        made = parameter.site if "." in parameter.name else None  # by a layer: net.0.weight
        by_layer = made is not None and start is not None and made.line == start.line
        return None if by_layer else start

    def data_site(self, op: Op, value: Value) -> Site | None:
        """Return where the data that an op takes were made, else where it takes them."""
        first = self.first
        place = next((i for i, item in enumerate(inputs(op)) if item.index == value.index), None)
        if first is not None and place is not None:
            for twin in first.ops:
                if twin.site == op.site and twin.name == op.name and len(inputs(twin)) > place:
                    maker = first.maker(inputs(twin)[place])
                    if maker is not None and maker.site is not None:
                        return maker.site
        return op.site

    def line(self, site: Site | None) -> str:
        """Return ``file.py:12``."""
        if site is None:
            return "?"
        return f"{site.path.replace(chr(92), '/').rpartition('/')[2]}:{site.line}"
