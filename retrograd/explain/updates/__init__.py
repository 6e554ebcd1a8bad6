"""What an optimizer does with a gradient, term by term, for every optimizer of PyTorch."""

from retrograd.explain.updates.explained import ExplainedUpdate, explain_update
from retrograd.explain.updates.term import Term

__all__ = ["ExplainedUpdate", "Term", "explain_update"]
