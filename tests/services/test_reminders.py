"""A unit that owes figures gets one digest for each day the schedule names: once, readable, and on record when it fails."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.errors import MailUnsent, SettingError
from hue_dti.numerals import format_points
from hue_dti.periods import LOCAL, Period
from hue_dti.services.quarter import draft
from hue_dti.services.remind import remind_unit
from hue_dti.storage import Deferred, Pace, ReminderKey, work
from tests.services.late_figures import ABSENT, made_late, owed_by
from tests.services.post_office import Box, post_office, silent_after_the_text

PERIOD = Period.parse("2024-Q2")
KEY = ReminderKey("483", "2024-Q2", 7)
MAILBOX = "vhtt@namdong.example"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def clock(text="2024-06-03T08:00"):
    """The machine's clock, which knows no local time."""
    return lambda: at(text).astimezone(UTC)


@pytest.fixture
def late_district(another_quarter):
    """Nam Đông a week before its cut-off: the wallets of three agencies and the signatures of all communes have not come."""
    return made_late(another_quarter())


@pytest.fixture
def come(late_district):
    """Let come what was absent."""

    def arrive():
        storage = late_district.storage
        run = storage.begin_pull("police", "483", PERIOD, late_district.now())
        for unit in {unit.code for unit in storage.units()}:
            for measure, _ in ABSENT:
                before = [each for each in storage.figure_history(unit, measure) if each.value is not None]
                storage.save_observations(run, before[-1:])

    return arrive


@pytest.fixture
def remind(late_district):
    """Remind the district; options go to the service."""

    def sent(smtp, now="2024-06-03T08:00", address=MAILBOX, days=7, public_url=""):
        remind_unit(
            late_district.storage,
            late_district.catalogue,
            late_district.unit,
            PERIOD,
            days,
            clock(now),
            smtp,
            lambda storage, unit: address,
            public_url,
        )

    return sent


def noted(district):
    return {each.key.days_before: each for each in district.storage.reminders.of("2024-Q2")}


def test_what_is_owed_is_counted_once_and_worth_what_the_sheet_lacks(late_district):
    owed = owed_by(late_district)
    sheet = draft(late_district.storage, late_district.catalogue, late_district.unit, PERIOD, at("2024-06-03T08:00")).sheet
    assert {each.code for each in owed.criteria} == {"VII.3", "VIII.4"}
    assert owed.missing == sum(len(measure.units) for each in owed.criteria for measure in each.measures) == 13
    assert owed.gain == sum(sheet.criterion(code).max_points - sheet.criterion(code).points for code in ("VII.3", "VIII.4"))
    assert sum(each.missing for each in owed.units) == owed.missing
    assert {unit.present + unit.missing - unit.expected for unit in owed.units} == {0}
    assert owed.points + owed.gain <= owed.max_points


def test_the_digest_arrives_in_two_parts_with_unit_quarter_and_days_left(remind, late_district):
    box = Box()
    with post_office(box) as smtp:
        remind(smtp)
    (letter,) = box.letters
    assert box.recipients == [[MAILBOX]]
    assert letter["Subject"] == "Nhắc số liệu Quý II/2024: Huyện Nam Đông, còn 7 ngày"
    assert (letter["To"], letter["Auto-Submitted"]) == (MAILBOX, "auto-generated")
    plain, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    owed = owed_by(late_district)
    assert "còn thiếu 13 số liệu, ảnh hưởng 2 tiêu chí" in plain
    assert late_district.catalogue.sources["super_app"].owner in plain
    assert f"nhiều nhất {format_points(owed.gain)} điểm" in plain
    assert all(f"{each.code} {each.name}" in plain for each in owed.criteria)
    assert " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split()) == " ".join(
        " ".join(line.lstrip(" *-") for line in plain.splitlines()).split()
    )
    assert "http" not in html.lower()
    assert "src" not in html.lower()
    assert all(len(line) <= 998 for line in box.wire[0].splitlines())


def test_the_digest_leads_to_the_unit_s_own_page_where_the_site_s_address_is_said(remind):
    with post_office(box := Box()) as smtp:
        remind(smtp, public_url="https://dti.thuathienhue.gov.vn")
    (letter,) = box.letters
    page = "https://dti.thuathienhue.gov.vn/don-vi/483/2024-Q2"
    assert f"Xem và bổ sung số liệu tại: {page}" in letter.get_body(("plain",)).get_content()
    links = BeautifulSoup(letter.get_body(("html",)).get_content(), "html.parser").find_all(True, href=True)
    assert [(link["href"], link.text) for link in links] == [(page, page)]


def test_a_reminder_goes_out_once_for_each_day_however_often_the_job_runs(remind, late_district):
    box = Box()
    with post_office(box) as smtp:
        for _ in range(3):
            remind(smtp)
        remind(smtp, now="2024-06-07T08:00", days=3)
    assert [each["Subject"].rpartition(", ")[2] for each in box.letters] == ["còn 7 ngày", "còn 3 ngày"]
    assert {days: (each.state, each.attempts, each.repeated) for days, each in noted(late_district).items()} == {
        7: ("sent", 1, False),
        3: ("sent", 1, False),
    }


def test_a_unit_that_owes_nothing_or_has_closed_gets_no_mail(remind, late_district, come):
    box = Box()
    come()
    with post_office(box) as smtp:
        remind(smtp)
        late_district.close()
        remind(smtp, days=3)
    assert box.letters == []
    assert noted(late_district) == {}


def test_after_the_cut_off_nobody_is_reminded_and_on_its_day_one_is(remind, late_district):
    box = Box()
    with post_office(box) as smtp:
        remind(smtp, now="2024-06-11T00:00", days=1)
        remind(smtp, now="2024-06-10T23:59", days=0)
    assert [each["Subject"].rpartition(", ")[2] for each in box.letters] == ["hạn hôm nay"]
    assert noted(late_district)[1].state == "too_late"


@pytest.mark.parametrize("address", ["", "khong phai dia chi", "a@b.vn\r\nBcc: x@y.vn", "a@b.vn, c@d.vn", "<a@b.vn>"])
def test_a_unit_without_a_usable_address_is_listed_and_not_skipped(remind, late_district, address):
    box = Box()
    with post_office(box) as smtp:
        remind(smtp, address=address)
    assert box.letters == []
    listed = CliRunner().invoke(cli, ["reminders", "--period", "2024-Q2"], env=late_district.environment)
    assert listed.exit_code == 1
    assert "Huyện Nam Đông" in listed.output
    assert "không có địa chỉ" in listed.output


def test_without_a_mail_server_the_reason_is_on_record(remind, late_district):
    with pytest.raises(SettingError, match="HUE_DTI_SMTP_HOST"):
        remind(None)
    assert (noted(late_district)[7].state, noted(late_district)[7].attempts) == ("failed", 0)


@pytest.mark.parametrize(("at_command", "answer"), [("RCPT", "550 Không có người này"), ("DATA", "451 Thử lại sau")])
def test_a_refused_mail_is_noted_with_the_server_s_words_and_goes_out_when_it_is_taken(remind, late_district, at_command, answer):
    box = Box(**{at_command: answer})
    with post_office(box) as smtp:
        with pytest.raises(MailUnsent, match=answer) as refused:
            remind(smtp)
        assert not refused.value.unclear
        assert (noted(late_district)[7].state, answer in noted(late_district)[7].reason) == ("failed", True)
        box.refuse.clear()
        remind(smtp)
    assert len(box.letters) == 1
    assert (noted(late_district)[7].state, noted(late_district)[7].repeated, noted(late_district)[7].attempts) == ("sent", False, 2)


def test_a_mail_that_nobody_knows_of_is_repeated_once_and_then_left(remind, late_district):
    with silent_after_the_text() as (smtp, got):
        for state in ("sending", "sending"):
            with pytest.raises(MailUnsent) as silent:
                remind(smtp)
            assert silent.value.unclear
            assert noted(late_district)[7].state == state
        remind(smtp)
    assert len(got) == 2
    assert (noted(late_district)[7].state, noted(late_district)[7].repeated) == ("unclear", True)
    assert len({line for text in got for line in text.splitlines() if line.startswith(b"Message-ID")}) == 1


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.periods import LOCAL, Period
from hue_dti.resources import folder
from hue_dti.services import mail, remind
from hue_dti.storage import open_storage
from hue_dti.storage.reminders import ReminderBook
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "before-it-is-sent":
    mail.send = die
else:
    ReminderBook.note = die
settings, period = Settings.from_environment(os.environ), Period.parse("2024-Q2")
with open_storage(settings) as storage:
    unit = next(unit for unit in storage.units() if unit.code == "483" and unit.exists_on(period.end))
    now = lambda: datetime(2024, 6, 3, 8, tzinfo=LOCAL)
    catalogue = load_catalogue(folder("criteria"))
    remind.remind_unit(storage, catalogue, unit, period, 7, now, settings.smtp, lambda *_: "vhtt@namdong.example")
"""


@pytest.mark.parametrize(("point", "arrive"), [("before-it-is-sent", 1), ("before-it-is-noted", 2)])
def test_a_crash_costs_at_most_one_repeat_and_it_shows(point, arrive, remind, late_district):
    box = Box()
    with post_office(box) as smtp:
        own = {
            "HUE_DTI_SMTP_HOST": smtp.host,
            "HUE_DTI_SMTP_PORT": str(smtp.port),
            "HUE_DTI_SMTP_TLS": "none",
            "HUE_DTI_SMTP_FROM": "a@b.vn",
        }
        killed = subprocess.run([sys.executable, "-c", KILLED, point], env={**os.environ, **late_district.environment, **own}, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert noted(late_district)[7].state == "sending"
        for _ in range(3):
            remind(smtp)
    assert len(box.letters) == arrive
    assert (noted(late_district)[7].state, noted(late_district)[7].repeated) == ("sent", True)


def test_the_queue_tries_again_when_the_mail_server_was_away(late_district):
    box = Box(DATA="451 bận")
    pace = Pace(wait_for_the_mail_s=0)
    with post_office(box) as smtp:

        def job(**_: str) -> None:
            try:
                remind_unit(
                    late_district.storage, late_district.catalogue, late_district.unit, PERIOD, 7, clock(), smtp, lambda *_: MAILBOX
                )
            finally:
                box.refuse.clear()

        late_district.storage.defer(Deferred("remind"))
        work(late_district.storage, {"remind": job}, pace, until_empty=True)
    assert len(box.letters) == 1
    assert noted(late_district)[7].attempts == 2
