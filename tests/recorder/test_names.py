"""What things are called: as ``named_parameters()``, attributes, variables, assignments say."""

from __future__ import annotations

from pathlib import Path

import torch
import zoo
from torch import nn

from recorder.conftest import Watch
from retrograd.store.reader import Recording, load
from retrograd.store.step import Step

OUTSIDE = torch.full((2,), 5.0)


def rest(recording: Recording) -> Step:
    """Return what ran, where no optimizer ends a step."""
    assert recording.unfinished is not None
    return recording.step(recording.unfinished)


def parameters(recording: Recording) -> list[str]:
    """Return the names of the parameters, sorted."""
    return sorted(parameter.name for parameter in recording.parameters)


class Perceptron:
    """No ``nn.Module``: two plain tensors."""

    def __init__(self) -> None:
        self.weights = torch.ones(2, 1, requires_grad=True)
        self.bias = torch.zeros(1, requires_grad=True)


class Net(nn.Module):
    """Parameters, a nested module, a buffer, and a tensor that is none of these."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        self.scale = nn.Parameter(torch.ones(3))
        self.register_buffer("shift", torch.ones(3))
        self.plain = torch.ones(3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Use all of them."""
        hidden = self.inner(x)
        return hidden * self.scale + self.shift + self.plain


def test_modules(watch: Watch) -> None:
    """The dotted path below the outermost module, types and shapes as they are."""
    model = Net()
    recording = watch(lambda: model(torch.ones(1, 2)).sum().backward())
    assert parameters(recording) == sorted(name for name, _ in model.named_parameters())
    shapes = {p.name: (p.shape, p.dtype, p.requires_grad) for p in recording.parameters}
    for name, parameter in model.named_parameters():
        assert shapes[name] == (tuple(parameter.shape), "float32", True)
    step = rest(recording)
    assert {"shift", "plain", "hidden"} <= {value.name for value in step.values}
    called = {module.type: module.path for module in recording.modules.values()}
    assert called["Sequential"] == "inner"
    assert called["Linear"] == "inner.0"
    assert called["ReLU"] == "inner.1"
    assert "Net" in called
    inside = [op.module.path for op in step.ops if op.module is not None and "relu" in op.name]
    assert inside == ["inner.1"]


def test_plain_attributes(watch: Watch) -> None:
    """An object of a class of the user's own."""
    model = Perceptron()
    recording = watch(lambda: (OUTSIDE @ model.weights + model.bias).sum().backward())
    assert parameters(recording) == ["bias", "weights"]


def test_variables_and_containers(watch: Watch) -> None:
    """Local variables, lists and dictionaries."""
    alone = torch.ones(2, requires_grad=True)
    listed = [torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)]
    keyed = {"first": torch.ones(2, requires_grad=True)}

    def go() -> None:
        (alone + listed[0] * listed[1] + keyed["first"]).sum().backward()

    names = parameters(watch(go))
    assert "alone" in names
    assert "listed[0]" in names
    assert "listed[1]" in names
    assert [name for name in names if "first" in name]


def test_two_models_alike(watch: Watch) -> None:
    """Names that meet are told apart by their variables, and never given twice."""
    one, two = nn.Linear(2, 1), nn.Linear(2, 1)
    recording = watch(lambda: (one(OUTSIDE) + two(OUTSIDE)).sum().backward())
    names = parameters(recording)
    assert len(set(names)) == 4
    assert sum("one" in name or "two" in name for name in names) >= 2


def test_assignment_targets(watch: Watch) -> None:
    """A value that no variable holds any more is called as the line calls it."""
    weight = torch.ones(2, requires_grad=True)

    def forward() -> torch.Tensor:
        product = OUTSIDE * weight
        squared: torch.Tensor = product.square()
        if (root := squared.sqrt()).requires_grad:
            return root.sum()
        return root

    step = rest(watch(lambda: forward().backward()))
    outputs = {op.name: op.outputs[0].name for op in step.ops if op.outputs[0] is not None}
    assert outputs["aten::mul.Tensor"] == "product"
    assert outputs["aten::pow.Tensor_Scalar"] == "squared"
    assert outputs["aten::sqrt"] == "root"
    inputs = step.ops[0].arguments
    assert inputs["self"].name == "OUTSIDE"  # type: ignore[union-attr]
    assert inputs["other"].name == "weight"  # type: ignore[union-attr]


def test_where_a_parameter_is_defined(watch: Watch) -> None:
    """The site of a parameter is the expression that made it."""
    model = Perceptron()
    recording = watch(lambda: (OUTSIDE @ model.weights + model.bias).sum().backward())
    sites = {p.name: p.site for p in recording.parameters}
    site = sites["weights"]
    assert site is not None
    assert site.expression == "torch.ones(2, 1, requires_grad=True)"


def test_where_a_layer_without_a_name_of_its_own_is_defined(watch: Watch) -> None:
    """``named_parameters()`` calls it ``0.weight``; the variable that holds it is in the source."""
    holder = torch.nn.Sequential(torch.nn.Linear(2, 1))
    recording = watch(lambda: holder(torch.ones(1, 2)).sum().backward())
    site = {p.name: p.site for p in recording.parameters}["0.weight"]
    assert site is not None
    assert site.expression == "torch.nn.Sequential(torch.nn.Linear(2, 1))"


def test_naming_runs_no_code_of_the_users(watch: Watch) -> None:
    """Attributes that are computed are not asked for."""

    class Trap:
        def __init__(self) -> None:
            self.asked: list[str] = []
            self.held = torch.ones(2)

        def __getattr__(self, name: str) -> object:
            self.asked.append(name)
            raise AttributeError(name)

        @property
        def weight(self) -> torch.Tensor:
            self.asked.append("weight")
            return torch.ones(1)

    trap = Trap()
    weight = torch.ones(2, requires_grad=True)
    step = rest(watch(lambda: (weight * trap.held).sum().backward()))
    assert step.ops[0].arguments["other"].name == "held"  # type: ignore[union-attr]
    assert trap.asked == []


def test_a_view_taken_without_gradients_is_no_parameter(watch: Watch) -> None:
    """Under ``no_grad`` a view of a parameter calls itself a leaf that requires a gradient."""
    model = nn.Linear(2, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train() -> None:
        for _ in range(2):
            model(torch.ones(4, 2)).sum().backward()
            optimizer.step()
            with torch.no_grad():
                model(torch.ones(4, 2))

    assert parameters(watch(train)) == ["bias", "weight"]


def test_an_assignment_names_its_result_alone(watch: Watch) -> None:
    """Not the ops inside of the module that it calls: they have the same place in the source."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))

    def train() -> None:
        result = model(torch.ones(1, 2))
        result.sum().backward()

    step = rest(watch(train))
    named = [
        op.name for op in step.ops if any(v is not None and v.name == "result" for v in op.outputs)
    ]
    assert named == ["aten::addmm"]
    assert len([op for op in step.ops if op.name == "aten::addmm"]) == 2


def test_the_module_that_holds_a_parameter(watch: Watch) -> None:
    """By its path; a tensor outside of any module has none."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Linear(3, 1)))
    scale = torch.ones(1, requires_grad=True)

    def train() -> None:
        (scale * model(torch.ones(1, 2))).sum().backward()

    found = {parameter.name: parameter.module for parameter in watch(train).parameters}
    assert found == {
        "0.weight": "0",
        "0.bias": "0",
        "1.0.weight": "1.0",
        "1.0.bias": "1.0",
        "scale": None,
    }


def test_a_program_that_is_over(tmp_path: Path) -> None:
    """Where no step has ended, names are looked for when nothing of the program runs any more."""
    out = tmp_path / "run.retro"
    zoo.run_recorded(zoo.program("first_backward"), out, "--budget", "all")
    with load(out) as recording:
        assert parameters(recording) == ["a", "x"]


def test_a_variable_rather_than_a_place_in_a_list(tmp_path: Path) -> None:
    """``W2`` where the source assigns it, not ``params[1]``; never the variable of a loop."""
    program = tmp_path / "listed.py"
    program.write_text(
        "import torch\n"
        "def made():\n"
        "    inner = torch.ones(1, requires_grad=True)\n"
        "    return [inner]\n"
        "params = made()\n"
        "W2, b2 = torch.ones(1, requires_grad=True), torch.zeros(1, requires_grad=True)\n"
        "params += [W2, b2]\n"
        "for _ in range(2):\n"
        "    (params[0] * W2 + b2).sum().backward()\n"
        "    with torch.no_grad():\n"
        "        for p in params:\n"
        "            p -= 0.1 * p.grad\n"
        "            p.grad = None\n"
    )
    zoo.run_recorded(program, tmp_path / "listed.retro", "--budget", "all")
    with load(tmp_path / "listed.retro") as recording:
        assert parameters(recording) == ["W2", "b2", "params[0]"]
        lines = {p.name: p.site.line for p in recording.parameters if p.site is not None}
        assert lines["W2"] == lines["b2"] == 6
