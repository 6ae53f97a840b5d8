"""The one gate for figures: what passes, what is refused and why, and what then stands in its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from hue_dti.catalogue.load import load_texts
from hue_dti.observations.intake import NOT_GIVEN, Admission, Gatekeeper, RememberingStore, carried_over
from hue_dti.observations.model import Observation, Origin, Pulled, RawAnswer, Reading, SourceFault, State
from hue_dti.periods import Period
from hue_dti.units.model import Level, OrgUnit

PERIOD, CUTOFF = Period.parse("2024-Q2"), date(2024, 6, 10)
FETCHED = datetime(2024, 6, 10, 18, 0, tzinfo=UTC)  # already 11 June in Huế
SHA = "a" * 64
ANSWER = RawAnswer(SHA, "GET /so-lieu", 200, "application/json", FETCHED, b"{}")
COMMUNE = OrgUnit("20161", "Thị trấn Khe Tre", Level.COMMUNE, "483", date(2020, 1, 1))
DISTRICT = OrgUnit("483", "Huyện Nam Đông", Level.DISTRICT, "46", date(2020, 1, 1))
UNITS = {unit.code: unit for unit in (COMMUNE, DISTRICT)}

AXES = "levels: [commune], over_units: sum, over_time: last"
CATALOGUE = load_texts(
    {
        "measures.yaml": f"""
sources:
  app: {{name: "Ứng dụng", entry: connector, owner: "Tỉnh"}}
  other: {{name: "Nguồn khác", entry: connector, owner: "Tỉnh"}}
measures:
  done: {{name: "Đã làm", noun: "hộ", kind: count, {AXES}, source: app}}
  all: {{name: "Tất cả", noun: "hộ", kind: count, {AXES}, source: app}}
  base: {{name: "Số nền", noun: "hộ", kind: count, {AXES}, source: other, base: true}}
  rate: {{name: "Tỷ lệ", noun: "%", kind: percent, levels: [district], over_units: none, over_time: last, source: app}}
""",
        "set.yaml": """
code: bo
title: "Bộ"
short_title: "Bộ"
level: district
official: false
decision: {number: 1/QĐ, issued_on: 2024-01-01, issuer: UBND, title: "Bộ", checked_on: 2024-01-01}
in_force: {from: 2024-01-01, to: null}
calendar: {cutoffs: {}}
unopened_leave_the_maximum: false
enough_data: 65%
groups:
  - code: I
    name: "Nhóm"
    max_points: 10
    criteria:
      - {code: I.1, name: "Một", to_do: "", condition: "", evidence: "", max_points: 10, source: app,
         verifying_unit: "", responsible_unit: "", deadline: null, legal: "",
         rule: {kind: ratio, part: done, whole: all, when_none: zero, subset: true},
         sentences: {report: {any: "Có số."}, result: {any: "Có số."}}}
""",
    }
)


def reading(measure: str, value: int | None, unit: str = "20161", **more: object) -> Reading:
    return Reading(**{"unit": unit, "measure": measure, "value": value, "as_of": CUTOFF, "raw_sha256": SHA, "place": "$[0]"} | more)


def stored(measure: str, value: int | None, state: State = State.MEASURED, as_of: date = CUTOFF, source: str = "app") -> Observation:
    return Observation("20161", measure, PERIOD, value, state, as_of, Origin(source, "GET /cũ", FETCHED, "b" * 64, "$[9]"))


def admit(*readings: Reading, current: Iterable[Observation] = (), faults: tuple[SourceFault, ...] = ()) -> Admission:
    gate = Gatekeeper(CATALOGUE, "app", PERIOD, CUTOFF, UNITS.get, current, {SHA: ANSWER})
    return gate.admit(Pulled(readings, faults=faults))


def told(admission: Admission) -> dict[str, tuple[int | None, State]]:
    return {each.measure: (each.value, each.state) for each in admission.observations}


def test_what_passes_carries_where_it_came_from():
    (observed,) = admit(reading("done", 3)).observations
    assert (observed.unit, observed.value, observed.state, observed.period) == ("20161", 3, State.MEASURED, PERIOD)
    assert observed.origin == Origin("app", "GET /so-lieu", FETCHED, SHA, "$[0]")


def test_zero_is_a_figure():
    assert told(admit(reading("done", 0))) == {"done": (0, State.MEASURED)}


def test_a_name_nobody_knows_is_listed_once_and_gives_no_figure():
    admission = admit(reading("done", 3, "Xã Lạ"), reading("all", 4, "Xã Lạ"))
    assert (admission.observations, admission.unknown_names, len(admission.faults)) == ((), ("Xã Lạ",), 2)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (reading("base", 3), "không khai báo lấy từ nguồn này"),
        (reading("nothing", 3), "không khai báo lấy từ nguồn này"),
        (reading("done", 3, "483"), "không ghi nhận ở Huyện Nam Đông"),
        (reading("done", 3, raw_sha256="c" * 64), "không có câu trả lời gốc"),
        (reading("done", -1), "ngoài khoảng cho phép"),
        (reading("done", 2**63), "ngoài khoảng cho phép"),
        (reading("rate", 10_001, "483"), "ngoài khoảng cho phép"),
        (reading("done", None), "không khớp nhau"),
        (reading("done", 3, state=State.MISSING), "không khớp nhau"),
    ],
    ids=["another's", "unknown", "level", "no answer", "negative", "too large", "above 100%", "no value", "value in no state"],
)
def test_a_reading_that_cannot_be_trusted_is_a_fault_and_never_a_figure(wrong, why):
    admission = admit(wrong)
    assert not any(each.state.has_value for each in admission.observations)
    (fault,) = admission.faults
    assert why in fault.what


def test_two_different_figures_for_one_thing_leave_none():
    admission = admit(reading("done", 3), reading("done", 4))
    assert told(admission) == {"done": (None, State.MISSING)}
    assert admission.fresh == ()


def test_the_same_figure_twice_is_used_once_and_told():
    admission = admit(reading("done", 3), reading("done", 3))
    assert told(admission) == {"done": (3, State.MEASURED)}
    assert len(admission.faults) == 1


@pytest.mark.parametrize("order", [("done", "all"), ("all", "done")])
def test_a_part_above_its_whole_is_refused_whichever_comes_first(order):
    values = {"done": 5, "all": 4}
    admission = admit(*(reading(measure, values[measure]) for measure in order))
    assert told(admission) == {order[0]: (values[order[0]], State.MEASURED), order[1]: (None, State.MISSING)}
    assert "'Đã làm' (5) lớn hơn 'Tất cả' (4)" in admission.faults[0].what


def test_what_a_source_tells_anew_is_not_held_against_what_it_told_before():
    admission = admit(reading("done", 5), reading("all", 6), current=[stored("done", 3), stored("all", 4)])
    assert told(admission) == {"done": (5, State.MEASURED), "all": (6, State.MEASURED)}


def test_a_refused_figure_leaves_the_earlier_one_marked_as_carried_over():
    admission = admit(reading("done", -1), current=[stored("done", 3)])
    (observed,) = admission.observations
    assert (observed.value, observed.state, observed.origin.place) == (3, State.CARRIED_OVER, "$[9]")
    assert observed.reason
    assert admission.fresh == ()


def test_a_figure_a_person_reported_is_left_as_it_is():
    assert admit(reading("done", -1), current=[stored("done", 3, State.REPORTED, source="nhập tay")]).observations == ()


def test_an_old_figure_that_is_not_told_again_is_carried_over_and_one_of_the_cut_off_stays():
    old, fresh = stored("done", 3, as_of=date(2024, 5, 1)), stored("all", 9)
    (observed,) = admit(current=[old, fresh]).observations
    assert (observed.measure, observed.state, observed.reason) == ("done", State.CARRIED_OVER, NOT_GIVEN)


def test_a_failed_source_carries_over_only_its_own_figures():
    others = [stored("done", 3, as_of=date(2024, 5, 1)), stored("base", 3, as_of=date(2024, 5, 1), source="other")]
    assert [each.measure for each in carried_over(others, CATALOGUE, "app", CUTOFF, "mất mạng")] == ["done"]


def test_no_figure_tells_of_days_that_had_not_come():
    (observed,) = admit(reading("done", 3, as_of=date(2024, 6, 30))).observations
    assert observed.as_of == date(2024, 6, 11)


def test_a_connector_s_own_faults_are_kept():
    fault = SourceFault("dòng 3", "không đọc được")
    assert admit(reading("done", 3), faults=(fault,)).faults == (fault,)


def test_a_remembering_store_remembers_only_what_is_stored():
    def keep(answer: RawAnswer) -> str:
        if not answer.body:
            raise OSError("đĩa đầy")
        return answer.sha256

    store = RememberingStore(keep)
    assert store.keep(ANSWER) == SHA
    with pytest.raises(OSError, match="đĩa đầy"):
        store.keep(RawAnswer("d" * 64, "GET /", 200, "", FETCHED, b""))
    assert (store.answers, store.requests) == ({SHA: ANSWER}, 1)
