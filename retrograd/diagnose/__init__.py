"""Judges a recording: one file per rule, each deciding from events that really happened."""
