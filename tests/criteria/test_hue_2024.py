"""The sets of Huế say what decision 931/QĐ-UBND says, and mark what it leaves open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion
from hue_dti.catalogue.rules import Count, Gate, Inverse, Ratio, WhenNone
from hue_dti.resources import folder
from hue_dti.units.model import Level

PRINTED = {
    "I.1": (5, "Ban chỉ đạo chuyển đổi số"),
    "I.2": (10, "Tổ chức họp Ban chỉ đạo chuyển đổi số định kỳ"),
    "I.3": (5, "Công khai thông tin đơn vị"),
    "I.4": (24, "Bản tin hoạt động lãnh đạo đơn vị"),
    "I.5": (24, "Tin hoạt động đơn vị"),
    "I.6": (24, "Truyền thông chính sách"),
    "I.7": (24, "Truyền thông nội bộ"),
    "I.8": (24, "Phát thanh cơ sở"),
    "I.9": (20, "Tiếp cận thông tin của người dân"),
    "I.10": (10, "Tiếp cận thông tin của công chức, viên chức, người lao động"),
    "II.1": (10, "Ban hành kế hoạch chuyển đổi số hằng năm"),
    "II.2": (10, "Văn bản chỉ đạo chuyển đổi số"),
    "II.3": (10, "Triển khai xếp loại đánh giá chỉ số chuyển đổi số"),
    "III.1": (10, "Tỷ lệ công chức, viên chức người lao động sử dụng điện thoại thông minh"),
    "III.2": (30, "Tỷ lệ người dân trong độ tuổi trưởng thành sử dụng thiết bị thông minh"),
    "III.3": (10, "Tỷ lệ hộ gia đình sử dụng thiết bị thông minh"),
    "III.4": (10, "Tỷ lệ hộ gia đình có kết nối internet cáp quang băng rộng"),
    "III.5": (10, "Công chức, viên chức, người lao động sử dụng nền tảng điện toán đám mây"),
    "III.6": (10, "Sử dụng hạ tầng dùng chung cho các nền tảng số"),
    "IV.1": (10, "Nhân lực chuyên trách, kiêm nhiệm chuyển đổi số, an toàn thông tin"),
    "IV.2": (10, "Tổ công nghệ số cộng đồng đến thôn, bản, tổ dân phố"),
    "IV.3": (10, "Kiện toàn Tổ công nghệ số cộng đồng"),
    "IV.4": (10, "Nghiệp vụ cho cán bộ chuyên trách, kiêm nhiệm chuyển đổi số, an toàn thông tin"),
    "IV.5": (20, "Nghiệp vụ cho Tổ Công nghệ số cộng đồng (trực tiếp)"),
    "IV.6": (20, "Nghiệp vụ cho Tổ Công nghệ số cộng đồng (trực tuyến)"),
    "IV.7": (30, "Kỹ năng số cho người dân"),
    "IV.8": (10, "Kỹ năng số cho công chức, viên chức, người lao động"),
    "V.1": (10, "Cài đặt phần mềm chống mã độc"),
    "V.2": (10, "Cài đặt phần mềm phòng chống virus"),
    "V.3": (10, "Tỷ lệ lây nhiễm mã độc, virus"),
    "V.4": (10, "Tỷ lệ khắc phục nhiễm mã độc, virus"),
    "VI.1": (5, "Tỷ lệ thủ tục hành chính trực tuyến toàn trình"),
    "VI.2": (20, "Tỷ lệ người dân, doanh nghiệp đăng ký hồ sơ trực tuyến"),
    "VI.3": (10, "Tỷ lệ vi phạm yêu cầu xử lý hồ sơ"),
    "VI.4": (10, "Nền tảng làm việc số"),
    "VI.5": (10, "Nền tảng báo cáo số"),
    "VI.6": (10, "Nền tảng bản đồ số"),
    "VI.7": (10, "Tổng ngân sách chi cho chuyển đổi số"),
    "VII.1": (10, "Tài khoản định danh điện tử mức 2"),
    "VII.2": (10, "Tài khoản thanh toán điện tử"),
    "VII.3": (10, "Chữ ký số"),
    "VII.4": (10, "Chữ ký số công vụ"),
    "VII.5": (10, "Địa chỉ số"),
    "VIII.1": (10, "Tỷ lệ cơ sở kinh doanh trên địa bàn có dán mã QR (VietQR) phục vụ cho thanh toán trực tuyến"),
    "VIII.2": (10, "Tham gia sàn thương mại điện tử"),
    "VIII.3": (10, "Sản phẩm địa phương có phát sinh giao dịch từ sàn thương mại điện tử"),
    "VIII.4": (10, "Thanh toán không dùng tiền mặt trong công chức, viên chức, người lao động"),
    "IX.1": (10, "Tích hợp dịch vụ đô thị thông minh trên Hue-S"),
    "IX.2": (10, "Thông báo, cảnh báo"),
    "IX.3": (10, "Tương tác với người dân, doanh nghiệp và báo chí"),
    "IX.4": (10, "Mức độ hài lòng khi tương tác với người dân, doanh nghiệp"),
    "IX.5": (10, "Mức độ bức xúc khi tương tác với người dân, doanh nghiệp"),
    "IX.6": (10, "Số hóa tiềm năng, thế mạnh"),
}
"""Points and name of every criterion; the points of VIII.4 and of group IX are assumed."""

GROUPS = {
    "I": (10, 170),
    "II": (3, 30),
    "III": (6, 80),
    "IV": (8, 120),
    "V": (4, 40),
    "VI": (7, 75),
    "VII": (5, 50),
    "VIII": (4, 40),
    "IX": (6, 60),
}
ASSUMED_POINTS = {"VIII.4", "IX.1", "IX.2", "IX.3", "IX.4", "IX.5", "IX.6"}
BY_15_NOVEMBER = {"I.2", "I.3", "II.3", "IV.3"}
NOT_OPENED = {
    "III.5": "UBND tỉnh chưa triển khai",
    "IV.4": "Sở Thông tin và Truyền thông chưa tổ chức tập huấn, hội thảo",
    "IV.6": "Sở Thông tin và Truyền thông chưa triển khai chương trình",
    "IV.7": "Sở Thông tin và Truyền thông chưa triển khai chương trình",
    "IV.8": "Sở Thông tin và Truyền thông chưa triển khai chương trình",
}
EMPTY_BASE = {
    WhenNone.FULL: {"V.4"},
    WhenNone.ZERO: {"III.2", "IV.3", "IV.6", "VII.2", "VII.3"},
}
"""What a zero base means where it does not take the criterion out of the assessment."""

MAY_EXCEED = {"I.9", "II.2", "III.3", "IV.2", "IV.7", "V.1", "V.2", "VI.3", "VII.5"}
"""Criteria whose part is not by definition inside the whole: a surplus is capped, not refused."""

TYPING_SLIPS = (
    *("sử dung", "sủ dụng", "hẳng", "tiên hành", "khuyên khích", "độ tuôi", "phương cán", "lưu trữ tại liệu", "Tỷ số số"),
    *("kinh doanh doanh", "mà VietQR", "phải pháp", "Căn cứ và số lượng", "nằm hạn chế", "các chức xử lý", "không tinh", "hue-S", ".v.v."),
)
DOCS = Path(__file__).parents[2] / "docs" / "criteria.md"


def test_the_district_set_has_53_criteria_in_nine_groups(district: CriteriaSet) -> None:
    assert {group.code: (len(group.criteria), group.max_points) for group in district.groups} == GROUPS
    assert len(district.criteria) == 53


def test_every_name_and_its_points_are_those_printed(district: CriteriaSet) -> None:
    assert {line.code: (line.max_points, line.name) for line in district.criteria} == PRINTED
    assert [line.code for line in district.criteria] == list(PRINTED)


def test_595_of_665_points_are_stated(district: CriteriaSet) -> None:
    assert sum(line.max_points for line in district.criteria) == 665
    assert sum(line.max_points for line in district.criteria if not line.points_assumed) == 595
    assert {line.code for line in district.criteria if line.points_assumed} == ASSUMED_POINTS


def test_four_criteria_end_on_15_november_and_the_rest_with_the_year(district: CriteriaSet) -> None:
    for line in district.criteria:
        assert str(line.deadline) == ("11-15" if line.code in BY_15_NOVEMBER else "12-31"), line.code


def test_where_a_number_is_due_by_15_november_only_what_happened_by_then_is_counted(catalogue: Catalogue) -> None:
    due = {code: str(measure.until) for code, measure in catalogue.measures.items() if measure.until is not None}
    assert due == {"steering_meetings": "11-15", "teams_strengthened": "11-15"}


def test_what_the_province_has_not_opened_says_why(district: CriteriaSet) -> None:
    assert {line.code: line.status.reason for line in district.criteria if not line.status.opened} == NOT_OPENED


def test_only_two_criteria_are_achieved_otherwise_than_by_their_share(district: CriteriaSet) -> None:
    special = {line.code: line.status.achieved_when for line in district.criteria if line.status.achieved_when != "share"}
    assert special == {"I.9": "gate", "IX.5": "year_end"}


def test_the_set_covers_the_whole_year_though_the_decision_came_in_april(district: CriteriaSet) -> None:
    assert district.decision.number == "931/QĐ-UBND"
    assert district.decision.issued_on == date(2024, 4, 4)
    assert district.in_force_on(date(2024, 1, 1))
    assert district.replaces == ("2263/QĐ-UBND", "3043/QĐ-UBND")
    assert "01/01/2024" in district.note


def test_a_zero_base_takes_a_criterion_out_of_the_assessment_unless_said_otherwise(district: CriteriaSet) -> None:
    for line in district.criteria:
        rule = line.rule.then if isinstance(line.rule, Gate) else line.rule
        if isinstance(rule, Ratio | Inverse):
            expected = next((meaning for meaning, codes in EMPTY_BASE.items() if line.code in codes), WhenNone.NOT_APPLICABLE)
            assert rule.when_none is expected, line.code


def test_a_part_may_exceed_its_whole_only_where_it_is_not_inside_it(district: CriteriaSet) -> None:
    capped = set()
    for line in district.criteria:
        rule = line.rule.then if isinstance(line.rule, Gate) else line.rule
        if isinstance(rule, Ratio | Inverse) and rule.whole is not None and not rule.subset:
            capped.add(line.code)
    assert capped == MAY_EXCEED


def test_a_figure_that_stands_in_for_the_decisions_own_is_marked_and_assumed(district: CriteriaSet) -> None:
    proxies = {line.code for line in district.criteria if isinstance(line.rule, Ratio) and line.rule.proxy}
    assert proxies == {"III.2", "III.3", "VII.2", "VII.3"}
    assert all(district.criterion(code).assumptions for code in proxies)


def test_a_threshold_the_decision_leaves_open_is_named_among_the_assumptions(district: CriteriaSet) -> None:
    for code in ("VI.5", "VIII.2", "VIII.3", "IX.1", "IX.2", "IX.6"):
        line = district.criterion(code)
        assert isinstance(line.rule, Count)
        assert re.search(rf"\b{line.rule.at_least}\b", " ".join(line.assumptions)), code
    budget = district.criterion("VI.7")
    assert isinstance(budget.rule, Ratio)
    assert budget.rule.target == Fraction(1, 100)
    assert "1%" in " ".join(budget.assumptions)


@pytest.mark.parametrize("code", sorted(ASSUMED_POINTS))
def test_assumed_points_are_said_in_the_assumptions(district: CriteriaSet, code: str) -> None:
    assert f"tạm tính {district.criterion(code).max_points}" in " ".join(district.criterion(code).assumptions)


def test_the_source_of_a_criterion_brings_one_of_its_figures(catalogue: Catalogue) -> None:
    for criteria_set in catalogue.sets.values():
        for line in criteria_set.criteria:
            assert line.source in {catalogue.measures[code].source for code in line.rule.measures()}, line.code


def test_every_measure_is_used(catalogue: Catalogue) -> None:
    used = {code for each in catalogue.sets.values() for line in each.criteria for code in line.rule.measures()}
    assert set(catalogue.measures) == used


def test_every_criterion_cites_its_place_and_names_who_answers(district: CriteriaSet) -> None:
    for line in district.criteria:
        assert line.legal == f"Quyết định số 931/QĐ-UBND ngày 04/4/2024, mục {line.code}"
        assert all((line.to_do, line.condition, line.evidence, line.verifying_unit, line.responsible_unit)), line.code


def test_every_text_is_nfc_and_free_of_the_slips_of_the_printed_table(catalogue: Catalogue) -> None:
    for name, text in catalogue.texts.items():
        assert unicodedata.is_normalized("NFC", text), name
        assert [slip for slip in TYPING_SLIPS if slip in text] == [], name
    for criteria_set in catalogue.sets.values():
        for line in criteria_set.criteria:
            assert [text for text in _printed(line) if text != text.strip() or "  " in text] == [], line.code


def test_the_commune_set_has_exactly_the_criteria_whose_figures_reach_communes(
    catalogue: Catalogue, district: CriteriaSet, commune: CriteriaSet
) -> None:
    reaching = [
        line.code for line in district.criteria if all(Level.COMMUNE in catalogue.measures[code].levels for code in line.rule.measures())
    ]
    assert [line.code for line in commune.criteria] == reaching
    assert sum(line.max_points for line in commune.criteria) == 260


def test_the_commune_set_keeps_text_points_and_rule_of_the_district_set(district: CriteriaSet, commune: CriteriaSet) -> None:
    for line in commune.criteria:
        above = district.criterion(line.code)
        assert list(_printed(line)) == list(_printed(above))
        assert (line.rule, line.max_points, line.points_assumed, line.deadline, line.status) == (
            *(above.rule, above.max_points, above.points_assumed, above.deadline, above.status),
        )
    assert commune.calendar == district.calendar


def test_nobody_can_take_the_commune_set_for_an_official_one(commune: CriteriaSet) -> None:
    assert not commune.official
    assert "không chính thức" in commune.title
    assert "không chính thức" in commune.short_title
    assert commune.note


def test_the_documentation_repeats_every_assumption_word_for_word(district: CriteriaSet) -> None:
    rows = {row.split("|")[1].strip(): row for row in DOCS.read_text(encoding="utf-8").splitlines() if row.startswith("| ")}
    for line in district.criteria:
        assert line.code in rows
        assert [each for each in line.assumptions if each not in rows[line.code]] == [], line.code


def test_no_file_of_the_sets_is_missing_from_the_shipped_folder(catalogue: Catalogue) -> None:
    shipped = {path.relative_to(folder("criteria")).as_posix() for path in folder("criteria").rglob("*.yaml")}
    frameworks = load_frameworks(folder("criteria"))
    maps = load_rollups(folder("criteria"), catalogue, frameworks)
    apart = {each.place[0] for each in (*frameworks.values(), *maps.values())}
    assert shipped - apart == set(catalogue.texts)


def _printed(line: Criterion) -> Iterator[str]:
    yield from (line.name, line.to_do, line.condition, line.evidence)
