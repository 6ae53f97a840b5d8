"""Fonts that ship with the program (Liberation Serif 2.1.5, SIL Open Font License)."""
