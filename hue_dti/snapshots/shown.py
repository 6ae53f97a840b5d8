"""A score sheet as other programs read it (`hue-dti show --json`): points and shares as decimal texts, counts as integers."""

from __future__ import annotations

from fractions import Fraction

from hue_dti.numerals import POINT, decimal_text, points_text, share_text
from hue_dti.scoring.model import CriterionScore, GroupScore, ScoreSheet, TotalScore
from hue_dti.snapshots.canonical import Json
from hue_dti.snapshots.model import Snapshot, SnapshotHead


def shown(snapshot: Snapshot) -> Json:
    """The unit's sheet with its hash (null for a draft), and below it the ranking of the lower units."""
    head = snapshot.head
    return {
        **_sheet_shown(snapshot.sheet),
        "snapshot_sha256": head.sha256 or None,
        "snapshot": _head_shown(head) if head.sha256 else None,
        "cutoff": head.cutoff.isoformat(),
        "program_version": head.program_version,
        "lower_set": snapshot.lower_set,
        "ranking": [
            {"unit": ranked.unit, "rank": ranked.rank, "converted": _points(ranked.converted), "reason": ranked.reason}
            for ranked in snapshot.ranking
        ],
    }


def _sheet_shown(sheet: ScoreSheet) -> dict[str, Json]:
    return {
        "unit": sheet.unit,
        "period": sheet.period,
        "criteria_set": sheet.criteria_set,
        "criteria": [_criterion_shown(line) for line in sheet.criteria],
        "groups": [_group_shown(group) for group in sheet.groups],
        "total": _total_shown(sheet.total),
    }


def _head_shown(head: SnapshotHead) -> Json:
    return {
        "sequence": head.sequence,
        "previous_sha256": head.previous_sha256,
        "supersedes_sha256": head.supersedes_sha256,
        "reason": head.reason,
        "closed_at": head.closed_at.isoformat(),
        "closed_by": head.closed_by,
    }


def _criterion_shown(line: CriterionScore) -> Json:
    return {
        "code": line.code,
        "group": line.group,
        "status": line.status.slug,
        "part": line.part,
        "whole": line.whole,
        "share": None if line.share is None else share_text(line.share),
        "points": points_text(line.points),
        "max_points": points_text(line.max_points),
        "assumed": line.assumed,
        "capped": line.capped,
        "partial": line.coverage.partial,
        "as_of": line.as_of.isoformat() if line.as_of is not None else None,
        "figures": dict(line.figures),
        "shortfalls": [{"unit": row.unit, "missing": row.missing} for row in line.shortfalls],
        "shortfalls_show": line.shows,
    }


def _group_shown(group: GroupScore) -> Json:
    return {
        "code": group.code,
        "achieved": group.achieved,
        "in_progress": group.in_progress,
        "not_started": group.not_started,
        "not_achieved": group.not_achieved,
        "not_applicable": group.not_applicable,
        "points": points_text(group.points),
        "max_points": points_text(group.max_points),
    }


def _total_shown(total: TotalScore) -> Json:
    return {
        "points": points_text(total.points),
        "max_points": points_text(total.max_points),
        "points_stated": points_text(total.points_stated),
        "max_points_stated": points_text(total.max_points_stated),
        "excluded": points_text(total.excluded),
        "converted": _points(total.converted),
        "achieved": total.achieved,
        "in_progress": total.in_progress,
        "not_started": total.not_started,
        "not_achieved": total.not_achieved,
        "not_applicable": total.not_applicable,
        "expected_figures": total.expected_figures,
        "present_figures": total.present_figures,
    }


def _points(ten_thousandths: Fraction | None) -> str | None:
    return None if ten_thousandths is None else decimal_text(ten_thousandths / POINT, 4, trim=True)
