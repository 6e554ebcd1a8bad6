"""What can go wrong when a recording is opened or asked for something."""

from __future__ import annotations


class RecordingError(Exception):
    """A file that cannot be read as a recording, or a question that it cannot answer.

    The message is one line for the user: what is wrong, where, and what to do.
    """


class StepError(RecordingError):
    """A step that is not in the recording, or was not recorded in full."""
