"""The sources file that ships as an example, and the contract every connector keeps."""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import connectors
from connectors.sandbox import create_app, sources
from hue_dti.observations.model import Connector
from hue_dti.services.sources import find_connector, load_sources

EXAMPLE = Path(connectors.__file__).parent / "sources.yaml"
SECRETS = dict.fromkeys(
    ("HUE_S_TOKEN", "DIA_CHI_SO_TOKEN", "ANTIVIRUS_TOKEN", "TTHC_TOKEN", "CQS_TOKEN", "BAO_CAO_SO_TOKEN", "HUE_IOC_TOKEN"), "x"
)


def test_the_example_names_every_source_and_an_installed_connector_for_each():
    described = load_sources(EXAMPLE, SECRETS)
    assert set(described) == set(sources("http://127.0.0.1:1"))
    for code, source in described.items():
        connector: Connector = find_connector(source.connector, code)
        assert connector.source == code


def test_the_example_holds_no_secret():
    lines = [line.strip() for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert not [line for line in lines if line.startswith(("token:", "password", "secret"))]


def test_the_example_and_the_sandbox_declare_the_same_kinds_as_the_catalogue(nam_dong):
    for described in ({code: each.settings for code, each in load_sources(EXAMPLE, SECRETS).items()}, sources("http://127.0.0.1:1")):
        declared = {}
        for settings in described.values():
            declared |= dict(pair.split("=") for pair in settings.get("kinds", "").split())
        files = {"police", "telecom", "operations_centre", "district"}
        expected = {code: each["kind"] for code, each in nam_dong.measures.items() if each["source"] in files and each["kind"] != "count"}
        assert declared == expected


@pytest.mark.parametrize("entry", entry_points(group="hue_dti.connectors"), ids=lambda entry: entry.name)
def test_a_connector_brings_measures_of_the_source_it_is_named_after(entry, nam_dong):
    connector = entry.load()(entry.name)
    assert {nam_dong.measures[measure]["source"] for measure in connector.measures} <= {entry.name}
    if entry.name != "spreadsheet":
        assert set(connector.measures) == {code for code, each in nam_dong.measures.items() if each["source"] == entry.name}


def test_the_sandbox_is_found_by_its_entry_point_and_takes_faults_from_the_environment(monkeypatch):
    monkeypatch.setitem(os.environ, "HUE_DTI_SANDBOX_FAULTS", "police=404")
    found = next(entry for entry in entry_points(group="hue_dti.sandbox") if entry.name == "nam_dong").load()
    assert found is create_app
    assert found().test_client().get("/police/so-lieu.xlsx").status_code == 404
