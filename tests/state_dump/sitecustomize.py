"""Writes a program's final state to the file that RETROGRAD_TEST_STATE names.

With this folder on PYTHONPATH any Python program does so when it ends, unchanged. Processes that
the program starts or forks write nothing.
"""

from __future__ import annotations

import os
import sys
from typing import Any

TARGET = os.environ.pop("RETROGRAD_TEST_STATE", None)
DEPTH = 12


class Dump:
    """Collects labels and values of everything reachable from the program's globals."""

    def __init__(self) -> None:
        import torch

        self.torch = torch
        self.rows: dict[str, Any] = {}
        self.seen: dict[int, str] = {}
        self.kept: list[Any] = []  # so that no id is used twice

    def digest(self, data: bytes) -> str:
        import hashlib

        return hashlib.sha256(data).hexdigest()

    def bits(self, tensor: Any) -> str:
        tensor = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
        return self.digest(tensor.view(self.torch.uint8).numpy().tobytes())

    def tensor(self, label: str, tensor: Any) -> None:
        torch = self.torch
        facts: dict[str, Any] = {
            "class": type(tensor).__name__,
            "dtype": str(tensor.dtype),
            "shape": list(tensor.shape),
            "layout": str(tensor.layout),
            "requires_grad": tensor.requires_grad,
            "is_leaf": tensor.is_leaf,
            "grad_fn": type(tensor.grad_fn).__name__,
        }
        plain = tensor.detach()
        if type(plain) is not torch.Tensor:
            plain = plain.as_subclass(torch.Tensor)
        if tensor.layout == torch.strided:
            facts["stride"] = list(tensor.stride())
            if label.endswith(".grad") or "._buffers." in label or tensor.requires_grad:
                # of results, PyTorch itself promises no certain number of in-place operations
                facts["version"] = tensor._version if tensor.is_leaf else None
            facts["sha256"] = self.bits(plain)
        elif tensor.layout == torch.sparse_coo:
            facts["coalesced"] = plain.is_coalesced()
            facts["indices"] = self.bits(plain._indices())
            facts["sha256"] = self.bits(plain._values())
        else:
            facts["sha256"] = self.bits(plain.to_dense())
        self.rows[label] = facts
        if tensor.is_leaf and tensor.grad is not None:
            self.value(f"{label}.grad", tensor.grad)

    def value(self, label: str, value: Any, depth: int = 0) -> None:
        torch = self.torch
        if value is None or isinstance(value, (bool, int, float, complex, str)):
            self.rows[label] = repr(value)
            return
        if isinstance(value, (bytes, torch.dtype, torch.device)):
            self.rows[label] = str(value)
            return
        if id(value) in self.seen:
            self.rows[label] = f"same as {self.seen[id(value)]}"
            return
        if depth > DEPTH or isinstance(value, (type, type(sys))):
            return
        self.seen[id(value)] = label
        self.kept.append(value)
        if isinstance(value, torch.Tensor):
            self.tensor(label, value)
        elif isinstance(value, torch.Generator):
            self.rows[label] = self.bits(value.get_state())
        elif isinstance(value, dict):
            self.items(label, value, depth)
        elif isinstance(value, (list, tuple)):
            self.rows[label] = f"{type(value).__name__} of {len(value)}"
            for index, item in enumerate(value):
                self.value(f"{label}[{index}]", item, depth + 1)
        elif isinstance(value, torch.nn.Module):
            self.module(label, value, depth)
        elif type(value).__module__ == "numpy" and hasattr(value, "tobytes"):
            self.rows[label] = f"{value.dtype} {value.shape} {self.digest(value.tobytes())}"
        elif hasattr(value, "bit_generator"):
            self.rows[label] = repr(value.bit_generator.state)
        elif callable(getattr(value, "state_dict", None)):  # optimizers, schedulers, scalers
            self.items(label, value.state_dict(), depth)
        elif type(value).__module__ == "__main__" and not callable(value):
            self.items(label, vars(value) if hasattr(value, "__dict__") else {}, depth)
        elif type(value).__module__ == "__main__" and hasattr(value, "__dict__"):
            self.items(label, vars(value), depth)

    def items(self, label: str, items: dict[Any, Any], depth: int) -> None:
        self.rows[label] = f"{len(items)} items"
        for index, (key, item) in enumerate(items.items()):
            # other keys may be numbers of hooks or tensors, which have no lasting name
            name = key if isinstance(key, str) else f"#{index}"
            self.value(f"{label}.{name}", item, depth + 1)

    def module(self, label: str, module: Any, depth: int) -> None:
        self.rows[label] = type(module).__name__
        ours = module.__module__ == "__main__" or module.__module__.startswith("torch.nn")
        for name, item in vars(module).items():
            known = name in ("_parameters", "_buffers", "_modules", "training")
            if known or (ours and not name.startswith("_")):
                self.value(f"{label}.{name}", item, depth + 1)


def process_state() -> dict[str, Any]:
    """Return the random number generators and PyTorch's global settings."""
    import hashlib
    import random

    def digest(thing: Any) -> str:
        return hashlib.sha256(repr(thing).encode()).hexdigest()

    rows: dict[str, Any] = {"random": digest(random.getstate())}
    if "numpy" in sys.modules:
        name, keys, *rest = sys.modules["numpy"].random.get_state()
        rows["numpy.random"] = digest((name, keys.tolist(), rest))
    torch = sys.modules.get("torch")
    if torch is not None:
        rows["torch.random"] = digest(torch.get_rng_state().tolist())
        rows["grad enabled"] = torch.is_grad_enabled()
        rows["inference mode"] = torch.is_inference_mode_enabled()
        rows["autocast"] = torch.is_autocast_enabled("cpu")
        rows["anomaly"] = torch.is_anomaly_enabled()
        rows["deterministic"] = torch.are_deterministic_algorithms_enabled()
        rows["default dtype"] = str(torch.get_default_dtype())
        rows["threads"] = torch.get_num_threads()
        rows["dispatch modes"] = torch._C._len_torch_dispatch_stack()
        rows["function modes"] = torch._C._len_torch_function_stack()
    rows["profile"] = sys.getprofile() is not None
    rows["trace"] = sys.gettrace() is not None
    return rows


def state() -> dict[str, Any]:
    """Return the whole state: settings, and everything in the globals of the program."""
    rows = {f"<{key}>": value for key, value in process_state().items()}
    if "torch" not in sys.modules:
        return rows
    import torch

    dump = Dump()
    with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
        names = vars(sys.modules["__main__"])
        for name in sorted(n for n in names if not n.startswith("__")):
            dump.value(name, names[name])
    return {**rows, **dump.rows}


def write(target: str, process: int) -> None:
    """Write the state, or what prevented it; only in the process that was started."""
    if os.getpid() != process:
        return
    import json
    import traceback

    try:
        rows = state()
    except Exception:
        rows = {"error": traceback.format_exc()}
    with open(target, "w") as file:
        json.dump(rows, file, indent=1)


def chain() -> None:
    """Run the sitecustomize that this one hides, if there is one."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry) != here]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


def begin() -> None:
    """Give unseeded generators a fixed start, and write the state after all else has ended."""
    import atexit
    import random

    assert TARGET is not None
    random.seed(0)
    try:
        import numpy
    except ImportError:
        pass
    else:
        numpy.random.seed(0)
    atexit.register(write, TARGET, os.getpid())  # first in, last out


chain()
if TARGET is not None:
    begin()
