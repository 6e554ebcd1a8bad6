"""Programs that make recording hard: each trains, disturbs, and trains on.

``TRAINING`` stands in front of each. Where a program does something to the recording itself, its
path is ``sys.argv[1]``; bare, there is nothing at that path.
"""

from __future__ import annotations

from dataclasses import dataclass

TRAINING = """
import os, sys
import torch

torch.manual_seed(0)
w = torch.randn(4, 3, requires_grad=True)
path = sys.argv[1]

def train(steps, w=w, g=None):
    for _ in range(steps):
        x = torch.randn(5, 4, generator=g)
        loss = (x @ w).tanh().square().mean() + w[:, 0].prod()
        loss.backward()
        with torch.no_grad():
            w.sub_(w.grad, alpha=0.1)
        w.grad = None
        print(loss.item(), flush=True)

"""


@dataclass(frozen=True)
class Disturbance:
    """A program; what retrograd says of it, if anything; whether a whole recording is left."""

    text: str
    says: str | None = None
    complete: bool | None = True  # None: there is no file


# -- the file ---------------------------------------------------------------------------------

FILE = {
    "disk full": Disturbance(
        "import resource\n"
        "train(2)\n"
        "hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, hard))\n"
        "w = torch.randn(300, 3, requires_grad=True)\n"
        "for _ in range(60):\n"
        "    (torch.randn(50, 300) @ w).square().mean().backward()\n"
        "    with torch.no_grad():\n"
        "        w -= w.grad\n"
        "    w.grad = None\n"
        "print(w.sum().item())\n",
        says=r"recording stopped at step \d+ \(writing: OperationalError: .*(disk|I/O)",
        complete=False,
    ),
    "no space left": Disturbance(
        "import errno\n"
        "from retrograd.store.writer import Writer\n"
        "def full(self, *rest):\n"
        "    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\n"
        "train(3)\n"
        "Writer.rows = full\n"
        "train(3)\n",
        says=r"recording stopped at step \d+ \(writing: OSError: .*No space left on device",
        complete=False,
    ),
    "file removed": Disturbance(
        "train(3)\nif os.path.exists(path): os.unlink(path)\ntrain(3)\n",
        says="writing: FileNotFoundError: the file was removed or replaced",
        complete=None,
    ),
    "directory removed": Disturbance(
        "import shutil\ntrain(3)\nshutil.rmtree(os.path.dirname(path))\ntrain(3)\n",
        says="writing: .*removed",
        complete=None,
    ),
    "directory removed and made again": Disturbance(
        "import shutil\n"
        "train(3)\n"
        "shutil.rmtree(os.path.dirname(path))\n"
        "os.mkdir(os.path.dirname(path))\n"
        "train(3)\n",
        says="writing: .*removed",
        complete=None,
    ),
    "another directory": Disturbance("train(2)\nos.mkdir('x')\nos.chdir('x')\ntrain(2)\n"),
    "a current directory that is gone": Disturbance(
        "train(2)\nos.mkdir('x')\nos.chdir('x')\nos.rmdir('../x')\ntrain(2)\n"
    ),
}

# -- the process ------------------------------------------------------------------------------

PROCESS = {
    "fork, both train": Disturbance(
        "train(2)\n"
        "sys.stdout.flush()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    train(2)\n"
        "    os._exit(5)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "train(2)\n"
        "del child\n"
    ),
    "fork, the child ends as programs end": Disturbance(
        "train(2)\n"
        "sys.stdout.flush()\n"
        "child = os.fork()\n"
        "if child:\n"
        "    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "train(2)\n"
        "if child == 0:\n"
        "    sys.exit(6)\n"
        "del child\n"
    ),
    "a pool of processes": Disturbance(
        "import multiprocessing\n"
        "def double(x):\n"
        "    return float((torch.ones(2) * x).sum())\n"
        "train(2)\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    print(pool.map(double, range(4)))\n"
        "train(2)\n"
    ),
    "two threads train at the same time": Disturbance(
        "import threading\n"
        "train(2)\n"
        "v = torch.zeros(4, 3, requires_grad=True)\n"
        "g = torch.Generator().manual_seed(1)\n"
        "def quietly():\n"
        "    for _ in range(20):\n"
        "        (torch.randn(5, 4, generator=g) @ v).square().sum().backward()\n"
        "        v.data -= v.grad\n"
        "other = threading.Thread(target=quietly)\n"
        "other.start()\n"
        "train(5)\n"
        "other.join()\n"
        "train(1)\n"
    ),
    "a thread that outlives the program": Disturbance(
        "import threading\n"
        "train(2)\n"
        "main = threading.current_thread()\n"
        "threading.Thread(target=lambda: (main.join(), train(3))).start()\n"
    ),
    "exit code": Disturbance("train(2)\nsys.exit(3)\n"),
    "exit message": Disturbance("train(2)\nsys.exit('did not converge')\n"),
    "own exception hook": Disturbance(
        "sys.excepthook = lambda kind, error, trace: print('hook', kind, error)\n"
        "train(2)\n"
        "raise ValueError('mine')\n"
    ),
    "own exit handler that trains": Disturbance(
        "import atexit\natexit.register(train, 2)\ntrain(2)\n"
    ),
    "own signal handlers": Disturbance(
        "import signal\n"
        "for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):\n"
        "    signal.signal(number, lambda number, frame: print('got', number))\n"
        "train(2)\n"
        "for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):\n"
        "    os.kill(os.getpid(), number)\n"
        "train(2)\n"
    ),
    "signals that are ignored": Disturbance(
        "import signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "train(2)\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "train(2)\n"
    ),
    "closed stderr": Disturbance("train(2)\nsys.stderr.close()\ntrain(2)\n"),
    "no stderr": Disturbance("train(2)\nsys.stderr = None\ntrain(2)\n"),
    "descriptor 2 closed": Disturbance("train(2)\nos.close(2)\ntrain(2)\n"),
    "closed stdout": Disturbance("train(2)\nsys.stdout = None\ntrain(2)\n"),
    "warnings are errors": Disturbance(
        "import warnings\nwarnings.simplefilter('error')\ntrain(4)\n"
    ),
    "a profiler and a tracer of its own": Disturbance(
        "seen = set()\n"
        "train(1)\n"
        "sys.setprofile(lambda frame, event, arg: seen.add(event))\n"
        "sys.settrace(lambda frame, event, arg: seen.add(event))\n"
        "train(2)\n"
        "sys.settrace(None)\n"
        "sys.setprofile(None)\n"
        "print(sorted(seen))\n"
    ),
}

# -- PyTorch ----------------------------------------------------------------------------------

TORCH = {
    "own dispatch mode": Disturbance(
        "from torch.utils._python_dispatch import TorchDispatchMode\n"
        "ops = []\n"
        "class Counting(TorchDispatchMode):\n"
        "    def __torch_dispatch__(self, func, types, args=(), kwargs=None):\n"
        "        ops.append(str(func))\n"
        "        return func(*args, **(kwargs or {}))\n"
        "train(2)\n"
        "with Counting():\n"
        "    train(2)\n"
        "train(2)\n"
        "print(ops.count('aten.mm.default'))\n"
        "del ops\n"
    ),
    "own function mode": Disturbance(
        "from torch.overrides import TorchFunctionMode\n"
        "calls = []\n"
        "class Counting(TorchFunctionMode):\n"
        "    def __torch_function__(self, func, types, args=(), kwargs=None):\n"
        "        calls.append(func)\n"
        "        return func(*args, **(kwargs or {}))\n"
        "with Counting():\n"
        "    train(3)\n"
        "print(len(calls))\n"
    ),
    "default device and type": Disturbance(
        "torch.set_default_device('meta')\n"
        "torch.set_default_dtype(torch.float64)\n"
        "v = torch.ones(3, device='cpu', requires_grad=True)\n"
        "for _ in range(3):\n"
        "    (v * torch.arange(3., device='cpu')).sum().backward()\n"
        "    v.data -= v.grad\n"
        "    print(v.tolist(), torch.zeros(1).device)\n"
    ),
    "odd tensors": Disturbance(
        "v = torch.ones(3, requires_grad=True)\n"
        "for _ in range(3):\n"
        "    things = [\n"
        "        torch.sparse_coo_tensor([[0, 2]], v[:2] * 2, (3,)),\n"
        "        torch.eye(3).to_sparse_csr(),\n"
        "        torch.complex(v, v * 2).conj(),\n"
        "        torch.quantize_per_tensor(v.detach(), 0.1, 0, torch.qint8),\n"
        "        torch.empty(2, 3, device='meta') * 2,\n"
        "        torch.empty(0, 3).exp(),\n"
        "        v.sum() * 1,\n"
        "        v[:1].expand(50, 1) * 2,\n"
        "        v.to(torch.bfloat16) * 3,\n"
        "        v.to(torch.float16) / 3,\n"
        "        (v > 0) & True,\n"
        "        torch.tensor([2**62]) * 2,\n"
        "        torch.nested.nested_tensor([torch.ones(1), torch.ones(2)]) * 2,\n"
        "        v.to(torch.float8_e4m3fn),\n"
        "        torch._neg_view(v) + 1,\n"
        "        v.as_strided((2, 2), (1, 1)) * 2,\n"
        "        torch.ones((1,) * 12) * 2,\n"
        "    ]\n"
        "    summed = (things[0], things[2], things[8])\n"
        "    loss = sum(t.to_dense().abs().float().sum() for t in summed)\n"
        "    loss.backward()\n"
        "    with torch.no_grad():\n"
        "        v -= 0.1 * v.grad\n"
        "    v.grad = None\n"
        "    print(loss.item(), len(things))\n"
    ),
    "a subclass that refuses": Disturbance(
        "allowed = ['mul', 'sum', 'backward', 'item', 'requires_grad_']\n"
        "class Proud(torch.Tensor):\n"
        "    @classmethod\n"
        "    def __torch_function__(cls, func, types, args=(), kwargs=None):\n"
        "        if func.__name__ not in allowed:\n"
        "            raise TypeError(f'not {func.__name__}')\n"
        "        return super().__torch_function__(func, types, args, kwargs or {})\n"
        "v = torch.ones(3).as_subclass(Proud).requires_grad_()\n"
        "for _ in range(3):\n"
        "    loss = v.mul(2).sum()\n"
        "    loss.backward()\n"
        "    print(loss.item())\n"
        "train(2)\n"
    ),
    "a wrapper subclass": Disturbance(
        "class Wrapped(torch.Tensor):\n"
        "    @staticmethod\n"
        "    def __new__(cls, inner):\n"
        "        return torch.Tensor._make_wrapper_subclass(\n"
        "            cls, inner.shape, dtype=inner.dtype, requires_grad=inner.requires_grad)\n"
        "    def __init__(self, inner):\n"
        "        self.inner = inner\n"
        "    def __repr__(self):\n"
        "        raise RuntimeError('no words for it')\n"
        "    @classmethod\n"
        "    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):\n"
        "        def strip(x):\n"
        "            return x.inner if isinstance(x, cls) else x\n"
        "        out = func(*map(strip, args), **(kwargs or {}))\n"
        "        return cls(out) if isinstance(out, torch.Tensor) else out\n"
        "v = Wrapped(torch.ones(3)).requires_grad_()\n"
        "for _ in range(3):\n"
        "    (v * 2).sum().backward()\n"
        "    print(v.grad.inner.tolist())\n"
        "    v.grad = None\n"
        "train(2)\n"
        "del v\n"
    ),
    "patches of its own over ours": Disturbance(
        "import functools\n"
        "from torch import nn\n"
        "log = []\n"
        "def over(home, name):\n"
        "    original = getattr(home, name)\n"
        "    @functools.wraps(original)\n"
        "    def patched(*args, **kwargs):\n"
        "        log.append(name)\n"
        "        return original(*args, **kwargs)\n"
        "    setattr(home, name, patched)\n"
        "over(torch.autograd, '_engine_run_backward')\n"
        "over(torch.autograd, 'backward')\n"
        "over(torch.Tensor, 'backward')\n"
        "over(torch.optim.Optimizer, 'zero_grad')\n"
        "over(torch.optim.SGD, 'step')\n"
        "over(nn.Module, '_call_impl')\n"
        "over(nn.Module, 'zero_grad')\n"
        "model = nn.Linear(3, 1)\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        "for _ in range(3):\n"
        "    optimizer.zero_grad()\n"
        "    model.zero_grad()\n"
        "    loss = model(torch.randn(4, 3)).square().sum()\n"
        "    loss.backward()\n"
        "    optimizer.step()\n"
        "    print(loss.item(), len(log), log[-1])\n"
    ),
    "PyTorch's own put back": Disturbance(
        "import torch.autograd.graph\n"
        "train(2)\n"
        "torch.autograd._engine_run_backward = torch.autograd.graph._engine_run_backward\n"
        "train(3)\n",
        says="own way into the engine back",
        complete=False,
    ),
    "what we patched deleted": Disturbance(
        "train(2)\n"
        "del torch.optim.Optimizer.zero_grad\n"
        "del torch.nn.Module.zero_grad\n"
        "train(2)\n"
        "print(hasattr(torch.optim.Optimizer, 'zero_grad'))\n"
    ),
    "a hook that raises": Disturbance(
        "def refuse(gradient):\n"
        "    raise ValueError('not this one')\n"
        "train(2)\n"
        "for _ in range(2):\n"
        "    v = torch.ones(2, requires_grad=True)\n"
        "    out = v * 2\n"
        "    out.register_hook(refuse)\n"
        "    try:\n"
        "        out.sum().backward()\n"
        "    except ValueError as error:\n"
        "        print(error)\n"
        "train(2)\n"
    ),
}

# -- what a program asks about its surroundings --------------------------------------------------

ASKED = {
    "who handles signals": Disturbance(
        "import signal\n"
        "for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):\n"
        "    print(signal.getsignal(number), signal.signal(number, signal.SIG_IGN))\n"
        "    print(signal.getsignal(number))\n"
        "print(signal.signal.__name__)\n"
        "train(2)\n",
    ),
    "its own globals": Disturbance(
        "print(sorted(name for name in globals() if name.startswith('__')))\n"
        "print(__annotations__, __spec__, type(__loader__).__name__)\n"
        "print(torch.optim.Optimizer.zero_grad.__qualname__)\n"
        "train(2)\n",
    ),
}

ALL = {**FILE, **PROCESS, **TORCH, **ASKED}
