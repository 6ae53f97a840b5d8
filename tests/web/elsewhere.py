"""What another process may do to Nam Đông's second quarter of 2024, act after act, through a storage of its own."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from hue_dti.accounts.model import Actor
from hue_dti.appraisal.model import Case, Mark, Move, Signed, Verdict, Workflow
from hue_dti.config import Settings
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.observations.base import Draft as BaseDraft
from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.periods import Period
from hue_dti.services.base import approve
from hue_dti.services.close import close_quarter
from hue_dti.services.desk import Desk
from hue_dti.services.enter import save_cell
from hue_dti.services.evidence import Upload, add_file, withdraw
from hue_dti.storage.reviews import Step
from hue_dti.units.profile import UnitProfile
from tests.evidence.papers import png

DISTRICT, COMMUNE, PERIOD = "483", "20164", "2024-Q2"
BEFORE_THE_CLOSE = datetime(2024, 6, 9, tzinfo=UTC)
AN, BINH = Writer("an.hp", "Lê Văn An", "Công chức"), Signed("binh", "Trần Thị Bình", "Phó Trưởng ban")


def typed(office):
    one = Typed(uuid4(), COMMUNE, "teams_strengthened", PERIOD, Choice.VALUE, 1, "", AN.login, None)
    save_cell(office.there, office.quarter.catalogue, one, AN, BEFORE_THE_CLOSE)


def returned(office):
    figure = next(each for each in office.there.observations([COMMUNE], PERIOD) if each.measure == "teams_strengthened")
    case, at = Case(COMMUNE, PERIOD, Workflow.FIGURES), office.now()
    sent = office.there.reviews.move(case, Step(Move.SEND, Signed("an.hp", "An", ""), at, code="A", told=[]))
    opened = office.there.reviews.move(sent, Step(Move.OPEN, BINH, at))
    said = (figure.value, figure.origin.raw_sha256, "an.hp", "sai số", BINH, at)
    office.there.reviews.mark(opened, [Mark(COMMUNE, "teams_strengthened", PERIOD, Verdict.RETURNED, *said)])


def pulled(office):
    figure = next(each for each in office.there.observations([COMMUNE], PERIOD) if each.measure == "shops")
    run = office.there.begin_pull(figure.origin.source, DISTRICT, PERIOD, office.now())
    told = [replace(figure, value=figure.value + 1, origin=replace(figure.origin, raw_sha256=""))]
    office.there.finish_pull(run, "ok", "", 1, 1, (), office.now(), told)


def base_approved(office):
    draft = BaseDraft(COMMUNE, date(2020, 1, 1), "households", 2024, 1_000_000, date(2023, 12, 31), "12/BC", "theo niên giám")
    (number,) = office.there.base.propose([draft], "Lê Văn An", office.now())
    approve(office.there, office.quarter.catalogue, [number], "Trần Thị Bình", office.now, "")


def handed_in(office):
    draft = Draft(UUID(int=1), DISTRICT, PERIOD, "I.1", "", Form.FILE)
    add_file(_desk(office), draft, Upload("a.png", io.BytesIO(png())))


def taken_back(office):
    (piece,) = office.there.evidence.of([DISTRICT], PERIOD)
    withdraw(_desk(office), piece, "nhầm tệp")


def told_about(office):
    office.there.profiles.save(UnitProfile(DISTRICT, email="moi@hue.vn"), "Trần Thị Bình", office.now())


def renamed(office):
    (unit,) = (unit for unit in office.there.units() if unit.code == DISTRICT and unit.valid_from <= date(2024, 6, 1))
    office.there.save_units([replace(unit, name="Huyện Nam Đông Mới")])


def closed(office):
    (unit,) = (unit for unit in office.there.units() if unit.code == DISTRICT)
    close_quarter(office.there, office.quarter.catalogue, unit, Period.parse(PERIOD), office.now, "Thư ký", "", office.quarter.home)


def appraised(office):
    told = {"snapshot": office.there.newest_head(DISTRICT).sha256}
    office.there.reviews.move(Case(DISTRICT, PERIOD, Workflow.APPRAISAL), Step(Move.BEGIN, BINH, office.now(), told=told))


def _desk(office):
    quarter = office.quarter
    return Desk(office.there, quarter.catalogue, Settings(), quarter.home, Actor("an", "Lê Văn An", "", ()), office.now)


ACTS = (typed, returned, pulled, base_approved, handed_in, taken_back, told_about, renamed, closed, appraised)
UNSEEN = (handed_in, taken_back)
"""These change what a closing takes along and not the page."""
