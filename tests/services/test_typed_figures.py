"""A typed figure goes through the same gate as a pulled one; nothing typed is lost, nothing is kept twice, nothing becomes a zero."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from hue_dti.errors import EntryConflict, EntryRefused, StorageError
from hue_dti.observations.entered import ENTERED, Choice
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.hosts import admission_of
from hue_dti.services.quarter import draft
from hue_dti.storage import open_storage
from hue_dti.storage.entries import NOTHING_THERE
from hue_dti.trail.model import Selection
from hue_dti.units.load import load_units
from hue_dti.units.model import Level
from tests.services.base_figures import Office
from tests.services.typing_desk import AN, BEFORE, BINH, COMMUNE, PERIOD, START, Desk, typed


@pytest.fixture(scope="module")
def province(server, catalogue):
    """One database for this file, with every unit."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units(load_units(folder("criteria")))
        yield database, storage


@pytest.fixture(scope="module")
def communes(province):
    there = [unit for unit in province[1].units() if unit.exists_on(date(2024, 12, 31))]
    return iter([unit.code for unit in there if unit.level is Level.COMMUNE and unit.parent != "483"])


@pytest.fixture
def desk(province, catalogue, communes):
    """The desk of a commune where nobody has typed yet."""
    return Desk(province[1], catalogue, next(communes))


@pytest.fixture
def rows(province, desk):
    """How many rows of a table are the commune's."""

    def count(table):
        with province[0].connect() as connection:
            return connection.execute(f"SELECT count(*) FROM {table} WHERE unit = %s", (desk.unit,)).fetchone()[0]

    return count


def test_a_typed_value_stands_as_reported_with_its_writer_and_its_record_behind_it(desk):
    entry = desk.type(231)
    figure = desk.stands()
    assert (figure.value, figure.state, figure.as_of, figure.origin.source) == (231, State.REPORTED, date(2024, 8, 20), ENTERED)
    assert figure.origin.request == "ô nhập của Lê Văn An, Công chức Văn phòng - Thống kê"
    kept = json.loads(desk.storage.raw_answer(figure.origin.raw_sha256).body)
    assert (kept["giá trị"], kept["tài khoản"], kept["kỳ"], kept["ô nhập"]) == (231, "an.hp", PERIOD, str(entry.typed.client))


def test_the_quarter_counts_a_typed_figure_as_soon_as_it_is_saved(empty_district):
    desk = Desk(empty_district.storage, empty_district.catalogue)
    desk.type(200)
    desk.type(150, "shops_vietqr")
    district = draft(desk.storage, desk.catalogue, empty_district.unit, Period.parse(PERIOD), START)
    commune = next(sheet for sheet in district.lower if sheet.unit == COMMUNE)
    assert commune.criterion("VIII.1").points == 75_000


@pytest.mark.parametrize(
    ("choice", "value", "state", "reason"),
    [
        (Choice.NONE_OCCURRED, 0, State.REPORTED, "không phát sinh (0)"),
        (Choice.NOT_YET, None, State.MISSING, "chưa có"),
        (Choice.NO_DATA, None, State.MISSING, "không có số liệu"),
    ],
)
def test_none_occurred_is_a_zero_and_what_is_not_there_never_is(desk, choice, value, state, reason):
    desk.type(value, choice=choice)
    figure = desk.stands()
    assert (figure.value, figure.state, figure.reason) == (value, state, reason)


@pytest.mark.parametrize(("choice", "value"), [(Choice.NOT_YET, 0), (Choice.NO_DATA, 5), (Choice.NONE_OCCURRED, 5), (Choice.VALUE, None)])
def test_a_choice_that_does_not_go_with_its_number_is_refused(desk, choice, value):
    with pytest.raises(EntryRefused, match="không khớp"):
        desk.type(value, choice=choice)
    assert desk.stands() is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"unit": "483"}, "không có ô nhập"),
        ({"measure": "no_such"}, "không có ô nhập"),
        ({"unit": "99999"}, "không có ô nhập"),
        ({"period": "2024-Q4"}, "chưa bắt đầu"),
        ({"value": -1}, "ngoài khoảng cho phép; hãy kiểm tra lại con số vừa nhập"),
        ({"reason": "x" * 301}, "Lý do dài quá"),
    ],
)
def test_what_may_not_stand_in_a_cell_is_refused_in_the_officers_words(desk, wrong, words):
    with pytest.raises(EntryRefused, match=words):
        desk.type(**{"value": 1, **wrong})


def test_a_part_beyond_its_whole_is_refused_and_the_figure_before_stays(desk):
    desk.type(100)
    desk.type(90, "shops_vietqr")
    with pytest.raises(EntryRefused, match=r"\(120\) lớn hơn .*\(100\); hãy kiểm tra lại con số vừa nhập"):
        desk.type(120, "shops_vietqr")
    with pytest.raises(EntryRefused, match="lớn hơn"):
        desk.type(80)
    assert (desk.stands().value, desk.stands("shops_vietqr").value) == (100, 90)


def test_a_figure_that_a_machine_told_is_locked_and_a_table_s_is_not(desk, figures):
    desk.told("accounts", 800, figures)
    desk.told("shops", 100, figures, state=State.REPORTED)
    with pytest.raises(EntryRefused, match="do máy lấy từ Ứng dụng Hue-S"):
        desk.type(900, "accounts")
    assert desk.type(120).old == 100


def test_a_closed_quarter_takes_no_typing(district):
    district.close()
    with pytest.raises(EntryRefused, match="đã chốt"):
        Desk(district.storage, district.catalogue).type(1, period=BEFORE)


def test_a_figure_that_waits_while_its_quarter_is_closed_is_not_kept_after(district):
    desk = Desk(district.storage, district.catalogue)
    with ThreadPoolExecutor(1) as pool:
        with district.storage.alone(admission_of(COMMUNE, Period.parse(BEFORE))):
            typing = pool.submit(desk.type, 1, period=BEFORE)
            with pytest.raises(TimeoutError):
                typing.result(0.5)
            district.close()
        with pytest.raises(EntryRefused, match="đã chốt"):
            typing.result()


def test_a_closing_waits_for_the_figure_that_is_just_being_typed(district):
    with ThreadPoolExecutor(1) as pool:

        def weigh(current, case):
            closing.append(pool.submit(district.close))
            with pytest.raises(TimeoutError):
                closing[0].result(0.5)
            raise EntryRefused("không ghi")

        closing, one = [], typed(1, period=BEFORE)
        with pytest.raises(EntryRefused, match="không ghi"):
            district.storage.entries.save(one, AN, START, COMMUNE, [admission_of("483", Period.parse(BEFORE))], weigh)
        assert closing[0].result().sequence == 1


def test_a_jump_is_kept_and_asks_for_a_line_that_then_stands_with_the_change(desk, figures):
    desk.told("shops", 100, figures, period=BEFORE, state=State.REPORTED)
    assert not desk.type(130).needs_reason
    asked = desk.type(131)
    assert (asked.needs_reason, asked.compared, desk.stands().value) == (True, 100, 131)
    assert not desk.type(131, reason="sáp nhập hai chợ").needs_reason
    (given,) = [each for each in desk.storage.change_reasons(Period.parse(PERIOD)) if each.unit == desk.unit]
    assert (given.old, given.new, given.reason, given.by) == (100, 131, "sáp nhập hai chợ", "an.hp")


def test_the_same_sent_again_is_answered_alike_and_kept_once(desk, rows):
    one = typed(231, unit=desk.unit)
    first, fresh = desk.send(one)
    again, fresh_again = desk.send(one)
    assert (again, fresh, fresh_again) == (first, True, False)
    assert [rows(table) for table in ("entry", "observation", "second_opinion", "audit_event")] == [1, 1, 1, 1]


@pytest.mark.parametrize("other", [{"value": 232}, {"reason": "vì"}, {"measure": "villages"}, {"unit": "20167"}, {"by": BINH}])
def test_the_same_number_with_another_body_is_refused(desk, other):
    number = desk.type(231).typed.client
    with pytest.raises(EntryConflict):
        desk.type(**{"value": 231, "client": number, **other})
    assert desk.stands().value == 231


def test_a_page_that_knew_an_older_entry_is_told_what_stands_there(desk):
    first = desk.type(100, replaces=NOTHING_THERE)
    desk.type(110, by=BINH, replaces=first.typed.client)
    with pytest.raises(EntryConflict) as told:
        desk.type(120, replaces=first.typed.client)
    assert (told.value.standing.by, told.value.standing.typed.value, desk.stands().value) == (BINH, 110, 110)


def test_every_entry_is_an_event_that_says_old_new_who_and_why(desk):
    desk.type(100)
    desk.type(110, by=BINH, reason="đếm lại")
    newest, first = desk.storage.trail.page(Selection(units=(desk.unit,)))
    assert (newest.event.act, newest.event.actor, newest.event.unit) == ("entry.saved", "binh.hp", desk.unit)
    assert (first.event.old, first.event.new, newest.event.old, newest.event.new, newest.event.reason) == (
        "",
        "100",
        "100",
        "110",
        "đếm lại",
    )


def test_an_entry_whose_event_cannot_be_written_is_not_kept(desk, province, rows):
    with province[0].connect("postgres") as connection:
        connection.execute("ALTER TABLE audit_event ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
        with pytest.raises(StorageError, match="full_disk"):
            desk.type(100)
        connection.execute("ALTER TABLE audit_event DROP CONSTRAINT full_disk")
    assert (desk.stands(), rows("entry")) == (None, 0)


def test_an_approved_base_figure_is_locked(empty_district):
    Office(empty_district).settled(900, unit=COMMUNE)
    desk = Desk(empty_district.storage, empty_district.catalogue)
    with pytest.raises(EntryRefused, match="đã được duyệt"):
        desk.type(901, "households")


def test_the_history_of_a_cell_is_every_entry_in_its_order(desk):
    for value in (1, 2, 3):
        desk.type(value)
    told = desk.storage.entries.of_cell(desk.unit, "shops", PERIOD)
    assert [(each.old, each.typed.value, each.by) for each in told] == [(None, 1, AN), (1, 2, AN), (2, 3, AN)]


def test_the_same_cells_sent_five_times_at_once_are_kept_once_each(desk, rows):
    cells = [typed(value, unit=desk.unit) for value in range(20)]
    with ThreadPoolExecutor(5) as pool:
        told = [list(pool.map(desk.send, [cell] * 5)) for cell in cells]
    assert [sum(fresh for _, fresh in each) for each in told] == [1] * 20
    assert [len({entry for entry, _ in each}) for each in told] == [1] * 20
    assert (rows("entry"), rows("observation"), desk.stands().value) == (20, 20, 19)


def test_a_machine_s_figure_that_comes_later_counts_and_the_typed_one_stays_beside_it(desk, figures):
    desk.type(900, "accounts")
    desk.told("accounts", 950, figures)
    assert desk.stands("accounts").value == 950
    (beside,) = [each for each in desk.storage.second_opinions([desk.unit], PERIOD) if each.origin.source == ENTERED]
    assert (beside.measure, beside.value) == ("accounts", 900)
