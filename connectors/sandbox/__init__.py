"""Plays the provincial systems on loopback."""
