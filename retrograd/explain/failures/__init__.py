"""Explains the error that ended a run, from the recording alone."""

from retrograd.explain.failures.failure import Fact, Failure
from retrograd.explain.failures.known import explain_failure

__all__ = ["Fact", "Failure", "explain_failure"]
