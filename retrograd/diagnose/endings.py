"""Nodes at which a gradient ends: something comes in, and nothing but zeros goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.store.model import NodeRun, Op, Site
from retrograd.store.value import Value


@dataclass(frozen=True, slots=True)
class Ending:
    """One run of a node that sends zeros to parameters which get nothing else."""

    flow: Flow
    run: NodeRun
    behind: frozenset[int]  # these parameters

    @property
    def name(self) -> str:
        """Name of the node without what PyTorch appends, such as ``Round``."""
        return name(self.flow, self.run)

    @property
    def op(self) -> Op | None:
        """The op that made the node, None where none was seen."""
        return op_of(self.flow, self.run)

    def site(self, evidence: Evidence) -> Site | None:
        """Return where the layer is made whose op it is, else where the op is called."""
        made = evidence.layer_site(self.op) if self.op is not None else None
        return made or self.run.site or self._taken()

    def _taken(self) -> Site | None:
        """Return the site of the op that took the result of a custom function."""
        for node in self.flow.step.nodes:
            feeds = any(e is not None and e.node == self.run.node for e in node.next)
            if node.op is not None and feeds:
                return self.flow.events[node.op].site
        return None


def endings(
    evidence: Evidence, wanted: Callable[[Flow, NodeRun], bool], *, starved: bool = True
) -> Iterator[tuple[list[Ending], bool]]:
    """Yield what ends at each line, in order, and whether a gradient came through at other times.

    ``wanted`` says of which nodes; ``starved``: only where parameters get nothing elsewhere.
    """
    found: dict[int, list[Ending]] = {}
    passed: set[int] = set()
    everything = frozenset(range(len(evidence.parameters)))
    for flow in evidence.flows:
        zero = {a.parameter for a in flow.accumulations if empty(a.contribution)}
        for run in flow.runs:
            if not wanted(flow, run) or all(empty(value) for value in run.grad_outputs):
                continue
            behind = flow.parameter_nodes[run.node] & (zero if starved else everything)
            line = run.site.id if run.site else -1
            if behind and all(empty(value) for value in run.grad_inputs):
                found.setdefault(line, []).append(Ending(flow, run, behind))
            else:
                passed.add(line)
    for line, seen in found.items():
        yield seen, line in passed


def name(flow: Flow, run: NodeRun) -> str:
    """Return the name of a node without what PyTorch appends."""
    return flow.step.nodes[run.node].name.partition("Backward")[0]


def op_of(flow: Flow, run: NodeRun) -> Op | None:
    """Return the op that made a node, None where none was seen."""
    node = flow.step.nodes[run.node]
    op = None if node.op is None else flow.events[node.op]
    return op if isinstance(op, Op) else None


def empty(value: Value | None) -> bool:
    """Tell whether a gradient is None or all zeros."""
    figures = None if value is None else value.statistics
    return value is None or (figures is not None and figures.zeros == value.slot.count)
