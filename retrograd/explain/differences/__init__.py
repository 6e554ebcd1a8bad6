"""Compares two recordings of what should be the same training."""

from retrograd.explain.differences.difference import Difference, compare
from retrograd.explain.differences.gap import Gap
from retrograd.explain.differences.growth import Growth
from retrograd.explain.differences.parting import Parting

__all__ = ["Difference", "Gap", "Growth", "Parting", "compare"]
