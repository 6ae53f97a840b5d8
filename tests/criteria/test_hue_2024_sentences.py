"""The sentences of Huế's sets can be filled for every status, and are our own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from hue_dti.catalogue import placeholders
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion
from hue_dti.catalogue.rules import Gate, Inverse, Ratio, WhenNone, YesNo

SAMPLE = {
    "unit": "Huyện Nam Đông",
    "period": "Quý II năm 2024",
    "points": "9,5145",
    "max_points": "10",
    "status": "Đang thực hiện",
    "reason": "UBND tỉnh chưa triển khai",
    "deadline": "15/11/2024",
    "as_of": "10/06/2024",
    "document": "Kế hoạch số 1/KH-UBND",
    "documents": "Kế hoạch số 1/KH-UBND",
    "part": "921",
    "whole": "968",
    "missing": "47",
    "missing_share": "4,86%",
    "rate": "95,14%",
    "share": "95,14%",
    "at_least": "24",
    "gate_count": "6",
    "gate_at_least": "5",
    "date": "08/01/2024",
    "by": "31/01/2024",
    "in_use": "Họp không giấy tờ",
    "not_in_use": "Tiếp nhận góp ý",
    "note": "",
    "list_total": "47",
    "list_units": "24",
}

OF_THE_PRINTED_REPORT = (
    "đã thường xuyên cập nhật bản tin hoạt động lãnh đạo",
    "các tài khoản chưa tiếp cận thông tin",
    "chủ yếu thuộc viên chức ngành giáo dục",
    "chưa đăng ký tài khoản hue-s",
    "tk chuẩn hóa",
    "đều được cài đặt và vận hành tại hạ tầng dùng chung của tỉnh",
    "theo hướng mỗi thôn tổ sẽ thành lập",
    "đã có 53/60",
    "không có lây nhiễm mã độc, virus vào máy tính công vụ",
    "đăng ký hồ sơ trực tuyến cấp huyện từ dịch vụ công",
    "đã tham gia vận hành nền tảng làm việc số",
    "đã vận hành hình thức quản lý hiện trạng",
    "từ 15 tuổi trở lên có sử dụng điện thoại di động thông minh mở tài khoản",
    "được cấp chữ ký số thông qua hue-s",
    "địa chỉ được số hóa",
    "chưa kích hoạt gồm",
    "đã triển khai chức năng thông báo, cảnh báo",
    "đã đăng tải",
    "phản ánh hiện trường không hài lòng",
    "có cảm nhận bức xúc khi xử lý vấn đề",
    "số hóa một số tiềm năng, thế mạnh",
)
"""Runs of words of a district's own report; the columns of the decision's table are official text and are not meant here."""


def lines(catalogue: Catalogue) -> Iterator[tuple[CriteriaSet, Criterion]]:
    return ((each, line) for each in catalogue.sets.values() for line in each.criteria)


def sentences(line: Criterion) -> Iterator[str]:
    yield from line.sentences.report.values()
    yield from line.sentences.result.values()
    if line.sentences.shortfall:
        yield line.sentences.shortfall


def test_every_sentence_fills_without_leftover_braces(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        for sentence in sentences(line):
            filled = placeholders.fill(sentence, SAMPLE)
            assert not re.search(r"[{}]|\s{2}|\s[.,;:]|None", filled), f"{line.code}: {filled}"


def test_a_report_sentence_begins_with_a_capital_and_ends_with_one_full_stop(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        for sentence in line.sentences.report.values():
            assert sentence[0].isupper(), sentence
            assert sentence.endswith("."), sentence
            assert not sentence.endswith(".."), sentence
        for cell in line.sentences.result.values():
            assert not cell.endswith("."), cell


def test_every_criterion_can_say_that_nothing_came(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        for texts in (line.sentences.report, line.sentences.result):
            assert set(placeholders.used(texts["no_figures"])) <= placeholders.ALWAYS, line.code
            assert texts["any"], line.code


def test_a_criterion_that_can_fall_out_of_the_assessment_says_so_without_a_percentage(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        rule = line.rule.then if isinstance(line.rule, Gate) else line.rule
        if isinstance(rule, Ratio | Inverse) and rule.whole is not None and rule.when_none is WhenNone.NOT_APPLICABLE:
            for texts in (line.sentences.report, line.sentences.result):
                assert not {"share", "rate", "missing_share"} & set(placeholders.used(texts["not_applicable"])), line.code


def test_a_criterion_that_is_full_over_nothing_does_not_print_a_percentage(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        if isinstance(line.rule, Ratio) and line.rule.when_none is WhenNone.FULL:
            for text in (line.sentences.report["achieved"], line.sentences.result["any"]):
                assert not {"share", "rate", "missing_share"} & set(placeholders.used(text)), line.code


def test_what_is_not_opened_or_not_begun_has_words_of_its_own(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        if not line.status.opened:
            assert "{reason}" in line.sentences.report["not_started"], line.code
            assert line.sentences.result["not_started"] == "{reason}"
        elif isinstance(line.rule, YesNo):
            assert line.sentences.report["not_started"].startswith("Chưa "), line.code


def test_the_footnote_hangs_at_the_figure_it_explains(catalogue: Catalogue) -> None:
    for _, line in lines(catalogue):
        if line.shortfall is None:
            continue
        figure = "part" if line.shortfall.shows == "achieved" else "missing"
        assert re.search(rf"\{{{figure}\}} [^{{}};]*{re.escape(line.shortfall.noun)}[^{{}};]*\{{note\}}", line.sentences.report["any"]), (
            line.code
        )
        assert "{list_total}" in line.sentences.shortfall, line.code
        assert line.sentences.shortfall[-1] not in ".:;", line.code


def test_the_lists_are_those_a_reader_can_act_on(district: CriteriaSet) -> None:
    missing = {line.code for line in district.criteria if line.shortfall and line.shortfall.shows == "missing"}
    achieved = {line.code for line in district.criteria if line.shortfall and line.shortfall.shows == "achieved"}
    assert missing == {"I.10", "III.1", "III.2", "III.4", "IV.1", "IV.3", "V.1", "V.2", "VII.4", "VIII.1", "VIII.4"}
    assert achieved == {"VII.2", "VII.3", "VII.5"}


@pytest.mark.parametrize("words", OF_THE_PRINTED_REPORT)
def test_no_sentence_repeats_a_districts_own_report(catalogue: Catalogue, words: str) -> None:
    copied = [line.code for _, line in lines(catalogue) for sentence in sentences(line) if words in sentence.lower()]
    assert copied == []


def test_a_bad_share_prints_as_part_over_whole(district: CriteriaSet) -> None:
    for line in district.criteria:
        if isinstance(line.rule, Inverse):
            printed = placeholders.used(" ".join(sentences(line)))
            assert "rate" in printed, line.code
            assert "share" not in printed, line.code
