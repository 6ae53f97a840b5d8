"""A changed decision is a changed YAML file: scores, page and report follow, and no line of code is touched."""

import json
import shutil
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.resources import folder
from tests.golden.papers import DocxPaper, pdf_words, squeezed

FIFTY_FOURTH = """
      - code: VIII.5
        name: "Giao nhận hàng hóa qua <mã số> vùng trồng"
        to_do: "Các huyện vận động hộ kinh doanh giao nhận hàng hóa theo mã số"
        condition: "Tối thiểu 14 hộ kinh doanh"
        evidence: "Báo cáo của huyện"
        max_points: 10
        source: district
        verifying_unit: "Sở Công Thương"
        responsible_unit: "Phòng Kinh tế và Hạ tầng"
        deadline: 12-31
        legal: "Quyết định bổ sung"
        rule: {kind: count, measure: marketplace_sellers, at_least: 14}
        sentences:
          report:
            any: "Đã có {part}/{at_least} hộ kinh doanh giao nhận hàng hóa theo mã số."
            no_figures: "Chưa có số hộ kinh doanh giao nhận hàng hóa theo mã số."
          result:
            any: "{part}/{at_least} hộ"
            no_figures: "Chưa có số liệu"
"""


def edited(criteria, *edits):
    """A copy of the criteria in which each text was replaced, as an official would with an editor."""
    copy = shutil.copytree(folder("criteria"), criteria)
    path = copy / "hue" / "district-2024.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return copy


def shown(quarter):
    done = CliRunner().invoke(cli, ["show", "--unit", "483", "--period", "2024-Q2", "--json"], env=quarter.environment)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def page(quarter, address=""):
    answer = quarter.site().get(f"/don-vi/483/2024-Q2{address}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)


@pytest.fixture(scope="module")
def thirty_articles(copy_quarter, tmp_path_factory):
    """At least 30 articles instead of 24, for I.4 (104 of them) and for I.5 (25 of them)."""
    rules = [f"rule: {{kind: count, measure: {measure}, at_least: 24}}" for measure in ("leader_news", "unit_news")]
    home = tmp_path_factory.mktemp("thirty")
    with copy_quarter(home, edited(home / "criteria", *((rule, rule.replace("24", "30")) for rule in rules))) as quarter:
        quarter.close()
        yield quarter


def test_thirty_articles_instead_of_twenty_four_change_the_scores(thirty_articles, sheet):
    now = shown(thirty_articles)
    lines = {line["code"]: line for line in now["criteria"]}
    assert [lines["I.4"][key] for key in ("status", "part", "whole", "points")] == ["achieved", 104, 30, "24"]
    assert [lines["I.5"][key] for key in ("status", "part", "whole", "share", "points")] == ["in_progress", 25, 30, "0.833333", "20"]
    assert (now["total"]["achieved"], now["total"]["in_progress"]) == (19, 29)
    assert Decimal(sheet["total"]["points"]) - Decimal(now["total"]["points"]) == 4
    assert now["total"]["max_points"] == sheet["total"]["max_points"]
    assert now["snapshot_sha256"] != sheet["snapshot_sha256"]


def test_thirty_articles_instead_of_twenty_four_change_the_page(thirty_articles):
    assert "25/30" in page(thirty_articles)
    assert "Số tin về chương trình, hoạt động trên địa bàn đã đăng là 25/30 tin." in page(thirty_articles, "/tieu-chi/I.5")
    assert "÷ 30 tin" in page(thirty_articles, "/tieu-chi/I.5")


def test_thirty_articles_instead_of_twenty_four_change_the_report(thirty_articles, tmp_path):
    files = thirty_articles.reports(tmp_path / "out")
    spoken, paper = DocxPaper(files["docx"]).spoken, pdf_words(files["pdf"])
    wanted = "Số tin về chương trình, hoạt động trên địa bàn đã đăng là 25/30 tin."
    assert wanted in spoken.blocks
    assert squeezed(wanted) in paper
    assert "1. Nhận thức số (Đạt 4/10 tiêu chí, đang thực hiện 6/10 tiêu chí)" in spoken.blocks
    assert squeezed("đang thực hiện 29/53 tiêu chí, chưa thực hiện 5/53 tiêu chí") in paper
    assert "Tin hoạt động đơn vị" not in spoken.notes[1]


@pytest.fixture(scope="module")
def fifty_four(copy_quarter, tmp_path_factory):
    """A criterion more in group VIII, with ten points more."""
    more_points = ('name: "Kinh tế số"\n    max_points: 40\n', 'name: "Kinh tế số"\n    max_points: 50\n')
    home = tmp_path_factory.mktemp("fifty-four")
    with copy_quarter(home, edited(home / "criteria", more_points, ("\n  - code: IX\n", f"{FIFTY_FOURTH}\n  - code: IX\n"))) as quarter:
        quarter.close()
        yield quarter


def test_a_fifty_fourth_criterion_is_scored(fifty_four, sheet):
    now = shown(fifty_four)
    line = next(line for line in now["criteria"] if line["code"] == "VIII.5")
    assert (line["part"], line["whole"], line["points"], line["status"]) == (7, 14, "5", "in_progress")
    assert len(now["criteria"]) == 54
    assert (now["total"]["max_points"], now["total"]["max_points_stated"]) == ("675", "605")
    assert Decimal(now["total"]["points"]) - Decimal(sheet["total"]["points"]) == 5


def test_a_fifty_fourth_criterion_stands_on_the_page(fifty_four):
    assert "54 tiêu chí" in page(fifty_four)
    assert "Giao nhận hàng hóa qua <mã số> vùng trồng" in page(fifty_four)
    assert "Đã có 7/14 hộ kinh doanh giao nhận hàng hóa theo mã số." in page(fifty_four, "/tieu-chi/VIII.5")


def test_a_fifty_fourth_criterion_stands_in_the_report(fifty_four, tmp_path):
    files = fifty_four.reports(tmp_path / "out")
    spoken, paper = DocxPaper(files["docx"]).spoken, pdf_words(files["pdf"])
    assert "Đã có 7/14 hộ kinh doanh giao nhận hàng hóa theo mã số." in spoken.blocks
    assert "8. Kinh tế số (Đang thực hiện 5/5 tiêu chí)" in spoken.blocks
    rows = [row for row in spoken.tables[1] if row[1] == "Giao nhận hàng hóa qua <mã số> vùng trồng"]
    assert [row[5:] for row in rows] == [["10", "7/14 hộ\nĐang thực hiện; 5 điểm"]]
    assert squeezed("Giao nhận hàng hóa qua <mã số> vùng trồng") in paper


def test_the_closed_quarter_keeps_the_criteria_it_was_scored_with(thirty_articles):
    """The folder goes back to what it was; what was closed under the changed one still reads so."""
    path = thirty_articles.criteria / "hue" / "district-2024.yaml"
    shutil.copy(folder("criteria") / "hue" / "district-2024.yaml", path)
    lines = {line["code"]: line for line in shown(thirty_articles)["criteria"]}
    assert (lines["I.5"]["whole"], lines["I.5"]["points"]) == (30, "20")
    assert "25/30" in page(thirty_articles, "/tieu-chi/I.5")
