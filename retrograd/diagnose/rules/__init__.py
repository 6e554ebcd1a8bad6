"""The rules: one module for each, found by the registry through its ``RULE``."""
