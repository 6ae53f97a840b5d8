"""Organisational units in time: tree, aliases, levels."""
