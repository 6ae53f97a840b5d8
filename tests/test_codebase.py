"""Tests about the code base itself: what ships, what is documented, what keeps its size."""

import ast
import configparser
import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("hue_dti", "connectors", "jobs")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40


def python_files(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def setup_cfg():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_every_subpackage_ships_in_the_wheel():
    listed = set(setup_cfg()["options"]["packages"].split())
    present = {".".join(path.parent.relative_to(ROOT).parts) for path in python_files(*PACKAGES) if path.name == "__init__.py"}
    assert present <= listed


def test_the_folders_the_program_reads_ship_as_data():
    cfg = setup_cfg()
    assert {"hue_dti.criteria", "hue_dti.templates", "hue_dti.migrations"} <= set(cfg["options"]["packages"].split())
    assert {"hue_dti.criteria", "hue_dti.templates", "hue_dti.migrations", "hue_dti.web"} <= set(cfg["options.package_data"])


def test_every_file_beside_the_program_ships_with_it():
    told = {room: patterns.replace(" ", "").split(",") for room, patterns in setup_cfg()["options.package_data"].items()}
    rooms = {path for path in (ROOT / "hue_dti").rglob("*") if (path / "__init__.py").exists()} | {ROOT / "hue_dti"}
    for room in rooms:
        named = ".".join(room.relative_to(ROOT).parts)
        shipped = {path for pattern in told.get(named, []) if pattern for path in room.glob(pattern)}
        kept = {path for path in room.iterdir() if path.is_file() and path.suffix not in {".py", ".pyc"} and path.name[0] != "."}
        assert kept <= shipped, named


def test_decisions_are_numbered_one_after_another():
    pages = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert [page.read_text(encoding="utf-8").split(".")[0] for page in pages] == [f"# {number}" for number in range(1, len(pages) + 1)]


def test_pyproject_is_only_what_pip_and_ruff_need():
    assert set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))) == {"build-system", "tool"}


def test_no_init_file_stands_under_tests():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("path", python_files(*PACKAGES, "tests", "benchmarks"), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_keep_their_size(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno + 1 <= LONGEST_FUNCTION, f"{node.name} is too long"


AS_PRINTED = {"printed_lists_2024_q2.csv"}
"""Carried as their sources print them, to prove that our border makes them NFC."""


def test_every_text_the_project_carries_is_nfc():
    suffixes = {".py", ".yaml", ".csv", ".md", ".html", ".po", ".css", ".js", ".cfg", ".toml"}
    files = [path for path in ROOT.rglob("*") if path.suffix in suffixes and not {".venv", "build", "out"} & set(path.parts)]
    wrong = [
        str(path)
        for path in files
        if not unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))
        and "broken" not in path.parts
        and path.name not in AS_PRINTED
    ]
    assert files
    assert wrong == []


def test_every_setting_is_in_the_docs():
    config = (ROOT / "hue_dti" / "config.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'"((?:HUE_DTI_|DATABASE_|REPORT_)[A-Z_]+)"', config))
    docs = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert settings
    assert {name for name in settings if f"`{name}`" not in docs} == set()


def test_the_command_manual_is_the_program_s_own():
    from hue_dti.cli import cli
    from hue_dti.cli.manual import manual

    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == manual(cli)


def test_every_error_stands_in_the_tree_of_errors():
    from hue_dti import errors

    named = set(re.findall(r"\w+", errors.__doc__))
    raised = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, errors.HueDtiError)}
    assert raised - named == set()


def test_every_sentence_of_review_has_english():
    from hue_dti.web.awaiting import ACTS, UNDER_REVIEW, WORDS
    from hue_dti.web.dossiers import CONCLUDED, FLAGS
    from hue_dti.web.reviewing import DONE

    with (ROOT / "templates" / "web" / "en.po").open("rb") as file:
        english = {message.id for message in read_po(file) if message.string}
    assert {*ACTS.values(), *WORDS.values(), UNDER_REVIEW, *CONCLUDED.values(), *DONE.values(), *FLAGS.values()} <= english


def test_every_word_of_the_pages_has_english():
    with (ROOT / "templates" / "web" / "en.po").open("rb") as file:
        english = {message.id for message in read_po(file) if message.string}
    used = set()
    for path in (ROOT / "templates" / "web").glob("*.html"):
        used |= set(re.findall(r'_\("([^"]+)"', path.read_text(encoding="utf-8")))
    for path in (ROOT / "hue_dti" / "web").glob("*.py"):
        used |= set(re.findall(r'translate\("([^"]+)"', path.read_text(encoding="utf-8")))
    from hue_dti.accounts.account import ROLES
    from hue_dti.evidence.asked import STANDING_WORDS
    from hue_dti.evidence.model import FILE_WORDS, SEAL_WORDS, TOLD
    from hue_dti.evidence.pieces import SCAN_WORDS
    from hue_dti.web.alerts import KINDS
    from hue_dti.web.errors import _WORDS
    from hue_dti.web.formats import STATES, STATUS
    from hue_dti.web.navigation import LINKS
    from hue_dti.web.report_desk import LABELS, MOVES
    from hue_dti.web.supply import STANDINGS

    used |= {word for pair in _WORDS.values() for word in pair} | {each[0] for each in STATUS.values()} | set(STATES.values())
    from hue_dti.catalogue.framework_words import KIND_WORDS, SCOPE_WORDS

    used |= {*LABELS.values(), *MOVES.values()}
    used |= {standing.word for standing in STANDINGS} | set(KINDS.values()) | set(KIND_WORDS.values()) | set(SCOPE_WORDS.values())
    used |= {link.label for link in LINKS}
    from hue_dti.observations.registers import REGISTERS

    columns = [column for spec in REGISTERS.values() for column in spec.columns]
    used |= {spec.title for spec in REGISTERS.values()} | {column.label for column in columns}
    used |= {column.needed_when for column in columns if column.needed_when}
    evidence = (STANDING_WORDS, FILE_WORDS, SEAL_WORDS, TOLD, SCAN_WORDS)
    used |= {word for words in evidence for word in words.values() if word}
    from hue_dti.web.cells import VERDICTS
    from hue_dti.web.dossiers import FLAGS
    from hue_dti.web.dossiers import STATES as CASES

    used |= {words for words, _ in CASES.values()} | set(FLAGS.values()) | set(VERDICTS.values())
    used |= set(ROLES.values())
    assert (used | words_of_rounds_and_plans()) - english == set()


def words_of_rounds_and_plans():
    from hue_dti.appraisal.rounds import PHASE_WORDS
    from hue_dti.catalogue.rollup_words import MATCH_WORDS, STATE_WORDS
    from hue_dti.plans.progress import DOING_WORDS
    from hue_dti.services.mail import LETTER_WORDS
    from hue_dti.web.provinces_in import SIGNS
    from hue_dti.web.round_form import LEVELS, PERIODS
    from hue_dti.web.round_sheet import STAGES

    tables = (PHASE_WORDS, DOING_WORDS, LEVELS, STAGES, MATCH_WORDS, STATE_WORDS, PERIODS, LETTER_WORDS, SIGNS)
    return {words for told in tables for words in told.values()}


def test_nobody_left_a_note_to_himself_or_a_path_of_his_own_machine():
    forbidden = re.compile(r"\b(?:TODO|FIXME|XXX)\b|/home/\w|/Users/\w|\b[Ii]ssue #?\d")
    suffixes = {".py", ".yaml", ".md", ".html", ".css", ".js", ".cfg", ".toml"}
    files = [path for path in ROOT.rglob("*") if path.suffix in suffixes and not {".venv", "build", "out", ".git"} & set(path.parts)]
    assert [str(path) for path in files if path != Path(__file__) and forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_how_fine_a_point_is_stands_once():
    spelt = re.compile(r"^_?POINT\w* = |points\w*,? \*? ?10_000|weight \* 10_000", re.MULTILINE)
    found = [path.relative_to(ROOT).as_posix() for path in python_files("hue_dti") if spelt.search(path.read_text(encoding="utf-8"))]
    assert found == ["hue_dti/numerals.py"]


def test_every_file_the_readme_points_at_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
