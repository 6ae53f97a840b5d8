"""Registers kept row by row: counted as an office's own tables are, every version kept, nothing counted twice or in silence."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID, uuid4

import openpyxl
import pytest

from hue_dti.appraisal.model import Move, Signed
from hue_dti.errors import EntryConflict, EntryRefused
from hue_dti.evidence.pieces import Paper
from hue_dti.observations.model import State
from hue_dti.observations.registers import MEETINGS, PAPERS, REGISTERS, TEAMS, TRAINING, read_row
from hue_dti.periods import Period, Window
from hue_dti.services.evidence import withdraw
from hue_dti.services.register_file import changes_of, read_file, template
from hue_dti.services.registers import save_rows, tallies, use_counts
from hue_dti.storage.registers import Change
from hue_dti.storage.reviews import Step
from tests.evidence.conftest import NOW, PLAN
from tests.evidence.papers import docx

Q2 = Period.parse("2024-Q2")
COMMUNE, DISTRICT = "20161", "483"


@pytest.fixture
def book(office):
    """Nam Đông's registers: rows go in as texts, figures come out by measure."""

    class Book:
        desk, storage = office.desk, office.storage

        def unit(self, code):
            return office.desk.unit(code, Q2)

        def keep(self, spec, code, *rows, client=None, **more):
            changes = []
            for row in rows:
                content, faults = read_row(spec, row)
                assert faults == {}
                own = client or uuid4()
                changes.append(Change(own, more.get("row", own), content, more.get("replaces")))
            return save_rows(office.desk, self.unit(code), Q2, spec, changes)

        def back(self, spec, code, row, reason="ghi nhầm"):
            change = Change(uuid4(), row.row, row.content, row.number, True, reason)
            return save_rows(office.desk, self.unit(code), Q2, spec, [change])

        def rows(self, spec, code):
            return office.storage.registers.rows(code, spec.slug)

        def figures(self, code):
            return {each.measure: each.value for each in office.storage.observations([code], Q2)}

    return Book()


def team(village, members="5", decided="12/09/2022", strengthened="", **more):
    told = {"village": village, "members": members, "decision": "45/QĐ-UBND", "decided_on": decided, "strengthened_on": strengthened}
    return told | more


def paper(number, day="01/03/2024", direction="đi", **more):
    return {"direction": direction, "number": number, "issued_on": day, "title": "Chỉ đạo", "issuer": "UBND huyện", "directive": "x"} | more


def test_teams_are_counted_as_the_office_s_own_table_is(book):
    book.keep(TEAMS, COMMUNE, team("Thôn 1", strengthened="02/02/2024"), team("Thôn 2", "4", "11/06/2024"), {"village": "Thôn 3"})
    assert book.figures(COMMUNE) == {"villages": 3, "teams": 1, "teams_strengthened": 1, "team_members": 5}


def test_meetings_and_training_count_in_the_days_of_their_measures(book):
    book.keep(MEETINGS, DISTRICT, *({"day": day, "subject": "Họp"} for day in ("31/12/2023", "01/01/2024", "10/06/2024", "11/06/2024")))
    book.keep(TRAINING, DISTRICT, {"day": "05/04/2024", "subject": "Tập huấn", "attendees": "60"})
    assert book.figures(DISTRICT) == {"steering_meetings": 2, "team_conferences": 1}


def test_documents_give_both_sides_of_the_ratio_and_the_day_of_the_plan(book):
    plan = paper("12/KH-UBND", "08/01/2024", criterion="II.1", directive="")
    book.keep(PAPERS, DISTRICT, plan, paper("30/CV"), paper("7/CV", direction="đến"), paper("8/CV", direction="đến"))
    figures = book.figures(DISTRICT)
    assert (figures["directives_issued"], figures["directives_received"]) == (1, 2)
    assert figures["annual_plan"] == date(2024, 1, 8).toordinal()
    assert "steering_committee" not in figures
    documents = book.storage.documents(DISTRICT, Window(date(2024, 1, 1), date(2024, 12, 31)))
    assert [each.number for each in documents] == ["12/KH-UBND", "30/CV", "7/CV", "8/CV"]


def test_a_counted_figure_leads_to_the_register_as_it_was(book):
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp quý I", "conclusion": "9/TB"})
    (figure,) = book.storage.observations([DISTRICT], Q2)
    kept = book.storage.raw_answer(figure.origin.raw_sha256)
    assert figure.state is State.REPORTED
    assert kept.request == "sổ họp Ban Chỉ đạo, do Lê Văn An, Cán bộ Phòng Văn hóa và Thông tin ghi"
    assert "Họp quý I" in kept.body.decode()


def test_a_changed_row_replaces_its_figure_and_keeps_its_first_version(book):
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"})
    (row,) = book.rows(MEETINGS, DISTRICT)
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2023", "subject": "Họp"}, row=row.row, replaces=row.number)
    assert book.figures(DISTRICT) == {"steering_meetings": 0}
    assert [each.content["day"] for each in book.storage.registers.history(DISTRICT, MEETINGS.slug)] == ["2024-02-05", "2023-02-05"]


def test_a_row_taken_back_counts_no_more_and_an_empty_register_tells_of_nothing(book):
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"})
    book.back(MEETINGS, DISTRICT, book.rows(MEETINGS, DISTRICT)[0])
    assert book.rows(MEETINGS, DISTRICT) == ()
    (figure,) = book.storage.observations([DISTRICT], Q2)
    assert (figure.value, figure.state, figure.reason) == (None, State.MISSING, "sổ không còn dòng nào")
    assert [kept.event.act for kept in book.storage.trail.page()] == ["register.withdrawn", "register.saved"]


def test_of_two_who_change_one_row_the_second_is_told(book):
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"})
    (row,) = book.rows(MEETINGS, DISTRICT)
    again = {"row": row.row, "replaces": row.number}
    book.keep(MEETINGS, DISTRICT, {"day": "06/02/2024", "subject": "Họp"}, **again)
    with pytest.raises(EntryConflict, match="vừa có người khác sửa"):
        book.keep(MEETINGS, DISTRICT, {"day": "07/02/2024", "subject": "Họp"}, **again)
    assert book.rows(MEETINGS, DISTRICT)[0].content["day"] == "2024-02-06"


def test_a_row_takes_the_place_of_its_own_version_only(book):
    book.keep(MEETINGS, DISTRICT, {"day": "05/04/2024", "subject": "Họp"}, {"day": "06/04/2024", "subject": "Họp"})
    book.keep(TEAMS, COMMUNE, team("Thôn 1"))
    mine, other = book.rows(MEETINGS, DISTRICT)
    foreign = book.rows(TEAMS, COMMUNE)[0]
    for number in (other.number, foreign.number):
        with pytest.raises(EntryConflict):
            book.keep(MEETINGS, DISTRICT, {"day": "07/04/2024", "subject": "Họp"}, row=mine.row, replaces=number)
    book.keep(TEAMS, COMMUNE, team("Thôn 1", "6"), row=foreign.row, replaces=foreign.number)
    assert book.figures(COMMUNE)["team_members"] == 6
    assert book.figures(DISTRICT)["steering_meetings"] == 2


def test_what_was_sent_for_review_changes_by_no_register_and_no_evidence(book, office):
    told = {"day": "05/04/2024", "subject": "Họp"}
    book.keep(MEETINGS, DISTRICT, told)
    case, an = office.storage.reviews.case(DISTRICT, str(Q2)), Signed("an.le", "Lê Văn An", "")
    office.storage.reviews.move(case, Step(Move.SEND, an, NOW, code="A", told=[]))
    before = book.figures(DISTRICT)
    book.keep(MEETINGS, DISTRICT, told | {"day": "06/04/2024"})
    office.file(docx("Kế hoạch"), name="Kế hoạch.docx", paper=PLAN)
    assert book.figures(DISTRICT) == before
    with pytest.raises(EntryRefused, match="Đã gửi"):
        use_counts(book.desk, book.unit(DISTRICT), Q2, MEETINGS)
    sent = office.storage.reviews.case(DISTRICT, str(Q2))
    office.storage.reviews.move(sent, Step(Move.WITHDRAW, an, NOW))
    use_counts(book.desk, book.unit(DISTRICT), Q2, MEETINGS)
    assert book.figures(DISTRICT)["steering_meetings"] == 2


def test_the_same_form_sent_twice_is_one_row(book):
    assert book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"}, client=UUID(int=9)) is True
    assert book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"}, client=UUID(int=9)) is False
    assert len(book.rows(MEETINGS, DISTRICT)) == 1


def test_a_village_stands_once(book):
    book.keep(TEAMS, COMMUNE, team("Thôn Phú Hoà"))
    with pytest.raises(EntryRefused, match="có hai dòng"):
        book.keep(TEAMS, COMMUNE, team("thôn  Phú Hòa"))


def test_a_unit_of_another_level_does_not_keep_the_register(book):
    with pytest.raises(EntryRefused, match="không ghi ở"):
        book.keep(TEAMS, DISTRICT, team("Thôn 1"))


def test_what_a_table_of_the_office_told_stays_until_the_register_is_chosen(book, office):
    run = book.storage.begin_pull("meetings", DISTRICT, Q2, office.desk.now())
    book.keep(MEETINGS, DISTRICT, {"day": "01/01/2024", "subject": "Họp"})
    (first,) = book.storage.observations([DISTRICT], Q2)
    from dataclasses import replace

    table = replace(first, value=4, origin=replace(first.origin, source="meetings", request="GET /so-hop.xlsx", raw_sha256=""))
    book.storage.finish_pull(run, "ok", "", 1, 1, (), office.desk.now(), [table])
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"})
    assert book.figures(DISTRICT) == {"steering_meetings": 4}
    (tally,) = tallies(book.desk, book.unit(DISTRICT), Q2, MEETINGS, book.rows(MEETINGS, DISTRICT))
    assert (tally.count.value, tally.now.value, tally.differs) == (2, 4, True)
    use_counts(book.desk, book.unit(DISTRICT), Q2, MEETINGS)
    assert book.figures(DISTRICT) == {"steering_meetings": 2}
    assert book.storage.trail.page()[0].event.act == "register.counted"


def test_evidence_with_number_and_day_gives_the_day_of_the_plan_and_takes_it_back(book, office):
    piece = office.file(docx(), "kh.docx", paper=PLAN).piece
    assert book.figures(DISTRICT) == {"annual_plan": date(2024, 1, 8).toordinal()}
    office.file(docx(), "qd.docx", criterion="I.1", paper=Paper("3/QĐ", date(2024, 2, 1), "", "Kiện toàn", "UBND", "issued"))
    assert book.figures(DISTRICT)["steering_committee"] == 2
    withdraw(office.desk, piece, "nhầm")
    assert book.figures(DISTRICT)["annual_plan"] is None


def test_register_and_evidence_are_one_register_of_documents(book, office):
    book.keep(PAPERS, DISTRICT, paper("30/CV"), paper("12/KH-UBND", "08/01/2024", issuer="UBND huyện Nam Đông", directive=""))
    office.file(docx(), "kh.docx", paper=PLAN)
    documents = book.storage.documents(DISTRICT, Window(date(2024, 1, 1), date(2024, 12, 31)))
    assert [(each.number, each.criterion) for each in documents] == [("12/KH-UBND", "II.1"), ("30/CV", "")]
    assert book.figures(DISTRICT)["directives_issued"] == 1


@pytest.mark.parametrize(
    ("spec", "row", "column"),
    [
        (TEAMS, {"village": ""}, "village"),
        (TEAMS, {"village": "Thôn 1", "members": "5"}, "decision"),
        (TEAMS, {"village": "Thôn 1", "decision": "1/QĐ"}, "members"),
        (TEAMS, team("Thôn 1", "năm"), "members"),
        (TEAMS, team("Thôn 1", decided="hôm qua"), "decided_on"),
        (MEETINGS, {"day": "31/02/2024", "subject": "Họp"}, "day"),
        (PAPERS, paper("1", direction="lên"), "direction"),
        (PAPERS, paper("1", directive="có lẽ"), "directive"),
        (PAPERS, paper("1", title="x" * 2001), "title"),
        (PAPERS, paper("1\x00"), "number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_what_to_write(spec, row, column):
    _, faults = read_row(spec, row)
    assert column in faults


@pytest.mark.parametrize("slug", REGISTERS)
def test_the_workbook_goes_out_and_comes_back_the_same(slug, book):
    spec, code = REGISTERS[slug], COMMUNE if slug == TEAMS.slug else DISTRICT
    row = {TEAMS: team("Thôn 1", strengthened="02/02/2024"), PAPERS: paper("=1+1")}.get(spec, {"day": "05/02/2024", "subject": "Họp"})
    book.keep(spec, code, row)
    rows = book.rows(spec, code)
    (line,) = read_file(book.desk, spec, io.BytesIO(template(spec, rows)), rows)
    assert (line.faults, line.is_changed, line.standing) == ({}, False, rows[0])


def test_a_filled_workbook_changes_and_adds_rows_all_or_none(book):
    book.keep(MEETINGS, DISTRICT, {"day": "05/02/2024", "subject": "Họp"})
    rows = book.rows(MEETINGS, DISTRICT)
    filled = openpyxl.load_workbook(io.BytesIO(template(MEETINGS, rows)))
    sheet = filled.active
    sheet["B2"] = "Họp quý I"
    sheet["A3"], sheet["B3"] = date(2024, 3, 5), "Họp quý II"
    sheet["A4"], sheet["B4"] = "ngày mai", "Họp"
    made = io.BytesIO()
    filled.save(made)
    lines = read_file(book.desk, MEETINGS, io.BytesIO(made.getvalue()), rows)
    assert [(line.place, line.is_new, line.is_changed, list(line.faults)) for line in lines] == [
        (2, False, True, []),
        (3, True, True, []),
        (4, True, False, ["day"]),
    ]
    save_rows(book.desk, book.unit(DISTRICT), Q2, MEETINGS, changes_of(lines[:2], UUID(int=5)))
    assert [row.content["subject"] for row in book.rows(MEETINGS, DISTRICT)] == ["Họp quý I", "Họp quý II"]
    assert book.figures(DISTRICT) == {"steering_meetings": 2}


def test_a_hostile_workbook_is_refused_before_it_is_read(book):
    with pytest.raises(EntryRefused, match="macro"):
        read_file(book.desk, MEETINGS, io.BytesIO(docx(more={"xl/vbaProject.bin": b"x"})), ())
