"""What stands beside a quarter when all have done their part: a plan, two rounds, a value given, a change of units."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from benchmarks.proofs.at_work import CLOSED, COMMUNE, DISTRICT, FIRST, OTHER, PERSONS, SECOND, AtWork
from hue_dti.accounts.model import Actor
from hue_dti.appraisal.model import Stage
from hue_dti.appraisal.rounds import Participant, Phase, Window
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.plans.model import PlanKey
from hue_dti.plans.progress import Doing
from hue_dti.resources import folder
from hue_dti.rollup.given import Given as GivenValue
from hue_dti.services.desk import Desk
from hue_dti.services.doer import Doer
from hue_dti.services.evidence import Upload
from hue_dti.services.plan_file import plan_of
from hue_dti.services.plans import keep_plan, obligations_of, outlines, tell
from hue_dti.services.provincial import give
from hue_dti.services.round_opening import open_round
from hue_dti.services.rounds import Given, RoundDesk, desk_of, enter, extend, mark, publish
from hue_dti.units.events import Change, ChangeKind, Resolution, UnitEvent
from tests.evidence.papers import png

PLAN = PlanKey(DISTRICT, "province-922", 2024)
PUBLISHED, UNDER_WAY = "xa-2024", "xa-2024-bo-sung"
GIVEN = "2.1"
LINE = (DISTRICT, "46")
SAMPLES = folder("criteria") / "frameworks" / "examples"


def furnish_aside(place: AtWork) -> None:
    """Let everybody have done their part of it."""
    plan(place)
    round_published(place)
    round_under_way(place)
    value_given(place)
    change_of_units(place)


def plan(place: AtWork) -> None:
    """A plan in two versions whose lines fall to two communes; one told of it twice, late and then done."""
    known = outlines(place.catalogue, load_frameworks(folder("criteria")))[PLAN.framework]
    text = (SAMPLES / "dong-thap-2023-plan.csv").read_text(encoding="utf-8-sig")
    text = text.replace("Văn phòng UBND Tỉnh", "Xã Hương Sơn").replace("Sở Tài chính", "Xã Hương Phú")
    secretary = _doer("namdong.thuky", 7, 1)
    first = plan_of(text.encode(), "ke-hoach.csv", known)
    keep_plan(place.storage, PLAN, "Kế hoạch cải thiện chỉ số năm 2024", first, "", secretary, 0)
    second = plan_of(text.replace('"22,85%",70%', '"22,85%",75%').encode(), "ke-hoach.csv", known)
    kept = keep_plan(place.storage, PLAN, "Kế hoạch cải thiện chỉ số năm 2024", second, "Công văn 15/UBND", secretary, 1)
    mine = [each for each in obligations_of(place.storage, kept) if COMMUNE in each.units or OTHER in each.units]
    for told, doing, words in zip(mine, (Doing.LATE, Doing.DONE), ("Chờ kinh phí quý III", "Đã có 12 hệ thống"), strict=False):
        login = FIRST if COMMUNE in told.units else SECOND
        tell(place.storage, told, date(2024, 8, 1), doing, words, "", None, _doer(login, 8, 20))


def round_published(place: AtWork) -> None:
    """A round of the communes marked, appraised, explained and published; one commune was given more time, which still runs."""
    _open(place, PUBLISHED, "Đánh giá các xã năm 2024", _days((6, 1), (7, 1), (7, 10), (7, 20), (8, 1)))
    for unit, login in ((COMMUNE, FIRST), (OTHER, SECOND)):
        _enter(place, PUBLISHED, unit, login, (6, 3))
    appraiser = "thamdinh"
    _mark(place, PUBLISHED, Stage.APPRAISED, appraiser, (7, 2), 10_000, "Thiếu chữ ký số.")
    _mark(place, PUBLISHED, Stage.EXPLAINED, FIRST, (7, 11), None, "Đã ký số ngày 05/01.")
    _mark(place, PUBLISHED, Stage.FINAL, appraiser, (7, 21), 15_000, "Chấp nhận một phần.")
    publish(place.storage, _desk(place, PUBLISHED), "", _doer("namdong.duyet", 8, 2), LINE)
    more = (COMMUNE, Phase.SETTLING, date(2024, 9, 20), "Đơn vị có kiến nghị.")
    extend(place.storage, _desk(place, PUBLISHED), *more, _doer(appraiser, 8, 5), LINE)


def round_under_way(place: AtWork) -> None:
    """Another one in which the communes are just marking themselves."""
    _open(place, UNDER_WAY, "Đánh giá bổ sung các xã năm 2024", _days((8, 20), (10, 1), (10, 10), (10, 20), (11, 1)))
    _enter(place, UNDER_WAY, COMMUNE, FIRST, (8, 21))


def value_given(place: AtWork) -> None:
    """A component of the province's index that no unit tells, with the file that proves it."""
    desk = Desk(place.storage, place.catalogue, place.settings, place.settings.home or Path(), _doer("ioc", 8, 1).actor, place.now)
    framework = load_frameworks(folder("criteria"))[PLAN.framework]
    given = GivenValue(uuid4(), "46", str(CLOSED), framework.code, GIVEN, Fraction(1), result="có", document="Nghị quyết 12")
    give(desk, framework, given, Upload("nghi-quyet.png", BytesIO(png())))


def change_of_units(place: AtWork) -> None:
    """A change of units that an administrator has not brought about yet."""
    change = Change(ChangeKind.RENAME, "20179", "20179", name="Xã Nam Đông Thượng", old_name="Xã Nam Đông")
    ordered = Resolution("12/NQ-HĐND", date(2025, 12, 9), "Hội đồng nhân dân thành phố Huế")
    event = UnitEvent("2026-01", date(2026, 1, 1), "Đổi tên xã Nam Đông thành xã Nam Đông Thượng", ordered, changes=(change,))
    place.storage.unit_events.learn([event])


def _open(place: AtWork, code: str, title: str, days: dict[Phase, Window]) -> None:
    names = {unit.code: unit.name for unit in place.storage.units() if unit.exists_on(CLOSED.end)}
    units = [Participant(unit, names[unit]) for unit in (COMMUNE, OTHER, "20179")]
    outline = outlines(place.catalogue, load_frameworks(folder("criteria")))["hue-commune-2024"]
    open_round(place.storage, outline, code, title, DISTRICT, 2024, units, days, _doer("thamdinh", 5, 20), LINE)


def _enter(place: AtWork, code: str, unit: str, login: str, day: tuple[int, int]) -> None:
    """The unit's own marks of its first three lines."""
    desk = _desk(place, code)
    sheet = desk.sheet(unit)
    assert sheet is not None
    given = [Given(line.code, min(line.max_points, 30_000), "Đã ban hành", "https://a.example/1") for line in desk.round.lines[:3]]
    enter(place.storage, desk, sheet, given, _doer(login, *day), (unit, *LINE))


def _mark(place: AtWork, code: str, stage: Stage, login: str, day: tuple[int, int], points: int | None, words: str) -> None:
    """A word on the commune's first mark."""
    desk = _desk(place, code)
    sheet = desk.sheet(COMMUNE)
    assert sheet is not None
    mark(place.storage, desk, sheet, stage, [Given(desk.round.lines[0].code, points, words)], _doer(login, *day), (COMMUNE, *LINE))


def _desk(place: AtWork, code: str) -> RoundDesk:
    found = place.storage.rounds.find(code)
    assert found is not None
    return desk_of(place.storage, found, {})


def _days(*first: tuple[int, int]) -> dict[Phase, Window]:
    """Each phase's days: from its first one to the eve of the next, publishing to the end of the year."""
    begun = [date(2024, *day) for day in first]
    ends = [*(date.fromordinal(day.toordinal() - 1) for day in begun[1:]), date(2024, 12, 31)]
    return {phase: Window(one, last) for phase, one, last in zip(Phase, begun, ends, strict=True)}


def _doer(login: str, month: int, day: int) -> Doer:
    who = PERSONS[login]
    return Doer(Actor(login, who.name, who.post, (who.grant,)), datetime(2024, month, day, 3, tzinfo=UTC))
