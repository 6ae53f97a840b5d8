"""Plays the provincial systems on loopback with the golden quarter of Nam Đông; it serves no real person's figure.

`create_app()` is the whole thing in one process; `sources(base_url)` gives the settings with which its systems are asked. What documents
do not give is invented (`invented.py`) and every answer that holds such a figure says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import yaml
from flask import Flask, render_template_string

from connectors.sandbox import faults as fault_switch
from connectors.sandbox.files import files
from connectors.sandbox.news import news
from connectors.sandbox.platforms import platforms
from connectors.sandbox.portals import TOKEN, portals
from connectors.sandbox.sites import sites

DESCRIBED = ("digital_workplace", "report_platform", "map_platform", "field_reflections")
"""Systems that are asked as the sources file describes them, and by no code of their own."""
SOURCES = Path(__file__).resolve().parent.parent / "sources.yaml"
_INDEX = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Hệ thống mô phỏng</title>
<h1>Hệ thống mô phỏng của tỉnh</h1>
<p>Số liệu huyện Nam Đông, Quý II/2024. Phần không có trong báo cáo gốc là mô phỏng.</p>
<ul>{% for address, what in endpoints %}<li><code>{{ address }}</code>: {{ what }}</li>{% endfor %}</ul></html>
"""
_KINDS = {
    "district": "budget=amount budget_digital=amount page_review=progress ranking_platform=progress",
    "police": "vneid_level2=percent",
}


def create_app(faults: Mapping[str, str] | None = None) -> Flask:
    """The systems as one Flask app; `faults` makes some of them ill, see `connectors.sandbox.faults`."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for blueprint in (portals, platforms, news, files, sites):
        app.register_blueprint(blueprint)
    fault_switch.install(app, fault_switch.parse(os.environ.get("HUE_DTI_SANDBOX_FAULTS", "")) if faults is None else faults)

    @app.get("/")
    def index() -> str:
        """The endpoints."""
        views = app.view_functions
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
        endpoints = sorted((rule.rule, (views[rule.endpoint].__doc__ or "").strip()) for rule in rules)
        return render_template_string(_INDEX, endpoints=endpoints)

    return app


def sources(base_url: str) -> dict[str, dict[str, str]]:
    """The settings of every source for a sandbox running at that address: source code → connector and its settings."""
    base = base_url.rstrip("/")
    described = {
        "super_app": {"connector": "super_app", "token": TOKEN},
        "digital_address": {"connector": "digital_address", "token": TOKEN},
        "web_news": {"connector": "web_news"},
        "antivirus": {"connector": "antivirus"},
        "public_services": {"connector": "public_services"},
        **{code: {**_shipped(code), "token": TOKEN} for code in DESCRIBED},
        **{
            code: {"connector": "spreadsheet", "path": "so-lieu.xlsx", "kinds": _KINDS.get(code, "")}
            for code in ("police", "telecom", "operations_centre", "district")
        },
        "hamlet_teams": {"connector": "hamlet_teams", "path": "to-cong-nghe-so.xlsx"},
        "meetings": {"connector": "meetings", "path": "so-hop.xlsx"},
        "documents": {"connector": "documents", "path": "so-van-ban.xlsx"},
    }
    return {code: {**settings, "base": f"{base}/{code}", "network": "sandbox"} for code, settings in described.items()}


def _shipped(code: str) -> dict[str, str]:
    """How the sources file that ships describes a source, without what belongs to a real system: its address and its secret."""
    entry = yaml.load(SOURCES.read_text(encoding="utf-8"), yaml.BaseLoader)[code]  # noqa: S506 - texts only, of our own file
    described: dict[str, str] = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            described |= {f"{key}.{name}": each for name, each in value.items()}
        elif key not in ("base", "owner") and not key.endswith(("_env", "_file")):
            described[key] = value
    if "keeps" in described:
        described["keeps"] += " nguon_goc"
    return described
