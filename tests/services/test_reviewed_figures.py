"""Review laid over typed figures: what was returned gives way, what nobody approved says so, what machines told never moves."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from hue_dti.appraisal.model import Case, LockException, Mark, Move, Signed, Verdict, Workflow
from hue_dti.observations.entered import ENTERED, Choice
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.model import Note
from hue_dti.reports.wording import NoteCounter, plain
from hue_dti.resources import folder
from hue_dti.services.quarter import draft
from hue_dti.services.review_lock import criteria_at
from hue_dti.services.reviewed import with_review
from hue_dti.storage import open_storage
from hue_dti.storage.reviews import Step
from hue_dti.units.load import load_units
from hue_dti.units.model import Level
from tests.services.typing_desk import PERIOD, Desk

AT = datetime(2024, 8, 21, 1, 0, tzinfo=UTC)
BINH = Signed("binh", "Trần Thị Bình", "Phó Trưởng ban")


@pytest.fixture(scope="module")
def communes(server):
    """One database for this file, and communes nobody has typed for."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units(load_units(folder("criteria")))
        yield storage, iter([unit for unit in storage.units() if unit.level is Level.COMMUNE and unit.exists_on(date(2024, 12, 31))])


@pytest.fixture
def desk(communes, catalogue):
    storage, left = communes
    return Desk(storage, catalogue, next(left).code)


@pytest.fixture
def opened(desk):
    """The commune's case under review, with its shops opened for typing."""
    known = criteria_at(desk.catalogue, Level.COMMUNE, Level.DISTRICT, Period.parse(PERIOD))
    for criterion in [key for key, each in known.items() if "shops" in each.rule.measures()]:
        desk.storage.reviews.open_locks([LockException(desk.unit, PERIOD, criterion, date(2024, 12, 31), "sai số", BINH, AT)])
    case = Case(desk.unit, PERIOD, Workflow.FIGURES)
    sent = desk.storage.reviews.move(case, Step(Move.SEND, Signed("an.hp", "An", ""), AT, code="A", told=[]))
    return desk.storage.reviews.move(sent, Step(Move.OPEN, BINH, AT))


def word(desk, verdict, reason="thiếu thôn 3", measure="shops", **more):
    figure = desk.stands(measure)
    return Mark(desk.unit, measure, PERIOD, verdict, figure.value, figure.origin.raw_sha256, "an.hp", reason, BINH, AT, **more)


def quarter(desk, marking=()):
    units = {unit.code: unit for unit in desk.storage.units() if unit.exists_on(AT.date())}
    return draft(desk.storage, desk.catalogue, units[units[desk.unit].parent], Period.parse(PERIOD), AT, marking=marking)


def figure(desk, measure="shops", **more):
    return quarter(desk, **more).figure(desk.unit, measure)


def test_a_typed_figure_counts_at_once_and_says_that_nobody_approved_it(desk):
    desk.type(231)
    found = figure(desk)
    assert (found.value, found.state, found.reason) == (231, State.REPORTED, "chưa được duyệt")


def test_an_approved_figure_says_nothing_and_a_later_one_has_to_be_approved_again(desk, opened):
    desk.type(231)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.APPROVED)])
    assert figure(desk).reason == ""
    desk.type(240)
    assert (figure(desk).value, figure(desk).reason) == (240, "chưa được duyệt")


def test_a_returned_figure_without_an_earlier_one_is_missing_and_never_a_zero(desk, opened):
    desk.type(231)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED)])
    found = figure(desk)
    assert (found.value, found.state, found.reason) == (None, State.MISSING, "bị trả lại: thiếu thôn 3")
    assert found.origin.source == ENTERED


def test_a_returned_figure_gives_way_to_the_last_approved_one_and_not_to_another_returned_one(desk, opened):
    first = desk.type(220)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.APPROVED, "")])
    approved = desk.storage.reviews.marks([desk.unit], PERIOD)[-1].number
    desk.type(999)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED, "số lạ", follows=approved)])
    desk.type(231)
    follows = desk.storage.reviews.marks([desk.unit], PERIOD)[-1].number
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED, follows=follows)])
    found = figure(desk)
    assert (found.value, found.state, found.reason) == (220, State.CARRIED_OVER, "bị trả lại: thiếu thôn 3")
    assert found.origin.raw_sha256 == first.raw_sha256


def test_what_was_typed_over_before_anybody_read_it_never_comes_back(desk, opened):
    desk.type(23)
    desk.type(231)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED)])
    assert (figure(desk).value, figure(desk).state) == (None, State.MISSING)


def test_a_figure_can_be_returned_though_the_approved_one_before_it_no_longer_goes_with_its_whole(desk, opened):
    desk.type(231)
    desk.type(200, "shops_vietqr")
    desk.storage.reviews.mark(opened, [word(desk, Verdict.APPROVED, "", measure="shops_vietqr")])
    desk.type(180, "shops_vietqr")
    desk.type(190)
    returned = word(desk, Verdict.RETURNED, measure="shops_vietqr")
    found = figure(desk, "shops_vietqr", marking=[returned])
    assert (found.value, found.state, found.reason) == (None, State.MISSING, "bị trả lại: thiếu thôn 3")
    assert figure(desk, marking=[returned]).value == 190


def test_a_new_figure_after_a_return_counts(desk, opened):
    desk.type(231)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED)])
    desk.type(240)
    assert (figure(desk).value, figure(desk).state) == (240, State.REPORTED)


def test_a_returned_silence_stays_missing_with_the_reason(desk, opened):
    desk.type(None, choice=Choice.NO_DATA)
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED, "phải có số")])
    assert (figure(desk).state, figure(desk).reason) == (State.MISSING, "bị trả lại: phải có số")


def test_what_saying_a_word_would_do_is_seen_without_saying_it(desk):
    desk.type(231)
    assert figure(desk, marking=[word(desk, Verdict.RETURNED)]).value is None
    assert desk.storage.reviews.marks([desk.unit], PERIOD) == ()
    assert figure(desk).value == 231


def test_no_word_moves_a_figure_that_a_machine_told(district, figures):
    told = district.storage.figures(sorted({unit for unit, _ in figures}), "2024-Q2")
    raw = told.origins[0].raw_sha256
    told_value = {key: each.value for key, each in figures.items()}
    marks = {key: Mark(*key, "2024-Q2", Verdict.RETURNED, told_value[key], raw, "x", "sai", BINH, AT) for key in figures}
    laid = with_review(told, marks, lambda mark: None)
    assert told.measures
    for code, before in told.measures.items():
        after = laid.measures[code]
        assert all(np.array_equal(getattr(before, name), getattr(after, name)) for name in ("unit", "value", "state", "as_of", "origin"))
        assert (list(before.reason), list(before.place)) == (list(after.reason), list(after.place))


def test_the_report_s_footnote_counts_what_nobody_approved_and_what_was_returned(desk, opened):
    desk.type(231)
    desk.type(180, "shops_vietqr")
    desk.storage.reviews.mark(opened, [word(desk, Verdict.RETURNED)])
    shown = quarter(desk)
    writer = LineWriter(shown, desk.catalogue, FigureBook(shown, desk.catalogue), NoteCounter())
    criteria = desk.catalogue.sets[shown.sheet.criteria_set]
    lines = [line for line in shown.sheet.criteria if "shops" in dict(line.figures)]
    told = [(each, line, writer.values(each, line)) for line in lines if (each := criteria.criterion(line.code))]
    said = " ".join(plain(note.runs) for each in told if (note := writer._note(*each)))
    assert re.search(r"Có \d+ số liệu bị Ban Chỉ đạo trả lại", said)
    assert re.search(r"Có \d+ số liệu do đơn vị nhập chưa được duyệt", said)


def test_a_sentence_of_few_units_says_so_first_and_its_footnote_counts_the_many_that_are_absent(desk):
    desk.type(231)
    desk.type(180, "shops_vietqr")
    shown = quarter(desk)
    writer = LineWriter(shown, desk.catalogue, FigureBook(shown, desk.catalogue), NoteCounter())
    line, criterion = shown.sheet.criterion("VIII.1"), desk.catalogue.sets[shown.sheet.criteria_set].criterion("VIII.1")
    units = tuple(unit.code for unit in shown.tree.units)
    for have, absent, opening in ((1, units[:20], "Mới có số liệu của 1/44 đơn vị: "), (30, units[:14], "")):
        few = replace(line, coverage=replace(line.coverage, have=have, expected=44, absent=absent))
        told = writer.sentence(criterion, few)
        assert plain(told).startswith(opening or plain(writer._sentence(criterion, few))[:20])
        (note,) = [each for each in told if isinstance(each, Note)]
        assert f"và {len(absent) - 12} đơn vị khác" in plain(note.runs)
