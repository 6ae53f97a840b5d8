"""A pull that ends before its time: nothing of an unfinished run counts, and nobody waits for a source that drips."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
import yaml
from flask import Flask, Response

from hue_dti.observations.model import State
from hue_dti.periods import Window
from hue_dti.services.pull import STOPPED
from hue_dti.services.sources import SourceSettings
from hue_dti.storage import documents
from tests.golden_quarter import PERIOD, UNIT, serving


@pytest.fixture
def quarter(another_quarter):
    """The pulled quarter."""
    return another_quarter()


def heeding():
    """Whoever runs the tests in the background has switched Ctrl+C off for what they start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def figures(quarter):
    return {(each.unit, each.measure): each for each in quarter.storage.observations([UNIT], PERIOD)}


def test_a_run_that_breaks_between_its_figures_and_its_register_leaves_nothing(quarter, monkeypatch):
    before = figures(quarter)
    known = next(each for each in before.values() if each.value is not None)
    run = quarter.storage.begin_pull(known.origin.source, UNIT, PERIOD, quarter.now())

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(documents, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        quarter.storage.finish_pull(run, "ok", "", 1, 1, (), quarter.now(), [replace(known, value=None, state=State.MISSING)], [])
    assert figures(quarter) == before
    assert next(each for each in quarter.storage.last_pulls(UNIT, PERIOD) if each.id == run).outcome is None


def test_a_register_that_was_emptied_leaves_no_document(quarter, install_empty_register):
    days = Window(PERIOD.start.replace(month=1), PERIOD.end)
    assert quarter.storage.documents(UNIT, days)
    quarter.pull({"documents": SourceSettings(install_empty_register, {})}, "documents")
    assert quarter.storage.documents(UNIT, days) == ()


@pytest.fixture
def install_empty_register(tmp_path, monkeypatch):
    (tmp_path / "emptied_register.py").write_text(
        "from hue_dti.observations.model import Pulled\n\n\nclass Connector:\n    measures = ()\n\n"
        "    def __init__(self, source): pass\n\n    def pull(self, request, store, now): return Pulled((), ())\n"
    )
    info = tmp_path / "emptied_register-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: emptied_register\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[hue_dti.connectors]\nemptied_register = emptied_register:Connector\n")
    monkeypatch.syspath_prepend(tmp_path)
    return "emptied_register"


def test_a_person_who_stops_a_pull_waits_for_no_source_and_its_runs_are_failed(quarter, tmp_path):
    asked, app = threading.Event(), Flask("drip")
    release = app.config["RELEASE"] = threading.Event()

    def drip():
        asked.set()
        while not release.wait(0.05):
            yield b" "

    app.add_url_rule("/<path:any>", view_func=lambda any: Response(drip(), content_type="application/json"))
    with serving(app) as address:
        told = {"super_app": {"connector": "super_app", "base": f"{address}/super_app", "total_timeout_s": "100"}}
        (tmp_path / "sources.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
        command = [sys.executable, "-m", "hue_dti", "pull", "--unit", UNIT, "--period", str(PERIOD), "--source", "super_app"]
        environment = {**os.environ, **quarter.environment, "HUE_DTI_SOURCES": str(tmp_path / "sources.yaml"), "HUE_DTI_SANDBOX": "1"}
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=heeding)
        assert asked.wait(60), process.communicate()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert (process.returncode, "Đã dừng" in said) == (130, True)
    stopped = next(each for each in quarter.storage.last_pulls(UNIT, PERIOD) if each.source == "super_app")
    assert (stopped.outcome, stopped.reason) == ("failed", STOPPED)
