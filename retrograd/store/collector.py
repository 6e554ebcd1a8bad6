"""Python's cyclic garbage collector, kept away from where many objects are made at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Collect nothing meanwhile; as a decorator, while a function runs.

    A large step is a few hundred thousand objects that all stay: walking them again and again takes
    longer than making them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
