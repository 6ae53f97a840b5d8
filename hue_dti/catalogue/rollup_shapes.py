"""Which keys each mapping of a roll-up map has; docs/rollup-format.md explains every one."""

from __future__ import annotations

from hue_dti.catalogue.shapes import IN_FORCE, Shape

MAP = Shape(
    "bảng tổng hợp",
    ("code", "title", "framework", "sets", "official", "checked_on", "in_force", "sources", "feeds", "not_local"),
    ("note",),
)
FEED = Shape(
    "dòng tổng hợp",
    ("component", "way", "part", "criteria", "match", "covers", "source"),
    ("whole", "at_least", "in_a_year", "covers_share", "weigh", "result_only", "held_by", "note"),
)
NOT_LOCAL = Shape("mục không có ở địa phương", ("components", "why"), ("held_by", "near"))

ALL = (MAP, IN_FORCE, FEED, NOT_LOCAL)
"""Every shape, for the test that keeps the documentation whole."""
