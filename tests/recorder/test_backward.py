"""Backward passes in every form that PyTorch offers."""

from __future__ import annotations

from typing import Any

import torch

from recorder.bits import only, same
from recorder.conftest import Watch
from retrograd.store.model import Accumulation, BackwardCall, Node, NodeRun, Op
from retrograd.store.reader import Recording
from retrograd.store.step import Step


def rest(recording: Recording) -> Step:
    """Return what ran, where no optimizer ends a step."""
    assert recording.unfinished is not None
    return recording.step(recording.unfinished)


def names(step: Step, number: int) -> list[str]:
    """Return the nodes that ran in a pass, in order."""
    runs = [e for e in step.events if isinstance(e, (NodeRun, Accumulation)) and e.number == number]
    return [step.nodes[event.node].name for event in runs]


def test_retain_graph(watch: Watch) -> None:
    """Two passes over one graph: the same nodes, first kept, then freed."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)

    def go() -> None:
        y = x.exp().sum()
        y.backward(retain_graph=True)
        y.backward()

    step = rest(watch(go))
    first, second = only(step, BackwardCall)
    assert (first.retain_graph, second.retain_graph) == (True, False)
    assert (first.number, second.number) == (0, 1)
    assert names(step, 0) == names(step, 1) == ["SumBackward0", "ExpBackward0", "AccumulateGrad"]
    assert len(step.nodes) == 3
    exp = next(node for node in step.nodes if node.name == "ExpBackward0")
    assert exp.first_pass == 0
    assert exp.freed is not None
    assert step.events[exp.freed].index > second.index
    one, two = only(step, Accumulation)
    assert same(one.before, None)
    assert same(two.before, x.detach().exp())
    assert same(two.after, x.grad)


def test_a_retained_graph_is_never_freed(watch: Watch) -> None:
    """Where the graph was retained to the end, no node says that it was freed."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    step = rest(watch(lambda: x.exp().sum().backward(retain_graph=True)))
    assert [node.freed for node in step.nodes] == [None] * 3


def test_a_gradient_for_a_root_that_is_no_scalar(watch: Watch) -> None:
    """``gradient=`` is what flows into the root."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    seed = torch.tensor([10.0, 100.0])
    step = rest(watch(lambda: (x * x).backward(gradient=seed)))
    (call,) = only(step, BackwardCall)
    assert same(call.gradients[0], seed)
    assert same(call.roots[0], x.detach().square())
    run = only(step, NodeRun)[0]
    assert same(run.grad_outputs[0], seed)
    assert same(only(step, Accumulation)[0].after, torch.tensor([40.0, 600.0]))


def test_the_gradient_of_a_scalar_loss_is_one(watch: Watch) -> None:
    """The 1 that nobody writes stands at the root, and is no op of the program."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    step = rest(watch(lambda: x.prod().backward()))
    (call,) = only(step, BackwardCall)
    assert same(call.gradients[0], torch.tensor(1.0))
    assert [op.name for op in step.ops] == ["aten::prod"]


def test_several_roots(watch: Watch) -> None:
    """``torch.autograd.backward`` with two tensors is one pass with two roots."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    seed = torch.tensor([1.0, 2.0])

    def go() -> None:
        torch.autograd.backward([x.sum(), x * 3], [None, seed])

    step = rest(watch(go))
    (call,) = only(step, BackwardCall)
    assert [step.nodes[n].name for n in call.root_nodes if n is not None] == [
        "SumBackward0",
        "MulBackward0",
    ]
    assert same(call.gradients[0], torch.tensor(1.0))
    assert same(call.gradients[1], seed)
    assert same(only(step, Accumulation)[0].after, x.grad)


def test_only_some_inputs(watch: Watch) -> None:
    """``inputs=`` fills one ``.grad`` and no other."""
    x = torch.tensor([2.0], requires_grad=True)
    y = torch.tensor([3.0], requires_grad=True)
    recording = watch(lambda: (x * y).backward(inputs=[y]))
    step = rest(recording)
    (call,) = only(step, BackwardCall)
    assert len(call.inputs) == 1
    assert same(call.inputs[0], y)
    (entry,) = only(step, Accumulation)
    assert recording.parameters[entry.parameter].name == "y"
    assert same(entry.after, torch.tensor([2.0]))
    assert x.grad is None


def test_autograd_grad(watch: Watch) -> None:
    """``torch.autograd.grad`` returns gradients and leaves every ``.grad`` alone."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    y = torch.tensor([5.0, 7.0], requires_grad=True)
    found: list[torch.Tensor] = []
    step = rest(watch(lambda: found.extend(torch.autograd.grad((x * y).sum(), [x, y]))))
    (call,) = only(step, BackwardCall)
    assert call.api == "grad"
    assert same(call.inputs[0], x)
    assert same(call.inputs[1], y)
    assert same(call.results[0], found[0])
    assert same(call.results[1], found[1])
    assert same(found_in(step, "MulBackward0").grad_inputs[1], x)
    assert x.grad is None
    assert y.grad is None
    assert [entry.after for entry in only(step, Accumulation)] == []


def found_in(step: Step, name: str) -> NodeRun:
    """Return the one run of the only node of that name."""
    (run,) = [run for run in only(step, NodeRun) if step.nodes[run.node].name == name]
    return run


def test_an_unused_input(watch: Watch) -> None:
    """``allow_unused`` gives None, and None is recorded."""
    x = torch.tensor([2.0], requires_grad=True)
    y = torch.tensor([3.0], requires_grad=True)
    step = rest(watch(lambda: torch.autograd.grad(x * 2, [x, y], allow_unused=True)))
    (call,) = only(step, BackwardCall)
    assert same(call.results[0], torch.tensor([2.0]))
    assert call.results[1] is None


def test_several_passes_in_one_step(watch: Watch) -> None:
    """Each pass has its number, and each node the first pass that reached it."""
    x = torch.tensor([2.0], requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)

    def go() -> None:
        (x * 2).backward()
        x.sin().backward()
        optimizer.step()

    step = watch(go).step(0)
    assert [call.number for call in only(step, BackwardCall)] == [0, 1]
    assert names(step, 0) == ["MulBackward0", "AccumulateGrad"]
    assert names(step, 1) == ["SinBackward0", "AccumulateGrad"]
    first = {node.name: node.first_pass for node in step.nodes}
    assert first == {"MulBackward0": 0, "SinBackward0": 1, "AccumulateGrad": 0}


def test_double_backward(watch: Watch) -> None:
    """Nodes that a backward pass has created say which node's run created them."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    found: list[torch.Tensor] = []

    def go() -> None:
        y = x.pow(3).sum()
        (g,) = torch.autograd.grad(y, x, create_graph=True)
        found.append(g.detach().clone())
        g.square().sum().backward()

    step = rest(watch(go))
    first, second = only(step, BackwardCall)
    assert (first.create_graph, second.create_graph) == (True, False)
    assert same(first.results[0], found[0])
    created = [node for node in step.nodes if node.created_by is not None]
    assert created
    parents = {step.nodes[parent_of(node)].name for node in created}
    assert "PowBackward0" in parents
    assert parents <= {"PowBackward0", "SumBackward0"}
    for node in created:
        assert node.op is None
        assert node.first_pass == 1
    origins = [node for node in step.nodes if node.op is None and node.created_by is None]
    assert {node.name for node in origins} == {"AccumulateGrad"}
    (entry,) = only(step, Accumulation)
    assert same(entry.after, x.grad)
    # d/dx (3x²)² = 36x³
    torch.testing.assert_close(x.grad, 36 * x.detach() ** 3)


def parent_of(node: Node) -> int:
    """Return the node that created this one."""
    assert node.created_by is not None
    return node.created_by


class Cube(torch.autograd.Function):
    """x³, with a backward of the user's own."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        """Save the input."""
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        """Do what the chain rule says."""
        (x,) = ctx.saved_tensors
        return gradient * 3 * x**2


def test_a_custom_function_is_opaque(watch: Watch) -> None:
    """One box: what goes in and out, and that it is the user's."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    step = rest(watch(lambda: Cube.apply(x).sum().backward()))
    opaque = [node for node in step.nodes if node.opaque]
    assert [node.name for node in opaque] == ["CubeBackward"]
    run = found_in(step, "CubeBackward")
    assert same(run.grad_outputs[0], torch.ones(2))
    assert same(run.grad_inputs[0], 3 * x.detach() ** 2)
    assert {node.name for node in step.nodes} == {"SumBackward0", "CubeBackward", "AccumulateGrad"}


def test_what_a_node_keeps(watch: Watch) -> None:
    """Saved tensors are the values of the ops, by slot."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    y = torch.tensor([5.0, 7.0], requires_grad=True)
    step = rest(watch(lambda: (x * y).exp().sum().backward()))
    by_name = {node.name: node for node in step.nodes}
    multiplied = by_name["MulBackward0"].saved
    assert same(multiplied["self"], x)
    assert same(multiplied["other"], y)
    assert same(by_name["ExpBackward0"].saved["result"], (x * y).exp().detach())


def test_edges_are_pytorchs_own(watch: Watch) -> None:
    """The recorded graph is the one that ``next_functions`` shows."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    wanted: list[tuple[str, tuple[tuple[str, int] | None, ...]]] = []

    def go() -> None:
        y = (x.unsqueeze(0) @ x.unsqueeze(1)).tanh() * x.max() + x.split(1)[1]
        waiting: list[Any] = [y.grad_fn]
        seen = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            children = [(child.name(), i) if child else None for child, i in node.next_functions]
            wanted.append((node.name(), tuple(children)))
            waiting += [child for child, _ in node.next_functions if child]
        y.sum().backward()

    step = rest(watch(go))
    got = [
        (node.name, tuple([e and (step.nodes[e.node].name, e.input) for e in node.next]))
        for node in step.nodes[1:]
    ]
    short = "torch::autograd::AccumulateGrad"
    plain = [
        (
            name.replace(short, "AccumulateGrad"),
            tuple([c and (c[0].replace(short, "AccumulateGrad"), c[1]) for c in children]),
        )
        for name, children in wanted
    ]
    assert sorted(map(str, got)) == sorted(map(str, plain))


def test_in_place_ops_on_views(watch: Watch) -> None:
    """Each ``CopySlices`` belongs to the op that wrote through a view, not to the next one."""
    x = torch.ones(4, 4, requires_grad=True)

    def go() -> None:
        y = x * 2
        y[1].mul_(3)
        y.diagonal().sin_()
        y.sum().backward()

    step = rest(watch(go))
    created = [
        (node.name, step.events[node.op])
        for node in step.nodes
        if node.op is not None and node.name != "AccumulateGrad"
    ]
    assert [(name, op.name) for name, op in created if isinstance(op, Op)] == [
        ("SumBackward0", "aten::sum"),
        ("CopySlices", "aten::sin_"),
        ("CopySlices", "aten::mul_.Tensor"),
        ("MulBackward0", "aten::mul.Tensor"),
    ]
    for name, op in created:
        assert isinstance(op, Op)
        assert op.node is not None
        assert step.nodes[op.node].name == name
