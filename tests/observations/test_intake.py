"""The gate: what a source may say, what is refused, and what stands in its place."""

import re
from dataclasses import replace
from datetime import date

import pytest

from hue_dti.observations.intake import NOT_GIVEN, carried_over
from hue_dti.observations.model import Observation, Origin, SourceFault, State
from hue_dti.observations.remembering import RememberingStore
from tests.observations.gate import ANSWER, COMMUNE, CUTOFF, DISTRICT, OFFICE, Q2, known, reading, values

TOLD = (("super_app", "staff_wallets", OFFICE), ("district", "staff", OFFICE), ("police", "vneid_level2", DISTRICT))


def test_a_sound_reading_passes_with_where_it_came_from(admit):
    (found,) = admit(reading("staff_standardised", 21, place="$.du_lieu[3].tai_khoan")).observations
    assert found == Observation(
        OFFICE, "staff_standardised", Q2, 21, State.MEASURED, CUTOFF,
        Origin("super_app", "GET /so-lieu", ANSWER.fetched_at, ANSWER.sha256, "$.du_lieu[3].tai_khoan"),
    )  # fmt: skip


def test_a_printed_name_is_put_to_its_unit(admit):
    found = admit(reading("staff_standardised", 21, unit="văn phòng hđnd và ubnd"), reading("staff_standardised", 5, unit="Hương Hữu"))
    assert values(found) == {(OFFICE, "staff_standardised"): (21, State.MEASURED), (COMMUNE, "staff_standardised"): (5, State.MEASURED)}


def test_zero_is_a_figure(admit):
    assert values(admit(reading("staff_standardised", 0))) == {(OFFICE, "staff_standardised"): (0, State.MEASURED)}


def test_what_an_office_fills_in_is_reported_and_what_a_system_counts_is_measured(admit, catalogue):
    states = {source: values(admit(reading(measure, 2, unit=unit), source=source))[unit, measure][1] for source, measure, unit in TOLD}
    assert states == {"super_app": State.MEASURED, "district": State.REPORTED, "police": State.REPORTED}
    assert [catalogue.sources[source].entry for source in states] == ["connector", "spreadsheet", "spreadsheet"]


def test_a_name_nobody_knows_is_noted_once_and_never_guessed(admit):
    found = admit(reading("staff_standardised", 3, unit="Trường Mầm non Mới"), reading("staff_wallets", 2, unit="Trường Mầm non Mới"))
    assert found.observations == ()
    assert found.unknown_names == ("Trường Mầm non Mới",)
    assert [fault.what for fault in found.faults] == ["chưa biết đơn vị 'Trường Mầm non Mới'; hãy xác nhận tên này là của đơn vị nào"] * 2


def test_a_measure_of_another_source_or_of_none_is_refused(admit):
    found = admit(reading("staff", 22), reading("bịa_ra", 1))
    assert found.observations == ()
    assert [fault.what.partition(";")[0] for fault in found.faults] == [
        "số liệu 'staff' không khai báo lấy từ nguồn này",
        "số liệu 'bịa_ra' không khai báo lấy từ nguồn này",
    ]


def test_a_figure_of_a_level_that_does_not_observe_it_is_refused(admit):
    found = admit(reading("staff_standardised", 921, unit=DISTRICT), reading("accounts", 9, unit=OFFICE))
    assert found.observations == ()
    assert [fault.what.partition(";")[0] for fault in found.faults] == [
        "'Tài khoản Hue-S của công chức, viên chức đã chuẩn hóa' không ghi nhận ở Huyện Nam Đông",
        "'Tài khoản Hue-S của người dân' không ghi nhận ở Văn phòng Hội đồng nhân dân và Ủy ban nhân dân huyện Nam Đông",
    ]


def test_a_figure_whose_answer_was_not_stored_is_refused(admit):
    found = admit(reading("staff_standardised", 21, raw_sha256="0" * 64))
    assert found.observations == ()
    assert "không có câu trả lời gốc" in found.faults[0].what


@pytest.mark.parametrize(
    ("source", "measure", "unit", "value", "said"),
    [
        ("super_app", "staff_standardised", OFFICE, -1, "-1"),
        ("super_app", "staff_standardised", OFFICE, 2**63, "9.223.372.036.854.775.808"),
        ("police", "vneid_level2", DISTRICT, 10_001, "100,01%"),
        ("district", "page_review", DISTRICT, 3, "3"),
        ("district", "budget", DISTRICT, -1_950_000, "-1.950.000 đồng"),
        ("documents", "annual_plan", DISTRICT, 0, "0"),
        ("documents", "annual_plan", DISTRICT, date.max.toordinal() + 1, "3.652.060"),
    ],
)
def test_a_figure_out_of_its_range_is_missing_with_the_reason(source, measure, unit, value, said, admit):
    found = admit(reading(measure, value, unit=unit), source=source)
    assert values(found) == {(unit, measure): (None, State.MISSING)}
    assert found.observations[0].reason == "nguồn đưa số ngoài khoảng cho phép"
    assert f"là {said}, ngoài khoảng cho phép; hãy " in found.faults[0].what
    assert found.fresh == ()


@pytest.mark.parametrize(
    ("source", "measure", "value"),
    [("police", "vneid_level2", 10_000), ("district", "page_review", 2), ("documents", "annual_plan", 738_893)],
)
def test_the_ends_of_a_range_belong_to_it(source, measure, value, admit):
    found = admit(reading(measure, value, unit=DISTRICT), source=source)
    assert [each.value for each in found.observations] == [value]
    assert found.faults == ()


@pytest.mark.parametrize(("value", "state"), [(5, State.MISSING), (None, State.MEASURED)])
def test_a_state_that_does_not_go_with_its_value_is_refused(value, state, admit):
    found = admit(reading("staff_standardised", value, state=state))
    assert values(found) == {(OFFICE, "staff_standardised"): (None, State.MISSING)}
    assert found.observations[0].reason == "nguồn đưa trạng thái và giá trị không khớp nhau"


def test_an_absence_that_the_source_itself_tells_is_kept_with_its_reason(admit):
    found = admit(reading("staff_standardised", None, state=State.NOT_APPLICABLE, reason="đơn vị đã giải thể"))
    assert values(found) == {(OFFICE, "staff_standardised"): (None, State.NOT_APPLICABLE)}
    assert (found.observations[0].reason, found.faults) == ("đơn vị đã giải thể", ())


@pytest.mark.parametrize("second", [6, 5], ids=["the same number", "another number"])
def test_a_unit_named_twice_for_one_measure_gives_no_figure_and_both_names_are_said(second, admit):
    found = admit(reading("staff_standardised", 6), reading("staff_standardised", second, unit="Văn phòng HĐND và UBND", place="$[9]"))
    assert values(found) == {(OFFICE, "staff_standardised"): (None, State.MISSING)}
    assert found.observations[0].reason == "nguồn nêu hai lần cùng một đơn vị"
    assert [fault.place for fault in found.faults] == ["$[9]"]
    assert f"dưới tên '{OFFICE}' và 'Văn phòng HĐND và UBND'" in found.faults[0].what


def test_a_unit_named_a_third_time_does_not_make_its_figure_sure_again(admit):
    found = admit(reading("staff_standardised", 21), reading("staff_standardised", 20), reading("staff_standardised", 21))
    assert values(found) == {(OFFICE, "staff_standardised"): (None, State.MISSING)}


def test_one_wrong_reading_does_not_stop_the_others(admit):
    found = admit(reading("staff_standardised", -1), reading("staff_wallets", 7), faults=(SourceFault("dòng 3", "chữ"),))
    assert values(found)[OFFICE, "staff_wallets"] == (7, State.MEASURED)
    assert [fault.place for fault in found.faults] == ["dòng 3", "$[0]"]


def test_every_fault_ends_with_what_to_do(admit):
    wrong = [
        reading("staff_standardised", 3, unit="Trường Mầm non Mới"),
        reading("staff", 22),
        reading("staff_standardised", 921, unit=DISTRICT),
        reading("staff_wallets", 21, raw_sha256="0" * 64),
        *[reading("staff_readers", 5)] * 2,
        *[reading("staff_cloud", value) for value in (5, 6)],
        reading("staff_trained", None),
        reading("staff_signatures", -1),
        reading("staff_standardised", 23),
    ]
    found = admit(*wrong, current=[known("staff", 22, source="district")])
    assert len(found.faults) == 9
    assert [fault.what for fault in found.faults if not re.search(r"(; |, )hãy [^;]+$", fault.what)] == []


def test_a_refused_figure_leaves_the_earlier_one_marked_as_carried_over(admit):
    before = known("staff_standardised", 20)
    found = admit(reading("staff_standardised", -1), current=[before])
    assert found.observations == (replace(before, state=State.CARRIED_OVER, reason="nguồn đưa số ngoài khoảng cho phép"),)
    assert found.fresh == ()


def test_what_a_person_reported_is_not_written_over_by_a_refused_reading(admit):
    typed = known("staff_standardised", 20, source="form", state=State.REPORTED, as_of=date(2024, 6, 5))
    found = admit(reading("staff_standardised", -1), current=[typed])
    assert found.observations == ()
    assert len(found.faults) == 1


def test_an_old_figure_the_source_no_longer_gives_is_carried_over(admit):
    old = known("staff_standardised", 20, as_of=date(2024, 6, 5))
    found = admit(reading("staff_wallets", 7), current=[old])
    assert replace(old, state=State.CARRIED_OVER, reason=NOT_GIVEN) in found.observations
    assert [each.measure for each in found.fresh] == ["staff_wallets"]


def test_a_figure_of_the_cut_off_stands_though_the_source_no_longer_gives_it(admit):
    assert admit(current=[known("staff_standardised", 20)]).observations == ()


def test_another_sources_old_figures_are_left_alone(admit):
    assert admit(current=[known("staff", 22, source="district", as_of=date(2024, 6, 1))]).observations == ()


def test_no_figure_tells_of_days_that_had_not_come_when_it_was_fetched(admit):
    (found,) = admit(reading("staff_standardised", 21, as_of=date(2024, 6, 30))).observations
    assert found.as_of == date(2024, 6, 11)


def test_when_a_source_fails_only_its_own_old_measured_figures_are_carried_over(catalogue):
    early = date(2024, 6, 5)
    old = known("staff_standardised", 20, as_of=early)
    others = [
        known("staff_wallets", 7),
        known("staff_readers", 7, as_of=early, state=State.CARRIED_OVER),
        known("staff_signatures", 7, as_of=early, source="form", state=State.REPORTED),
        known("staff", 22, as_of=early, source="district"),
    ]
    assert list(carried_over([old, *others], catalogue, "super_app", CUTOFF, "hỏng")) == [
        replace(old, state=State.CARRIED_OVER, reason="hỏng")
    ]


def test_the_remembering_store_keeps_first_and_then_remembers():
    kept = []

    def keep(answer):
        assert store.answers == {}
        kept.append(answer)
        return answer.sha256

    store = RememberingStore(keep)
    assert store.keep(ANSWER) == ANSWER.sha256
    assert (kept, store.answers, store.requests) == ([ANSWER], {ANSWER.sha256: ANSWER}, 1)


def test_an_answer_that_could_not_be_stored_is_not_remembered():
    def keep(answer):
        raise OSError

    store = RememberingStore(keep)
    with pytest.raises(OSError):
        store.keep(ANSWER)
    assert (store.answers, store.requests) == ({}, 0)
