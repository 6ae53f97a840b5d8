"""Who acts in a round learns by mail that its days moved: one letter for each moving or extension, also across a crash."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.appraisal.rounds import Participant, Phase, Window
from hue_dti.catalogue.outline import outline_of
from hue_dti.errors import MailUnsent
from hue_dti.services.round_days import move
from hue_dti.services.round_post import NOWHERE, tell
from hue_dti.services.rounds import extend
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.storage import Pace, open_storage, work
from hue_dti.storage.round_notices import NoticeKey
from tests.services.assessment import UNITS, appraiser, begin, desk
from tests.services.post_office import Box, post_office, silent_after_the_text

DAY = (6, 10)
PEOPLE = {
    "can.bo": Grant(Role.OFFICER, "483"),
    "thu.ky": Grant(Role.SECRETARY, "483"),
    "huyen.khac": Grant(Role.OFFICER, "481"),
    "tham.dinh": Grant(Role.APPRAISER, "46"),
    "phe.duyet": Grant(Role.APPROVER, "46"),
    "nguoi.xem": Grant(Role.READER, "46"),
}


@pytest.fixture(scope="module")
def settings(server, catalogue):
    """An installation with a round of Nam Đông and A Lưới and its persons; one has no address, one is switched off."""
    at = datetime(2024, 5, 1, tzinfo=UTC)
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units(UNITS)
        for login, grant in PEOPLE.items():
            storage.accounts.add(login, f"Người {login}", "", f"{login}@hue.example", [grant], "a", at)
        storage.accounts.add("khong.thu", "Không thư", "", "", [Grant(Role.OFFICER, "483")], "a", at)
        storage.accounts.add("da.khoa", "Đã khóa", "", "da.khoa@hue.example", [Grant(Role.OFFICER, "483")], "a", at)
        storage.accounts.switch("da.khoa", False, "a", at)
        units = [Participant("483", "Huyện Nam Đông"), Participant("481", "Huyện A Lưới")]
        begin(storage, outline_of(catalogue.sets["hue-district-2024"]), "thu-bao", units)
        yield replace(database.settings, public_url="https://dti.example")


@pytest.fixture
def storage(settings):
    with open_storage(settings) as opened:
        yield opened


@pytest.fixture
def post(storage, catalogue, settings):
    """Work off the queue with this mail server."""

    def deliver(smtp):
        bench = Workbench(replace(settings, smtp=smtp), catalogue, storage, lambda: datetime(2024, 6, 10, 4, tzinfo=UTC))
        jobs = {name: job for name, job in installed_jobs().items() if name == "tell_round"}
        work(storage, at_the_bench(bench, jobs), Pace(wait_for_the_mail_s=0), until_empty=True)

    return deliver


def moved(storage, last, **phases):
    """Move the round's days; the cause of its letters."""
    found = desk(storage, "thu-bao")
    told = {Phase(name): Window(date(2024, *days[:2]), date(2024, *days[2:])) for name, days in phases.items()}
    windows = {**found.round.windows, Phase.PUBLISHING: Window(date(2024, 8, 1), date(2024, *last)), **told}
    return f"moved-{move(storage, found, windows, 'bão số 4', appraiser(DAY), ('46',)).number}"


def told_of(box):
    return {recipients[0].partition("@")[0]: letter for recipients, letter in zip(box.recipients, box.letters, strict=True)}


def test_everybody_who_acts_gets_one_letter_with_old_days_new_days_and_the_reason(storage, post):
    cause = moved(storage, (8, 31), entry=(5, 24, 6, 17), appraisal=(6, 18, 6, 26))
    assert storage.round_notices.tally("thu-bao")[cause] == {"waiting": 4}
    with post_office(box := Box()) as smtp:
        post(smtp)
        post(smtp)
    letters = told_of(box)
    assert (len(box.letters), letters.keys()) == (4, {"can.bo", "thu.ky", "huyen.khac", "tham.dinh"})
    text = letters["can.bo"].get_content()
    assert letters["can.bo"]["Subject"] == "Dời ngày đợt đánh giá: Đợt thu-bao"
    wanted = (
        "Người tham.dinh dời ngày của đợt, lúc 10:00 10/06/2024",
        "Lý do: bão số 4",
        "- Tự đánh giá: 24/05/2024–15/06/2024 → 24/05/2024–17/06/2024",
        "- Thẩm định: 16/06/2024–26/06/2024 → 18/06/2024–26/06/2024",
        "Phần việc của bạn: tự đánh giá, giải trình cho Huyện Nam Đông.",
        "https://dti.example/dot-danh-gia/thu-bao",
    )
    assert [each for each in wanted if each not in text] == []
    assert "Công bố:" not in text
    assert "Phần việc của bạn: thẩm định, chốt điểm." in letters["tham.dinh"].get_content()
    assert storage.round_notices.tally("thu-bao")[cause] == {"sent": 4}


def test_more_time_for_one_unit_is_told_to_that_unit_and_to_appraisers(storage, post):
    found = desk(storage, "thu-bao")
    extend(storage, found, "483", Phase.ENTRY, date(2024, 6, 25), "mất điện", appraiser(DAY), ("46",))
    with post_office(box := Box()) as smtp:
        post(smtp)
    letters = told_of(box)
    assert letters.keys() == {"can.bo", "thu.ky", "tham.dinh"}
    assert letters["thu.ky"]["Subject"] == "Gia hạn tự đánh giá cho Huyện Nam Đông: Đợt thu-bao"
    assert "- Tự đánh giá: 24/05/2024–17/06/2024 → 24/05/2024–25/06/2024" in letters["thu.ky"].get_content()
    extend(storage, desk(storage, "thu-bao"), "483", Phase.ENTRY, date(2024, 6, 28), "mất điện", appraiser(DAY), ("46",))
    with post_office(box := Box()) as smtp:
        post(smtp)
    assert "24/05/2024–25/06/2024 → 24/05/2024–28/06/2024" in told_of(box)["thu.ky"].get_content()


def test_who_publishes_is_told_when_those_days_move_and_a_refused_moving_tells_nobody(storage, post):
    with pytest.raises(Exception, match="Chưa đổi ngày nào"):
        moved(storage, (8, 31))
    cause = moved(storage, (9, 1))
    assert storage.round_notices.tally("thu-bao")[cause] == {"waiting": 5}
    with post_office(box := Box()) as smtp:
        post(smtp)
    assert "Phần việc của bạn: công bố." in told_of(box)["phe.duyet"].get_content()


def test_without_a_mail_server_nothing_fails_and_the_round_says_why(storage, post):
    cause = moved(storage, (9, 2))
    post(None)
    assert storage.round_notices.tally("thu-bao")[cause] == {"failed": 5}
    assert storage.round_notices.reasons("thu-bao") == (NOWHERE,)


KILLED = """
import os, signal, sys
from dataclasses import replace
from datetime import UTC, datetime
from hue_dti.config import Settings, Smtp
from hue_dti.services import mail, round_post
from hue_dti.storage import open_storage
from hue_dti.storage.round_notices import NoticeBook, NoticeKey
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "before-it-is-sent":
    mail.send = die
else:
    NoticeBook.note = die
settings = Settings(sys.argv[2], sys.argv[3], smtp=Smtp("127.0.0.1", int(sys.argv[4]), sys.argv[6], "none"))
with open_storage(settings) as storage:
    round_post.tell(storage, settings, NoticeKey("thu-bao", sys.argv[5], "can.bo"), lambda: datetime(2024, 6, 10, 4, tzinfo=UTC))
"""


@pytest.mark.parametrize(("point", "last", "arrive"), [("before-it-is-sent", (9, 3), 1), ("before-it-is-noted", (9, 4), 2)])
def test_a_crash_costs_at_most_one_repeat_with_the_same_message_id(storage, settings, point, last, arrive):
    key = NoticeKey("thu-bao", moved(storage, last), "can.bo")
    with post_office(box := Box()) as smtp:
        args = (point, settings.database_url, settings.owner_url or "", str(smtp.port), key.cause, smtp.sender)
        killed = subprocess.run([sys.executable, "-c", KILLED, *args], env=dict(os.environ), check=False)
        assert killed.returncode == -signal.SIGKILL
        for _ in range(3):
            tell(storage, replace(settings, smtp=smtp), key, lambda: datetime(2024, 6, 10, 5, tzinfo=UTC))
    assert (len(box.letters), len({letter["Message-ID"] for letter in box.letters})) == (arrive, 1)
    assert storage.round_notices.tally("thu-bao")[key.cause]["sent"] == 1


def test_a_letter_that_nobody_knows_of_is_repeated_once_and_then_left(storage, settings):
    key = NoticeKey("thu-bao", moved(storage, (9, 5)), "thu.ky")
    with silent_after_the_text() as (smtp, got):
        for _ in range(2):
            with pytest.raises(MailUnsent):
                tell(storage, replace(settings, smtp=smtp), key, lambda: datetime(2024, 6, 10, 5, tzinfo=UTC))
        tell(storage, replace(settings, smtp=smtp), key, lambda: datetime(2024, 6, 10, 5, tzinfo=UTC))
    assert (len(got), storage.round_notices.tally("thu-bao")[key.cause]) == (2, {"waiting": 4, "unclear": 1})
