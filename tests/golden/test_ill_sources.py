"""Dead and lying sources through the whole product: what they do not tell is absent with a reason, never zero, and the rest goes on."""

import json

import pytest
import yaml
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import request

from connectors.sandbox import create_app
from connectors.sandbox.portals import TOKEN
from hue_dti.cli import cli
from hue_dti.observations.model import State
from hue_dti.resources import folder
from hue_dti.snapshots.verify import verify
from hue_dti.units.load import load_units
from tests.golden.papers import DocxPaper, pdf_words, squeezed
from tests.golden_quarter import MIGRATED, UNIT, described, opened, serving, written_sources

FAULTS = {"digital_address": "403", "public_services": "html", "police": "404", "hamlet_teams": "broken"}
LIAR = "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân huyện Nam Đông"
QUARTER = ("--unit", "nam-dong", "--period", "2024-Q2")


def lying(app):
    """The super-app says that one office has more standardised accounts than it has staff."""

    @app.after_request
    def more_than_all(response):
        if request.path.endswith("/can-bo/chuan-hoa"):
            page = json.loads(response.get_data())
            for row in page["du_lieu"]:
                row["tai_khoan_chuan_hoa"] += 5_000 * row["don_vi"].startswith("Văn phòng")
            response.set_data(json.dumps(page))
        return response

    return app


@pytest.fixture(scope="module")
def sick():
    """The address of systems of which four are dead and one lies."""
    with serving(lying(create_app(FAULTS))) as base:
        yield base


@pytest.fixture(scope="module")
def pulled(server, sick, tmp_path_factory):
    """A quarter pulled from them and closed, and how each source did."""
    with server.temporary(MIGRATED) as database, opened(database, tmp_path_factory.mktemp("ill")) as made:
        made.storage.save_units(load_units(folder("criteria")))
        outcomes = made.pull(described(sick, attempts="1"))
        made.close()
        yield made, outcomes


@pytest.fixture(scope="module")
def quarter(pulled):
    return pulled[0]


@pytest.fixture(scope="module")
def outcomes(pulled):
    return pulled[1]


@pytest.fixture(scope="module")
def liar(quarter):
    return next(unit for unit in quarter.read().tree.units if unit.name == LIAR)


@pytest.fixture(scope="module")
def files(quarter, tmp_path_factory):
    return quarter.reports(tmp_path_factory.mktemp("ill-reports"))


@pytest.fixture(scope="module")
def spoken(files):
    return DocxPaper(files["docx"]).spoken


def type_in(quarter, *words, **environment):
    return CliRunner().invoke(cli, words, env={**quarter.environment, **environment})


def test_only_the_ill_sources_fail_and_each_says_why(outcomes):
    told = {code: outcome.outcome for code, outcome in outcomes.items() if outcome.outcome != "ok"}
    assert told == {**dict.fromkeys(FAULTS, "failed"), "super_app": "partial"}
    for code, word in {"digital_address": "403", "public_services": "text/html", "police": "404"}.items():
        assert word in outcomes[code].reason
    (fault,) = outcomes["super_app"].faults
    assert fault.what.startswith(f"{LIAR}: ")
    assert "lớn hơn" in fault.what


def test_the_figures_of_a_dead_source_are_absent_with_its_reason_and_never_zero(quarter, outcomes):
    snapshot = quarter.read()
    owned = {code: measure.source for code, measure in quarter.catalogue.measures.items()}
    dead = [figure for figure in snapshot.figures.values() if owned[figure.measure] in FAULTS]
    assert len(dead) == 57
    for figure in dead:
        assert (figure.value, figure.state) == (None, State.SOURCE_FAILED)
        assert figure.reason == outcomes[owned[figure.measure]].reason


def test_the_figure_of_a_liar_is_missing_with_a_reason_and_leads_to_what_was_said(quarter, liar):
    figure = quarter.read().figure(liar.code, "staff_standardised")
    assert (figure.value, figure.state) == (None, State.MISSING)
    assert "lớn hơn" in figure.reason
    told = json.loads(quarter.storage.raw_answer(figure.origin.raw_sha256).body)
    assert [row["don_vi"] for row in told["du_lieu"] if row["tai_khoan_chuan_hoa"] > 5_000] == [LIAR]


def test_a_sum_without_the_liar_is_partial_and_its_list_does_not_name_it(quarter, liar, lines):
    line = quarter.read().sheet.criterion("III.1")
    staff = quarter.read().figure(liar.code, "staff").value
    assert (line.part, line.whole) == (lines["III.1"]["part"] - staff, lines["III.1"]["whole"] - staff)
    assert (line.coverage.have, line.coverage.expected, line.coverage.absent) == (43, 44, (liar.code,))
    assert sum(row.missing for row in line.shortfalls) == line.whole - line.part
    assert liar.code not in {row.unit for row in line.shortfalls}


def test_criteria_of_sound_sources_are_as_in_a_sound_quarter(quarter, lines):
    touched = {"III.1", "IV.2", "IV.3", "VI.1", "VI.2", "VI.3", "VII.1", "VII.5"}
    for line in quarter.read().sheet.criteria:
        if line.code not in touched:
            sound = lines[line.code]
            assert (line.part, line.whole, line.status.slug) == (sound["part"], sound["whole"], sound["status"]), line.code


def test_a_criterion_without_figures_earns_nothing_yet_and_is_not_called_failed(quarter):
    for code in ("VI.1", "VI.2", "VI.3", "VII.1", "VII.5"):
        line = quarter.read().sheet.criterion(code)
        assert (line.part, line.whole, line.share, line.points, line.status.slug) == (None, None, None, 0, "in_progress")


def test_the_report_says_that_a_sum_is_partial_and_who_is_absent(spoken, files):
    wanted = f"Tổng chưa đủ: mới có số liệu của 43/44 đơn vị; còn thiếu: {LIAR}."
    assert [note for note in spoken.notes.values() if wanted in note]
    assert squeezed(wanted) in pdf_words(files["pdf"])


def test_the_report_says_in_words_what_could_not_be_had_and_prints_no_zero_for_it(spoken, printed):
    for code in ("VI.1", "VI.2", "VI.3", "VII.1", "VII.5"):
        assert printed[code]["sentences"]["report"]["no_figures"] in spoken.blocks
    results = {row[1]: row[6] for row in spoken.tables[1] if len(row) == 7}
    assert results[printed["VII.5"]["name"]] == "Chưa có số liệu\nĐang thực hiện; 0 điểm"
    told = next(block for block in spoken.blocks if "chưa có số liệu hoặc số liệu chưa đầy đủ từ nguồn" in block)
    assert told.endswith(": III.1, IV.2, IV.3, VI.1, VI.2, VI.3, VII.1, VII.5.")


def test_the_closed_quarter_verifies(quarter):
    (head,) = quarter.storage.snapshot_heads(UNIT)
    assert verify(quarter.storage.bundle(head.sha256)) == ()


def test_the_pages_show_what_is_absent(quarter, outcomes, liar):
    site = quarter.site()
    page = BeautifulSoup(site.get("/nguon").text, "html.parser").get_text(" ", strip=True)
    for code in FAULTS:
        assert outcomes[code].reason in page
    criterion = BeautifulSoup(site.get(f"/don-vi/{UNIT}/2024-Q2/tieu-chi/III.1").text, "html.parser").get_text(" ", strip=True)
    assert liar.name in criterion
    for address in ("", "/bao-cao", "/tieu-chi/VII.5", "/tieu-chi/VI.3"):
        assert site.get(f"/don-vi/{UNIT}/2024-Q2{address}").status_code == 200


def test_the_next_sound_pull_fills_the_gaps_and_the_quarter_can_be_closed_again(quarter, sandbox, sheet):
    first = quarter.storage.newest_head(UNIT)
    quarter.pull(described(sandbox[0]))
    again = quarter.close(reason="Các nguồn đã trả số liệu")
    assert (again.sequence, again.supersedes_sha256) == (2, first.sha256)
    assert quarter.read().sheet.total.points == int(sheet["total"]["points"].replace(".", ""))


@pytest.fixture
def sources_file(tmp_path):
    """A sources file as a province writes it, its token in the environment."""

    def write(base):
        entries, environment = written_sources(base)
        for entry in entries.values():
            entry.update({"backoff_s": "0", "attempts": "1"})
        path = tmp_path / "sources.yaml"
        path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
        return {"HUE_DTI_SOURCES": str(path), **environment}

    return write


def test_pull_lists_the_ill_sources_and_goes_on(another_quarter, sick, sources_file):
    done = type_in(another_quarter(), "pull", *QUARTER, **sources_file(sick))
    assert done.exit_code == 0, done.output
    table = done.output.partition("Kết quả lấy số liệu")[2]
    assert table.count("nguồn lỗi") == len(FAULTS)
    assert table.count("tốt") == 11
    assert table.count("có dòng lỗi") == 1
    assert "403" in table
    assert LIAR in " ".join(table.replace("│", " ").split())
    assert TOKEN not in done.output


def test_pull_fails_when_every_source_is_dead(another_quarter, sources_file):
    done = type_in(another_quarter(), "pull", *QUARTER, **sources_file("http://127.0.0.1:1"))
    assert done.exit_code == 1
    assert done.output.partition("Kết quả lấy số liệu")[2].count("nguồn lỗi") == 16


def test_pull_asks_only_the_source_that_is_named(another_quarter, sandbox, sources_file):
    done = type_in(another_quarter(), "pull", *QUARTER, "--source", "police", **sources_file(sandbox[0]))
    assert done.exit_code == 0
    assert done.output.partition("Kết quả lấy số liệu")[2].count("tốt") == 1
