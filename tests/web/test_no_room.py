"""Samples of the long proof `no_room`: what is typed while a disk is full or a table locked is kept on the page, and goes once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.proofs.at_work import FIRST, TODAY, AtWork
from benchmarks.proofs.no_room import WAITS_S, Trouble, acts, attempt, fields, full_database, full_folder, locked, soup
from hue_dti.resources import folder
from hue_dti.storage import open_storage
from hue_dti.units.load import load_units
from hue_dti.web import create_app


@pytest.fixture(scope="module")
def at_work(server, catalogue, tmp_path_factory):
    """An installation where nothing was pulled, whose site waits for a lock only a moment."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings, WAITS_S) as storage:
        storage.save_units(load_units(folder("criteria")))
        settings = replace(database.settings, home=tmp_path_factory.mktemp("no-room"))
        app = create_app(settings, storage)
        app.config["CLOCK"] = lambda: TODAY
        yield AtWork(settings, storage, catalogue, app, None)


@pytest.mark.parametrize(
    ("number", "trouble", "said", "name"),
    [
        (1, full_database, "Đĩa của máy chủ đã đầy", "nhập"),
        (2, locked, "Cơ sở dữ liệu đang bận việc khác", "nhập"),
        (3, full_folder, "Đĩa của máy chủ đã đầy", "minh chứng"),
    ],
)
def test_what_was_typed_is_not_called_saved_is_kept_and_goes_once_afterwards(number, trouble, said, name, at_work):
    found = attempt(at_work, Trouble(trouble, said), acts(at_work)[name], number)
    assert set(found.values()) == {False}, found


def test_a_form_without_this_browser_s_token_is_not_offered_again(at_work):
    act = acts(at_work)["nhập"]
    with locked(at_work):
        answer = at_work.browse(act.login).post(act.page, data={"csrf_token": "x", "v-shops": "77"})
    assert answer.status_code in {400, 503}
    assert "77" not in answer.text


def test_a_page_with_what_somebody_typed_is_kept_by_nobody(at_work):
    act, client = acts(at_work)["nhập"], at_work.browse(FIRST)
    typed = fields(soup(client.get(act.page).text).select_one(act.form)) | {"v-shops": "78"}
    with full_database(at_work):
        answer = client.post(act.page, data=typed)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
