"""What the rules look at: a choice of full steps, the run as a whole, and its parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from retrograd.diagnose.definitions import Definitions
from retrograd.diagnose.flow import Flow, alike, inputs
from retrograd.diagnose.flow import kind as op_kind
from retrograd.diagnose.literals import Literals
from retrograd.diagnose.origins import Origins
from retrograd.diagnose.program import Program, last_name
from retrograd.store.model import BackwardCall, Incident, Op, Parameter, Site, StepCall, Update
from retrograd.store.reader import Recording, Series
from retrograd.store.value import Statistics, Value

MOST_STEPS: Final = 160
"""Full steps looked at in detail; what is structural holds for all steps of the same structure."""
OF_EACH: Final = 4
"""Steps looked at from where a structure first appears."""

_TIMES: Final = 10
"""What makes values so many times larger takes an activation to its ends."""


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
        spread = np.linspace(0, len(full) - 1, max(self._most - len(wanted), 0)).astype(int)
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

    def is_starved(self, flow: Flow, value: Value, parameter: int) -> bool:
        """Tell whether a value is a parameter that never got a gradient, and so never moved.

        No backward pass came to it, so only the update in a later step says which tensor it was.
        """
        number = flow.parameter_of(value)
        if number is not None or not (value.slot.external and value.slot.leaf):
            return number == parameter
        known = self._first_values.get(parameter)
        return known is not None and known.name == value.name and alike(known, value)

    @cached_property
    def _first_values(self) -> dict[int, Value]:
        found: dict[int, Value] = {}
        for flow in self.flows:
            for update in flow.updates:
                if update.before is not None:
                    found.setdefault(update.parameter, update.before)
        return found

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
        return Definitions(self.program)

    @cached_property
    def program(self) -> Program:
        """The sources as trees."""
        return Program(self.recording)

    @cached_property
    def origins(self) -> Origins:
        """Where the source takes its batches and its data from."""
        return Origins(self.program)

    @cached_property
    def literals(self) -> Literals:
        """Where the program writes the numbers and names that decide."""
        return Literals(self.program, self.origins, self.definitions)

    def optimizer_site(self, update: Update) -> Site | None:
        """Return where the optimizer that made an update is made, else where it was stepped."""
        if update.manual:
            return update.site
        made = self.definitions.optimizer(update.name, update.site)
        return made or self._nth_optimizer(update) or update.site

    def optimizer_named(
        self, update: Update, wanted: Iterable[int], others: Iterable[int]
    ) -> Site | None:
        """Return where the optimizer of several is made that is called after a module.

        That is the module of some parameters that are wanted; else not that of the others.
        """
        roots = [
            {self.parameters[number].name.partition(".")[0] for number in side}
            for side in (wanted, others)
        ]
        return self.definitions.optimizer_for(update.name, roots[0], roots[1])

    def _nth_optimizer(self, update: Update) -> Site | None:
        """Return where an optimizer of several of a class is made: as they come in the text."""
        made = self.definitions.optimizers(update.name)
        numbers = sorted(
            {
                each.optimizer
                for flow in self.flows
                for each in flow.updates
                if each.optimizer is not None and each.name == update.name
            }
        )
        if len(made) != len(numbers) or update.optimizer not in numbers:
            return None
        return made[numbers.index(update.optimizer)]

    def rate_site(self, update: Update) -> Site | None:
        """Return where the learning rate of an update is written, else where its optimizer is."""
        rate = update.hyperparameters.get("lr")
        written = None
        if not update.manual:
            written = self.definitions.rate(update.name, update.site, rate)
            written = written or self.definitions.schedule(update.name, update.site, rate)
        return written or self.optimizer_site(update)

    def layer_site(self, op: Op) -> Site | None:
        """Return where the layer that called an op is made or chosen, else where it was called."""
        module = op.module
        chosen = None
        if module is not None and not self.definitions.is_own(module):
            chosen = self.literals.choice(module.type)
        site = self.definitions.layer(module)
        return site or op.site if chosen is None else self.program.site(chosen)

    def repeated_site(self, kind: str) -> Site | None:
        """Return where layers of a class are made, again and again, or where it is chosen."""
        chosen = self.literals.choice(kind)
        return self.definitions.repeated(kind) if chosen is None else self.program.site(chosen)

    def applied_site(self, op: Op) -> Site | None:
        """Return where a layer is put into the model: its own call, else its place in a list."""
        chosen = None if op.module is None else self.literals.choice(op.module.type)
        if chosen is not None:
            return self.program.site(chosen)
        call = self.program.at(op.site)
        own = None if op.module is None else op.module.path.rpartition(".")[2]
        if isinstance(call, ast.Call) and last_name(call.func) == own:
            return op.site
        return self.layer_site(op)

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

    def scaled_site(self, flow: Flow, value: Value) -> Site | None:
        """Return where the number is written by which a value was made ten times larger or more."""
        op = flow.origin(value)
        for _ in range(4):
            taken = [] if op is None else inputs(op)
            factor = None if op is None else op.arguments.get("other")
            if op is not None and isinstance(factor, (int, float)) and factor:
                times = {"div": 1 / abs(factor), "mul": abs(factor)}.get(op_kind(op).strip("_"), 0)
                if times >= _TIMES:
                    return self._traced(op.site, self.literals.setting)
            rest = [item for item in taken if flow.parameter_behind(item) is None]
            goes_on = len(rest) == 1 and flow.trained(rest[0])
            op = flow.origin(rest[0]) if goes_on else None
        return None

    def start_site(self, flow: Flow, value: Value) -> Site | None:
        """Return where the program itself gave the layer behind a value its first numbers.

        None where the layer did so when it was made, as most do.
        """
        layer, spare = flow.origin(value), None
        for _ in range(4):  # an activation, a softmax or an added bias may come after the layer
            taken = [] if layer is None else inputs(layer)
            rest = [item for item in taken if flow.parameter_behind(item) is None]
            starts = {len(i.shape): self._start_of(flow, i) for i in taken if i not in rest}
            bias = starts.pop(1, None)
            rows = [i.statistics for i in taken if i not in rest and len(i.shape) == 1]
            weight = next((start for start in starts.values() if start is not None), None)
            if bias is not None and _shifted(layer, rows):
                return bias
            spare = spare or bias
            if starts or len(rest) != 1:
                return weight or spare
            layer = flow.origin(rest[0])
        return spare

    def _start_of(self, flow: Flow, value: Value) -> Site | None:
        number = flow.parameter_behind(value)
        return None if number is None else self.own_start(number)

    def own_start(self, number: int) -> Site | None:
        """Return where the program itself gave a parameter its first numbers, None if a layer."""
        start = self.initial_site(number)
        layer = re.match(r"[\w.]*?([A-Z]\w*)\(", "" if start is None else start.expression)
        by_layer = layer is not None and layer[1] != "Parameter" and not layer[1].endswith("Tensor")
        return None if by_layer else self._traced(start, self.literals.setting)

    def data_site(self, op: Op, value: Value, column: int | None = None) -> Site | None:
        """Return where the data, or a column of them, that an op takes were made; else the op."""
        first = self.first
        place = next((i for i, item in enumerate(inputs(op)) if item.index == value.index), None)
        if first is not None and place is not None:
            for twin in first.ops:
                if twin.site == op.site and twin.name == op.name and len(inputs(twin)) > place:
                    maker = first.maker(inputs(twin)[place], column)
                    if maker is not None and maker.site is not None:
                        return self._traced(
                            maker.site, lambda node: self.origins.stored(node, value.name)
                        )
        return op.site

    def read_site(self, op: Op, value: Value, column: int | None = None) -> Site | None:
        """Return where the data, or a column of them, first come into the program."""
        site = self.data_site(op, value, column)
        return self._traced(site, lambda node: self.origins.read(node, column is not None))

    def condition_site(self, site: Site | None) -> Site | None:
        """Return what decides whether a call runs, else the call."""
        return self._traced(site, self.origins.condition)

    def option_site(self, update: Update, name: str, value: object) -> Site | None:
        """Return where an option of an optimizer is written, else where the optimizer is made."""
        found = None if update.manual else self.definitions.option(name, value)
        return self.optimizer_site(update) if found is None else self.program.site(found)

    @cached_property
    def frozen_site(self) -> Site | None:
        """Where the source, at one place only, says that tensors are not to be trained."""
        found = self.definitions.frozen()
        return None if found is None else self.program.site(self.origins.called(found))

    def evaluation_site(self, loss: Op) -> Site | None:
        """Return the only call of ``eval()``, of several that of the model; else that of the model.

        ``loss``: the op of a loss that the model is trained by.
        """
        found = self.definitions.evaluations()
        node = self.program.at(loss.site)
        call = None if node is None else self.origins.prediction(node)
        if len(found) > 1 and isinstance(call, ast.Call):
            model = last_name(call.func)
            owned = [e for e in found if last_name(getattr(e.func, "value", e)) == model]
            found = owned or found
        return self.program.site(found[0]) if len(found) == 1 else self.call_site(loss)

    def switch_site(self, op: Op) -> Site | None:
        """Return what switched gradients off for an op, where the source tells; else the op."""
        return self._traced(op.site, self.origins.gradients_off)

    def batches_site(self, op: Op) -> Site | None:
        """Return what chooses the batches of a loss: its loader, else its loop; else the loss."""
        return self._traced(op.site, self.origins.batches)

    def loader_site(self, op: Op) -> Site | None:
        """Return where the loader of a loss's batches is made, None where there is none."""
        node = self.program.at(op.site)
        made = None if node is None else self.origins.loader(node)
        return None if made is None else self.program.site(made)

    def batch_size_site(self, op: Op) -> Site | None:
        """Return where the size of a loss's batches is written, None where no loader makes them."""
        node = self.program.at(op.site)
        made = None if node is None else self.origins.loader(node)
        given = [
            word.value
            for word in (made.keywords if isinstance(made, ast.Call) else ())
            if word.arg == "batch_size"
        ]
        number = self.literals.literal(given[0]) if given else None
        return self.loader_site(op) if number is None else self.program.site(number)

    def apart_site(self, op: Op) -> Site | None:
        """Return what walks examples and targets that are shuffled apart, else None."""
        node = self.program.at(op.site)
        found = None if node is None else self.origins.apart(node)
        return None if found is None else self.program.site(found)

    def rounds_site(self, update: Update) -> Site | None:
        """Return the loop over all rounds of a training, else where it steps."""
        return self._traced(update.site, self.origins.rounds)

    def setting_site(self, op: Op, value: object) -> Site | None:
        """Return where a number is written that a layer was made with, else where it is made."""
        site = self.layer_site(op)
        written = self._traced(site, lambda node: self.origins.handed(node, value))
        return self._traced(site, self.literals.setting) if written is site else written

    def given_site(self, op: Op) -> Site | None:
        """Return where a dataset hands out what the model is called with, else the call."""
        return self._traced(op.site, self.origins.handed_out)

    def criterion_site(self, site: Site | None) -> Site | None:
        """Return where a loss is made that is called at a place; of a function, the place."""
        call = self.program.at(site)
        made = self.origins.given(call.func) if isinstance(call, ast.Call) else None
        return self.program.site(made) if isinstance(made, ast.Call) else site

    def cast_site(self, site: Site | None) -> Site | None:
        """Return where a loss's target gets its dtype, else the loss."""
        return self._traced(site, self.origins.cast)

    def half_site(self, site: Site | None) -> Site | None:
        """Return the only place that speaks of float16, else the place given."""
        named = self.literals.half
        return site if named is None else self.program.site(named)

    def called_site(self, site: Site | None) -> Site | None:
        """Return the only call of the function that a place is in, else the place."""
        return self._traced(site, self.origins.called)

    def once_site(self, site: Site | None) -> Site | None:
        """Return the only call, outside of any loop, of the function that a place is in."""
        return self._traced(site, self.origins.once)

    def split_site(self, flow: Flow, op: Op) -> Site | None:
        """Return what chooses the rows that the model is called with, else where it is called."""
        return self._traced(self.outer_site(flow, op), self.origins.split)

    def number_site(self, op: Op) -> Site | None:
        """Return where the number is written that the call of an op is given, else the call."""
        return self._traced(op.site, self.literals.setting)

    def overwritten_site(self, op: Op) -> Site | None:
        """Return what takes the place of an op's result before anything reads it, or None."""
        node = self.program.at(op.site)
        found = None if node is None else self.origins.overwritten(node)
        return None if found is None else self.program.site(found)

    def root_site(self, call: BackwardCall, made: Op) -> Site | None:
        """Return where a pass's root gets its name from another one's, else where it was made."""
        node = self.program.at(call.site)
        found = None if node is None else self.origins.alias(node)
        return made.site if found is None else self.program.site(found)

    def call_site(self, op: Op) -> Site | None:
        """Return where the model is called for a loss, else the loss."""
        return self._traced(op.site, self.origins.prediction)

    def outer_site(self, flow: Flow, op: Op) -> Site | None:
        """Return where the model is called in whose ``forward()`` an op ran, else the op."""
        if not _inside(op):
            return op.site
        below = flow.below([out for out in op.outputs if out is not None])
        later = [event for i in sorted(below) if isinstance(event := flow.events[i], Op)]
        return next((self.call_site(user) for user in later if not _inside(user)), op.site)

    def _traced(
        self, site: Site | None, follow: Callable[[ast.expr], ast.expr | None]
    ) -> Site | None:
        """Return the place that one leads to in the source, else the same."""
        node = self.program.at(site)
        found = None if node is None else follow(node)
        return site if found is None or found is node else self.program.site(found)

    def line(self, site: Site | None) -> str:
        """Return ``file.py:12``."""
        if site is None:
            return "?"
        return f"{site.path.replace(chr(92), '/').rpartition('/')[2]}:{site.line}"


def _shifted(layer: Op | None, biases: Sequence[Statistics | None]) -> bool:
    """Tell whether what a layer gives lies far to one side, as its bias does."""
    out = layer.outputs[0] if layer is not None and layer.outputs else None
    figures = None if out is None else out.statistics
    return figures is not None and any(
        bias is not None and 2 * abs(bias.mean) > abs(figures.mean) > 3 * figures.std
        for bias in biases
    )


def _inside(op: Op) -> bool:
    return op.site is not None and op.site.function.endswith((".forward", ".__call__"))
