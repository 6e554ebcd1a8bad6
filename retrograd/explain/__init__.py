"""Explains a recorded step: derivative rules, chain rule, Jacobians, updates, provenance.

Everything here works on NumPy arrays from the file; torch is never imported.
"""
