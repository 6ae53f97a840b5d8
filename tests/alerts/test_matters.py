"""What is one matter for whoever sees to it."""

from datetime import UTC, datetime, timedelta

from hue_dti.alerts.model import Alert, Kind
from hue_dti.alerts.together import matters

NOW = datetime(2024, 6, 10, tzinfo=UTC)


def alert(number, unit, subject="meetings", kind=Kind.FAILED, rule="nguon-loi", hours=0, by=""):
    at = NOW + timedelta(hours=hours)
    return Alert(number, rule, kind, unit, subject, f"số {number}", at, at, number, None, at if by else None, by, by)


def test_a_source_dead_for_many_units_is_one_matter_told_by_its_newest_alert_since_its_oldest():
    (matter,) = matters([alert(1, "483", hours=2), alert(2, "479", hours=5), alert(3, "480", hours=1)])
    assert (matter.units, matter.lead.id, matter.opened_at, matter.count) == (("483", "479", "480"), 2, NOW + timedelta(hours=1), 3)


def test_another_source_another_rule_or_another_hand_is_another_matter():
    stale = alert(4, "479", kind=Kind.STALE, rule="nguon-cu")
    others = [alert(2, "479", "police"), alert(3, "479", rule="khac"), stale, alert(5, "480", by="B")]
    assert len(matters([alert(1, "483"), *others])) == 5


def test_figures_of_two_units_are_two_matters():
    assert len(matters([alert(1, "483", "staff", Kind.JUMP), alert(2, "479", "staff", Kind.JUMP)])) == 2
