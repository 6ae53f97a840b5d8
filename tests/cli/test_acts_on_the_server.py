"""Whatever a command changes or takes away leaves an event with the machine's account; what only reads is named here."""

from __future__ import annotations

import inspect
import json
import os
import pwd
import re

import click
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.cli.common import hand
from hue_dti.resources import folder
from hue_dti.units.load import load_units

READS = {
    *(
        "plan list",
        "criteria diff",
        "alerts",
        "articles review",
        "audit show",
        "audit verify",
        "base effect",
        "base list",
        "base log",
        "check",
        "completeness",
    ),
    *("criteria check", "criteria framework", "criteria show", "criteria sources", "db status", "doctor", "dti"),
    *(
        "evidence verify",
        "names",
        "plan export",
        "plan show",
        "profile show",
        "reconcile",
        "reminders",
        "rank",
        "rollup",
        "round list",
        "round show",
        "round template",
        "round verify",
        "dti-year list",
        "dti-year show",
        "schedule",
    ),
    *("source check", "source test", "units at", "units below", "units events", "units preview", "units show", "user list", "verify"),
}
PROCESSES = {"demo", "sandbox", "scheduler", "serve", "worker"}
OF_THE_TABLES = {"db downgrade", "db upgrade"}
"""Work on the tables themselves, the trail's among them; the database's own log tells of it."""


def commands(group=cli, before=""):
    for name, command in group.commands.items():
        own = isinstance(command, click.Group) and not command.invoke_without_command
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        if not own:
            yield f"{before}{name}", command.callback


def test_every_command_that_changes_or_exports_records_it():
    silent = {name for name, act in commands() if not re.search(r"\b(hand|_switch|_doer|doer_at)\(|\.told\(", inspect.getsource(act))}
    assert silent - READS - PROCESSES - OF_THE_TABLES == set()
    assert {name for name, _ in commands()} >= READS


def test_a_command_names_who_stands_above_and_below_a_unit_on_a_day(storage, database, tmp_path, monkeypatch):
    for name, value in {**database.environment, "HUE_DTI_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)

    def told(*given):
        return json.loads(CliRunner().invoke(cli, ["units", "below", *given, "--json"]).stdout)

    assert told("Thị trấn Khe Tre", "--at", "2024-06-30")["above"] == ["483", "46"]
    found = told("46", "--at", "2025-07-01")
    assert (found["above"], len([code for code in found["below"] if len(code) == 5 and code.isdigit()])) == ([], 40)
    said = CliRunner().invoke(cli, ["units", "below", "483", "--at", "30/06/2024"]).stdout
    assert "Huyện Nam Đông (483), ngày 30/06/2024, thuộc Tỉnh Thừa Thiên Huế (46)" in said
    assert "xã, 10: Thị trấn Khe Tre (20161)" in said


def test_the_event_names_the_machine_s_account_whatever_the_environment_says(storage, database, tmp_path, monkeypatch):
    storage.save_units(load_units(folder("criteria")))
    for name, value in {**database.environment, "HUE_DTI_HOME": str(tmp_path), "LOGNAME": "chu.tich", "USER": "chu.tich"}.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(cli, ["template", "--unit", "483", "--period", "2024-Q2", "--out", str(tmp_path / "a.xlsx")])
    assert done.exit_code == 0, done.output
    account = pwd.getpwuid(os.getuid()).pw_name
    told = storage.trail.page(most=1)[0].event
    assert (told.act, told.actor, told.unit, told.address) == ("export.made", account, "483", f"lệnh trên máy chủ: {account}")
    assert hand("Lê Văn An").address == f"lệnh trên máy chủ: {account}"
