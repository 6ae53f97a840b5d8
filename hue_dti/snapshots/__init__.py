"""Freeze, verify, supersede."""
