"""What every kind of connector kept is read again to the same figures, though nobody answers any more."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.metadata import entry_points
from urllib.parse import urlsplit

import pytest
from werkzeug.wrappers import Response

from connectors.http import Asker
from connectors.sandbox.sites import kinds, write_exports
from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.replay import ReplayingStore
from tests.connectors.conftest import MOMENT, QUICK
from tests.connectors.test_described_json import BY_LINK, BY_OFFSET, MAPPED, NUMBERED, Paged
from tests.connectors.test_other_kinds import ANTIVIRUS

GONE = "http://127.0.0.1:9"
SITES = {"web_sitemap": "web_news", "web_pages": "web_news", "arcgis_count": "digital_address"}


def moved(base):
    return urlsplit(base)._replace(netloc=urlsplit(GONE).netloc).geturl()


@pytest.fixture
def both(nam_dong, store):
    """What a kind of connector reads from its system, and what it reads again from what was kept of it."""

    def run(kind, source, settings, **changed):
        connector = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == kind).load()
        asked = {"network": "sandbox", **QUICK, "attempts": "1", **settings}
        first = connector(source).pull(nam_dong.request(source, asked), store, lambda: MOMENT)
        gone = {**asked, **({"base": moved(asked["base"])} if "base" in asked else {}), **changed}
        return first, connector(source).pull(nam_dong.request(source, gone), ReplayingStore(store.answers), lambda: MOMENT)

    return run


@pytest.mark.parametrize("pages", [NUMBERED, BY_OFFSET, BY_LINK], ids=["number", "offset", "next"])
def test_pages_are_read_again_though_the_system_has_moved(pages, both, serve):
    server = Paged()
    first, again = both("json_api", "digital_address", {"base": serve(server), **MAPPED, **pages})
    assert again == first
    assert len(first.readings) == 3
    assert len(server.requests) <= 3, "nobody was asked again"


@pytest.mark.parametrize("kind", SITES)
def test_sites_and_maps_are_read_again(kind, both, healthy):
    first, again = both(kind, SITES[kind], kinds(healthy)[kind])
    assert replace(again, articles=()) == replace(first, articles=())
    assert [(each.key, each.title, each.day) for each in again.articles] == [(each.key, each.title, each.day) for each in first.articles]
    assert first.readings


def test_dropped_files_are_read_again_after_the_folder_was_emptied(both, nam_dong, store, tmp_path):
    folder = tmp_path / "tha-tep"
    folder.mkdir()
    write_exports(folder)
    first, again = both("drop_folder", "antivirus", {"folder": str(folder), **ANTIVIRUS})
    assert again == first
    shutil.rmtree(folder)
    connector = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == "drop_folder").load()
    request = nam_dong.request("antivirus", {"folder": str(folder), **ANTIVIRUS})
    assert connector("antivirus").pull(request, ReplayingStore(store.answers), lambda: MOMENT) == first


def test_an_answer_is_found_again_under_a_gateway_s_number_and_without_the_secret_of_its_address(serve, store):
    def system(environ, start_response):
        return Response('{"ok": 1}', mimetype="application/json", headers={"X-Transaction-Id": "GD-0001 [a]"})(environ, start_response)

    settings = {"base": serve(system), "network": "sandbox", "transaction_header": "X-Transaction-Id", "token": "mat-ma-99"}
    asked = ("", {"khoa": "mat-ma-99", "xa": "Hương Phú"}, {"application/json"})
    first = Asker("super_app", settings, store, lambda: MOMENT).get(*asked)
    assert "mat-ma-99" not in store.answers[0].request
    assert "GD-0001" in store.answers[0].request
    elsewhere = {**settings, "base": moved(settings["base"])}
    assert Asker("super_app", elsewhere, ReplayingStore(store.answers), lambda: MOMENT).get(*asked).body == first.body


def test_a_page_that_was_never_kept_is_not_made_up(both, serve, store):
    both("json_api", "digital_address", {"base": serve(Paged()), **MAPPED, **NUMBERED})
    with pytest.raises(SourceAnswerInvalid, match="không hỏi"):
        both("json_api", "digital_address", {"base": serve(Paged()), **MAPPED, **NUMBERED}, **{"pages.parameter": "trang-so"})
