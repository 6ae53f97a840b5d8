"""Which keys each mapping of a framework file has; docs/framework-format.md explains every one."""

from __future__ import annotations

from hue_dti.catalogue.shapes import DECISION, Shape

FRAMEWORK = Shape(
    "khung",
    (
        *("code", "title", "scope", "decision", "years", "max_points", "component_count", "precision", "halfway", "complete"),
        *("sources", "main_indices"),
    ),
    ("main_count", "counted_over", "pillars", "replaces", "gaps", "note"),
)
YEARS = Shape("years", ("first", "last"))
MAIN_INDEX = Shape(
    "chỉ số chính",
    ("code", "name", "source"),
    (
        *("number", "group", "aliases", "name_from", "max_points", "counts_for", "component_count", "reference_only"),
        *("components", "note"),
    ),
)
COMPONENT = Shape(
    "chỉ số thành phần",
    ("code", "name", "kind", "source"),
    ("number", "name_from", "max_points", "points_from", "points_note", "target", "focus", "parts", "note"),
)
PILLAR = Shape("trụ cột", ("code", "name", "max_points", "main"))

ALL = (FRAMEWORK, DECISION, YEARS, MAIN_INDEX, COMPONENT, PILLAR)
"""Every shape, for the test that keeps the documentation whole."""
