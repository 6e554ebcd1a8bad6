"""retrograd: a time-travel debugger and explainer for PyTorch training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrograd.recorder.record import record
    from retrograd.store.reader import load

__version__ = "0.1.0"
__all__ = ["__version__", "load", "record"]

# Where the public names live; they are imported when asked for, so that `import retrograd`
# loads neither torch nor NumPy.
_HOMES = {"load": "retrograd.store.reader", "record": "retrograd.recorder.record"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'retrograd' has no attribute {name!r}")
    import importlib

    module: Any = importlib.import_module(home)
    if name == "record":
        module.explain = _why_it_failed
    return getattr(module, name)


def _why_it_failed(path: str) -> str:
    from retrograd.commands.failure_text import told

    return told(path)


def load_ipython_extension(shell: Any) -> None:
    """Add the ``%%retrograd`` cell magic to a notebook (``%load_ext retrograd``)."""
    from retrograd.commands.magic import register

    register(shell)
