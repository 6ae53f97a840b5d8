"""The reminder letter names who owes what, and every figure in it is reckoned from the quarter as it stands."""

import io
import re
from dataclasses import replace
from datetime import datetime

import pdfplumber
import pytest
from click.testing import CliRunner
from docx import Document

from hue_dti.cli import cli
from hue_dti.errors import NothingOwed
from hue_dti.numerals import format_percent, format_points
from hue_dti.observations.model import State
from hue_dti.periods import LOCAL, Period
from hue_dti.reports.letter import MOST_ADDRESSEES, letter
from hue_dti.services.letter import letter_bytes, letter_name, reminder_letter
from hue_dti.services.owing import owing
from hue_dti.services.quarter import draft

PERIOD = Period.parse("2024-Q2")
BEFORE, AFTER = (datetime(2024, 6, day, 8, tzinfo=LOCAL) for day in (3, 20))


@pytest.fixture(scope="module")
def late(copy_quarter, tmp_path_factory):
    """Nam Đông without three agencies' wallets, a source's news and a register of the district's own."""
    with copy_quarter(tmp_path_factory.mktemp("late")) as made:
        run = made.storage.begin_pull("police", "483", PERIOD, made.now())
        came = made.storage.observations(sorted({unit.code for unit in made.storage.units()}), PERIOD)
        for measure, count, state in (
            ("staff_wallets", 3, State.MISSING),
            ("leader_news", 1, State.SOURCE_FAILED),
            ("steering_meetings", 1, State.MISSING),
        ):
            gone = [replace(each, value=None, state=state) for each in came if each.measure == measure][:count]
            made.storage.save_observations(run, gone)
        made.storage.finish_pull(run, "ok", "", 1, 0, (), made.now())
        yield made


@pytest.fixture(scope="module")
def owed(late):
    return owing(draft(late.storage, late.catalogue, late.unit, PERIOD, BEFORE), late.catalogue)


def written(late, now=BEFORE):
    return reminder_letter(late.storage, late.catalogue, late.unit, PERIOD, now)


def pdf_pages(report):
    with pdfplumber.open(io.BytesIO(letter_bytes(report, "pdf"))) as pdf:
        return [" ".join((page.extract_text() or "").split()) for page in pdf.pages]


def docx_words(report):
    document = Document(io.BytesIO(letter_bytes(report, "docx")))
    return " ".join(" ".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")).split())


def test_the_letter_prints_what_silence_costs_and_the_sums_are_exact(late, owed):
    body = pdf_pages(written(late))[0]
    gain = sum(each.max_points - each.points for each in owed.criteria)
    assert gain == owed.gain > 0
    assert f"đã có {owed.present}/{owed.expected} số liệu, đạt {format_percent(owed.share)}; còn 5 số liệu" in body
    assert f"tổng điểm tăng nhiều nhất {format_points(gain)} điểm, tới {format_points(owed.points + gain)} điểm" in body
    sheet = draft(late.storage, late.catalogue, late.unit, PERIOD, BEFORE).sheet
    assert f"là {format_points(sheet.total.points)}/{format_points(sheet.total.max_points)} điểm" in body
    whole = letter(owed, late.catalogue.sets[sheet.criteria_set], BEFORE)
    rows = whole.appendices[1].blocks[0].rows
    assert [row.cells[0][0].text for row in rows[:-1]] == [each.code for each in owed.criteria] == ["I.2", "I.4", "VIII.4"]
    assert rows[-1].cells[5][0].text == format_points(gain)


def test_what_comes_in_raises_the_total_by_no_more_than_the_letter_says(late, owed, copy_quarter, tmp_path):
    with copy_quarter(tmp_path) as full:
        complete = draft(full.storage, full.catalogue, full.unit, PERIOD, BEFORE).sheet.total
    assert owed.points < complete.points <= owed.points + owed.gain


def test_the_paper_is_a_letter_s_its_matter_under_the_number_and_nobody_is_invented(late):
    report = written(late)
    with pdfplumber.open(io.BytesIO(letter_bytes(report, "pdf"))) as pdf:
        words = pdf.pages[0].extract_words(use_text_flow=False)
    at = {word["text"]: word for word in reversed(words)}
    assert at["Số:"]["bottom"] <= at["V/v"]["top"] < at["Kính"]["top"]
    assert at["V/v"]["x0"] < 250 < at["CỘNG"]["x0"]
    dashes = [word for word in words if word["text"] == "-" and at["gửi:"]["bottom"] <= word["top"] < at["Thực"]["top"]]
    assert len(dashes) >= 3
    assert {round(word["x0"]) for word in dashes} == {round(dashes[0]["x0"])}
    assert at["gửi:"]["x0"] < dashes[0]["x0"] < at["gửi:"]["x1"]
    assert "BÁO" not in at
    assert "Như trên;" in " ".join(pdf_pages(report))
    assert report.signature.name == ""


def test_pdf_and_word_say_the_same(late):
    report = written(late)
    said = re.sub(r"\s", "", " ".join(pdf_pages(report)))
    for block in report.main:
        words = re.sub(r"\s", "", "".join(run.text for run in block.runs))
        assert words in said
        assert words in re.sub(r"\s", "", docx_words(report))
    for name in (*report.addressees.names, "V/v đôn đốc cung cấp số liệu", "Phụ lục II"):
        assert name in docx_words(report)
    assert letter_bytes(report, "docx") == letter_bytes(report, "docx")
    assert letter_bytes(report, "pdf") == letter_bytes(report, "pdf")


def test_holders_of_sources_and_owing_units_are_addressed_once_each(late, owed):
    names = written(late).addressees.names
    sources = late.catalogue.sources
    assert names[:3] == (sources["meetings"].owner, sources["web_news"].owner, sources["super_app"].owner)
    assert len(names) == len(set(names)) == 6
    many = replace(owed, units=tuple(replace(owed.units[-1], name=f"Xã {number}") for number in range(MOST_ADDRESSEES)))
    long = letter(many, late.catalogue.sets["hue-district-2024"], BEFORE)
    assert long.addressees.names[-1] == "Các đơn vị có tên tại Phụ lục\u00a0I"
    one = replace(owed, units=(), criteria=owed.criteria[:1])
    assert letter(one, late.catalogue.sets["hue-district-2024"], BEFORE).addressees.lines == (f"Kính gửi: {sources['meetings'].owner}",)


def test_before_the_cut_off_it_asks_by_that_day_and_after_it_at_once(late):
    assert "trước khi hết ngày 10/06/2024" in pdf_pages(written(late))[0]
    after = pdf_pages(written(late, AFTER))[0]
    assert "ngay khi nhận được công văn này (ngày chốt 10/06/2024 đã qua)" in after
    assert "trước khi hết ngày" not in after


@pytest.mark.parametrize("name", ["<b>Xã</b> & {unit}", "Xã \u202e\x00\nđộc", "X" * 400])
def test_a_hostile_name_is_printed_as_it_is(late, owed, name):
    hostile = replace(owed, units=(replace(owed.units[0], name=name), *owed.units[1:]))
    report = letter(hostile, late.catalogue.sets["hue-district-2024"], BEFORE)
    printed = name.replace("\u202e", "[U+202E]").replace("\x00", "[U+0000]")
    wanted = re.sub(r"\s", "", printed)
    assert wanted in re.sub(r"\s", "", docx_words(report))
    assert wanted in re.sub(r"\s", "", "".join(pdf_pages(report)))


def test_a_quarter_that_owes_nothing_has_no_letter(another_quarter):
    full = another_quarter()
    with pytest.raises(NothingOwed, match="đã đủ số liệu"):
        reminder_letter(full.storage, full.catalogue, full.unit, PERIOD, BEFORE)


def test_the_command_writes_the_files_it_names(late, tmp_path):
    out = tmp_path / "a" / "b"
    done = CliRunner().invoke(
        cli, ["letter", "--unit", "nam-dong", "--period", "2024-Q2", "--format", "pdf,docx", "--out", str(out)], env=late.environment
    )
    assert done.exit_code == 0, done.output
    names = [letter_name(late.unit, PERIOD, kind) for kind in ("pdf", "docx")]
    assert (
        done.output.splitlines()
        == [str(out / name) for name in names]
        == [str(out / f"cong-van-don-doc-nam-dong-2024-Q2.{k}") for k in ("pdf", "docx")]
    )
    assert (out / names[0]).read_bytes().startswith(b"%PDF")
    wrong = CliRunner().invoke(cli, ["letter", "--unit", "483", "--period", "2024-Q2", "--format", "xlsx"], env=late.environment)
    assert (wrong.exit_code, "hãy chọn trong pdf, docx" in wrong.output) == (2, True)
