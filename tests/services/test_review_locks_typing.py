"""Sent figures are closed for typing until they come back; an exception opens one criterion; no figure slips in while a case moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from hue_dti.appraisal.model import LockException, Mark, Move, Signed, Verdict
from hue_dti.errors import EntryRefused, PeriodError, ReviewRefused
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.review_lock import criteria_at
from hue_dti.storage import open_storage
from hue_dti.storage.reviews import Step
from hue_dti.units.load import load_units
from hue_dti.units.model import Level
from tests.services.typing_desk import AN as AN_TYPES
from tests.services.typing_desk import PERIOD, Desk, typed

AT = datetime(2024, 8, 21, 1, 0, tzinfo=UTC)
AN, BINH = Signed("an.hp", "Lê Văn An", ""), Signed("binh", "Trần Thị Bình", "Phó Trưởng ban")


@pytest.fixture(scope="module")
def communes(server):
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units(load_units(folder("criteria")))
        yield storage, iter([unit for unit in storage.units() if unit.level is Level.COMMUNE and unit.exists_on(date(2024, 12, 31))])


@pytest.fixture
def desk(communes, catalogue):
    storage, left = communes
    return Desk(storage, catalogue, next(left).code)


def send(desk, **more):
    case = desk.storage.reviews.case(desk.unit, PERIOD)
    return desk.storage.reviews.move(case, Step(Move.SEND, AN, AT, code="A", told=[], **more))


def test_sent_figures_are_closed_until_they_are_withdrawn(desk):
    desk.type(231)
    sent = send(desk)
    with pytest.raises(EntryRefused, match="hãy rút lại"):
        desk.type(240)
    desk.storage.reviews.move(sent, Step(Move.WITHDRAW, AN, AT))
    assert desk.type(240).typed.value == 240


@pytest.mark.parametrize("spelt", ["2024-q3", " 2024-Q3", "２０２４-Q3"])
def test_a_quarter_spelt_another_way_opens_no_sent_figures(desk, spelt):
    desk.type(231)
    send(desk)
    with pytest.raises((EntryRefused, PeriodError)):
        desk.type(240, period=spelt)
    assert desk.stands().value == 231


def test_under_review_the_officer_reads_until_when_the_cells_are_closed(desk):
    opened = desk.storage.reviews.move(send(desk), Step(Move.OPEN, BINH, AT, until=date(2024, 8, 26)))
    with pytest.raises(EntryRefused, match="Đang thẩm tra, khóa đến 26/08/2024"):
        desk.type(240)
    desk.storage.reviews.move(opened, Step(Move.APPROVE, BINH, AT))
    with pytest.raises(EntryRefused, match="Đã được duyệt"):
        desk.type(240)


def test_returned_figures_are_open_again_but_for_those_that_were_approved(desk):
    desk.type(231)
    entry = desk.type(180, "shops_vietqr")
    opened = desk.storage.reviews.move(send(desk), Step(Move.OPEN, BINH, AT))
    good = Mark(desk.unit, "shops_vietqr", PERIOD, Verdict.APPROVED, 180, entry.raw_sha256, "an.hp", "", BINH, AT)
    desk.storage.reviews.mark(opened, [good])
    desk.storage.reviews.move(opened, Step(Move.RETURN, BINH, AT, reason="thiếu thôn 3"))
    assert desk.type(240).typed.value == 240
    with pytest.raises(EntryRefused, match="đã duyệt ô này"):
        desk.type(181, "shops_vietqr")


def test_a_lock_exception_opens_its_own_criterion_and_no_other(desk):
    desk.storage.reviews.move(send(desk), Step(Move.APPROVE, BINH, AT))
    known = criteria_at(desk.catalogue, Level.COMMUNE, Level.DISTRICT, Period.parse(PERIOD))
    criterion = next(key for key, each in known.items() if "shops_vietqr" in each.rule.measures())
    desk.storage.reviews.open_locks([LockException(desk.unit, PERIOD, criterion, date(2024, 8, 26), "sai số hộ", BINH, AT)])
    assert desk.type(240).typed.value == 240
    with pytest.raises(EntryRefused, match="Đã được duyệt"):
        desk.type(12, "households")


def test_what_was_typed_after_the_sender_looked_is_not_sent_unseen(desk):
    seen = desk.type(231).number
    later = desk.type(240).number
    with pytest.raises(ReviewRefused, match="Vừa có số mới"):
        send(desk, typed=seen)
    assert send(desk, typed=later).version == 1


def test_a_case_waits_for_the_figure_that_is_just_being_typed(desk):
    seen = desk.type(231).number
    with ThreadPoolExecutor(1) as pool:

        def weigh(current, case):
            sending = pool.submit(send, desk, typed=seen)
            with pytest.raises(TimeoutError):
                sending.result(0.3)
            raise EntryRefused("không ghi")

        one = typed(240, unit=desk.unit)
        with pytest.raises(EntryRefused, match="không ghi"):
            desk.storage.entries.save(one, AN_TYPES, AT, desk.unit, [f"review {desk.unit} {PERIOD}"], weigh)
    assert desk.storage.reviews.case(desk.unit, PERIOD).version == 1
