"""The checker is checked: an error planted in a rule must be found."""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import opdb
import pytest

from retrograd.explain import edges as edges_module
from retrograd.explain import engine
from retrograd.explain.arguments import Names
from retrograd.explain.edges import edges
from retrograd.explain.engine import Status, check_node
from retrograd.explain.formula import Formula
from retrograd.explain.jacobian import jacobian
from retrograd.explain.rule import Rule
from retrograd.explain.rules import find
from retrograd.store.elements import Array
from retrograd.store.errors import RecordingError
from retrograd.store.model import NodeRun, Op
from retrograd.store.reader import Recording, load
from retrograd.store.step import Step

EVERYTHING = bool(os.environ.get("RETROGRAD_TORTURE"))
SAMPLED = (
    r"^(mm|bmm|addmm|baddbmm|addmv|addr|dot|mul|div|sub|sigmoid|tanh|exp|log|pow|sum|mean|prod|var"
    r"|std|softmax|log_softmax|cumsum|cumprod|linalg\.vector_norm|maximum|clamp|where|index_add"
    r"|logsumexp|lerp|atan2|nn\.functional\.(embedding_bag|conv2d|layer_norm|batch_norm|gelu|mse_loss"
    r"|binary_cross_entropy|huber_loss|embedding|avg_pool2d|glu)|linalg\.(inv|solve|det))$"
)
RUNS = 12
"""Runs of one op at most that an error is planted in."""

Run = tuple[Step, NodeRun, Op]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Run]]]:
    """Yield verified node runs of each rule, from PyTorch's own operator samples."""
    path = tmp_path_factory.mktemp("rules") / "ops.retro"
    opdb.record(opdb.operators("" if EVERYTHING else SAMPLED), path, limit=6)
    with load(path) as recording:  # large values are read when they are asked for
        yield _verified(recording)


def _verified(recording: Recording) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = defaultdict(list)
    for _, _, _, step in opdb.steps_of(recording):
        for event in step.events:
            if not isinstance(event, NodeRun) or step.nodes[event.node].op is None:
                continue
            op = step.events[step.nodes[event.node].op or 0]
            assert isinstance(op, Op)
            known = find(op.name)
            if known is None or len(found[known.op]) >= RUNS or not _speaks(event):
                continue
            if check_node(step, event).status is Status.VERIFIED:
                found[known.op].append((step, event, op))
    return {name: runs for name, runs in found.items() if runs}


def _speaks(run: NodeRun) -> bool:
    """Return whether any gradient that went out is large enough to tell a change of 0.1 %."""
    arrays = [value.array for value in run.grad_inputs if value is not None]
    return any(a is not None and a.size and np.nanmax(np.abs(a)) > 1e-3 for a in arrays)


DOUBTED = ("_to_dense", "rrelu_with_noise")
"""Ops of which the samples keep values unseen, or memory that nobody wrote: at best not checked."""


def _caught(monkeypatch: pytest.MonkeyPatch, wrong: Rule, runs: list[Run]) -> bool:
    with monkeypatch.context() as patch:
        for module in (engine, edges_module):
            patch.setattr(module, "find", lambda _: wrong)
        found = [check_node(step, run).status for step, run, _ in runs]
    return Status.WRONG in found or (wrong.op in DOUBTED and Status.VERIFIED not in found)


def _with(known: Rule, vjps: Mapping[str, str]) -> Rule:
    return replace(known, vjps={name: Formula(text) for name, text in vjps.items()})


def _scaled(known: Rule) -> Rule:
    """Return the rule with each gradient 0.1 % too large; lists of gradients stay as they are."""
    return _with(
        known,
        {
            name: formula.text if _several(formula) else f"({formula.text}) * 1.001"
            for name, formula in known.vjps.items()
        },
    )


def _several(formula: Formula) -> bool:
    tree = formula.tree
    called = tree.func.id if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) else ""
    return called in ("cut_like", "unbind", "blocks_of", "split", "block_diagonal")


class _Dropped(ast.NodeTransformer):
    """Leaves out the second term of the n-th sum."""

    def __init__(self, number: int) -> None:
        self.left = number

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.left, ast.BinOp | ast.Name):
            self.left -= 1
            if self.left == -1:
                return node.left
        self.generic_visit(node)
        return node


class _Turned(ast.NodeTransformer):
    """Leaves out the n-th transposition."""

    def __init__(self, number: int) -> None:
        self.left = number

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id in ("H", "T"):
            self.left -= 1
            if self.left == -1:
                return node.args[0]
        self.generic_visit(node)
        return node


def _altered(known: Rule, kind: type[_Dropped] | type[_Turned]) -> Iterator[Rule]:
    """Yield the rule once for each place where a change of this kind can be made."""
    for name, formula in known.vjps.items():
        for number in range(4):
            tree = kind(number).visit(ast.parse(formula.text, mode="eval").body)
            text = ast.unparse(tree)
            if text == ast.unparse(formula.tree):
                break
            yield _with(known, {n: text if n == name else f.text for n, f in known.vjps.items()})


def test_a_factor_is_caught(runs: dict[str, list[Run]], monkeypatch: pytest.MonkeyPatch) -> None:
    missed = []
    for name, some in sorted(runs.items()):
        known = find(some[0][2].name)
        assert known is not None
        wrong = _scaled(known)
        if wrong.vjps != known.vjps and not _caught(monkeypatch, wrong, some):
            missed.append(name)
    assert len(runs) >= (200 if EVERYTHING else 40), sorted(runs)
    assert not missed


@pytest.mark.parametrize("kind", [_Dropped, _Turned])
def test_a_dropped_part_is_caught(
    runs: dict[str, list[Run]],
    monkeypatch: pytest.MonkeyPatch,
    kind: type[_Dropped] | type[_Turned],
) -> None:
    """A term or a transposition left out is found, or the formula cannot even be computed."""
    names = ["addmm", "mm", "bmm", "baddbmm", "native_layer_norm", "_softmax", "gelu"]
    planted, missed = 0, []
    for name in names:
        for wrong in _altered_of(runs, name, kind):
            planted += 1
            with monkeypatch.context() as patch:
                for module in (engine, edges_module):
                    patch.setattr(module, "find", lambda _, w=wrong: w)
                checks = [check_node(step, run) for step, run, _ in runs[name]]
            if all(check.status is Status.VERIFIED for check in checks):
                missed.append((name, {n: f.text for n, f in wrong.vjps.items()}))
    assert planted >= 4
    assert not missed


def _altered_of(
    runs: dict[str, list[Run]], name: str, kind: type[_Dropped] | type[_Turned]
) -> Iterator[Rule]:
    if name in runs:
        known = find(runs[name][0][2].name)
        assert known is not None
        yield from _altered(known, kind)


SYMMETRIC = ("cholesky", "linalg_cholesky_ex", "_linalg_eigh")
"""Ops that take one triangle for both; their gradients are symmetric."""
TRIANGULAR = ("cholesky_inverse", "cholesky_solve")
FIRST_OUTPUT_CONSTANT = ("linalg_lu", "lu_unpack")
"""Ops whose gradients are counted from the second output on."""


def _allowed(way: Array, op: Op, known: Rule) -> Array:
    """Return a direction in which the op's argument may move."""
    if known.op in SYMMETRIC:
        return np.asarray(way + np.conj(np.swapaxes(way, -1, -2)))
    if known.op in TRIANGULAR and "upper" in op.arguments and way.ndim > 1:
        return np.triu(way) if op.arguments["upper"] else np.tril(way)
    return way


def _slopes(op: Op, run: NodeRun, known: Rule) -> Iterator[tuple[str, float, float, float]]:
    """Yield, for each argument, our derivative along a direction, a finite difference, a scale.

    Not where the op has a kink: there it changes by more one way than the other.
    """
    random = np.random.default_rng(0)
    for edge in edges(op, run):
        names = [name for name in known.vjps if op.arguments.get(name) is edge.argument]
        if len(names) != 1 or edge.argument is None or edge.result is None:
            continue  # of a tensor that is given twice, each gradient is a part of the slope
        start = Names(op)[names[0]]
        if start.dtype.kind not in "fc" or not start.size or not np.isfinite(start).all():
            continue
        way = random.standard_normal(start.shape)
        if start.dtype.kind == "c":
            way = way + 1j * random.standard_normal(start.shape)
        way = _allowed(way, op, known)
        results = []
        for step in (1e-6, 0.0, -1e-6):
            moved = Names(op)
            for name in names:
                moved[name] = start + step * way
            found = moved.evaluate(known.formula)
            results.append(found if isinstance(found, tuple) else (found,))
        ours = float(np.real(np.vdot(edge.result, way)))
        scale = float(np.abs(edge.result).sum())
        total, uneven = 0.0, 0.0
        for index, (above, here, below) in enumerate(zip(*results, strict=True)):
            sent = run.grad_outputs[index] if index < len(run.grad_outputs) else None
            if sent is not None and sent.array is not None and above is not None:
                rise, fall = np.asarray(above) - here, np.asarray(here) - below
                total += float(np.real(np.vdot(sent.array, (rise + fall) / 2e-6)))
                uneven += float(np.abs(np.vdot(sent.array, (rise - fall) / 2e-6)))
        if uneven <= 1e-5 * (scale + abs(total)) + 1e-7:
            yield names[0], ours, total, scale


def test_finite_differences_agree(runs: dict[str, list[Run]]) -> None:
    """The forward formula, moved a little, changes as its VJP says: a third opinion."""
    apart, compared = [], 0
    for name, some in sorted(runs.items()):
        known = find(some[0][2].name)
        assert known is not None
        if not known.smooth or name in FIRST_OUTPUT_CONSTANT:
            continue
        for step, run, op in some[:4]:
            if "CopySlices" in step.nodes[run.node].name:
                continue
            for argument, ours, found, scale in _slopes(op, run, known):
                compared += 1
                if not abs(ours - found) <= 1e-5 * (scale + abs(found)) + 1e-7:
                    apart.append((name, argument, step.index, ours, found))
    assert compared >= (400 if EVERYTHING else 100)
    assert not apart


def test_claimed_structures_are_found(runs: dict[str, list[Run]]) -> None:
    """The zero pattern of the numbers is the one that the rule claims."""
    apart, compared = [], 0
    for name, some in sorted(runs.items()):
        for step, _, op in some[:3]:
            try:
                blocks = jacobian(step, str(op.index)).blocks
            except RecordingError:  # too large, or not kept
                continue
            for block in blocks:
                compared += block.structure.counted
                if not block.structure.agrees:
                    apart.append((name, block.argument, step.index, block.structure))
    assert compared >= (400 if EVERYTHING else 80)
    assert not apart


def test_gradients_are_linear_in_what_comes_in(runs: dict[str, list[Run]]) -> None:
    """Twice the incoming gradients give twice the outgoing ones, whatever the rule."""
    crooked = []
    for name, some in sorted(runs.items()):
        for _, run, op in some[:3]:
            names = Names(op, run.grad_outputs)
            for key in ("G", *[f"G{index}" for index in range(len(op.outputs))]):
                gradient = names[key]
                names[key] = None if gradient is None else 2 * gradient
            names["Gs"] = tuple([names[f"G{index}"] for index in range(len(op.outputs))])
            pairs = zip(edges(op, run), edges(op, run, names=names), strict=True)
            for plain, doubled in pairs:
                if plain.result is None or doubled.result is None:
                    continue
                if not np.allclose(2 * plain.result, doubled.result, rtol=1e-9, equal_nan=True):
                    crooked.append((name, plain.position))
    assert not crooked
