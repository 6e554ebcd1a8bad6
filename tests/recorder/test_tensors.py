"""Only memory that is there is read, and a tensor class of the user's hears nothing of it."""

from __future__ import annotations

import gc
import importlib
import tempfile
import warnings
from collections.abc import Callable
from time import process_time
from typing import Any
from weakref import ref

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._pytree import tree_map

from recorder.conftest import Watch
from retrograd.recorder import capture
from retrograd.recorder.tensors import LOWEST, address, copied, sizes

BUDGETS = ["all", "0"]
heard: list[str] = []


class Wrapper(Tensor):
    """A tensor without memory that holds another and counts what it is asked for."""

    held: Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, held: Tensor) -> Wrapper:
        made: Wrapper = Tensor._make_wrapper_subclass(
            cls, held.shape, held.stride(), storage_offset=1, dtype=held.dtype
        )
        made.held = held
        return made

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        heard.append(str(func))

        def inner(item: Any) -> Any:
            return item.held if isinstance(item, Wrapper) else item

        def outer(item: Any) -> Any:
            return Wrapper(item) if isinstance(item, Tensor) else item

        return tree_map(outer, func(*tree_map(inner, args), **tree_map(inner, kwargs or {})))


def freed() -> Tensor:
    """A view into a storage whose memory has been given back."""
    whole = torch.ones(8)
    view = whole[4:]
    whole.untyped_storage().resize_(0)
    return view


def fake() -> Tensor:
    """A view of a tensor without numbers."""
    with FakeTensorMode():
        return torch.ones(8)[4:]


@pytest.mark.parametrize("made", [freed, fake, lambda: Wrapper(torch.ones(4))])
def test_what_has_no_memory_has_no_address(made: Callable[[], Tensor]) -> None:
    """PyTorch's own pointer is not null for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a fake tensor warns of questions for its pointer
        tensor = made()
        assert address(tensor) == 0
        assert capture.why_unreadable(tensor) in ("no-memory", "subclass")
        assert copied(tensor, 16) is None


def test_what_has_memory_has_its_address() -> None:
    """A view, too; what has another size or does not lie in one piece is not read."""
    tensor = torch.arange(12.0).reshape(3, 4)
    assert address(tensor[1]) == tensor.data_ptr() + 16 > LOWEST
    assert copied(tensor[1], 16) == tensor[1].numpy().tobytes()
    assert copied(tensor[1], 20) is None
    assert copied(tensor[:, 1], 12) is None
    assert copied(torch.empty(0), 0) == b""
    assert copied(torch.eye(2).to_sparse(), 16) is None


def test_sizes_that_are_no_numbers() -> None:
    """Ragged ones of nested tensors."""
    parts = [torch.ones(2, 3), torch.ones(1, 3)]
    assert sizes(torch.ones(2, 3)) == (2, 3)
    assert sizes(torch.nested.nested_tensor(parts, layout=torch.jagged)) == ()


@pytest.mark.parametrize("budget", BUDGETS)
def test_storage_that_is_freed_between_uses(budget: str, watch: Watch) -> None:
    """As FSDP does with the weights that it has gathered: an op on a view of it is no error."""
    weight = nn.Parameter(torch.ones(4))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    gathered = torch.ones(8)
    half = gathered[4:]

    def train() -> None:
        for _ in range(3):
            optimizer.zero_grad()
            (weight * half).sum().backward()
            optimizer.step()
            gathered.untyped_storage().resize_(0)
            half.view(2, 2)
            gathered.untyped_storage().resize_(32)
            gathered.fill_(1)

    recording = watch(train, budget=budget)
    assert recording.series("loss").values.tolist() == pytest.approx([4, 3.6, 3.2])


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_class_that_answers_ops_hears_nothing_of_us(budget: str, watch: Watch) -> None:
    """With an optimizer and without, its loss and what its nodes keep included."""

    def train() -> list[str]:
        heard.clear()
        torch.manual_seed(0)
        weight = nn.Parameter(Wrapper(torch.randn(3, 2)))
        optimizer = torch.optim.SGD([weight], lr=0.1, foreach=False)
        x = torch.randn(4, 3)
        for step in range(6):
            (x @ weight).tanh().sum().backward()
            if step < 3:
                optimizer.step()
            else:
                with torch.no_grad():
                    weight.sub_(weight.grad)  # type: ignore[arg-type]
            weight.grad = None
        return list(heard)

    bare = train()
    got: list[str] = []
    recording = watch(lambda: got.extend(train()), budget=budget)
    assert got == bare
    gaps = {gap["why"]: gap["detail"] for gap in recording.meta["not_recorded"]}
    assert gaps["loss-unreadable"] == "subclass"


@pytest.mark.parametrize("budget", BUDGETS)
def test_parameters_without_numbers(budget: str, watch: Watch) -> None:
    """Sparse, nested and fake ones are trained by hand; nothing of ours fails or warns."""

    def train() -> None:
        ragged = [torch.ones(2, 3), torch.ones(1, 3)]
        for _ in range(3):
            sparse = torch.eye(3).to_sparse().requires_grad_()
            torch.sparse.sum(sparse * 2).backward()
            nested = torch.nested.nested_tensor(ragged, layout=torch.jagged, requires_grad=True)
            (nested * 2).values().sum().backward()
            with FakeTensorMode():
                layer = nn.Linear(3, 1)
                layer(torch.ones(2, 3)).sum().backward()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        watch(train, budget=budget)


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_parameter_that_changes_its_size(budget: str, watch: Watch) -> None:
    """Its values at a light step are left out rather than read beyond their end."""
    weight = nn.Parameter(torch.ones(6))
    optimizer = torch.optim.SGD([weight], lr=0.1)

    def train() -> None:
        for step in range(4):
            optimizer.zero_grad()
            weight.sum().backward()
            optimizer.step()
            if step == 1:
                weight.data = weight.data[:2].clone()
                weight.grad = None

    recording = watch(train, budget=budget)
    assert len(recording.series("loss").values) == 4


def test_a_compiled_backward_pass_is_opaque(watch: Watch) -> None:
    """Hooks of ours would be compiled with it: it would warn, and take another way."""
    compiled_autograd = importlib.import_module("torch._dynamo.compiled_autograd")
    weight = nn.Parameter(torch.ones(4))
    optimizer = torch.optim.SGD([weight], lr=0.1)

    def train() -> None:
        for step in range(3):
            optimizer.zero_grad()
            loss = weight.square().sum()
            if step == 1:
                with compiled_autograd._enable(torch.compile(backend="eager")):
                    loss.backward()
            else:
                loss.backward()
            optimizer.step()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        recording = watch(train)
    assert len(recording.full_steps) == 3
    gaps = {gap["why"]: gap["count"] for gap in recording.meta["not_recorded"]}
    assert gaps["compiled-autograd"] == 1
    assert [len(recording.step(index).updates) for index in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_distributed_tensor_is_trained(budget: str, watch: Watch) -> None:
    """Reading it would be a collective op, for which other processes would have to wait."""
    distributed = importlib.import_module("torch.distributed")
    tensors = importlib.import_module("torch.distributed.tensor")
    with tempfile.TemporaryDirectory() as folder:
        distributed.init_process_group("gloo", f"file://{folder}/meet", rank=0, world_size=1)
        try:
            mesh = tensors.init_device_mesh("cpu", (1,))
            local = torch.arange(4.0).reshape(2, 2)
            weight = nn.Parameter(tensors.distribute_tensor(local, mesh, [tensors.Shard(0)]))
            optimizer = torch.optim.SGD([weight], lr=0.1)

            def train() -> None:
                for _ in range(3):
                    optimizer.zero_grad()
                    weight.square().sum().backward()
                    optimizer.step()

            recording = watch(train, budget=budget)
            assert recording.steps == 3
        finally:
            distributed.destroy_process_group()


def test_what_another_process_sends_is_read_when_it_is_used(watch: Watch) -> None:
    """The tensor that it comes into holds anything until then."""
    distributed = importlib.import_module("torch.distributed")
    weight = nn.Parameter(torch.ones(3))

    def train() -> None:
        gathered = torch.full((3,), 7.0)
        work = distributed.all_gather([gathered], torch.arange(3.0), async_op=True)
        work.wait()
        (weight * gathered).sum().backward()

    with tempfile.TemporaryDirectory() as folder:
        distributed.init_process_group("gloo", f"file://{folder}/meet", rank=0, world_size=1)
        try:
            recording = watch(train)
        finally:
            distributed.destroy_process_group()
    step = recording.step(0)
    received = next(op for op in step.ops if op.name == "aten::mul.Tensor").arguments["other"]
    assert received.array.tolist() == [0, 1, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize("budget", BUDGETS)
def test_parameters_can_be_swapped(budget: str, watch: Watch) -> None:
    """PyTorch refuses to swap what weak references lead to: ours are gone meanwhile."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train() -> None:
        for step in range(4):
            optimizer.zero_grad()
            model(torch.ones(1, 2, dtype=model.weight.dtype)).sum().backward()
            optimizer.step()
            if step == 1:
                optimizer.zero_grad()
                model.double()

    torch.__future__.set_swap_module_params_on_conversion(True)
    try:
        recording = watch(train, budget=budget)
    finally:
        torch.__future__.set_swap_module_params_on_conversion(False)
    assert model.weight.dtype == torch.float64
    assert sorted(parameter.name for parameter in recording.parameters) == ["bias", "weight"]


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("budget", BUDGETS)
def test_models_that_are_done_with_are_gone(budget: str, by_hand: bool, watch: Watch) -> None:
    """One after the other, as in a search for hyperparameters, each with its optimizer."""
    left = []

    def fit() -> tuple[Any, ...]:
        model = nn.Linear(3, 90)
        optimizer = None if by_hand else torch.optim.Adam(model.parameters())
        for _ in range(3):
            model(torch.ones(2, 3)).square().sum().backward()
            if optimizer is not None:
                optimizer.step()
                optimizer.zero_grad()
            else:
                with torch.no_grad():
                    for parameter in model.parameters():
                        parameter -= 0.1 * parameter.grad
                        parameter.grad = None
        return ref(model.weight), ref(optimizer or model)

    def train() -> None:
        for _ in range(4):
            gone = fit()
            left.append([reference() for reference in gone])
            gc.collect()

    watch(train, budget=budget)
    assert [item for found in left[:-1] for item in found if item is not None] == []


def test_a_step_takes_time_linear_in_the_parameters(watch: Watch) -> None:
    """Ten times as many take about ten times as long."""

    def seconds(count: int) -> float:
        weights = [nn.Parameter(torch.ones(2)) for _ in range(count)]
        optimizer = torch.optim.SGD(weights, lr=0.1)

        def train() -> None:
            for _ in range(2):
                optimizer.zero_grad()
                torch.stack([weight.sum() for weight in weights]).sum().backward()
                optimizer.step()

        start = process_time()
        watch(train)
        return process_time() - start

    assert seconds(1500) < 40 * seconds(150)
