"""The days of a round are moved by who runs it, never behind what was written, and every day ever promised stays readable."""

from datetime import date

import pytest

from hue_dti.accounts.model import Role
from hue_dti.appraisal.rounds import Participant, Phase, Window
from hue_dti.appraisal.windows import history, shifted
from hue_dti.catalogue.outline import outline_of
from hue_dti.errors import RoundRefused
from hue_dti.numerals import POINT
from hue_dti.services.round_days import move
from hue_dti.services.rounds import Given, enter
from hue_dti.storage import open_storage
from tests.services.assessment import ENTERED, UNITS, WINDOWS, appraiser, approver, begin, desk, fill, person


@pytest.fixture(scope="module")
def storage(server):
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as opened:
        opened.save_units(UNITS)
        yield opened


@pytest.fixture
def moving(storage, catalogue):
    """A round of one district that has marked a line; `on` moves its days as they should be on a day."""

    def on(day, who=appraiser, **phases):
        found = desk(storage, "doi-ngay")
        told = {Phase(name): Window(date(2024, *days[:2]), date(2024, *days[2:])) for name, days in phases.items()}
        return move(storage, found, {**found.round.windows, **told}, "bão số 4", who(day), ("46",))

    if storage.rounds.find("doi-ngay") is None:
        made = begin(storage, outline_of(catalogue.sets["hue-district-2024"]), "doi-ngay", [Participant("483", "Huyện Nam Đông")])
        fill(storage, "doi-ngay", "483", {made.lines[0].code: POINT})
    return on


@pytest.mark.parametrize(
    ("day", "phases", "why"),
    [
        ((6, 10), {"entry": (5, 24, 6, 9)}, "đã qua"),
        ((6, 10), {"appraisal": (6, 9, 6, 26)}, "đã qua"),
        ((6, 10), {"entry": (5, 24, 6, 18)}, "khi tự đánh giá chưa xong"),
        ((6, 10), {"appraisal": (6, 20, 6, 19)}, "trước ngày bắt đầu"),
        ((6, 1), {"entry": (6, 2, 6, 15)}, "đã có người ghi từ ngày 01/06/2024"),
        ((6, 10), {}, "Chưa đổi ngày nào"),
    ],
)
def test_days_are_not_moved_into_the_past_across_each_other_or_behind_marks(storage, moving, day, phases, why):
    with pytest.raises(RoundRefused, match=why):
        moving(day, **phases)
    assert storage.rounds.find("doi-ngay").windows == WINDOWS


def test_only_who_runs_the_round_moves_its_days(moving):
    with pytest.raises(RoundRefused, match="Vai trò của bạn"):
        moving((6, 10), who=approver, publishing=(8, 1, 9, 30))


def test_moved_days_open_and_close_and_the_old_ones_stay_readable(storage, moving):
    stale = desk(storage, "doi-ngay")
    moving((6, 10), entry=(5, 24, 6, 18), appraisal=(6, 19, 6, 26))
    moved = storage.rounds.find("doi-ngay")
    assert (moved.moved, moved.windows[Phase.ENTRY].last, moved.windows[Phase.SETTLING]) == (1, date(2024, 6, 18), WINDOWS[Phase.SETTLING])
    assert fill(storage, "doi-ngay", "483", {moved.lines[1].code: POINT}, (6, 18)) == 1
    assert desk(storage, "doi-ngay").sheet("483").late == ()
    told = history(storage.rounds.fixed("doi-ngay"))
    assert next((phase, old.last, new.last) for phase, old, new in told[0].phases) == (Phase.ENTRY, date(2024, 6, 15), date(2024, 6, 18))
    assert (told[0].fixed.reason, told[0].fixed.by.login) == ("bão số 4", "tham.dinh")
    event = next(kept.event for kept in storage.trail.page() if kept.event.act == "round.moved")
    assert (event.old.split(";")[0], event.new.split(";")[0]) == ("tự đánh giá 24/05/2024–15/06/2024", "tự đánh giá 24/05/2024–18/06/2024")
    with pytest.raises(RoundRefused, match="Ngày của đợt vừa được dời"):
        enter(storage, stale, stale.sheet("483"), [Given(moved.lines[2].code, 1)], person("x", Role.OFFICER, "46", ENTERED), ("483", "46"))
    with pytest.raises(RoundRefused, match="Ngày của đợt vừa được dời"):
        move(storage, stale, {**WINDOWS, Phase.PUBLISHING: Window(date(2024, 9, 1), date(2024, 9, 2))}, "x", appraiser((6, 10)), ("46",))
    seen = desk(storage, "doi-ngay")
    fill(storage, "doi-ngay", "483", {moved.lines[3].code: POINT}, (6, 18))
    later = {**seen.round.windows, Phase.PUBLISHING: Window(date(2024, 9, 1), date(2024, 9, 2))}
    with pytest.raises(RoundRefused, match="Vừa có người ghi điểm trong đợt này"):
        move(storage, seen, later, "x", appraiser((6, 18)), ("46",))


def test_a_round_moved_as_a_whole_keeps_what_is_over_and_what_has_begun():
    moved = shifted(WINDOWS, 7, date(2024, 6, 20), {Phase.ENTRY: date(2024, 6, 1), Phase.APPRAISAL: date(2024, 6, 18)})
    assert moved[Phase.ENTRY] == WINDOWS[Phase.ENTRY]
    assert moved[Phase.APPRAISAL] == Window(date(2024, 6, 16), date(2024, 7, 3))
    assert moved[Phase.EXPLANATION] == Window(date(2024, 7, 4), date(2024, 7, 17))
    assert moved[Phase.PUBLISHING] == Window(date(2024, 8, 8), date(2024, 9, 7))
