"""Rounds of the ministry's days of 2021, and the persons who work in them."""

from datetime import UTC, date, datetime

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.appraisal.rounds import Phase, Window
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.resources import folder
from hue_dti.services.doer import Doer
from hue_dti.services.round_opening import open_round
from hue_dti.services.rounds import Given, desk_of, enter
from hue_dti.units.load import load_units

FRAMEWORKS = load_frameworks(folder("criteria"))
UNITS = load_units(folder("criteria"))
DAYS = ((5, 24, 6, 15), (6, 16, 6, 26), (6, 27, 7, 10), (7, 11, 7, 20), (8, 1, 8, 31))
"""Those of the ministry's round of 2021 (report of 2021, appendix B)."""
WINDOWS = {phase: Window(date(2024, a, b), date(2024, c, d)) for phase, (a, b, c, d) in zip(Phase, DAYS, strict=True)}
ENTERED, APPRAISED, EXPLAINED, SETTLED, OUT = (6, 1), (6, 20), (7, 1), (7, 15), (8, 5)


def person(login, role, unit, day):
    actor = Actor(login, f"Người {login}", "Chuyên viên", (Grant(role, unit),))
    return Doer(actor, datetime(2024, *day, 3, tzinfo=UTC))


def appraiser(day):
    return person("tham.dinh", Role.APPRAISER, "46", day)


def approver(day):
    return person("phe.duyet", Role.APPROVER, "46", day)


def begin(storage, outline, code, units, by_group=False, host="46"):
    return open_round(storage, outline, code, f"Đợt {code}", host, 2024, units, WINDOWS, appraiser((5, 1)), (host, "46"), by_group)


def desk(storage, code):
    return desk_of(storage, storage.rounds.find(code), FRAMEWORKS)


def fill(storage, code, unit, marks, day=ENTERED):
    """A unit of the round gives itself these points by line."""
    doer = person(f"can.bo.{unit}", Role.OFFICER, "46", day)
    found = desk(storage, code)
    return enter(storage, found, found.sheet(unit), [Given(line, points) for line, points in marks.items()], doer, (unit, "46"))
