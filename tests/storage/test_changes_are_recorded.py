"""Whatever a person changes is recorded in the transaction that changes it; what machines note for themselves is named here."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "hue_dti"
WRITES = {"insert", "update", "delete", "upsert", "defer", "copy"}
STATEMENTS = ("INSERT INTO", "UPDATE ", "DELETE FROM", "FROM STDIN")
BY_MACHINES = {
    "alerts.AlertBook.settle": "the watch opens and closes alerts",
    "board.BoardBook.keep_trial": "what a source answered on trial, forgotten after a day",
    "circuit.CircuitBook.failed": "a source rests",
    "circuit.CircuitBook.rests_until": "a source rests",
    "facade.Storage.defer": "jobs that jobs queue",
    "facade.Storage.save_documents": "figures of the golden quarter",
    "facade.Storage.save_units": "units of the files, at every start",
    "names_and_reasons.NamesAndReasons.note_unknown_name": "names that pulls bring",
    "reminders.ReminderBook.begin": "mail of the schedule",
    "reminders.ReminderBook.note": "mail of the schedule",
    "round_notices.NoticeBook.begin": "mail of a change that is recorded",
    "round_notices.NoticeBook.note": "mail of a change that is recorded",
    "schedule.ScheduleBook.beat": "the clock",
    "schedule.ScheduleBook.call": "the clock",
    "schedule.ScheduleBook.note_stale": "the clock",
    "second_factors.SecondFactorBook.recover": "a code is used up by signing in, which is recorded",
    "second_factors.SecondFactorBook.use": "a code is used up by signing in, which is recorded",
    "sessions.SessionBook.seen": "a sign of life",
    "sessions.SessionBook.tried": "tries at the door are counted",
    "unit_events.UnitEventBook.learn": "events of the files, at every start",
}
"""Changes without an event, each with its reason; those of persons have one."""


@cache
def modules():
    return {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "storage").glob("*.py")}


@cache
def functions():
    """Every function of the room: its own by module and name, methods by class and name."""
    found = {}
    for module, tree in modules().items():
        for node in tree.body:
            inner = node.body if isinstance(node, ast.ClassDef) else [node]
            owner = f"{module}.{node.name}" if isinstance(node, ast.ClassDef) else module
            found |= {f"{owner}.{each.name}": each for each in inner if isinstance(each, ast.FunctionDef)}
    return found


@cache
def imported(module):
    """What the module calls by a name of its own, and what that is."""
    told = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hue_dti.storage"):
            source = (node.module or "").removeprefix("hue_dti.storage").removeprefix(".")
            told |= {each.asname or each.name: f"{source}.{each.name}" if source else each.name for each in node.names}
    return told


@cache
def calls(name):
    """What the function calls, as it is spelt there."""
    return [ast.unparse(node.func) for node in ast.walk(functions()[name]) if isinstance(node, ast.Call)]


def called(name):
    """The functions of the room that one calls, itself among them, however deep."""
    seen, todo = set(), [name]
    while todo:
        current = todo.pop()
        if current in seen or current not in functions():
            continue
        seen.add(current)
        module, known = current.partition(".")[0], imported(current.partition(".")[0])
        for spelt in calls(current):
            first, _, rest = spelt.partition(".")
            owner = current.rpartition(".")[0]
            todo += [f"{module}.{spelt}", f"{known.get(first, '')}.{rest}" if rest else known.get(first, ""), f"{owner}.{rest}"]
    return seen


@cache
def writes(name):
    for node in ast.walk(functions()[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITES:
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(word in node.value for word in STATEMENTS):
            return True
    return False


def public_methods():
    return [name for name in functions() if name.count(".") == 2 and not name.rpartition(".")[2].startswith("_")]


def test_every_change_records_its_event_in_its_own_transaction():
    silent = {
        name
        for name in public_methods()
        if any(map(writes, called(name))) and not any(each.startswith("trail.record") for each in called(name))
    }
    assert silent - set(BY_MACHINES) == set(), "a change without an event"
    assert set(BY_MACHINES) - silent == set(), "named for nothing"


OF_MACHINES = {
    "services/close.py storage.board.queue_once": "the report that a close of the clock queues",
    "services/pull.py storage.finish_pull": "a pull that was stopped",
    "services/pull_together.py storage.finish_pull": "a pull that was stopped",
}
"""Calls that hand no event over, each with its reason."""


@cache
def books():
    """What the door calls each book, by its class."""
    doors = [each for name, each in functions().items() if name.startswith(("people.People.", "facade.Storage."))]
    return {ast.unparse(each.returns): each.name for each in doors if any(ast.unparse(mark) == "property" for mark in each.decorator_list)}


def taking_trails():
    """The methods that take events, as callers spell them, with the place of `trail` among their arguments."""
    found = {}
    for name in public_methods():
        owner, told = name.split(".")[1], [each.arg for each in functions()[name].args.args]
        only = [each.arg for each in functions()[name].args.kwonlyargs]
        if "trail" in told + only:
            spelt = f"storage.{books()[owner]}." if owner in books() else "storage."
            found[spelt + name.rpartition(".")[2]] = told.index("trail") - 1 if "trail" in told else len(told) + 99
    return found


def test_who_changes_something_hands_its_events_over():
    told, wrong = taking_trails(), []
    last_words = {spelt.rpartition(".")[2] for spelt in told}
    for path in sorted(ROOT.rglob("*.py")):
        if path.parent.name == "storage":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in last_words:
                continue
            spelt = "storage" + ast.unparse(node.func).rpartition("storage")[2]
            if spelt in told and len(node.args) <= told[spelt] and not {each.arg for each in node.keywords} & {"trail", None}:
                wrong.append(f"{path.relative_to(ROOT)} {spelt}")
    assert "storage.accounts.grant" in told
    assert set(wrong) == set(OF_MACHINES)
