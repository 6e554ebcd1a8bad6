"""Figures and elements of recorded values, for every dtype, with PyTorch as the oracle."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.conftest import Watch
from retrograd.recorder import capture
from retrograd.store.schema import STATISTICS
from retrograd.store.value import Statistics, Value

REAL = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.float8_e4m3fn,
    torch.float8_e5m2,
    torch.float8_e4m3fnuz,
    torch.float8_e5m2fnuz,
]
WHOLE = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
COMPLEX = [torch.complex128, torch.complex64]
LARGE, SMALL = (131, 97), (5, 7)


def made(dtype: torch.dtype, shape: tuple[int, ...]) -> torch.Tensor:
    """Return random elements of a dtype, zeros among them."""
    torch.manual_seed(0)
    if dtype is torch.bool:
        return torch.rand(shape) < 0.3
    if not dtype.is_floating_point and not dtype.is_complex:
        return torch.randint(0 if dtype is torch.uint8 else -9, 10, shape).to(dtype)
    wide = torch.randn(shape, dtype=torch.complex128 if dtype.is_complex else torch.float64)
    return wide.where(torch.rand(shape) < 0.9, torch.zeros(())).to(dtype)


def truth(tensor: torch.Tensor) -> Statistics:
    """Return the figures as PyTorch computes them in float64."""
    wide = tensor.abs().double() if tensor.is_complex() else tensor.double()
    wide = wide.reshape(-1)
    finite = wide[wide.isfinite()]
    blank = math.nan
    counts = (int((wide == 0).sum()), int(wide.isnan().sum()), int(wide.isinf().sum()))
    if not finite.numel():
        return Statistics(blank, blank, blank, blank, blank, *counts)
    return Statistics(
        finite.min().item(),
        finite.max().item(),
        finite.mean().item(),
        finite.std().item() if finite.numel() > 1 else blank,
        torch.linalg.vector_norm(finite).item(),
        *counts,
    )


def agree(got: Statistics | None, wanted: Statistics) -> None:
    """Extremes and counts are exact; sums are right to float32's accuracy of what is summed."""
    assert got is not None
    np.testing.assert_array_equal([got.min, got.max], [wanted.min, wanted.max])
    assert (got.zeros, got.nans, got.infs) == (wanted.zeros, wanted.nans, wanted.infs)
    largest = max(abs(wanted.min), abs(wanted.max), wanted.norm)
    np.testing.assert_allclose(got.mean, wanted.mean, rtol=1e-6, atol=1e-6 * largest)
    np.testing.assert_allclose([got.std, got.norm], [wanted.std, wanted.norm], rtol=2e-6)


def recorded(watch: Watch, tensor: torch.Tensor, **options: str) -> Value:
    """Record an op that takes a tensor, and return what was kept of it."""
    weight = torch.ones((), requires_grad=True)

    def train() -> None:
        tensor.clone()
        weight.backward()

    recording = watch(train, **options)
    assert recording.unfinished is not None
    op = next(op for op in recording.step(recording.unfinished).ops if op.name == "aten::clone")
    value = op.arguments["self"]
    assert isinstance(value, Value)
    assert value.dtype == str(tensor.dtype).removeprefix("torch.")
    assert value.shape == tuple(tensor.shape)
    return value


def elements(tensor: torch.Tensor) -> np.ndarray:
    """Return elements as NumPy has them, widened where it lacks the dtype."""
    if tensor.dtype in REAL[3:]:
        tensor = tensor.float()
    return tensor.resolve_conj().resolve_neg().contiguous().numpy()


@pytest.mark.parametrize("dtype", REAL + WHOLE + COMPLEX, ids=str)
def test_a_small_value_of_every_dtype(dtype: torch.dtype, watch: Watch) -> None:
    """Every element, and the figures of them."""
    tensor = made(dtype, SMALL)
    value = recorded(watch, tensor)
    assert value.slot.kind == "whole"
    np.testing.assert_array_equal(value.array, elements(tensor), strict=True)
    agree(value.statistics, truth(tensor))


@pytest.mark.parametrize("dtype", REAL + WHOLE + COMPLEX, ids=str)
def test_a_large_value_of_every_dtype(dtype: torch.dtype, watch: Watch) -> None:
    """The figures of all elements, and every k-th element exactly."""
    tensor = made(dtype, LARGE)
    value = recorded(watch, tensor)
    assert value.slot.kind == "summary"
    assert value.array is None
    agree(value.statistics, truth(tensor))
    assert value.sample is not None
    stride, sample = value.sample
    wanted = elements(tensor).reshape(-1)[::stride][:64]
    np.testing.assert_array_equal(sample, wanted, strict=True)


@pytest.mark.parametrize("dtype", REAL + WHOLE + COMPLEX, ids=str)
def test_a_large_value_kept_whole(dtype: torch.dtype, watch: Watch) -> None:
    """With ``keep`` both: the figures and all elements."""
    tensor = made(dtype, LARGE)
    value = recorded(watch, tensor, keep="*")
    assert value.slot.kind == "content"
    np.testing.assert_array_equal(value.array, elements(tensor), strict=True)
    agree(value.statistics, truth(tensor))


LAYOUTS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "transposed": lambda t: t.t(),
    "every other column": lambda t: t[:, ::2],
    "flipped": lambda t: t.flip(0).t(),
    "expanded": lambda t: t[:1].expand(90, 97),
    "from the middle": lambda t: t.reshape(-1)[13:-17],
    "channels last": lambda t: (
        t.reshape(-1)[:6400].reshape(4, 4, 20, 20).to(memory_format=torch.channels_last)
    ),
    "imaginary part of a conjugate": lambda t: torch.complex(t, t).conj().imag,
    "conjugate": lambda t: torch.complex(t, t + 1).conj(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_that_is_not_plain(layout: str, watch: Watch) -> None:
    """Views, strides and lazy negation: the elements that indexing shows, in its order."""
    tensor = LAYOUTS[layout](made(torch.float32, LARGE))
    wanted = elements(tensor)
    value = recorded(watch, tensor)
    assert value.slot.kind == "summary"
    agree(value.statistics, truth(tensor))
    assert value.sample is not None
    stride, sample = value.sample
    np.testing.assert_array_equal(sample, wanted.reshape(-1)[::stride][:64], strict=True)
    kept = recorded(watch, tensor, keep="*")
    np.testing.assert_array_equal(kept.array, wanted, strict=True)
    agree(kept.statistics, truth(tensor))
    if not tensor.is_conj() and not tensor.is_neg():
        assert value.slot.stride == tensor.stride()
        assert value.slot.storage_offset == tensor.storage_offset()


SPECIAL = {
    "nan": [math.nan],
    "infinities": [math.inf, -math.inf, math.inf],
    "both": [math.nan, math.inf],
}


@pytest.mark.parametrize("special", SPECIAL)
@pytest.mark.parametrize("shape", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("fill", [True, False], ids=["nothing else", "among others"])
def test_what_is_not_finite(special: str, shape: tuple[int, int], fill: bool, watch: Watch) -> None:
    """Counted, and left out of the other figures."""
    tensor = made(torch.float32, shape)
    if fill:
        tensor = torch.full(shape, SPECIAL[special][0])
    for index, number in enumerate(SPECIAL[special]):
        tensor[index, index] = number
    agree(recorded(watch, tensor).statistics, truth(tensor))


@pytest.mark.parametrize("number", [0.0, -0.0, 1e-40, 3.0, 1e38, -7.25])
def test_elements_that_are_all_equal(number: float, watch: Watch) -> None:
    """No spread is made up by rounding, no square overflows."""
    tensor = torch.full(LARGE, number)
    got = recorded(watch, tensor).statistics
    agree(got, truth(tensor))
    assert got is not None
    assert got.std <= 1e-6 * abs(number)


def test_an_empty_tensor(watch: Watch) -> None:
    """Nothing has no minimum, and is no error."""
    value = recorded(watch, torch.empty(0, 3))
    assert value.array is not None
    assert value.array.shape == (0, 3)
    assert value.statistics is not None
    assert math.isnan(value.statistics.min)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5000),
    st.floats(-1e3, 1e3),
    st.floats(1e-6, 1e6),
    st.integers(0, 2**32 - 1),
    st.sampled_from([torch.float32, torch.float64, torch.bfloat16, torch.float16]),
)
def test_figures_at_any_length_and_scale(
    count: int, middle: float, width: float, seed: int, dtype: torch.dtype
) -> None:
    """The vectorised figures are PyTorch's in float64."""
    generator = torch.Generator().manual_seed(seed)
    wide = torch.randn(count, generator=generator, dtype=torch.float64) * width + middle
    tensor = wide.to(dtype)
    numbers = np.frombuffer(capture.statistics(tensor), dtype="<f8").tolist()
    assert len(numbers) == len(STATISTICS)
    got = Statistics(*numbers[:5], *map(int, numbers[5:]))
    wanted = truth(tensor)
    agree(got._replace(std=wanted.std), wanted)
    if count > 1 and wanted.nans + wanted.infs < count - 1:
        # the spread beside a large mean loses what the square of the mean takes
        assert got.std == pytest.approx(wanted.std, rel=1e-3, abs=1e-4 * abs(wanted.mean))


def test_a_large_weight_changed_through_data(watch: Watch) -> None:
    """``.data`` counts versions of its own: figures taken before such a change are not reused."""
    weight = torch.zeros(LARGE).requires_grad_()
    optimizer = torch.optim.SGD([weight], lr=0.0)
    largest: list[float] = []

    def train() -> None:
        for step in range(3):
            weight.data[1, 5 + step] = 100.0 + step
            largest.append(weight.max().item())
            weight.sum().backward()
            optimizer.step()

    recording = watch(train)
    for index in range(3):
        *by_hand, update = recording.step(index).updates
        assert len(by_hand) == (index > 0)  # before the first backward pass it is no parameter yet
        assert all(change.manual and change.after is update.before for change in by_hand)
        assert update.before is not None
        assert update.before.statistics is not None
        assert update.before.statistics.max == largest[index]


class Rows(torch.optim.Optimizer):
    """An optimizer of the user's that changes a single row, through ``.data``."""

    def __init__(self, parameters: list[torch.Tensor]) -> None:
        super().__init__(parameters, {"lr": 1.0})

    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move one row a little further at each step."""
        for parameter in self.param_groups[0]["params"]:
            parameter.data[1, 5:9] += 10.0


@pytest.mark.parametrize("options", [{"budget": "all"}, {"steps": "0,1,4"}], ids=["full", "some"])
def test_a_few_elements_changed_unseen(options: dict[str, str], watch: Watch) -> None:
    """Neither the version nor the sample shows it: the figures are taken anew all the same."""
    weight = torch.zeros(LARGE).requires_grad_()
    optimizer = Rows([weight])

    def train() -> None:
        for _ in range(6):
            weight.sum().backward()
            optimizer.step()

    recording = watch(train, **options)
    for index in recording.full_steps:
        (update,) = recording.step(index).updates
        total = recording.step(index).ops[0]
        assert total.arguments["self"].statistics.max == 10.0 * index  # type: ignore[union-attr]
        assert update.before is not None
        assert update.after is not None
        assert update.before.statistics is not None
        assert update.after.statistics is not None
        assert update.before.statistics.max == 10.0 * index
        assert update.after.statistics.max == 10.0 * (index + 1)


@pytest.mark.parametrize("shape", [(5,), LARGE], ids=["small", "large"])
def test_data_changed_in_the_middle_of_a_step(shape: tuple[int, ...], watch: Watch) -> None:
    """What an op takes after a change through ``.data`` is not what an earlier op took."""
    weight = torch.zeros(3).requires_grad_()
    data = torch.zeros(shape)
    optimizer = torch.optim.SGD([weight], lr=0.1)

    def train() -> None:
        for _ in range(2):
            for _ in range(3):
                (data * 2.0).sum()
                data.data.view(-1)[2] += 1.0
            weight.sum().backward()
            optimizer.step()

    recording = watch(train)
    for index in range(2):
        doubled = [op for op in recording.step(index).ops if op.name.startswith("aten::mul")]
        taken = [op.arguments["self"] for op in doubled]
        largest = [
            value.array.max() if value.array is not None else value.statistics.max
            for value in taken
        ]  # type: ignore[union-attr]
        assert largest == [3.0 * index + turn for turn in range(3)]
