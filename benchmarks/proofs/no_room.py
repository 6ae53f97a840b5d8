"""A full disk, a locked table, a stopped server while people type, 20 times each: `python -m benchmarks.proofs.no_room [TIMES]`.

Nobody is told that something was kept which was not, everybody reads in plain words what to do, and what was typed stays on the page,
from which it goes with one button once the trouble is over, once.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import count, cycle, islice
from typing import Any
from uuid import UUID

import psycopg
from bs4 import BeautifulSoup, Tag

from benchmarks.proofs.at_work import CLOSED, COMMUNE, DISTRICT, FIRST, OPEN, AtWork, district_at_work
from hue_dti.services.evidence_overview import overview
from hue_dti.storage import open_storage
from hue_dti.web import create_app
from tests.evidence.papers import png

WAITS_S = 0.3
"""How long these trials wait for a lock; the site itself waits longer."""

TABLES = ("entry", "evidence", "report_text")
NOT_TYPED = {"csrf_token", "tep"}
FALSE = ("Đã lưu", "Đã nhận")


@dataclass(frozen=True)
class Act:
    """Something that a person sends from a page: who, where, what is typed, and how often it is kept afterwards."""

    login: str
    page: str
    form: str
    fill: Callable[[Tag, int], dict[str, Any]]
    kept: Callable[[AtWork, int], int]


def acts(place: AtWork) -> dict[str, Act]:
    """Figures typed, a proof handed in, a report's words saved."""
    unit = next(each for each in place.storage.units() if each.code == COMMUNE and each.exists_on(OPEN.end))
    criterion = overview(place.storage, place.catalogue, unit, OPEN)[0].criterion.code
    return {
        "nhập": Act(FIRST, f"/nhap/{COMMUNE}/{OPEN}", "#nhap", _figures, _figures_kept),
        "minh chứng": Act(FIRST, f"/minh-chung/{COMMUNE}/{OPEN}/{criterion}", "form[data-send]", _paper, _papers_kept),
        "báo cáo": Act("namdong.thuky", f"/don-vi/{DISTRICT}/{CLOSED}/bao-cao/soan", "#soan", _words, _words_kept),
    }


def _figures(form: Tag, number: int) -> dict[str, Any]:
    return {"v-shops": str(1000 + number)}


def _figures_kept(place: AtWork, number: int) -> int:
    return sum(each.typed.value == 1000 + number for each in place.storage.entries.of_cell(COMMUNE, "shops", str(OPEN)))


def _paper(form: Tag, number: int) -> dict[str, Any]:
    return {"tep": (BytesIO(png(4 + number)), f"anh-{number}.png"), "loi": f"Ảnh chụp lần {number}"}


def _papers_kept(place: AtWork, number: int) -> int:
    return sum(each.draft.name == f"anh-{number}.png" for each in place.storage.evidence.of([COMMUNE], str(OPEN)))


def _words(form: Tag, number: int) -> dict[str, Any]:
    return {str(form.select("textarea")[-1]["name"]): f"Tiếp tục đôn đốc các xã, lần {number}."}


def _words_kept(place: AtWork, number: int) -> int:
    with psycopg.connect(place.settings.database_url or "") as connection:
        rows = connection.execute("SELECT report_text::text FROM report_text").fetchall()
    return sum(f"lần {number}." in row[0] for row in rows)


@contextmanager
def full_database(place: AtWork) -> Iterator[None]:
    """The database's disk has no room for another row."""
    with psycopg.connect(place.settings.owner_url or "", autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        for table in TABLES:
            owner.execute(f"CREATE TRIGGER z_full BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()")
        yield
        for table in TABLES:
            owner.execute(f"DROP TRIGGER z_full ON {table}")


@contextmanager
def full_folder(place: AtWork) -> Iterator[None]:
    """No file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(place: AtWork) -> Iterator[None]:
    """Somebody holds the tables longer than anybody waits."""
    with psycopg.connect(place.settings.owner_url or "") as owner:
        owner.execute(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")
        yield
        owner.rollback()


@contextmanager
def stopped(place: AtWork) -> Iterator[None]:
    """The server does not run."""
    place.installation.lease.cluster.stop()
    try:
        yield
    finally:
        place.installation.lease.cluster.start()


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, what the page then says, and what is done meanwhile."""

    begin: Callable[[AtWork], AbstractContextManager[None]]
    said: str
    during: tuple[str, ...] = ("nhập", "minh chứng", "báo cáo")


TROUBLES = {
    "đĩa của cơ sở dữ liệu đầy": Trouble(full_database, "Đĩa của máy chủ đã đầy"),
    "đĩa của tệp đầy": Trouble(full_folder, "Đĩa của máy chủ đã đầy", ("minh chứng",)),
    "bảng bị khóa": Trouble(locked, "Cơ sở dữ liệu đang bận việc khác"),
    "máy chủ cơ sở dữ liệu dừng": Trouble(stopped, "Không làm việc được với cơ sở dữ liệu"),
}


def attempt(place: AtWork, trouble: Trouble, act: Act, number: int) -> dict[str, bool]:
    """What went wrong besides the trouble itself, when somebody sends a form in the middle of it and once more afterwards."""
    client = place.browse(act.login)
    form = soup(client.get(act.page).text).select_one(act.form)
    assert form is not None, act.page
    told = act.fill(form, number)
    with trouble.begin(place):
        answer = client.post(str(form.get("action") or act.page), data={**fields(form), **told}, content_type="multipart/form-data")
        page = soup(answer.text)
    again = page.select_one("main form")
    typed = {name: value for name, value in told.items() if name not in NOT_TYPED}
    wrong = {
        "báo đã lưu mà chưa lưu": answer.status_code != 503 or any(each in page.get_text() for each in FALSE),
        "không nói rõ": trouble.said not in page.get_text(),
        "mất điều đã gõ": again is None or not typed.items() <= fields(again).items(),
        "ghi dở dang": act.kept(place, number) != 0,
    }
    if again is not None:
        more = {name: value for name, value in act.fill(form, number).items() if name in NOT_TYPED}
        client.post(str(again["action"]), data={**fields(again), **more}, content_type="multipart/form-data")
    return wrong | {"gửi lại mà không đúng một lần": act.kept(place, number) != 1}


def by_script(place: AtWork, trouble: Trouble, number: int) -> dict[str, bool]:
    """The same for one cell that the page's script sends, which keeps it and sends it again itself."""
    client = place.browse(FIRST)
    token = fields(soup(client.get(f"/nhap/{COMMUNE}/{OPEN}").text).select_one("#nhap") or Tag(name="form"))["csrf_token"]
    body = {"id": str(UUID(int=number)), "measure": "shops", "text": str(1000 + number), "choice": "value", "reason": "", "replaces": ""}
    body["replaces"] = str(next((each.typed.client for each in place.storage.entries.newest([COMMUNE], str(OPEN))), ""))
    sent = {"data": json.dumps(body), "content_type": "application/json", "headers": {"X-CSRFToken": token}}
    with trouble.begin(place):
        first = client.post(f"/nhap/{COMMUNE}/{OPEN}/o", **sent)
    lost = _figures_kept(place, number)
    client.post(f"/nhap/{COMMUNE}/{OPEN}/o", **sent)
    once = _figures_kept(place, number) == 1
    return {"báo đã lưu mà chưa lưu": first.status_code != 503, "ghi dở dang": lost != 0, "gửi lại mà không đúng một lần": not once}


def soup(text: str) -> BeautifulSoup:
    """A page as it came."""
    return BeautifulSoup(text, "html.parser")


def fields(form: Tag) -> dict[str, Any]:
    """What the form would send as it stands."""
    told = {
        str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]") if each.get("type") not in {"file", "radio"}
    }
    told |= {str(each["name"]): each.text.removeprefix("\n") for each in form.select("textarea[name]")}
    for each in form.select("select[name]"):
        chosen = each.select_one("option[selected]") or each.select_one("option")
        told[str(each["name"])] = str(chosen["value"]) if chosen else ""
    return told


def prove(place: AtWork, times: int) -> tuple[Counter[str], int]:
    """Each trouble so many times, in the middle of one act after the other; what was found wrong, and how many trials there were."""
    wrong: Counter[str] = Counter()
    known, numbers, trials = acts(place), count(1), 0
    for trouble in TROUBLES.values():
        for name in islice(cycle((*trouble.during, "ô") if "nhập" in trouble.during else trouble.during), times):
            number = next(numbers)
            found = by_script(place, trouble, number) if name == "ô" else attempt(place, trouble, known[name], number)
            wrong.update({f"{what} ({name})": times for what, times in found.items() if times})
            trials += 1
    return wrong, trials


@contextmanager
def impatient() -> Iterator[AtWork]:
    """The district at work, whose site waits for a lock only a moment."""
    with district_at_work() as place, open_storage(place.settings, WAITS_S) as storage:
        app = create_app(place.settings, storage)
        app.config["CLOCK"] = place.app.config["CLOCK"]
        app.logger.setLevel(logging.CRITICAL)
        yield replace(place, storage=storage, app=app)


def main(times: int) -> int:
    """Try and tell."""
    with impatient() as place:
        wrong, trials = prove(place, times)
    for what, often in wrong.items():
        print(f"{often} lần {what}")
    print(
        f"{trials} lần gửi giữa lúc {', '.join(TROUBLES)} (nhập, minh chứng, báo cáo, ô tự lưu): 0 lần báo đã lưu mà chưa lưu, "
        f"lần nào cũng nói rõ phải làm gì, giữ điều đã gõ và gửi lại được đúng một lần"
        if not wrong
        else f"{trials} lần gửi giữa lúc có sự cố: {wrong.total()} lần sai"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
