"""Every part of PyTorch that retrograd uses and that PyTorch does not document.

All private names stand here and nowhere else. ``missing()`` is asked once when recording starts;
where a PyTorch lacks one, the script runs unrecorded with one clear line.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.autograd.graph
import torch.utils._python_dispatch
from torch.utils._python_dispatch import TorchDispatchMode

_optimizer = importlib.import_module("torch.optim.optimizer")

__all__ = [
    "NodeHook",
    "TorchDispatchMode",
    "bumps_below",
    "call_unheard",
    "compiled_backward",
    "compiling",
    "counting_versions",
    "dynamo_switches",
    "function_modes",
    "hook_registrar",
    "inside_functorch",
    "is_zero",
    "missing",
    "mode_active",
    "mode_count",
    "no_torch_function",
    "pop_mode",
    "push_mode",
    "resolving",
    "saved_tensor_hooks",
    "sequence_number",
    "top_mode",
    "unheard",
]

_REQUIRED = {
    "torch._C._push_on_torch_dispatch_stack": (torch._C, "_push_on_torch_dispatch_stack"),
    "torch._C._pop_torch_dispatch_stack": (torch._C, "_pop_torch_dispatch_stack"),
    "torch._C._get_dispatch_stack_at": (torch._C, "_get_dispatch_stack_at"),
    "torch._C._len_torch_dispatch_stack": (torch._C, "_len_torch_dispatch_stack"),
    "torch._C._dispatch_has_kernel_for_dispatch_key": (
        torch._C,
        "_dispatch_has_kernel_for_dispatch_key",
    ),
    "torch._C._dispatch_tls_local_exclude_set": (torch._C, "_dispatch_tls_local_exclude_set"),
    "torch._C._ForceDispatchKeyGuard": (torch._C, "_ForceDispatchKeyGuard"),
    "torch.autograd._get_sequence_nr": (torch.autograd, "_get_sequence_nr"),
    "torch.autograd._engine_run_backward": (torch.autograd, "_engine_run_backward"),
    "torch.autograd._make_grads": (torch.autograd, "_make_grads"),
    "torch.autograd.graph.get_gradient_edge": (torch.autograd.graph, "get_gradient_edge"),
    "torch.nn.Module._call_impl": (torch.nn.Module, "_call_impl"),
    "torch.optim.Optimizer.zero_grad": (torch.optim.Optimizer, "zero_grad"),
    "torch.optim.optimizer.register_optimizer_step_pre_hook": (
        _optimizer,
        "register_optimizer_step_pre_hook",
    ),
    "torch.optim.optimizer.register_optimizer_step_post_hook": (
        _optimizer,
        "register_optimizer_step_post_hook",
    ),
    "torch.autograd.Function._register_hook": (torch.autograd.Function, "_register_hook"),
    "torch._foreach_norm": (torch, "_foreach_norm"),
}


def missing() -> list[str]:
    """Return the names that this PyTorch lacks; empty when recording can work."""
    return [name for name, (home, attribute) in _REQUIRED.items() if not hasattr(home, attribute)]


sequence_number: Callable[[], int] = getattr(torch.autograd, "_get_sequence_nr", lambda: 0)
"""Number of the next autograd node that this thread will create."""

saved_tensor_hooks: Callable[[bool], Any] = getattr(
    torch._C._autograd, "_top_saved_tensors_default_hooks", lambda _: None
)
"""Return the innermost saved-tensor hooks of this thread, None without any."""

_push: Callable[[Any], None] = getattr(torch._C, "_push_on_torch_dispatch_stack", lambda _: None)
_pop: Callable[..., Any] = getattr(torch._C, "_pop_torch_dispatch_stack", lambda _=None: None)
_at: Callable[[int], Any] = getattr(torch._C, "_get_dispatch_stack_at", lambda _: None)
mode_count: Callable[[], int] = getattr(torch._C, "_len_torch_dispatch_stack", lambda: 0)
"""Number of dispatch modes active in this thread."""


push_mode = _push
"""Make a dispatch mode see this thread's ops, without telling torch.compile of it."""

pop_mode: Callable[[], Any] = partial(_pop, None)
"""Take the innermost dispatch mode of this thread off."""


def top_mode() -> Any:
    """Return the innermost dispatch mode of this thread, None without one."""
    count = mode_count()
    return _at(count - 1) if count else None


def mode_active(mode: TorchDispatchMode) -> bool:
    """Tell whether a dispatch mode is active in this thread, innermost or not."""
    return any(_at(index) is mode for index in range(mode_count()))


def bumps_below(name: str) -> bool:
    """Tell whether an op that changes its arguments leaves counting that to the ops inside it.

    ``_foreach_mul_`` on the CPU calls ``mul_``, which raises the version counter. Called from a
    dispatch mode's handler, the inner op no longer would.
    """
    return not torch._C._dispatch_has_kernel_for_dispatch_key(name, "ADInplaceOrView")


def counting_versions() -> Any:
    """Return a guard under which ops called from a dispatch mode's handler count versions."""
    key = torch._C.DispatchKey.ADInplaceOrView
    excluded = torch._C._dispatch_tls_local_exclude_set().remove(key)
    return torch._C._ForceDispatchKeyGuard(torch._C._dispatch_tls_local_include_set(), excluded)


def resolving() -> Any:
    """Return a guard under which ops called from a dispatch mode's handler resolve lazy tensors.

    A handler runs below the keys that carry out a pending conjugation or negation. An op made of
    others (``linalg_pinv`` of a complex matrix) would then compute with the wrong signs.
    """
    keys = torch._C.DispatchKey
    excluded = torch._C._dispatch_tls_local_exclude_set()
    for key in (keys.Conjugate, keys.Negative, keys.ZeroTensor):
        excluded = excluded.remove(key)
    return torch._C._ForceDispatchKeyGuard(torch._C._dispatch_tls_local_include_set(), excluded)


is_zero: Callable[[Any], bool] = getattr(torch, "_is_zerotensor", lambda _: False)
"""Tell whether a tensor is all zeros without memory of its own, as autograd makes them."""


class NodeHook(partial[None]):
    """A hook of a node's, which ``hook_registrar`` knows."""

    __slots__ = ()


def hook_registrar(original: staticmethod[..., Any]) -> staticmethod[..., Any]:
    """Return a stand-in for what PyTorch calls to note a hook in a node's dictionary of hooks.

    The handle that it makes of each is most of what ``register_hook`` costs. For a ``NodeHook``
    the dictionary itself is the handle: the hook is its own key there.
    """
    theirs = original.__func__

    def _register_hook(hooks: Any, hook: Any) -> Any:
        try:
            if type(hook) is NodeHook:
                ours = OrderedDict() if hooks is None else hooks
                ours[hook] = hook
                return ours, ours
        except Exception:  # the usual way does as well
            pass
        return theirs(hooks, hook)

    return staticmethod(_register_hook)


no_torch_function = torch._C.DisableTorchFunction
"""Guard under which nothing asks ``__torch_function__``, of subclasses or modes."""


function_modes: Callable[[], int] = getattr(torch._C, "_len_torch_function_stack", lambda: 1)
"""Number of ``__torch_function__`` modes active in this thread; 1 where that cannot be told."""

_included: Callable[[Any], bool] = getattr(
    torch._C, "_dispatch_tls_is_dispatch_key_included", lambda _: False
)
_FUNCTORCH = torch._C.DispatchKey.FuncTorchDynamicLayerFrontMode


def inside_functorch() -> bool:
    """Tell whether a ``torch.func`` transform (grad, vmap, …) is running in this thread.

    Not asked of functorch itself: its first answer makes a state of the thread's that every
    backward pass copies from then on.
    """
    return _included(_FUNCTORCH)


_tracing: Any = getattr(getattr(torch, "_guards", None), "_TLS", threading.local())


def compiling() -> bool:
    """Tell whether torch.compile is tracing in this thread, its backward pass included."""
    # an attribute that is missing would raise an error first, for eight times the price
    return _tracing.__dict__.get("tracing_context") is not None


def compiled_backward() -> bool:
    """Tell whether torch.compile takes over backward passes: it would compile hooks as well."""
    module = sys.modules.get("torch._dynamo.compiled_autograd")
    return bool(getattr(module, "compiled_autograd_enabled", False))


_no_modes: Callable[[], Any] = getattr(
    torch.utils._python_dispatch, "_disable_current_modes", contextlib.nullcontext
)


def unheard() -> Any:
    """Return a guard under which no dispatch mode sees an op, of whoever it is."""
    return _no_modes() if mode_count() else contextlib.nullcontext()


def call_unheard(function: Callable[[], Any]) -> Any:
    """Call a function unheard, without the price of a guard where nobody listens."""
    if not mode_count():
        return function()
    with _no_modes():
        return function()


def dynamo_switches(module: Any) -> list[str]:
    """Return the names by which torch.compile's wrapper switches its frame evaluator."""
    names = ("set_eval_frame", "_maybe_set_eval_frame")
    return [name for name in names if name in vars(module)]
