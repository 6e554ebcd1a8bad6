"""What the card of a tensor says is what PyTorch says of the tensor itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import torch

import retrograd
from retrograd.explain.tensor_card import TensorCard, tensor_card
from retrograd.explain.tensor_card_memory import Layout
from retrograd.explain.tensor_card_precision import precision
from retrograd.store.errors import RecordingError, StepError
from retrograd.store.model import Op
from retrograd.store.reader import Recording


def facts(tensor: torch.Tensor) -> dict[str, Any]:
    """What PyTorch says of a tensor."""
    return {
        "shape": tuple(tensor.shape),
        "stride": tensor.stride(),
        "offset": tensor.storage_offset(),
        "contiguous": tensor.is_contiguous(),
        "storage": tensor.untyped_storage().data_ptr(),
        "leaf": tensor.is_leaf,
        "requires_grad": tensor.requires_grad,
        "grad_fn": None if tensor.grad_fn is None else type(tensor.grad_fn).__name__,
        "dtype": str(tensor.dtype).removeprefix("torch."),
    }


def train(path: Path) -> dict[str, dict[str, Any]]:
    """Record one step full of views, broadcasts and writes; return the facts of its variables."""
    weight = torch.randn(3, 4, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    with retrograd.record(path, budget="all"):
        x = torch.arange(24.0).reshape(2, 3, 4)
        turned = x.transpose(0, 2)
        matrix = x[1]
        row = x[1, 2]
        late = x[:, 1:, ::2]
        diagonal = matrix.diagonal(1)
        below = matrix.diagonal(-1)
        first, second = x.split(1, dim=0)
        one, two, three = matrix.unbind(0)
        column = torch.ones(3, 1)
        wide = column.expand(3, 5)
        flat = x.view(-1)
        strided = x.as_strided((2, 2), (4, 1), 5)
        copied = turned.contiguous()
        count = torch.tensor([1, 2])
        half = copied.to(torch.float16)
        hidden = weight @ matrix.t()
        part = hidden[1:]
        cut = hidden.detach()
        with torch.no_grad():
            aside = hidden * 2
        loss = part.sum() + (wide.sum() + count.sum() + half.sum() + row.sum()) * 0
        optimizer.zero_grad()
        loss.backward()
        found = {name: facts(item) for name, item in locals().items() if torch.is_tensor(item)}
        optimizer.step()
    del late, diagonal, below, first, second, one, two, three, flat, strided, cut, aside
    return found


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    """The recording, and PyTorch's facts by name."""
    path = tmp_path_factory.mktemp("card") / "views.retro"
    torch.manual_seed(1)
    return path, train(path)


def test_the_facts_are_pytorchs(views: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    path, known = views
    with retrograd.load(path) as recording:
        cards = {name: tensor_card(recording, name) for name in known}
    assert len(cards) > 20
    for name, card in cards.items():
        expected, layout = known[name], card.memory.layout
        assert layout.shape == expected["shape"], name
        assert layout.offset == expected["offset"], name
        if layout.stride != expected["stride"]:  # a contiguous view's may differ where length is 1
            assert layout.contiguous and expected["contiguous"], name
        assert layout.contiguous is expected["contiguous"], name
        assert card.value.dtype == expected["dtype"], name
        assert card.autograd.leaf in (expected["leaf"], None), name
        assert card.autograd.requires_grad in (expected["requires_grad"], None), name
        node = card.autograd.way[0].node.name if card.autograd.way else None
        assert node == expected["grad_fn"], name
    assert [name for name, card in cards.items() if card.autograd.leaf is None] == []


def test_who_shares_memory(views: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    path, known = views
    with retrograd.load(path) as recording:
        cards = {name: tensor_card(recording, name) for name in known}
    for name, card in cards.items():
        storage = known[name]["storage"]
        expected = {n for n, f in known.items() if f["storage"] == storage} - {name}
        found = {s.value.name for s in card.memory.sharers if s.value.name} - {name}
        assert found == expected, name
    apart = {s.value.name: s.overlaps for s in cards["first"].memory.sharers}
    assert apart["second"] is False
    assert apart["flat"] is True
    assert cards["wide"].memory.layout.expanded == (1,)
    assert cards["turned"].memory.made_of is not None
    assert cards["turned"].memory.made_of.name == "x"


def test_the_storage_is_what_the_base_holds(
    views: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    with retrograd.load(views[0]) as recording:
        storage = tensor_card(recording, "row").memory.storage
    assert storage is not None
    assert storage.tolist() == list(range(24))


def test_writes_in_place(tmp_path: Path) -> None:
    weight = torch.ones(2, requires_grad=True)
    with retrograd.record(tmp_path / "run.retro", budget="all"):
        buffer = torch.zeros(2, 2)
        top = buffer[0]
        top.add_(3.0)
        (weight * top).sum().backward()
    with retrograd.load(tmp_path / "run.retro") as recording:
        step = recording.unfinished if recording.unfinished is not None else 0
        card = tensor_card(recording, "buffer", step)
        after = tensor_card(recording, str(card.autograd.writes[0].index), step)
    assert card.memory.storage is not None
    assert card.memory.storage.tolist() == [0, 0, 0, 0]
    assert after.memory.storage is not None
    assert after.memory.storage.tolist() == [3, 3]
    (write,) = card.autograd.writes
    assert isinstance(write, Op)
    assert write.name == "aten::add_.Tensor"
    assert [s.written for s in card.memory.sharers] == [False, True]


DTYPES = (
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.float8_e4m3fn,
    torch.float8_e5m2,
    torch.float8_e4m3fnuz,
    torch.float8_e5m2fnuz,
)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_precision_of_floats(dtype: torch.dtype) -> None:
    found, theirs = precision(str(dtype).removeprefix("torch.")), torch.finfo(dtype)
    assert found is not None
    assert (found.bits, found.largest, found.smallest) == (
        theirs.bits,
        theirs.max,
        theirs.smallest_normal,
    )
    # finfo's eps of float8_e5m2fnuz is half of what the dtype has
    for part, expected in ((1.0, found.eps), (0.75, found.eps), (0.25, 0.0)):
        one_more = torch.tensor(1 + part * found.eps, dtype=torch.float64).to(dtype).double().item()
        assert one_more == 1 + expected
    for number in (Fraction(1, 10), Fraction(1, 3), Fraction(7, 5), Fraction(-5, 7)):
        held = torch.tensor(float(number), dtype=torch.float64).to(dtype).double().item()
        assert Fraction(found.rounded(number)) == Fraction(held)
    if dtype in (torch.float32, torch.float64):
        start = torch.tensor(11.0, dtype=dtype)
        after = torch.nextafter(start, torch.tensor(12.0, dtype=dtype))
        assert found.spacing(11.0) == (after - start).item()


@pytest.mark.parametrize("dtype", [torch.int8, torch.uint8, torch.int32, torch.int64], ids=str)
def test_precision_of_integers(dtype: torch.dtype) -> None:
    found, theirs = precision(str(dtype).removeprefix("torch.")), torch.iinfo(dtype)
    assert found is not None
    assert (found.bits, found.smallest, found.largest) == (theirs.bits, theirs.min, theirs.max)
    assert precision("quint8") is None


def card(recording: Recording, name: str, step: int = 0) -> TensorCard:
    """A shorter name."""
    return tensor_card(recording, name, step)


def test_the_or_gate(or_gate: Path) -> None:
    with retrograd.load(or_gate) as recording:
        weights = card(recording, "weights")
        assert [d.role.id for d in weights.dimensions if d.role is not None] == [
            "tensor-role-summed",
            "tensor-role-columns",
        ]
        assert [entry.event.kind for entry in weights.autograd.grads] == ["accumulate"]
        assert [type(event).__name__ for event in weights.autograd.writes] == ["Update"]
        bias = card(recording, "bias", 3)
        assert [use.broadcast for use in bias.uses if use.broadcast] == [(4, 1)]
        output = card(recording, "output")
        assert [step.leaf for step in output.autograd.way if step.leaf] == ["weights", "bias"]
        assert output.autograd.no_grad is not None
        assert {kept.node.name for kept in output.autograd.kept} == {
            "BinaryCrossEntropyBackward0",
            "SigmoidBackward0",
        }
        grad = card(recording, "weights.grad")
        assert grad.symbol == "weights.grad"
        assert grad.value.array is not None
        assert grad.value.array.tolist() == (recording.step(0).updates[0].gradient.array.tolist())  # type: ignore[union-attr]
        upstream = card(recording, "output.grad")
        assert upstream.symbol == "∂loss/∂output"
        assert upstream.value.shape == (4, 1)
        assert card(recording, "6").symbol == "output"
        assert (
            card(recording, "17").value is recording.step(0).updates[0].after
            or card(recording, "17").value.array.tolist()
            == recording.step(0).updates[0].after.array.tolist()
        )  # type: ignore[union-attr]


def test_bad_names(or_gate: Path, tmp_path: Path) -> None:
    with retrograd.load(or_gate) as recording:
        with pytest.raises(RecordingError, match="did you mean weights"):
            card(recording, "weigths")
        with pytest.raises(RecordingError, match="ask for the tensor, weights"):
            card(recording, "weights[0]")
        with pytest.raises(RecordingError, match="has no event 999"):
            card(recording, "999")
        with pytest.raises(RecordingError, match="X got no gradient in step 0"):
            card(recording, "X.grad")
        with pytest.raises(StepError, match="no step 5000"):
            card(recording, "weights", 5000)


def test_the_corner_of_the_places(views: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    """What is drawn is a part of all places, at index 0 of the other dimensions."""
    with retrograd.load(views[0]) as recording:
        for name in ("turned", "late", "matrix", "row", "wide", "diagonal"):
            layout = tensor_card(recording, name).memory.layout
            whole, corner = layout.places, layout.corner(2, 3)
            assert whole is not None
            assert corner is not None
            while whole.ndim > 2:
                whole = whole[0]
            part = whole[:2, :3] if whole.ndim == 2 else whole[:3]
            assert corner.tolist() == part.tolist(), name


def test_places_that_no_memory_has() -> None:
    """A damaged file may claim anything; then nothing is drawn."""
    for layout in (Layout((2,), (1 << 61,), 0), Layout((2, 3), (), 0), Layout((2,), (1,), None)):
        assert not layout.known
        assert layout.places is None
        assert layout.corner(3, 3) is None
