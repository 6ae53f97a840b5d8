"""Cases, words on figures and appraisals as they are kept: one wins, the other is told, nothing goes without its event."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

import psycopg
import pytest

from hue_dti.appraisal.model import AppraisalMark, Case, Comment, LockException, Mark, Move, Signed, Stage, State, Verdict, Workflow
from hue_dti.appraisal.moves import MOVES
from hue_dti.errors import ResultRefused, ReviewRefused, StorageError
from hue_dti.resources import folder
from hue_dti.rollup.read_values import Spelling
from hue_dti.rollup.year_results import YearResult
from hue_dti.storage.reviews import Step
from hue_dti.trail.model import Event

RACES = 10
HOA, BINH, NAM = Signed("hoa", "Hồ Thị Hoa", "Cán bộ"), Signed("binh", "Trần Thị Bình", "Uỷ viên"), Signed("nam", "Lê Nam", "Chủ tịch")
DRAFT = Case("20161", "2024-Q2", Workflow.FIGURES)
BEGUN = Case("483", "2024-Q2", Workflow.APPRAISAL)


@pytest.fixture
def sent(storage, make):
    return storage.reviews.move(DRAFT, Step(Move.SEND, HOA, make.at, code="7KQ2M-4XPD8", told=[["20161", "staff", 12]]))


@pytest.fixture
def opened(storage, sent, make):
    return storage.reviews.move(sent, Step(Move.OPEN, BINH, make.at, until=date(2024, 6, 15)))


@pytest.fixture
def mark(storage, run, make):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    return Mark("20161", "staff", "2024-Q2", Verdict.RETURNED, 12, raw.sha256, "hoa", "thiếu thôn 3", BINH, make.at)


def event(make, act="submission.approved"):
    return Event(act, "binh", "Trần Thị Bình", "20161", "2024-Q2", "sent", "approved", "", make.at)


def test_the_database_lists_the_same_moves_as_the_program():
    path = next((folder("migrations") / "versions").glob("*_reviews.py"))
    spec = spec_from_file_location("reviews_migration", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = sorted(line.strip().rstrip(",") for line in module.MOVES.strip().splitlines())
    assert rows == sorted(f"('{flow}', '{state}', '{move}', '{to}')" for (flow, state, move), (to, _) in MOVES.items())


def test_a_case_nobody_moved_is_a_draft(storage):
    assert storage.reviews.case("20161", "2024-Q2") == DRAFT
    assert storage.reviews.cases(["20161"], "2024-Q2") == {}


def test_each_move_leaves_who_when_why_and_keeps_the_receipt(storage, opened, make):
    returned = storage.reviews.move(opened, Step(Move.RETURN, BINH, make.at, reason="thiếu thôn 3"))
    assert storage.reviews.case("20161", "2024-Q2") == returned
    assert (returned.state, returned.version, returned.by, returned.sender, returned.code) == (
        State.RETURNED,
        3,
        BINH,
        "hoa",
        "7KQ2M-4XPD8",
    )
    assert [(each.case.state.value, each.told) for each in storage.reviews.history("20161", "2024-Q2")] == [
        ("sent", [["20161", "staff", 12]]),
        ("under_review", None),
        ("returned", None),
    ]


def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told(storage, make):
    def approve(case, by):
        try:
            return storage.reviews.move(case, Step(Move.APPROVE, by, make.at), trail=[replace(event(make), actor=by.login)])
        except ReviewRefused as refused:
            return str(refused)

    with ThreadPoolExecutor(2) as pool:
        for race in range(RACES):
            case = storage.reviews.move(replace(DRAFT, unit=str(race)), Step(Move.SEND, HOA, make.at, code="A", told=[]))
            told = list(pool.map(approve, (case, case), (BINH, NAM)))
            won, lost = (next(each for each in told if isinstance(each, kind)) for kind in (Case, str))
            assert lost.startswith(f"{won.by.name} đã duyệt lúc ")
            assert storage.reviews.case(str(race), "2024-Q2") == won
            assert storage.trail.page(most=1)[0].event.actor == won.by.login
    assert storage.trail.count() == RACES


def test_whoever_saw_an_older_case_moves_and_marks_nothing(storage, sent, opened, mark, make):
    with pytest.raises(ReviewRefused, match="Trần Thị Bình đã mở thẩm tra"):
        storage.reviews.move(sent, Step(Move.WITHDRAW, HOA, make.at), trail=[event(make)])
    with pytest.raises(ReviewRefused, match="Trần Thị Bình đã mở thẩm tra"):
        storage.reviews.mark(sent, [mark], trail=[event(make)])
    assert storage.trail.count() == 0


def test_a_word_follows_the_one_that_was_seen_or_is_refused_with_all_that_goes_with_it(storage, opened, mark, make):
    storage.reviews.mark(opened, [mark], [event(make, "cell.returned")])
    first = storage.reviews.marks(["20161"], "2024-Q2")[0]
    assert first == replace(mark, number=first.number)
    other = replace(mark, measure="households")
    with pytest.raises(ReviewRefused, match="trước bạn"):
        storage.reviews.mark(opened, [other, mark], [event(make, "cell.returned")])
    assert storage.reviews.marks(["20161"], "2024-Q2") == (first,)
    assert storage.trail.count() == 1
    storage.reviews.mark(opened, [replace(mark, verdict=Verdict.APPROVED, by=NAM, follows=first.number)])
    assert [each.verdict.value for each in storage.reviews.marks(["20161"], "2024-Q2")] == ["returned", "approved"]


def test_a_move_keeps_its_words_on_figures_with_it_and_they_can_be_found_again(storage, opened, mark, make):
    approved = storage.reviews.move(opened, Step(Move.APPROVE, NAM, make.at), [replace(mark, verdict=Verdict.APPROVED, by=NAM)])
    assert [each.by for each in storage.reviews.marked_by(approved)] == [NAM]
    assert storage.reviews.marked_by(opened) == ()


def test_the_database_itself_refuses_that_somebody_approves_what_he_sent_or_typed(storage, opened, mark, make):
    with pytest.raises(StorageError, match="who_sends_never_approves"):
        storage.reviews.move(opened, Step(Move.APPROVE, HOA, make.at))
    with pytest.raises(StorageError, match="who_enters_never_approves"):
        storage.reviews.mark(opened, [replace(mark, verdict=Verdict.APPROVED, by=HOA)])
    with pytest.raises(StorageError, match="who_enters_never_approves"):
        storage.reviews.mark(opened, [replace(mark, verdict=Verdict.APPROVED, by=NAM, entered_by="hoa nam")])


def test_the_database_itself_refuses_moves_that_are_not_listed(storage, database, opened):
    forged = """
        INSERT INTO submission (unit, period, workflow, version, previous, stood, sent_before, move, state, done_by, name, post, done_at,
            reason, sender, code)
        VALUES ('20161', '2024-Q2', 'figures', 3, 2, %s, 'hoa', %s, %s, 'x', '', '', now(), 'r', 'hoa', '')"""
    for stood, move, state in (("under_review", "open", "approved"), ("sent", "approve", "approved"), ("under_review", "send", "sent")):
        with database.connect() as connection, pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.ForeignKeyViolation)):
            connection.execute(forged, (stood, move, state))
    assert storage.reviews.case("20161", "2024-Q2") == opened


def test_an_event_that_cannot_be_written_stops_the_move(storage, database, opened, make):
    with database.connect("postgres") as connection:
        connection.execute("REVOKE INSERT ON audit_event FROM PUBLIC, hue_dti_app")
    with pytest.raises(StorageError):
        storage.reviews.move(opened, Step(Move.APPROVE, NAM, make.at), trail=[event(make)])
    assert storage.reviews.case("20161", "2024-Q2") == opened


def test_comments_and_lock_exceptions_come_back_in_order(storage, make):
    said = [Comment("20161", "staff", "2024-Q2", text, HOA, make.at) for text in ("Vì sao giảm?", "Hai người nghỉ hưu.")]
    for each in said:
        storage.reviews.comment(each)
    opening = LockException("20161", "2024-Q2", "III.1", date(2024, 6, 30), "sai số hộ", BINH, make.at)
    storage.reviews.open_locks([opening])
    assert storage.reviews.comments(["20161", "20164"], "2024-Q2") == tuple(said)
    assert storage.reviews.exceptions(["20161"], "2024-Q2") == (opening,)
    assert storage.reviews.exceptions(["20161"], "2024-Q1") == ()


def test_what_is_confirmed_twice_is_opened_once_with_one_event(storage, make):
    opening = [LockException("20161", "2024-Q2", code, date(2024, 6, 30), "sai số hộ", BINH, make.at) for code in ("III.1", "III.2")]
    told = [event(make, "lock.opened") for _ in opening]
    with ThreadPoolExecutor(4) as several:
        kept = list(several.map(lambda _: storage.reviews.open_locks(opening, told), range(4)))
    assert sorted(kept) == [0, 0, 0, 2]
    assert storage.reviews.exceptions(["20161"], "2024-Q2") == tuple(opening)
    assert storage.trail.head().seq == 2
    until = [replace(each, until=date(2024, 7, 15)) for each in opening]
    assert storage.reviews.open_locks(until, told) == 2


def test_of_two_who_close_the_same_lock_one_is_told_that_it_is_not_there_any_more(storage, make):
    opening = LockException("20161", "2024-Q2", "III.1", date(2024, 6, 30), "sai số hộ", BINH, make.at)
    storage.reviews.open_locks([opening])
    shut = replace(opening, until=date(2024, 6, 8), reason="đã nhập xong", by=NAM)
    assert storage.reviews.open_locks([shut], over=[opening]) == 1
    with pytest.raises(ReviewRefused, match="hãy xem lại rồi chọn"):
        storage.reviews.open_locks([replace(shut, by=HOA)], over=[opening])
    assert storage.reviews.open_locks([opening]) == 1


def test_a_year_is_kept_only_as_the_version_after_the_newest(storage, make):
    told = YearResult("province-922", 2021, 1, "unit", Spelling(), "Báo cáo", date(2022, 8, 5), "", "an", "Lê Văn An", "", make.at)
    storage.year_results.keep(told)
    for number in (1, 3):
        with pytest.raises(ResultRefused, match="trước bạn"):
            storage.year_results.keep(replace(told, number=number, reason="đính chính"))
    assert [each.number for each in storage.year_results.versions("province-922", 2021)] == [1]


def test_appraisal_words_form_a_chain_for_each_criterion(storage, make):
    begun = storage.reviews.move(BEGUN, Step(Move.BEGIN, BINH, make.at))
    first = AppraisalMark("483", "2024-Q2", "III.1", Stage.APPRAISED, 95_145, 50_000, "thiếu văn bản", BINH, make.at)
    storage.appraisals.write(begun, [first])
    kept = storage.appraisals.marks("483", "2024-Q2")[0]
    assert kept == replace(first, number=kept.number)
    with pytest.raises(ReviewRefused, match=r"III\.1"):
        storage.appraisals.write(begun, [first])
    asked = storage.reviews.move(begun, Step(Move.ASK, BINH, make.at, until=date(2024, 6, 20)))
    with pytest.raises(ReviewRefused, match="vừa đổi"):
        storage.appraisals.write(begun, [replace(first, follows=kept.number)])
    storage.appraisals.write(asked, [replace(first, stage=Stage.EXPLAINED, points=None, by=HOA, follows=kept.number)])
    assert [each.stage.value for each in storage.appraisals.marks("483", "2024-Q2")] == ["appraised", "explained"]
