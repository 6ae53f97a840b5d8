"""The worked examples of docs/new-source.md do what the page says."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import pytest
from werkzeug.wrappers import Request, Response

from hue_dti.observations.model import Pulled
from hue_dti.services.sources import load_sources
from hue_dti.services.try_source import try_source
from tests.golden_quarter import PERIOD

PAGE = (Path(__file__).parents[2] / "docs" / "new-source.md").read_text(encoding="utf-8")
SANDBOX = {"network": "sandbox", "attempts": "1"}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


class Platform:
    """Answers with the page's own JSON, page by page."""

    def __init__(self):
        self.requests = []

    def __call__(self, environ, start_response):
        asked = Request(environ)
        self.requests.append(asked)
        body = blocks("json")[int(asked.args["trang"]) - 1]
        return Response(body, mimetype="application/json")(environ, start_response)


@pytest.fixture
def declared(tmp_path):
    """The page's sources file as it would be loaded, led to another address."""

    def run(text, base, environ=None, catalogue=None):
        path = tmp_path / "nguon.yaml"
        path.write_text(text, encoding="utf-8")
        described = load_sources(path, environ or {}, None, catalogue)
        for source in described.values():
            source.settings.update({**SANDBOX, "base": base})
        return described

    return run


def test_the_system_that_answers_in_json_needs_no_code(declared, serve, golden):
    platform = Platform()
    described = declared(blocks("yaml")[0], serve(platform), {"DIA_CHI_SO_TOKEN": "x"}, golden.catalogue)
    trial = try_source(golden.storage, golden.catalogue, "digital_address", described["digital_address"], golden.unit, PERIOD, golden.now)
    assert trial.failure == ""
    assert [(request.path, dict(request.args)) for request in platform.requests] == [
        ("/api/xa", {"huyen": "483", "den": "10/06/2024", "trang": number}) for number in "12"
    ]
    assert platform.requests[0].headers["Authorization"] == "Bearer x"
    names = {unit.code: unit.name for unit in golden.storage.units() if unit.exists_on(PERIOD.end)}
    assert {names[each.unit]: each.value for each in trial.admission.fresh} == {"Xã Hương Xuân": 512, "Thị trấn Khe Tre": 640}
    assert trial.admission.faults == ()
    assert [json.loads(block)["tong"] for block in blocks("json")] == [3, 3]


def test_a_new_kind_is_one_file_and_one_entry_point(declared, serve, golden, tmp_path, monkeypatch):
    package = tmp_path / "goi"
    (package / "so_dem-1.dist-info").mkdir(parents=True)
    (package / "so_dem.py").write_text(blocks("python")[0], encoding="utf-8")
    (package / "so_dem-1.dist-info" / "entry_points.txt").write_text(blocks("ini")[0], encoding="utf-8")
    (package / "so_dem-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: so-dem\nVersion: 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(package))
    importlib.invalidate_caches()
    text = "digital_address: {connector: plain_lines, base: 'https://a.example', measure: addresses}"
    base = serve(Response("Hương Xuân;512\nHương Sơn;nhiều\n", content_type="text/plain; charset=utf-8"))
    source = declared(text, base)["digital_address"]
    trial = try_source(golden.storage, golden.catalogue, "digital_address", source, golden.unit, PERIOD, golden.now)
    sys.modules.pop("so_dem", None)
    assert trial.failure == ""
    assert isinstance(trial.pulled, Pulled)
    assert [each.value for each in trial.admission.fresh] == [512]
    assert [fault.place for fault in trial.admission.faults] == ["dòng 2"]
