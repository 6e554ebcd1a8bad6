"""What all tests share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import zoo

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
zoo.session_folder()  # before there are other processes that share it
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job; children inherit
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def or_gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of ``examples/or_gate.py``, every step in full."""
    path = tmp_path_factory.mktemp("or_gate") / "or_gate.retro"
    command = ["run", "--quiet", "--budget", "all", "--out", path, ROOT / "examples" / "or_gate.py"]
    subprocess.run([sys.executable, "-m", "retrograd", *command], cwd=ROOT, check=True)
    return path
