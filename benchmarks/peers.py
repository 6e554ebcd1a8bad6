"""What TorchLens, torch-audit and mldoct say of a program; run by ``benchmarks/diagnose.py``.

Reads the paths of programs as JSON, prints for each peer what it says of each program: the checks
that fired at warning level or above, or null where it does not apply. Each program runs in a fork,
unmodified but for what the peer's own documentation says to add: torch-audit watches the model and
the optimizer from where the optimizer is made, at every step; TorchLens traces the model once more
with the first input, after the run, and audits trace and parameters; mldoct reads the source.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import io
import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any, Final

LONGEST: Final = 120
"""Seconds for one program."""
MODULES: Final = {"TorchLens": "torchlens", "torch-audit": "torch_audit", "mldoct": "mldoctor"}

Codes = list[str] | None


def model_of(optimizer: Any) -> Any:
    """Return the largest module whose parameters an optimizer holds."""
    import torch

    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    best, most = None, 0
    for item in gc.get_objects():
        if isinstance(item, torch.nn.Module):
            known = list(item.parameters())
            if len(known) > most and any(id(p) in held for p in known):
                best, most = item, len(known)
    return best


def run(path: str, made: Callable[[Any, Any], None]) -> None:
    """Run a program; ``made`` is told of the first optimizer and its model."""
    import torch

    start = torch.optim.Optimizer.__init__
    told: list[bool] = []

    def init(self: Any, *words: Any, **named: Any) -> None:
        start(self, *words, **named)
        if not told:
            model = model_of(self)
            if model is not None:
                told.append(True)
                made(model, self)

    torch.optim.Optimizer.__init__ = init  # type: ignore[method-assign]
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(path))
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    with contextlib.suppress(BaseException):  # a broken program may end as it likes
        exec(code, {"__name__": "__main__", "__file__": path})


def torch_audit(path: str) -> Codes:
    """Return the rules of torch-audit that fired."""
    from torch_audit import autopatch

    auditors: list[Any] = []

    def made(model: Any, optimizer: Any) -> None:
        auditors.append(autopatch(model, optimizer=optimizer, every_n_steps=1, reporters=[]))

    run(path, made)
    if not auditors:
        return None
    found = auditors[0].finish(report=False).findings
    return sorted({f.rule_id for f in found if f.severity.value not in ("INFO",)})


def torchlens(path: str) -> Codes:
    """Return the checks of TorchLens' audits that fired."""
    import torchlens as lens
    from torchlens.debug import audit_params, audit_trace

    seen: list[tuple[Any, Any]] = []

    def made(model: Any, optimizer: Any) -> None:
        def before(module: Any, given: Any) -> None:
            if not seen:
                seen.append((module, [item.detach().clone() for item in given]))
                handle.remove()

        handle = model.register_forward_pre_hook(before)

    run(path, made)
    if not seen:
        return None
    model, given = seen[0]
    codes = {f.check for f in audit_params(model).findings}
    found = audit_trace(lens.trace(model, given)).findings
    return sorted(codes | {f.check for f in found if f.severity != "info"})


def mldoct(path: str) -> Codes:
    """Return the checks of mldoct's linter that fired."""
    from mldoctor.linter import lint_script

    findings, _ = lint_script(path)
    return sorted({f["type"] for f in findings if f["severity"] != "INFO"})


PEERS: Final[dict[str, Callable[[str], Codes]]] = {
    "TorchLens": torchlens,
    "torch-audit": torch_audit,
    "mldoct": mldoct,
}


def forked(peer: Callable[[str], Codes], path: str) -> Codes:
    """Run one peer on one program in a process of its own; None where it fails there."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.alarm(LONGEST)
        warnings.simplefilter("ignore")
        found: Codes = None
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                found = peer(path)
        finally:
            os.write(writing, json.dumps(found).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    answer: Codes = json.loads(text) if text else None
    return answer


def main() -> None:
    """Print what every peer says of every program."""
    import torch  # noqa: F401  # once, not in every fork

    paths = json.load(sys.stdin)
    said: dict[str, dict[str, Codes] | None] = {}
    for name, peer in PEERS.items():
        if importlib.util.find_spec(MODULES[name]) is None:
            said[name] = None
            continue
        said[name] = {path: forked(peer, path) for path in paths}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
