"""Assessment rounds of nine districts, forty communes and sixty-three provinces: days, marks, ranks, publications."""

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from hue_dti.accounts.model import Role
from hue_dti.appraisal.model import Stage
from hue_dti.appraisal.rounds import Participant, Phase, Window, window_faults
from hue_dti.catalogue.outline import outline_of
from hue_dti.errors import RoundRefused, SnapshotTampered
from hue_dti.numerals import POINT
from hue_dti.plans.excerpt import excerpt
from hue_dti.resources import folder
from hue_dti.rollup.rounds import round_lines, thaw, values_in
from hue_dti.services.plan_paper import standings_of_values
from hue_dti.services.regions import official_regions
from hue_dti.services.round_opening import open_round, participants
from hue_dti.services.rounds import Given, changed_since, enter, extend, mark, publish, published
from hue_dti.storage import open_storage
from hue_dti.units.lines import Lines
from hue_dti.units.model import Level
from tests.services.assessment import (
    APPRAISED,
    ENTERED,
    EXPLAINED,
    FRAMEWORKS,
    OUT,
    SETTLED,
    UNITS,
    WINDOWS,
    appraiser,
    approver,
    begin,
    desk,
    fill,
    person,
)

EXAMPLES = folder("criteria") / "frameworks" / "examples"


@pytest.fixture(scope="module")
def storage(server):
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as opened:
        opened.save_units(UNITS)
        yield opened


@pytest.fixture(scope="module")
def lines():
    return Lines(UNITS, date(2024, 6, 1))


@pytest.fixture(scope="module")
def districts(storage, catalogue, lines):
    """Nine districts that gave themselves so many of the points of each criterion; the ninth gave nothing."""
    under = {unit.code: lines.of(unit.code) for unit in UNITS}
    units = participants(UNITS, "46", Level.DISTRICT, date(2024, 6, 1), under)
    made = begin(storage, outline_of(catalogue.sets["hue-district-2024"]), "huyen-2024", units)
    for place, unit in enumerate(made.units[:8]):
        share = Fraction(9 - place // 2, 10)
        fill(storage, made.code, unit.code, {line.code: int(line.max_points * share) for line in made.lines})
    return made


def test_nine_districts_share_ranks_and_who_gave_nothing_has_none(storage, districts):
    assert (len(districts.units), len(districts.lines), districts.max_points) == (9, 53, 665 * POINT)
    results = desk(storage, "huyen-2024").results
    assert [row.rank for row in results] == [1, 1, 3, 3, 5, 5, 7, 7, None]
    assert (results[-1].unit, results[-1].missing) == (districts.units[8].code, 53)
    assert "chưa có điểm nào" in results[-1].reason


def test_each_word_is_written_in_its_days_by_whom_it_belongs_to(storage, districts):
    unit, line = districts.units[0].code, districts.lines[0].code
    officer = person(f"can.bo.{unit}", Role.OFFICER, unit, ENTERED)

    def refused(act, doer, **more):
        found = desk(storage, "huyen-2024")
        with pytest.raises(RoundRefused) as caught:
            act(storage, found, found.sheet(unit), *more.values(), doer, (unit, "46"))
        return str(caught.value)

    one = [Given(line, 2 * POINT, "thiếu văn bản")]
    assert "Đã hết thời gian tự đánh giá" in refused(enter, person(officer.actor.login, Role.OFFICER, unit, APPRAISED), given=one)
    assert "Chưa đến thời gian thẩm định" in refused(mark, appraiser(ENTERED), stage=Stage.APPRAISED, given=one)
    assert "Vai trò của bạn" in refused(mark, person("x", Role.OFFICER, unit, APPRAISED), stage=Stage.APPRAISED, given=one)
    assert "không được tự duyệt" in refused(
        mark, person(officer.actor.login, Role.APPRAISER, "46", APPRAISED), stage=Stage.APPRAISED, given=one
    )
    assert "Chưa ghi lý do" in refused(mark, appraiser(APPRAISED), stage=Stage.APPRAISED, given=[Given(line, 2 * POINT)])
    assert "Điểm phải từ 0" in refused(mark, appraiser(APPRAISED), stage=Stage.APPRAISED, given=[Given(line, 500 * POINT, "x")])
    with_line = (unit, "46")
    found = desk(storage, "huyen-2024")
    mark(storage, found, found.sheet(unit), Stage.APPRAISED, one, appraiser(APPRAISED), with_line)
    told = [Given(line, None, "Văn bản ban hành ngày 5/1, gửi kèm")]
    assert "Chưa đến thời gian giải trình" in refused(mark, officer, stage=Stage.EXPLAINED, given=told)
    late = person("can.bo", Role.OFFICER, unit, EXPLAINED)
    other = [Given(districts.lines[1].code, None, "không có gì")]
    assert "không phải giải trình" in refused(mark, late, stage=Stage.EXPLAINED, given=other)
    found = desk(storage, "huyen-2024")
    mark(storage, found, found.sheet(unit), Stage.EXPLAINED, told, late, with_line)
    assert "Vừa có người ghi điểm" in _stale(storage, found, unit, told, late)
    found = desk(storage, "huyen-2024")
    mark(storage, found, found.sheet(unit), Stage.FINAL, [Given(line, 4 * POINT, "chấp nhận một phần")], appraiser(SETTLED), with_line)
    words = desk(storage, "huyen-2024").sheet(unit).words[line]
    assert (words.self_points, words.appraised.points, words.final.points, words.points) == (
        45_000,
        2 * POINT,
        4 * POINT,
        4 * POINT,
    )


def test_who_stands_on_one_side_of_a_sheet_does_not_write_on_the_other_in_either_order(storage, districts):
    unit, (line, free) = districts.units[1].code, (districts.lines[0].code, districts.lines[3].code)
    found, above = desk(storage, "huyen-2024"), (unit, "46")
    mark(storage, found, found.sheet(unit), Stage.APPRAISED, [Given(line, 2 * POINT, "thiếu văn bản")], appraiser(APPRAISED), above)
    both = person("tham.dinh", Role.OFFICER, unit, ENTERED)
    for seen in (found, desk(storage, "huyen-2024")):  # the sheet as it was before the word, and as it is
        with pytest.raises(RoundRefused, match="Bạn đã thẩm định"):
            enter(storage, seen, seen.sheet(unit), [Given(free, POINT)], both, above)
    officer = person(f"can.bo.{unit}", Role.APPRAISER, "46", APPRAISED)
    blind = replace(found.sheet(unit), own={})
    with pytest.raises(RoundRefused, match="không được tự duyệt"):
        mark(storage, found, blind, Stage.APPRAISED, [Given(free, POINT, "thiếu văn bản")], officer, above)


def _stale(storage, found, unit, told, doer):
    with pytest.raises(RoundRefused) as caught:
        mark(storage, found, found.sheet(unit), Stage.EXPLAINED, told, doer, (unit, "46"))
    return str(caught.value)


def test_one_unit_is_given_more_time_until_a_day_and_is_listed_as_late(storage, districts):
    unit, line = districts.units[8].code, districts.lines[0].code
    give = {line: 3 * POINT}
    with pytest.raises(RoundRefused, match="Đã hết thời gian tự đánh giá"):
        fill(storage, "huyen-2024", unit, give, (6, 17))
    found = desk(storage, "huyen-2024")
    for until, why in ((date(2024, 6, 10), "vẫn trong|hôm nay"), (date(2025, 6, 10), "nhiều nhất 60 ngày")):
        with pytest.raises(RoundRefused, match=why):
            extend(storage, found, unit, Phase.ENTRY, until, "mất điện", appraiser((6, 10)), ("46",))
    extend(storage, found, unit, Phase.ENTRY, date(2024, 6, 18), "mất điện", appraiser((6, 16)), ("46",))
    assert fill(storage, "huyen-2024", unit, give, (6, 17)) == 1
    with pytest.raises(RoundRefused, match="Đã hết thời gian tự đánh giá"):
        fill(storage, "huyen-2024", unit, {line: 4 * POINT}, (6, 19))
    with pytest.raises(RoundRefused, match="Đã hết thời gian tự đánh giá"):
        fill(storage, "huyen-2024", districts.units[7].code, {line: 4 * POINT}, (6, 17))
    sheet = desk(storage, "huyen-2024").sheet(unit)
    assert ([each.code for each in sheet.late], len(sheet.missing)) == ([line], 52)


def test_a_published_result_is_frozen_and_a_later_change_is_a_new_publication(storage, districts):
    unit, line = districts.units[0].code, districts.lines[1].code
    with pytest.raises(RoundRefused, match="Chưa đến thời gian công bố"):
        publish(storage, desk(storage, "huyen-2024"), "", approver(SETTLED), ("46",))
    with pytest.raises(RoundRefused, match="Vai trò của bạn"):
        publish(storage, desk(storage, "huyen-2024"), "", appraiser(OUT), ("46",))
    first = publish(storage, desk(storage, "huyen-2024"), "", approver(OUT), ("46",))
    was = published(storage, "huyen-2024", 1)
    with pytest.raises(RoundRefused, match="ghi lý do công bố lại"):
        publish(storage, desk(storage, "huyen-2024"), "", approver(OUT), ("46",))
    with pytest.raises(RoundRefused, match="không đổi"):
        publish(storage, desk(storage, "huyen-2024"), "thử", approver(OUT), ("46",))
    extend(storage, desk(storage, "huyen-2024"), unit, Phase.SETTLING, date(2024, 8, 20), "kiến nghị sau công bố", appraiser(OUT), ("46",))
    found = desk(storage, "huyen-2024")
    mark(storage, found, found.sheet(unit), Stage.FINAL, [Given(line, 0, "x")], appraiser(OUT), (unit, "46"))
    found = desk(storage, "huyen-2024")
    assert changed_since(storage, found) == 1
    second = publish(storage, found, "Sửa điểm theo kiến nghị", approver(OUT), ("46",))
    assert (second.number, second.sha256 != first.sha256) == (2, True)
    assert published(storage, "huyen-2024", 1) == was
    now = published(storage, "huyen-2024", 2)
    points = [next(row["points"] for row in told["results"] if row["unit"] == unit) for told in (was, now)]
    assert points[0] - points[1] == 9 * districts.lines[1].max_points // 10
    bundle = storage.rounds.bundle("huyen-2024", 2)
    with pytest.raises(SnapshotTampered):
        thaw(bundle.replace(b'"number":2', b'"number":3'))
    acts = {kept.event.act for kept in storage.trail.page()}
    assert {"round.opened", "round.marked", "round.extended", "round.published"} <= acts


def test_forty_communes_are_ranked_on_exact_points(storage, catalogue):
    units = [Participant(f"xa-{number:02d}", f"Xã {number:02d}") for number in range(40)]
    made = begin(storage, outline_of(catalogue.sets["hue-commune-2024"]), "xa-2024", units)
    for number, unit in enumerate(units):
        first, *rest = made.lines
        points = {line.code: line.max_points // 2 for line in rest}
        fill(storage, made.code, unit.code, {**points, first.code: number // 3})
    results = desk(storage, "xa-2024").results
    assert [row.rank for row in results[:5]] == [1, 2, 2, 2, 5]
    assert [row.points for row in results] == sorted((row.points for row in results), reverse=True)
    assert results[0].points - results[1].points == 1


def test_sixty_three_provinces_get_the_published_index_and_ranks(storage):
    outline = outline_of(FRAMEWORKS["province-922"])
    with (EXAMPLES / "dti-2021-provinces.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    units = [Participant(f"tinh-{number:02d}", row["unit"]) for number, row in enumerate(rows)]
    made = begin(storage, outline, "tinh-2021", units, by_group=True)
    assert [line.code for line in made.lines] == [group.code for group in outline.groups if group.max_points]
    for unit, row in zip(units, rows, strict=True):
        marks = {line.code: int(Fraction(row[line.code]) * line.max_points) for line in made.lines}
        fill(storage, made.code, unit.code, marks)
    results = {row.name: row for row in desk(storage, "tinh-2021").results}
    assert len(results) == 63
    assert all(abs(results[row["unit"]].value - Fraction(row["index"])) <= Fraction(1, 10_000) for row in rows)
    assert results["Vĩnh Phúc"].rank == results["Thanh Hóa"].rank == 12
    assert results["Đồng Tháp"].rank == 49
    assert results["TP. Đà Nẵng"].pillars.keys() == {"government", "economy", "society"}
    publish(storage, desk(storage, "tinh-2021"), "", approver(OUT), ("46",))
    told = published(storage, "tinh-2021", 1)
    assert told["results"][0]["name"] == "TP. Đà Nẵng"
    framework = FRAMEWORKS["province-922"]
    values, official = values_in(told, framework), official_regions(folder("criteria"))
    beside_a_plan = excerpt(framework, standings_of_values(framework, "Đồng Tháp", told["year"], values, official=official))
    assert (beside_a_plan.whole.rank, beside_a_plan.units, beside_a_plan.region_rank) == (49, 63, 11)


def test_a_round_says_what_is_wrong_with_its_days_and_its_units(storage, catalogue):
    outline = outline_of(catalogue.sets["hue-district-2024"])
    one = [Participant("483", "Huyện Nam Đông")]
    wrong = {**WINDOWS, Phase.APPRAISAL: Window(date(2024, 6, 10), date(2024, 6, 26))}
    assert "khi tự đánh giá chưa xong (15/06/2024)" in window_faults(wrong)
    for code, units, windows, why in (
        ("a", one, wrong, "chưa xong"),
        ("Mã Sai", one, WINDOWS, "Mã đợt gồm"),
        ("a", [], WINDOWS, "Đợt chưa có đơn vị nào"),
        ("a", one * 2, WINDOWS, "ghi hai lần"),
        ("huyen-2024", one, WINDOWS, "Đã có đợt"),
        ("mo", one, WINDOWS, "địa chỉ của trang khác"),
        ("a", [Participant(str(at), "Xã") for at in range(501)], WINDOWS, "nhiều hơn 500"),
        ("a", one, {**WINDOWS, Phase.PUBLISHING: Window(date(2024, 8, 1), date(9999, 12, 31))}, "31/12/9999 xa năm đánh giá"),
        ("a", one, {**WINDOWS, Phase.PUBLISHING: Window(date(2024, 8, 1), date(2027, 8, 1))}, "quá ba năm"),
    ):
        with pytest.raises(RoundRefused, match=why):
            open_round(storage, outline, code, "Đợt", "46", 2024, units, windows, appraiser((5, 1)), ("46",))
    with pytest.raises(RoundRefused, match="Năm đánh giá 0 không hợp lệ"):
        open_round(storage, outline, "a", "Đợt", "46", 0, one, WINDOWS, appraiser((5, 1)), ("46",))
    assert round_lines(outline_of(FRAMEWORKS["national-922"])) == ()
    known = {line.group for line in round_lines(outline_of(FRAMEWORKS["province-922"])) if line.code != line.group}
    assert known == {"infrastructure"}
