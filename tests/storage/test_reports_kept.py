"""Reports: every version and step stays, the database itself keeps the order, and after issue nothing moves but what may."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors

from hue_dti.errors import CaseChanged, CaseRefused, StorageError
from hue_dti.reports.case import WAYS, Move, State
from hue_dti.trail.model import Event
from tests.storage import reports
from tests.storage.reports import ISSUE, PERIOD, UNIT, step, text

TEXT = "INSERT INTO report_text VALUES ('483', '2024-Q2', 1, %s, '{}', 'an', 'An', '', now(), NULL)"
POSTS = "symbol, day, authority, acting_for, post, host_post, signer"
ISSUED_AGAIN = f"INSERT INTO report_issue SELECT unit, period, %s, 99, {POSTS} FROM report_issue"
STEP = "INSERT INTO report_step VALUES ('483', '2024-Q2', %s, %s, %s, %s, 'an', 'An', '', now(), 'vì sai', 1, %s, NULL, '')"


@pytest.fixture
def sha256(storage, make):
    storage.save_snapshot(make.head(), b"one")
    return make.head().sha256


def test_what_was_saved_and_moved_is_read_back(storage, sha256, make):
    reports.issued(storage, sha256, make.at)
    reports.corrected(storage, sha256, make.at)
    case = storage.reports.case(UNIT, PERIOD)
    (edition,) = case.editions
    assert edition.versions == (text(1, make.at, causes="Nguồn chậm."),)
    assert [(each.move, each.after) for each in edition.steps] == [
        (Move.SUBMIT, State.SUBMITTED),
        (Move.APPROVE, State.APPROVED),
        (Move.ISSUE, State.ISSUED),
        (Move.CORRECT, State.ISSUED),
    ]
    assert edition.issue == ISSUE
    assert edition.files[0].sha256 == "ab" * 32
    assert edition.corrections[0].right == "Quý II"
    assert case.issued == edition
    assert [each.event.act for each in storage.trail.page()] == ["report.corrected", "report.issued", "report.submitted", "report.saved"]


def test_of_two_who_save_at_once_one_wins_and_the_other_is_told_by_whom(storage, make):
    def save(name):
        version = replace(text(1, make.at), by=replace(reports.SECRETARY, name=name))
        try:
            storage.reports.save(UNIT, PERIOD, 1, version)
        except CaseChanged as told:
            return str(told)
        return name

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(save, [f"Người {number}" for number in range(8)]))
    (kept,) = storage.reports.case(UNIT, PERIOD).current.versions
    assert answers.count(kept.by.name) == 1
    assert sum(f"{kept.by.name} vừa lưu bản số 1" in each for each in answers) == 7


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(storage, sha256, make):
    reports.submitted(storage, sha256, make.at)
    ways = [(Move.APPROVE, State.APPROVED), (Move.RETURN, State.DRAFT)] * 4

    def decide(way):
        try:
            storage.reports.move(UNIT, PERIOD, 1, [step(2, *way, sha256, make.at, reason="vì sai")])
        except CaseChanged:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, ways)) == 1
    assert len(storage.reports.case(UNIT, PERIOD).current.steps) == 2


def test_a_version_saved_meanwhile_keeps_a_stale_one_from_being_submitted(storage, sha256, make):
    for number in (1, 2):
        storage.reports.save(UNIT, PERIOD, 1, text(number, make.at))
    with pytest.raises(CaseChanged):
        storage.reports.move(UNIT, PERIOD, 1, [step(1, Move.SUBMIT, State.SUBMITTED, sha256, make.at, version=1)])


def test_a_number_is_given_once_a_year(storage, sha256, make):
    reports.issued(storage, sha256, make.at)
    storage.reports.save(UNIT, "2024-Q3", 1, text(1, make.at))
    storage.reports.move(UNIT, "2024-Q3", 1, [step(1, Move.SUBMIT, State.SUBMITTED, sha256, make.at)])
    issue = [step(2, Move.ISSUE, State.ISSUED, sha256, make.at)]
    with pytest.raises(CaseRefused, match="số 12/BC-BCĐ năm 2024 đã cấp cho báo cáo Quý II/2024"):
        storage.reports.move(UNIT, "2024-Q3", 1, issue, ISSUE)
    assert storage.reports.case(UNIT, "2024-Q3").current.state is State.SUBMITTED
    storage.reports.move(UNIT, "2024-Q3", 1, issue, replace(ISSUE, number=13))


def test_a_replacing_edition_begins_once_and_only_after_issue(storage, sha256, make):
    begin = [step(1, Move.REPLACE, State.DRAFT, "", make.at, version=0, reason="sai số hộ")]
    with pytest.raises(CaseChanged):
        storage.reports.move(UNIT, PERIOD, 2, begin)
    reports.issued(storage, sha256, make.at)
    storage.reports.move(UNIT, PERIOD, 2, begin, text=text(1, make.at, causes="Nguồn chậm."))
    with pytest.raises(CaseChanged):
        storage.reports.move(UNIT, PERIOD, 2, begin)
    case = storage.reports.case(UNIT, PERIOD)
    assert [each.state for each in case.editions] == [State.ISSUED, State.DRAFT]
    assert case.issued.number == 1
    assert case.current.reason == "sai số hộ"


def test_how_each_report_stands_is_told_newest_doing_first(storage, sha256, make):
    reports.issued(storage, sha256, make.at)
    later = make.at + timedelta(hours=1)
    storage.reports.save("484", PERIOD, 1, text(1, later))
    storage.reports.save("484", PERIOD, 1, text(2, later))
    one, other = storage.reports.standing()
    assert (one.unit, one.state, one.version, one.issue) == ("484", State.DRAFT, 2, None)
    assert (other.unit, other.state, other.version, other.issue) == (UNIT, State.ISSUED, 1, ISSUE)
    storage.reports.move(UNIT, PERIOD, 2, [step(1, Move.REPLACE, State.DRAFT, "", later, version=0, reason="sai số hộ")])
    assert {(each.unit, each.edition, each.state) for each in storage.reports.standing()} == {
        ("484", 1, State.DRAFT),
        (UNIT, 2, State.DRAFT),
    }


def test_an_event_that_cannot_be_written_undoes_the_change(storage, sha256, make):
    nameless = Event("", "", "", "", "", "", "", "", make.at)
    with pytest.raises(StorageError):
        storage.reports.save(UNIT, PERIOD, 1, text(1, make.at), [nameless])
    assert not storage.reports.case(UNIT, PERIOD).begun


def test_the_database_knows_the_same_ways_as_the_program(database):
    with database.connect("postgres") as connection:
        source = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'report_step_in_order'").fetchone()[0]
    known = set(re.findall(r"'(\w+ \w+ \w+)'", source[source.index("NOT IN") :]))
    written = {f"{state} {move} {way.after}" for (state, move), way in WAYS.items() if move not in (Move.SAVE, Move.REPLACE)}
    assert known == written


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (TEXT, [2]),
        (STEP, [1, 4, "save", "draft", "{sha256}"]),
        (STEP, [1, 4, "return", "draft", "{sha256}"]),
        (STEP, [1, 4, "issue", "issued", "{sha256}"]),
        (STEP, [1, 5, "file", "issued", "{sha256}"]),
        (STEP, [3, 1, "replace", "draft", None]),
        (STEP, [2, 1, "replace", "issued", None]),
        (STEP, [1, 4, "file", "issued", "ab" * 32]),
        (ISSUED_AGAIN, [2]),
        (ISSUED_AGAIN, [1]),
    ],
)
def test_the_database_refuses_what_an_issued_report_may_not_have(storage, database, sha256, make, statement, values):
    reports.issued(storage, sha256, make.at)
    before = storage.reports.case(UNIT, PERIOD)
    given = [value.replace("{sha256}", sha256) if isinstance(value, str) else value for value in values]
    with database.connect() as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(statement, given)
    assert isinstance(refused.value, (errors.CheckViolation, errors.UniqueViolation, errors.ForeignKeyViolation))
    assert storage.reports.case(UNIT, PERIOD) == before
