"""Each level's report bears its own body, signer and recipients, and praises nothing that nobody assessed."""

from copy import deepcopy
from dataclasses import replace

import pytest

from benchmarks.proofs.quarters import district_quarter
from hue_dti.reports import texts as fixed
from hue_dti.reports.assessment import AssessmentWriter
from hue_dti.reports.content import build
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.model import Report, plain
from hue_dti.reports.texts import text
from hue_dti.scoring.model import Status
from hue_dti.services.quarter import catalogue_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.units.model import Level
from hue_dti.units.tree import build_tree


@pytest.fixture(scope="module")
def district() -> Snapshot:
    return district_quarter()


@pytest.fixture(scope="module")
def commune(district: Snapshot) -> Snapshot:
    """Khe Tre's own quarter out of its district's."""
    sheet = next(sheet for sheet in district.lower if sheet.unit == "20161")
    tree = build_tree(district.tree.units, district.tree.as_of, sheet.unit)
    head = replace(district.head, unit=sheet.unit, criteria_set=sheet.criteria_set)
    own = {key: each for key, each in district.figures.items() if key[0] in tree.index}
    return replace(district, head=head, tree=tree, figures=own, sheet=sheet, lower_set=None, lower=(), ranking=())


def test_a_quarter_without_one_criterion_achieved_keeps_no_result_of_none(district):
    nothing = [replace(line, status=Status.IN_PROGRESS) for line in district.sheet.criteria]
    sheet = replace(district.sheet, criteria=tuple(nothing), total=replace(district.sheet.total, achieved=0))
    snapshot = replace(district, sheet=sheet)
    book = FigureBook(snapshot, catalogue_of(snapshot))
    last = plain(AssessmentWriter(snapshot, catalogue_of(snapshot), book).tasks("IV")[-1].runs)
    assert last.endswith(text("tasks", "keep_none"))
    assert "0 tiêu chí" not in last


def test_the_words_between_figures_are_the_secretary_s_to_change(district, monkeypatch):
    words = deepcopy(dict(fixed.texts()))
    words["results"]["achieved_note"] = "Đã xong: {listed}."
    words["lines"] |= {"no_document": "(tự điền)", "not_issued": "(chưa có)", "listed": "{unit} thiếu {missing}"}
    monkeypatch.setattr(fixed, "texts", lambda: words)
    spoken = str(report_of(district))
    assert "Đã xong: " in spoken
    assert "Các tiêu chí đã đạt" not in spoken
    assert "thiếu " in spoken


def report_of(snapshot: Snapshot) -> Report:
    return build(snapshot, catalogue_of(snapshot))


def test_a_district_is_signed_by_the_head_of_its_committee(district):
    report = report_of(district)
    assert report.letterhead.superior == "ỦY BAN NHÂN DÂN\nHUYỆN NAM ĐÔNG"
    assert report.letterhead.place_and_date.startswith("Nam Đông, ngày")
    assert (report.signature.authority, report.signature.office) == ("TM. BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ", "TRƯỞNG BAN")
    assert "- UBND các xã, phường, thị trấn;" in report.signature.recipients
    assert plain(report.lead[0].runs).count("Ban Chỉ đạo chuyển đổi số huyện Nam Đông báo cáo") == 1


def test_a_commune_reports_to_its_district_and_has_no_communes_to_send_to(commune):
    report = report_of(commune)
    assert report.letterhead.superior == "ỦY BAN NHÂN DÂN\nTHỊ TRẤN KHE TRE"
    assert report.letterhead.place_and_date.startswith("Khe Tre, ngày")
    assert (report.signature.authority, report.signature.office) == ("TM. TỔ CHỈ ĐẠO CHUYỂN ĐỔI SỐ", "TỔ TRƯỞNG")
    assert report.signature.recipients[0] == "- Thường trực Ban Chỉ đạo chuyển đổi số huyện (để báo cáo);"
    assert not any("UBND các xã" in line for line in report.signature.recipients)
    assert "Tổ Chỉ đạo chuyển đổi số thị trấn Khe Tre báo cáo" in plain(report.lead[0].runs)


def test_a_province_reports_to_the_nation_and_sends_to_its_districts(district):
    top, *others = district.tree.units
    province = replace(top, name="Tỉnh Thừa Thiên Huế", level=Level.PROVINCE)
    report = report_of(replace(district, tree=build_tree([province, *others], district.tree.as_of)))
    assert report.letterhead.place_and_date.startswith("Thừa Thiên Huế, ngày")
    assert "- UBND các huyện, thị xã, thành phố;" in report.signature.recipients


def test_a_group_that_does_not_apply_is_not_praised_as_done(district):
    nothing = replace(district.sheet.groups[4], achieved=0, in_progress=0, not_started=0, not_achieved=0, not_applicable=4)
    groups = tuple(nothing if group.code == nothing.code else replace(group, in_progress=1) for group in district.sheet.groups)
    snapshot = replace(district, sheet=replace(district.sheet, groups=groups))
    catalogue = catalogue_of(snapshot)
    said = " ".join(plain(block.runs) for block in AssessmentWriter(snapshot, catalogue, FigureBook(snapshot, catalogue)).blocks())
    assert "đã hoàn thành toàn bộ tiêu chí" not in said
