"""Which keys each mapping of a criteria or measures file has; docs/criteria-format.md explains every one."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields

from hue_dti.catalogue.rules import KINDS

STATUS_KEYS = ("achieved", "in_progress", "not_started", "not_achieved", "not_applicable")
"""The statuses a sentence may be written for."""

SENTENCE_KEYS = ("any", "no_figures", *STATUS_KEYS)
"""Keys of `sentences.report` and `sentences.result`; `any` is the fallback and always there."""

WITHOUT_FIGURES = ("no_figures", "not_started", "not_applicable")
"""Sentences that may be printed where no figure came; they name none."""

PERIOD_KEYS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2", "9M", "year", *(f"{month:02d}" for month in range(1, 13)))
"""The periods a calendar may name."""

ENTRIES = ("connector", "spreadsheet")
ACHIEVED_WHEN = ("share", "gate", "year_end")
SHOWS = ("missing", "achieved")


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one kind of mapping and the word an official calls it by."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that may be written."""
        return (*self.required, *self.optional)


def _of_rule(kind: str) -> Shape:
    wanted = [field for field in fields(KINDS[kind]) if field.default is MISSING]
    defaulted = [field for field in fields(KINDS[kind]) if field.default is not MISSING]
    required = tuple(field.name for field in wanted if (kind, field.name) != ("ratio", "whole"))
    extra = ("whole",) if kind == "ratio" else ()
    return Shape(f"cách tính {kind}", ("kind", *required), (*extra, *(field.name for field in defaulted)))


RULES = {kind: _of_rule(kind) for kind in KINDS}
"""One shape per rule kind; a ratio on a percentage has no `whole`."""

MEASURES_FILE = Shape("tệp số liệu", ("sources", "measures"))
SOURCE = Shape("nguồn", ("name", "entry", "owner"), ("commune_name", "commune_owner"))
MEASURE = Shape(
    "số liệu",
    ("name", "noun", "kind", "levels", "over_units", "over_time", "source"),
    ("also_from", "window", "until", "base", "note", "final", "over_change", "weighted_by"),
)
CHECKS_FILE = Shape("tệp kiểm tra chéo", ("checks",), ("jump",))
CHECK = Shape("kiểm tra", ("name", "part", "whole", "per", "remedy"))
JUMP = Shape("jump", ("more_than",))
SET = Shape(
    "bộ chỉ số",
    (
        *("code", "title", "short_title", "level", "official", "decision", "in_force", "calendar"),
        *("unopened_leave_the_maximum", "enough_data", "groups"),
    ),
    ("replaces", "note", "classes"),
)
DECISION = Shape("decision", ("number", "issued_on", "issuer", "title", "checked_on"))
IN_FORCE = Shape("in_force", ("from", "to"))
CALENDAR = Shape("calendar", ("cutoffs",))
CUTOFFS = Shape("cutoffs", (), PERIOD_KEYS)
GROUP = Shape("nhóm", ("code", "name", "max_points", "criteria"))
CRITERION = Shape(
    "tiêu chí",
    (
        *("code", "name", "to_do", "condition", "evidence", "max_points", "source"),
        *("verifying_unit", "responsible_unit", "deadline", "legal", "rule", "sentences"),
    ),
    ("points_assumed", "status", "shortfall", "assumptions", "proof", "succeeds"),
)
CLASS = Shape("xếp loại", ("name", "at_least"))
PROOF = Shape("minh chứng", ("kind",), ("name",))
STATUS = Shape("status", (), ("opened", "reason", "achieved_when"))
SHORTFALL = Shape("shortfall", ("levels", "shows", "noun"))
SENTENCES = Shape("sentences", ("report", "result"), ("shortfall",))
BY_STATUS = Shape("report, result", ("any",), SENTENCE_KEYS[1:])
RUNG = Shape("nấc", ("at_least", "share"))
PART = Shape("phần", ("name", "weight", "rule"))

ALL = (
    *(MEASURES_FILE, SOURCE, MEASURE, CHECKS_FILE, CHECK, JUMP, SET, DECISION, IN_FORCE, CALENDAR, CUTOFFS, GROUP, CRITERION),
    *(CLASS, PROOF, STATUS, SHORTFALL, SENTENCES, BY_STATUS, RUNG, PART, *RULES.values()),
)
"""Every shape, for the test that keeps the documentation whole."""
