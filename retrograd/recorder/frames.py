"""Keeps retrograd's own frames out of the tracebacks of the user's exceptions."""

from __future__ import annotations

import os
from typing import Final

import torch

_OWN: Final = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
_OP_CALL: Final = torch._ops.OpOverload.__call__.__code__


def hide(error: BaseException) -> None:
    """Drop our frames, and the call of an op that we made, from the start of a traceback.

    Called in the ``except`` block of a wrapper; a bare ``raise`` then goes on as if the wrapper
    were not there, because re-raising adds no frame. Should it fail itself, the traceback keeps our
    frames: the exception that the user waits for matters more.
    """
    try:
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code is not _OP_CALL and not code.co_filename.startswith(_OWN):
                break
            trace = trace.tb_next
        error.__traceback__ = trace
    except Exception:
        pass
