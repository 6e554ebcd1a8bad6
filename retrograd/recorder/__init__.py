"""Watches a training run and writes what happened; the only part that imports torch."""
