"""Alerts in the database: one open for a rule, unit and subject whoever looks; closed ones stay; nobody takes one on twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from hue_dti.alerts.model import Finding, Kind, Verdict


def finding(at, subject="super_app", rule="nguon-loi", what="nguồn không trả lời", times=None):
    return Finding(rule, Kind.FAILED, subject, what, at, times)


def found(*findings, unsure=()):
    return Verdict(findings, frozenset(unsure))


def test_twenty_sights_are_one_alert_that_grows(storage, make):
    for minute in range(20):
        at = make.at + timedelta(minutes=minute)
        storage.alerts.settle("483", found(finding(at, what=f"lần {minute}")), at)
    (alert,) = storage.alerts.open()
    assert (alert.count, alert.opened_at, alert.last_seen, alert.what) == (20, make.at, make.at + timedelta(minutes=19), "lần 19")


def test_the_same_sight_looked_at_again_counts_once(storage, make):
    for minute in range(5):
        storage.alerts.settle("483", found(finding(make.at)), make.at + timedelta(minutes=minute))
    assert storage.alerts.open()[0].count == 1


def test_what_was_counted_elsewhere_is_taken_over(storage, make):
    storage.alerts.settle("483", found(finding(make.at, times=7)), make.at)
    storage.alerts.settle("483", found(finding(make.at, times=9)), make.at)
    assert storage.alerts.open()[0].count == 9


def test_many_who_look_at_once_open_one(storage, make):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: storage.alerts.settle("483", found(finding(make.at)), make.at), range(40)))
    assert len(storage.alerts.open()) == 1


def test_the_database_itself_refuses_a_second_open_one(storage, make, database):
    storage.alerts.settle("483", found(finding(make.at)), make.at)
    columns = "rule, kind, unit, subject, what, opened_at, last_seen, count"
    again = f"INSERT INTO alert ({columns}) SELECT {columns} FROM alert"
    with database.connect("hue_dti_owner") as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(again)


def test_an_alert_closes_when_its_reason_is_gone_and_a_new_reason_opens_another(storage, make):
    later, latest = make.at + timedelta(hours=1), make.at + timedelta(hours=2)
    storage.alerts.settle("483", found(finding(make.at), finding(make.at, "meetings")), make.at)
    storage.alerts.settle("483", found(finding(later, "meetings")), later)
    assert [alert.subject for alert in storage.alerts.open()] == ["meetings"]
    (closed,) = storage.alerts.closed(10)
    assert (closed.subject, closed.closed_at, closed.is_open) == ("super_app", later, False)
    storage.alerts.settle("483", found(finding(latest), finding(latest, "meetings")), latest)
    assert [(alert.subject, alert.count) for alert in storage.alerts.open()] == [("super_app", 1), ("meetings", 3)]
    assert len(storage.alerts.closed(10)) == 1


def test_what_nobody_could_judge_or_looked_at_stays_as_it_is(storage, make):
    later = make.at + timedelta(hours=1)
    storage.alerts.settle("483", found(finding(make.at), finding(make.at, "meetings")), make.at)
    storage.alerts.settle("483", found(unsure=[("nguon-loi", "super_app"), ("nguon-loi", "meetings")]), later)
    storage.alerts.settle("483", found(), later, about=["police"])
    storage.alerts.settle("490", found(), later)
    assert len(storage.alerts.open()) == 2
    storage.alerts.settle("483", found(), later, about=["meetings"])
    assert [alert.subject for alert in storage.alerts.open()] == ["super_app"]


def test_an_alert_is_taken_on_once_and_while_it_is_open(storage, make):
    storage.alerts.settle("483", found(finding(make.at)), make.at)
    (alert,) = storage.alerts.open()
    assert [each.unit for each in storage.alerts.waiting()] == ["483"]
    assert storage.alerts.acknowledge([alert.id], "Trần Văn B", "đã gọi", make.at)
    assert not storage.alerts.acknowledge([alert.id], "Lê Thị C", "tôi nữa", make.at)
    assert storage.alerts.waiting() == ()
    taken = storage.alerts.find(alert.id)
    assert (taken.acknowledged_by, taken.acknowledgement, taken.is_open) == ("Trần Văn B", "đã gọi", True)
    storage.alerts.settle("483", found(), make.at + timedelta(hours=1))
    storage.alerts.settle("483", found(finding(make.at + timedelta(hours=2))), make.at + timedelta(hours=2))
    assert [each.unit for each in storage.alerts.waiting()] == ["483"], "a new reason is nobody's yet"
    assert not storage.alerts.acknowledge([alert.id], "Lê Thị C", "đã đóng rồi", make.at)


def test_those_nobody_has_stand_first_and_the_newest_first_among_them(storage, make):
    for hour, subject in enumerate(("super_app", "meetings", "police")):
        at = make.at + timedelta(hours=hour)
        storage.alerts.settle("483", found(finding(at, subject)), at, about=[subject])
    storage.alerts.acknowledge([storage.alerts.open()[0].id], "B", "đã gọi", make.at)
    assert [alert.subject for alert in storage.alerts.open()] == ["meetings", "super_app", "police"]


@pytest.mark.parametrize("statement", ["DELETE FROM alert", "TRUNCATE alert"])
def test_the_application_cannot_make_an_alert_unhappen(statement, storage, make, database):
    storage.alerts.settle("483", found(finding(make.at)), make.at)
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
