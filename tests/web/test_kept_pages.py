"""A page that is kept shows what a page worked out anew would show: whatever others do elsewhere, whoever asks, in whichever language."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import abort
from sqlalchemy import event
from werkzeug.exceptions import NotFound

from hue_dti.accounts.model import Grant, Role
from hue_dti.periods import Period
from hue_dti.storage import open_storage
from hue_dti.storage.engine import glancing
from hue_dti.storage.kept import Kept
from hue_dti.web import create_app
from hue_dti.web.kept_page import NOBODY, kept_page
from hue_dti.web.sessions import actor
from tests.people import COOKIE, cookie, enter
from tests.web.elsewhere import ACTS, COMMUNE, DISTRICT, PERIOD, UNSEEN

PAGE = f"/don-vi/{DISTRICT}/{PERIOD}"
ELSEWHERE = Grant(Role.READER, "480")
PERSONS = {
    "quan.tri": (Grant(Role.PROVINCE_ADMIN, "46"), Grant(Role.OPERATOR, "46")),
    "doc": (Grant(Role.READER, DISTRICT),),
    "doc.khac": (Grant(Role.READER, DISTRICT), ELSEWHERE),
    "thu.ky": (Grant(Role.SECRETARY, DISTRICT),),
    "can.bo": (Grant(Role.OFFICER, COMMUNE),),
    "nguoi.duyet": (Grant(Role.APPROVER, DISTRICT),),
    "nguoi.la": (ELSEWHERE,),
    "": (),
}


class Office:
    """Nam Đông's quarter with the site that keeps, one that works everything out anew, and another process that acts."""

    def __init__(self, quarter, there):
        self.quarter, self.there = quarter, there
        self.sites = [create_app(quarter.settings, each) for each in (quarter.storage, open_storage(quarter.settings))]
        self.hours, self.read = 0, set()
        engine = self.sites[1].extensions["hue_dti"].storage._engine
        for each in (engine, glancing(engine)):
            event.listen(each, "before_cursor_execute", self.note)

    def now(self):
        self.hours += 1
        return datetime.now(UTC) + timedelta(seconds=self.hours)

    def page(self, login="quan.tri", address=PAGE, *, anew=False, lang="vi"):
        """The page as somebody sees it, without the token of its forms."""
        app = self.sites[anew]
        if anew:
            storage = app.extensions["hue_dti"].storage
            storage.kept = Kept(storage._engine)
        client = app.test_client()
        client.set_cookie("ngon_ngu", lang)
        if login:
            client.set_cookie(COOKIE, cookie(app, enter(self.quarter.storage, login, *PERSONS[login])))
        answer = client.get(address, buffered=True)
        return answer.status_code, re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", answer.text)

    def note(self, _, __, statement, *more):
        """Note what is read to work pages out anew."""
        self.read.update(re.findall(r"(?:FROM|JOIN)\s+([a-z_]+)", statement))

    def close(self):
        self.sites[1].extensions["hue_dti"].storage.close()


@pytest.fixture(scope="module")
def office(copy_quarter, tmp_path_factory):
    with copy_quarter(tmp_path_factory.mktemp("kept")) as quarter, open_storage(quarter.settings) as there:
        made = Office(quarter, there)
        yield made
        made.close()


def test_a_kept_page_is_for_everybody_who_asks_what_it_would_be_anew_however_many_asked_before(office):
    anew = {login: office.page(login, anew=True) for login in PERSONS}
    for login in (*PERSONS, *PERSONS):
        assert office.page(login) == anew[login], login
    assert anew["can.bo"][1] != anew["quan.tri"][1]
    assert (anew["nguoi.la"][0], anew[""][0]) == (404, 302)


def test_each_language_and_each_choice_of_rows_is_kept_for_itself(office):
    for lang, address in (("en", PAGE), ("vi", PAGE), ("vi", f"{PAGE}?nhom=III"), ("vi", f"/don-vi/{COMMUNE}/{PERIOD}"), ("en", PAGE)):
        assert office.page(address=address, lang=lang) == office.page(address=address, lang=lang, anew=True)


def test_what_another_process_does_is_on_the_very_next_page(office):
    before = office.page()
    for act in ACTS:
        act(office)
        after = office.page()
        assert after == office.page(anew=True), act.__name__
        shows_it = act not in UNSEEN  # these are in what is worked out, not on this page
        assert (after != before) is shows_it, act.__name__
        before = after


def test_every_table_that_a_kept_page_reads_tells_of_its_changes(office):
    with office.quarter.database.connect() as connection:
        known = "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON tgfoid = pg_proc.oid WHERE proname ~ '^touch_'"
        told = {row[0] for row in connection.execute(known)}
    asked_every_time = {"session", "account", "account_grant", "second_factor", "recovery_code", "alert", "touched", "unit_change"}
    written_with_others = {"base_proposal", "base_decision", "raw_request", "raw_answer", "entry", "evidence_file"}
    assert {"snapshot", "evidence", "unit_profile", "cell_mark", "submission"} < office.read
    assert office.read - told - asked_every_time - written_with_others == set()


def test_what_is_kept_is_worked_out_for_somebody_without_a_name_and_an_answer_of_its_own_for_who_asks(office):
    app, asked = office.sites[0], []

    def prepare():
        asked.append(actor())
        abort(404)

    token = enter(office.quarter.storage, "thu.ky", *PERSONS["thu.ky"])
    told = {"headers": {"Cookie": f"{COOKIE}={cookie(app, token)}"}, "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    with app.test_request_context(PAGE, base_url="http://127.0.0.1", **told):
        app.preprocess_request()
        with pytest.raises(NotFound):
            kept_page("quarter.html", office.quarter.unit, Period.parse(PERIOD), prepare)
    assert [(each.login, each.name, each.grants) for each in asked] == [
        (NOBODY, "", PERSONS["thu.ky"]),
        ("thu.ky", "Người thu.ky", PERSONS["thu.ky"]),
    ]
