"""Counts → share → points → status → shortfall; pure."""
