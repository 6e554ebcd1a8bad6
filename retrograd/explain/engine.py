"""Recomputes what a recorded step did, without torch, and compares.

Promise P4: a number in an explanation is PyTorch's own or this engine's, and the comparison says
how far apart the two are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from retrograd.explain.arguments import Names, NotKept, tensors
from retrograd.explain.check import Check, Status, not_checked
from retrograd.explain.comparison import Results, compare, finite
from retrograd.explain.edges import FAILURES, edges
from retrograd.explain.foreach import members
from retrograd.explain.node_op import Rebuilt, op_behind
from retrograd.explain.noise import Noise
from retrograd.explain.rule import Rule
from retrograd.explain.rules import find
from retrograd.store.elements import Array
from retrograd.store.model import NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value

__all__ = ["FAILURES", "Check", "Status", "check_node", "check_op"]


def check_node(step: Step, run: NodeRun) -> Check:
    """Recompute the gradients that a node sent out."""
    if step.nodes[run.node].opaque:
        return not_checked("opaque-node")
    try:
        return _check_node(step, run)
    except NotKept as error:
        return not_checked(str(error))
    except FAILURES:
        return not_checked("formula-failed")


def _check_node(step: Step, run: NodeRun) -> Check:
    node = step.nodes[run.node]
    op = op_behind(step, run)
    if op is None:
        return not_checked("no-op-recorded")
    known = find(op.name)
    if known is None:
        return not_checked("no-rule-yet")
    sources = (*tensors(op.arguments.values()), *op.outputs, *run.grad_outputs)
    found = list(edges(op, run))
    if not found:
        return not_checked("no-gradient-recorded", known)
    for edge in found:
        if edge.problem is not None:
            return _without_result(edge.problem, known, sources)

    def again(noise: Noise) -> Results:
        return [edge.result for edge in edges(op, run, noise)]

    ours, theirs = [edge.result for edge in found], [edge.gradient for edge in found]
    check = compare(ours, theirs, again, known, sources, read=_read(op, run, known))
    unseen = None in node.saved.values() or (isinstance(op, Rebuilt) and op.guessed)
    if check.status is Status.WRONG and unseen:
        return not_checked("saved-values-unseen", known)
    return check


def _read(op: Op, run: NodeRun, known: Rule) -> list[Value | None]:
    """Return the values that the gradients' formulas read.

    An op may return memory that it has written in part, as ``_ctc_loss`` does.
    """
    names = set[str]().union(*[formula.names for formula in known.vjps.values()])
    given = tensors([value for name, value in op.arguments.items() if name in names])
    outputs = [
        output
        for index, output in enumerate(op.outputs)
        if not names.isdisjoint(("ys", f"y{index}", "" if index else "y"))
    ]
    return [*given, *outputs, *run.grad_outputs]


def check_op(op: Op) -> Check:
    """Recompute an op's outputs from its inputs."""
    known = find(op.name)
    if not any(output is not None for output in op.outputs):
        return not_checked("no-output-recorded", known)
    several = members(op) if known is None else []
    if several:
        return _together([check_op(each) for each in several])
    if known is None:
        return not_checked("no-rule-yet")
    computed = _computed(known, len(op.outputs))
    if not any(computed):
        given = "uninitialised" if "uninitialised" in known.notes else "random"
        return not_checked(given, known)

    def again(noise: Noise | None = None) -> list[Array | None]:
        found = Names(op, (), noise).evaluate(known.formula)
        listed = found if isinstance(found, tuple) else (found,)
        if len(listed) != len(op.outputs):
            raise NotKept("output-without-formula")
        return [
            np.asarray(item) if keep and item is not None else None
            for item, keep in zip(listed, computed, strict=True)
        ]

    sources = list(tensors(op.arguments.values()))
    try:
        return compare(again(), op.outputs, again, known, sources)
    except NotKept as error:
        return not_checked(str(error), known)
    except FAILURES:
        return _without_result("formula-failed", known, sources)


def _without_result(reason: str, known: Rule, sources: Iterable[Value | None]) -> Check:
    """Return why a formula gave no result; a decomposition fails where numbers are not finite."""
    if reason == "formula-failed" and known.finite_only and not all(map(finite, sources)):
        reason = "not-finite-open"
    return not_checked(reason, known)


def _together(checks: list[Check]) -> Check:
    """Return the checks of the members of a list as one: the worst, and all results."""
    order = [Status.WRONG, Status.NOT_CHECKED, Status.VERIFIED]
    worst = min(checks, key=lambda check: (order.index(check.status), -(check.difference or 0.0)))
    results = tuple([result for check in checks for result in check.results])
    return replace(worst, rule=None, results=results)


def _computed(known: Rule, count: int) -> list[bool]:
    """Return which outputs the rule computes; one that stands for itself was drawn, say."""
    tree = known.formula.tree
    if not isinstance(tree, ast.Tuple):
        return [not _is_output(tree)] * count
    return [not _is_output(part) for part in tree.elts] + [True] * (count - len(tree.elts))


def _is_output(part: ast.expr) -> bool:
    return isinstance(part, ast.Name) and (part.id == "ys" or part.id.rstrip("0123456789") == "y")
