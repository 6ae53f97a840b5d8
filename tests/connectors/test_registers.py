"""Registers kept by hand: what is counted, in which days, and what a row that cannot be read does."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from flask import Response

from connectors import documents, hamlet_teams, meetings
from connectors.sandbox import sources
from connectors.workbook import XLSX
from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.model import State


def workbook(**sheets):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name.replace("_", " "))
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value)
                elif value is not None:
                    page.write(at, column, value)
    book.close()
    return stream.getvalue()


@pytest.fixture
def read(pull_body):
    """Read a register; gives figures by unit and measure, faults by place, and everything."""

    def run(source, body):
        pulled = pull_body(source, body, next(iter(XLSX)))
        figures = {(each.unit, each.measure): each.value for each in pulled.readings}
        return figures, {each.place: each.what for each in pulled.faults}, pulled

    return run


def hamlets(*rows):
    return workbook(Tổ=[hamlet_teams.HEADINGS, *rows])


FOUNDED = ("45/QĐ-UBND", date(2022, 9, 12))


def test_a_village_without_a_team_counts_as_a_village_only(read):
    figures, faults, _ = read("hamlet_teams", hamlets(["Thôn 1", "Hương Phú", 5, *FOUNDED, None], ["Thôn 2", "Hương Phú"]))
    assert figures == {
        ("Hương Phú", "villages"): 2,
        ("Hương Phú", "teams"): 1,
        ("Hương Phú", "teams_strengthened"): 0,
        ("Hương Phú", "team_members"): 5,
    }
    assert faults == {}


@pytest.mark.parametrize(("day", "counted"), [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), ("10/06/2024", 1), (date(2024, 6, 11), 0)])
def test_a_team_counts_as_strengthened_from_1_january_to_the_cut_off(day, counted, read):
    figures, _, _ = read("hamlet_teams", hamlets(["Thôn 1", "Hương Phú", 5, *FOUNDED, day]))
    assert figures["Hương Phú", "teams_strengthened"] == counted


@pytest.mark.parametrize(("day", "counted"), [(date(2024, 11, 15), 1), (date(2024, 11, 16), 0)])
def test_at_the_end_of_the_year_a_team_counts_as_strengthened_only_up_to_15_november(day, counted, nam_dong, serve, store):
    base = serve(Response(hamlets(["Thôn 1", "Hương Phú", 5, *FOUNDED, day]), content_type=next(iter(XLSX))))
    request = nam_dong.request("hamlet_teams", sources(base)["hamlet_teams"], cutoff=date(2024, 12, 31))
    pulled = hamlet_teams.HamletTeams().pull(request, store, lambda: datetime(2025, 1, 10, tzinfo=UTC))
    assert {each.measure: each.value for each in pulled.readings}["teams_strengthened"] == counted
    assert {each.measure: each.value for each in pulled.readings}["teams"] == 1


def test_a_team_founded_after_the_cut_off_is_not_there_yet(read):
    figures, _, _ = read("hamlet_teams", hamlets(["Thôn 1", "Hương Phú", 5, "9/QĐ-UBND", date(2024, 6, 11), None]))
    assert (figures["Hương Phú", "villages"], figures["Hương Phú", "teams"], figures["Hương Phú", "team_members"]) == (1, 0, 0)


@pytest.mark.parametrize(
    "row",
    [
        ["Thôn 2", "Hương Phú", "năm", *FOUNDED, None],
        ["Thôn 2", "Hương Phú", 5, "45/QĐ-UBND", "hôm qua", None],
        ["Thôn 2", "Hương Phú", 5, *FOUNDED, "sắp tới"],
        ["Thôn 2", "Hương Phú", 5, None, None, None],
        ["thôn  1", "Hương Phú", 5, *FOUNDED, None],
        [None, "Hương Phú", 5, *FOUNDED, None],
    ],
    ids=["members", "decision day", "strengthened day", "no decision", "twice", "no village"],
)
def test_a_row_that_cannot_be_read_withholds_its_commune_and_no_other(row, read):
    good = ["Thôn 1", "Hương Phú", 5, *FOUNDED, None], ["Thôn 1", "Hương Sơn", 4, *FOUNDED, None]
    figures, faults, _ = read("hamlet_teams", hamlets(*good, row))
    assert {unit for unit, _ in figures} == {"Hương Sơn"}
    assert list(faults) == ["Tổ, dòng 4", "Tổ"]
    assert "Hương Phú" in faults["Tổ"]


def meeting(day, kind="Họp Ban Chỉ đạo chuyển đổi số", unit="Huyện Nam Đông"):
    return [day, unit, kind, "Nội dung"]


@pytest.mark.parametrize(("day", "counted"), [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), ("10/6/2024", 1), (date(2024, 6, 11), 0)])
def test_a_meeting_counts_in_the_days_of_its_measure(day, counted, read):
    figures, _, _ = read("meetings", workbook(Họp=[meetings.HEADINGS, meeting(day)]))
    assert figures["Huyện Nam Đông", "steering_meetings"] == counted


def test_a_unit_spelt_in_two_ways_is_one_unit(read):
    rows = [meeting(date(2024, 2, 1)), meeting(date(2024, 3, 1), unit="huyện  Nam Đông")]
    figures, faults, _ = read("meetings", workbook(Họp=[meetings.HEADINGS, *rows]))
    assert figures == {("Huyện Nam Đông", "steering_meetings"): 2, ("Huyện Nam Đông", "team_conferences"): 0}
    assert faults == {}


def test_a_meeting_after_15_november_comes_too_late(nam_dong, healthy, store):
    request = nam_dong.request("meetings", sources(healthy)["meetings"], cutoff=date(2024, 12, 31))
    pulled = meetings.Meetings("meetings").pull(request, store, lambda: datetime(2025, 1, 10, tzinfo=UTC))
    assert {each.measure: each.value for each in pulled.readings} == {"steering_meetings": 3, "team_conferences": 2}


def test_a_meeting_of_another_kind_is_left_aside(read):
    rows = [meetings.HEADINGS, meeting(date(2024, 2, 1), "Họp khác"), meeting(date(2024, 3, 1))]
    figures, faults, pulled = read("meetings", workbook(Họp=rows))
    assert figures == {("Huyện Nam Đông", "steering_meetings"): 1, ("Huyện Nam Đông", "team_conferences"): 0}
    assert faults == {}
    assert pulled.readings[0].place == "Họp, dòng 3"


BOTH = {"steering_meetings", "team_conferences"}


@pytest.mark.parametrize(
    ("row", "withheld"),
    [
        (meeting("tháng sau"), {"steering_meetings"}),
        (meeting("tháng sau", "Tập huấn Tổ công nghệ số cộng đồng"), {"team_conferences"}),
        (meeting("tháng sau", "Họp khác"), set()),
        (meeting(date(2024, 2, 1), None), BOTH),
        (meeting(date(2023, 2, 1), None), set()),
        (meeting("tháng sau", None), BOTH),
        (meeting(date(2024, 2, 1), unit=None), {"steering_meetings"}),
        (meeting(date(2023, 2, 1), unit=None), set()),
        (meeting("tháng sau", unit="Xã Hương Phú"), set()),
    ],
    ids=[
        "no day",
        "no day, training",
        "no day, other kind",
        "no kind",
        "no kind, last year",
        "neither",
        "no unit",
        "no unit, last year",
        "other unit",
    ],
)
def test_a_meeting_that_cannot_be_read_withholds_what_it_could_have_counted_for_and_no_more(row, withheld, read):
    figures, faults, _ = read("meetings", workbook(Họp=[meetings.HEADINGS, meeting(date(2024, 3, 1)), row]))
    of_district = {measure: value for (unit, measure), value in figures.items() if unit == "Huyện Nam Đông"}
    sound = {"steering_meetings": 1, "team_conferences": 0}
    assert of_district == {measure: value for measure, value in sound.items() if measure not in withheld}
    assert "Họp, dòng 3" in faults
    assert ("Huyện Nam Đông" in faults.get("Họp", "")) is bool(withheld)


UNPROVEN = {("483", "steering_committee"): None, ("483", "annual_plan"): None}


def document(number, day, mark="x", criterion=None, title="Về chuyển đổi số", issuer="UBND huyện"):
    return [number, day, "Công văn", title, issuer, mark, criterion, None]


def register(*issued, received=()):
    return workbook(Văn_bản_đi=[documents.HEADINGS, *issued], Văn_bản_đến=[documents.HEADINGS, *received])


@pytest.mark.parametrize(("day", "counted"), [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), ("10/06/2024", 1), (date(2024, 6, 11), 0)])
def test_a_directive_counts_by_the_day_it_was_issued(day, counted, read):
    figures, _, pulled = read("documents", register(document("1/UBND", day)))
    assert figures["483", "directives_issued"] == counted
    assert figures["483", "directives_received"] == 0
    assert len(pulled.documents) == 1


def test_a_register_that_proves_nothing_any_more_says_so_and_why(read):
    figures, _, pulled = read("documents", register(document("1/UBND", date(2024, 1, 5))))
    assert {measure for (_, measure), value in figures.items() if value is None} == {"steering_committee", "annual_plan"}
    absent = {each.measure: (each.state, each.reason) for each in pulled.readings if each.value is None}
    assert absent["annual_plan"] == (State.MISSING, "sổ văn bản không có dòng nào ghi tiêu chí II.1 trong kỳ")


def test_a_row_that_may_be_the_proof_but_cannot_be_read_leaves_what_was_known(read):
    figures, _, _ = read("documents", register(document("1/UBND", "hôm qua", criterion="I.1")))
    assert ("483", "steering_committee") not in figures
    assert figures["483", "annual_plan"] is None


def test_the_first_plan_of_the_year_gives_the_date_and_another_year_s_does_not(read):
    rows = [document(f"{at}/KH", date(year, 2, at), criterion="II.1") for at, year in ((9, 2024), (5, 2024), (1, 2023))]
    figures, _, pulled = read("documents", register(*rows))
    assert figures["483", "annual_plan"] == date(2024, 2, 5).toordinal()
    assert next(each.place for each in pulled.readings if each.measure == "annual_plan") == "Văn bản đi, dòng 3"


def test_a_received_document_proves_nothing_for_the_district(read):
    figures, _, _ = read("documents", register(received=[document("9/QĐ", date(2024, 1, 2), criterion="I.1")]))
    assert figures["483", "steering_committee"] is None
    assert figures["483", "directives_received"] == 1


@pytest.mark.parametrize(
    "row",
    [
        document(None, date(2024, 2, 1)),
        document("2/UBND", "hôm qua"),
        document("2/UBND", date(2024, 2, 1), mark="?"),
        document("2/UBND", date(2024, 2, 1), title=None),
        document("2/UBND", date(2024, 2, 1), title="a\x01b"),
        document("2/UBND", date(2024, 2, 1), title="a" * 2001),
    ],
    ids=["no number", "no day", "odd mark", "no title", "control sign", "too long"],
)
def test_a_directive_that_cannot_be_read_withholds_its_count_and_the_rest_goes_on(row, read):
    figures, faults, pulled = read("documents", register(document("1/UBND", date(2024, 1, 5)), row, document("3/UBND", date(2024, 3, 1))))
    assert figures == {("483", "directives_received"): 0, **UNPROVEN}
    assert list(faults) == ["Văn bản đi, dòng 3", "Văn bản đi"]
    assert [each.number for each in pulled.documents] == ["1/UBND", "3/UBND"]


def test_a_document_written_twice_counts_once(read):
    figures, faults, _ = read("documents", register(document("1/UBND", date(2024, 1, 5)), document("1/ubnd", date(2024, 1, 5))))
    assert figures["483", "directives_issued"] == 1
    assert list(faults) == ["Văn bản đi, dòng 3"]


def test_a_document_written_twice_and_marked_once_counts_for_nothing_sure(read):
    rows = [document("1/UBND", date(2024, 1, 5), mark=None), document("1/ubnd", date(2024, 1, 5))]
    figures, _, _ = read("documents", register(*rows))
    assert ("483", "directives_issued") not in figures


@pytest.mark.parametrize(
    "row",
    [document(None, date(2024, 2, 1), mark=None), document(None, date(2023, 2, 1)), document("2/UBND", "hôm qua", mark=None)],
    ids=["no directive", "of last year", "no directive, no day"],
)
def test_an_unreadable_document_that_could_not_have_counted_withholds_nothing(row, read):
    figures, faults, _ = read("documents", register(document("1/UBND", date(2024, 1, 5)), row))
    assert figures["483", "directives_issued"] == 1
    assert list(faults) == ["Văn bản đi, dòng 3"]


def test_an_unreadable_received_document_leaves_the_issued_ones_alone(read):
    rows = register(document("1/UBND", date(2024, 1, 5)), received=[document("9/UBND", None)])
    figures, faults, _ = read("documents", rows)
    assert figures == {("483", "directives_issued"): 1, **UNPROVEN}
    assert list(faults) == ["Văn bản đến, dòng 2", "Văn bản đến"]


@pytest.mark.parametrize(
    ("row", "withheld"),
    [
        (document(None, "hôm qua", None, "II.1"), True),
        (document(None, date(2024, 1, 8), None, "II.1"), True),
        (document(None, date(2024, 3, 8), None, "II.1"), False),
        (document(None, date(2023, 1, 8), None, "II.1"), False),
        (document(None, "hôm qua", None, "I.1"), False),
        (document(None, "hôm qua", None, "a\x01b"), True),
    ],
    ids=["no day", "earlier", "later", "last year", "another proof", "no criterion to read"],
)
def test_a_plan_that_cannot_be_read_withholds_the_date_only_where_it_could_be_the_first(row, withheld, read):
    figures, _, _ = read("documents", register(document("5/KH", date(2024, 2, 5), criterion="II.1"), row))
    assert (("483", "annual_plan") not in figures) is withheld


def test_a_committee_that_one_decision_proves_stays_proven_beside_a_decision_that_cannot_be_read(read):
    rows = [document("1/QĐ", date(2024, 1, 5), criterion="I.1"), document(None, "hôm qua", None, "I.1")]
    assert read("documents", register(*rows))[0]["483", "steering_committee"] == 2


def test_a_title_is_kept_as_it_stands_on_one_line_in_nfc(read):
    title = "Về <b>xã</b>\n  {{7*7}} Đông\u200b"
    _, _, pulled = read("documents", register(document("1/UBND", date(2024, 1, 5), title=title)))
    assert pulled.documents[0].title == "Về <b>xã</b> {{7*7}} Đông"


def test_a_register_without_its_second_sheet_is_refused(read):
    with pytest.raises(SourceAnswerInvalid, match="không có trang 'Văn bản đến'"):
        read("documents", workbook(Văn_bản_đi=[documents.HEADINGS]))
