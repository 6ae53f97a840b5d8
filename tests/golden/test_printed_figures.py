"""Every number on the paper is a figure of the snapshot, and every list adds up to the number in its sentence."""

import re
from collections import Counter
from datetime import date

import pytest
import yaml

from hue_dti.reports.model import Figure, Note, Table, Text, runs_of
from hue_dti.resources import folder
from tests.golden.by_hand import Reckoner

DECLARED = {
    "days": r"\b\d{2}/\d{2}/\d{4}\b",
    "numbers of documents": r"\b\d+/[A-ZĐ]+(-[A-ZĐ]+)*",
    "years": r"\b(năm|NĂM) \d{4}\b",
    "codes of criteria": r"\b[IVX]+\.\d+\b",
    "numbers of headings and tasks": r"^\d+\. ",
    "counts of what is named beside them": r"\(\d+ tiêu chí\)|\bCó \d+ tiêu chí\b|\bcủa \d+ nhóm\b",
    "the decision's own words": r"\bđịnh danh điện tử mức 2\b|\btừ 15 tuổi trở lên\b",
}
"""Numbers that are not figures."""


@pytest.fixture(scope="module")
def reckon(sheet, printed):
    measures = yaml.load((folder("criteria") / "hue" / "measures.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)["measures"]
    return Reckoner(sheet, printed, measures, documents=13)


def told(runs):
    """Texts and figures in reading order, those of a footnote where it hangs."""
    for run in runs:
        yield from run.runs if isinstance(run, Note) else (run,)


@pytest.fixture(scope="module")
def figures(report):
    blocks = (*report.main, *(block for appendix in report.appendices for block in appendix.blocks))
    return [run for block in blocks for run in told(runs_of(block)) if isinstance(run, Figure)]


def test_every_printed_figure_is_what_the_sheet_says_at_its_path(figures, reckon):
    assert len(figures) > 500
    assert [(figure.path, figure.text) for figure in figures] == [(figure.path, reckon(figure.path)) for figure in figures]


def test_every_criterion_with_counts_has_a_figure_on_the_paper(figures, lines):
    shown = {figure.path.split("/")[1] for figure in figures if figure.path.split("/")[-1] in {"part", "share", "gate_count"}}
    assert {code for code, line in lines.items() if line["part"] is not None} <= shown


def test_no_number_stands_in_the_body_or_a_footnote_that_is_neither_a_figure_nor_declared(report):
    for block in report.main:
        words = "".join("§" if isinstance(run, Figure) else run.text for run in told(block.runs))
        if words.startswith("Tính đến ngày"):
            words = words.replace(next(note.runs[0].text for note in told_notes(block)), "")  # names of criteria, tested on their own
        for pattern in DECLARED.values():
            words = re.sub(pattern, "", words)
        # The names of criteria may hold numbers of the decision.
        assert re.findall(r"\d[\d.,/%]*", re.sub("“[^”]*”", "", words)) == [], words


def told_notes(block):
    return [run for run in block.runs if isinstance(run, Note)]


def test_the_result_cells_have_no_number_of_their_own(report):
    table = next(block for block in report.appendices[1].blocks if isinstance(block, Table))
    for row in table.rows:
        words = "".join(run.text for run in row.cells[6] if isinstance(run, Text))
        assert re.findall(r"\d+", re.sub(DECLARED["days"], "", words)) == [], words


def test_the_plans_day_is_the_one_in_the_snapshot(docx, lines):
    issued = f"{date.fromordinal(lines['II.1']['figures']['annual_plan']):%d/%m/%Y}"
    cell = next(row[6] for row in docx.spoken.tables[1] if row[1] == "Ban hành kế hoạch chuyển đổi số hằng năm")
    assert cell == f"Ngày ban hành: {issued} (hạn 31/01/2024)\nĐạt; 10 điểm"


def test_the_first_footnote_lists_the_achieved_criteria_by_group(docx, lines, decision):
    listed = []
    for group in decision["groups"]:
        done = [each for each in group["criteria"] if lines[each["code"]]["status"] == "achieved"]
        names = "; ".join(f"{each['code'].split('.')[1]}. {each['name']}" for each in done)
        listed += [f"{group['code']}. {group['name']}: {names}"] if done else []
    assert docx.spoken.notes[1] == f"Các tiêu chí đã đạt: {'; '.join(listed)}."


LISTS = {3: 33, 4: 24, 5: 10, 7: 10, 8: 5, 9: 10, 10: 10, 11: 10, 12: 10, 13: 39}
"""Footnotes that are lists, and how many units each names."""


@pytest.mark.parametrize("form", ["docx", "html"])
@pytest.mark.parametrize("number", LISTS)
def test_a_footnotes_list_adds_up_to_the_number_in_its_sentence(number, form, request):
    spoken = request.getfixturevalue(form).spoken
    opening, _, rest = spoken.notes[number].partition(": ")
    listed = [int(each.replace(".", "")) for each in re.findall(r": ([\d.]+\d|\d)(?=[;.])", f": {rest}")]
    stated, units = re.fullmatch(r"([\d.]+) .* tại (\d+) [^\d]+", opening).groups()
    sentence = next(block for block in spoken.blocks if f"[{number}]" in block)
    before = re.search(rf"([\d.]+) [^\d\[]*\[{number}\]", sentence)[1]
    assert len(listed) == int(units) == LISTS[number]
    assert sum(listed) == int(stated.replace(".", "")) == int(before.replace(".", ""))


def test_the_assessment_names_the_criteria_that_lose_most_and_what_each_loses(docx, lines):
    losing = sorted((line for line in lines.values() if line["status"] != "not_started"), key=lambda line: -lost(line))[:6]
    told = re.findall(
        r"^\d+\. Phấn đấu nâng điểm tiêu chí ([IVX]+\.\d+) “.*”, hiện còn thiếu ([\d,]+) điểm ", "\n".join(docx.spoken.blocks), re.M
    )
    assert [(code, float(gain.replace(",", "."))) for code, gain in told] == [(line["code"], pytest.approx(lost(line))) for line in losing]


def lost(line):
    return float(line["max_points"]) - float(line["points"])


def in_a_sentence(name):
    return re.sub(r"^(Xã|Thị trấn) ", lambda level: level[0].lower(), name)


def test_the_units_said_to_owe_most_stand_in_as_many_lists(docx, lines, snapshot):
    lists = Counter()
    for line in lines.values():
        if line["shortfalls_show"] == "missing" and line["status"] in {"in_progress", "not_achieved"}:
            lists.update(row["unit"] for row in line["shortfalls"])
    named = {in_a_sentence(snapshot.tree.unit(unit).name): number for unit, number in lists.items()}
    told = next(block for block in docx.spoken.blocks if block.startswith("Một số đơn vị còn thiếu ở nhiều tiêu chí"))
    owing = re.findall(r"([^;:]+?) \((\d+) tiêu chí\)", told.partition(": ")[2])
    assert {name.strip(): int(number) for name, number in owing}.items() <= named.items()
    assert [int(number) for _, number in owing] == sorted(named.values(), reverse=True)[:5]


def test_the_causes_count_the_criteria_they_name(docx, decision, printed):
    told = re.findall(r"^Có (\d+) tiêu chí chưa thực hiện được do (.*): (.*)\.$", "\n".join(docx.spoken.blocks), re.M)
    unopened = {code: line["status"]["reason"] for code, line in printed.items() if line.get("status", {}).get("opened") == "false"}
    assert {code: reason for _, reason, codes in told for code in codes.split(", ")} == unopened
    assert all(int(number) == len(codes.split(", ")) for number, _, codes in told)


def test_appendix_one_lists_the_thirteen_documents_of_the_quarter(docx):
    rows = docx.spoken.tables[0][1:]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 14)]
    assert [(row[1], row[2]) for row in rows] == [
        ("125/KH-UBND", "02/04/2024"),
        ("486/UBND-VHTT", "02/04/2024"),
        ("530/UBND-VHTT", "10/04/2024"),
        ("569/UBND-VHTT", "16/04/2024"),
        ("586/UBND-VHTT", "19/04/2024"),
        ("588/UBND-VHTT", "19/04/2024"),
        ("605/UBND-VHTT", "22/04/2024"),
        ("646/UBND-VHTT", "02/05/2024"),
        ("648/UBND-VHTT", "02/05/2024"),
        ("149/KH-UBND", "07/05/2024"),
        ("152/KH-UBND", "07/05/2024"),
        ("833/UBND-VHTT", "28/05/2024"),
        ("848/UBND-VHTT", "29/05/2024"),
    ]
    assert "đã ban hành 13 văn bản chỉ đạo" in "\n".join(docx.spoken.blocks)


def test_group_headings_count_their_criteria_as_the_district_did(docx):
    headings = [block for block in docx.spoken.blocks if re.match(r"\d\. .* tiêu chí\)$", block)]
    assert headings == [
        "1. Nhận thức số (Đạt 5/10 tiêu chí, đang thực hiện 5/10 tiêu chí)",
        "2. Thể chế số (Đạt 2/3 tiêu chí, đang thực hiện 1/3 tiêu chí)",
        "3. Hạ tầng số (Đạt 1/6 tiêu chí, đang thực hiện 4/6 tiêu chí, chưa thực hiện 1/6 tiêu chí)",
        "4. Nhân lực số (Đạt 3/8 tiêu chí, đang thực hiện 1/8 tiêu chí, chưa thực hiện 4/8 tiêu chí)",
        "5. An toàn thông tin (Đạt 4/4 tiêu chí)",
        "6. Chính quyền số (Đạt 2/7 tiêu chí, đang thực hiện 5/7 tiêu chí)",
        "7. Xã hội số (Đạt 1/5 tiêu chí, đang thực hiện 4/5 tiêu chí)",
        "8. Kinh tế số (Đang thực hiện 4/4 tiêu chí)",
        "9. Dịch vụ đô thị thông minh (Đạt 2/6 tiêu chí, đang thực hiện 4/6 tiêu chí)",
    ]
