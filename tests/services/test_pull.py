"""Pulling a quarter: every source is asked, its answers kept, what is sound let in, and none stops the others."""

import json
from dataclasses import replace
from textwrap import dedent
from uuid import uuid4

import pytest

from connectors.sandbox import create_app
from hue_dti.errors import NoSetInForce, SettingError
from hue_dti.observations.model import State
from hue_dti.services.errand import set_in_force
from hue_dti.services.pull import base_first, pull_quarter
from hue_dti.services.sources import SourceSettings
from tests.golden_quarter import PERIOD, UNIT, described, serving

OFFICE, COMMUNE = "483.van-phong", "20182"
SCRIPTED = """
import hashlib, json
from datetime import date
from hue_dti.observations.model import Pulled, RawAnswer, Reading


class Connector:
    '''Brings what its settings say: [unit, measure, value, as-of date] each.'''

    measures = ()

    def __init__(self, source):
        self.source = source

    def pull(self, request, store, now):
        body = request.settings["says"].encode()
        sha256 = store.keep(RawAnswer(hashlib.sha256(body).hexdigest(), "GET says", 200, "application/json", now(), body))
        return Pulled(tuple(
            Reading(unit, measure, value, date.fromisoformat(day), sha256, f"$[{at}]")
            for at, (unit, measure, value, day) in enumerate(json.loads(body))
        ))
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a province's own connector under a name, as pip would."""

    def put(name, code):
        module = f"{name}_{uuid4().hex}"
        (tmp_path / f"{module}.py").write_text(dedent(code), encoding="utf-8")
        info = tmp_path / f"{module}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[hue_dti.connectors]\n{name} = {module}:Connector\n", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)

    return put


@pytest.fixture
def quarter(another_quarter):
    """The pulled quarter."""
    return another_quarter()


@pytest.fixture
def say(quarter, install):
    """Let the super-app say these figures and nothing else; how the pull went."""
    install("scripted", SCRIPTED)

    def pull(*told, source="super_app"):
        return quarter.pull({source: SourceSettings("scripted", {"says": json.dumps(told)})}, source)[source]

    return pull


def figure(quarter, measure, unit=OFFICE):
    return next(each for each in quarter.storage.observations([unit], PERIOD) if each.measure == measure)


def own_figures(quarter, source):
    codes = [unit.code for unit in quarter.storage.units()]
    return [each for each in quarter.storage.observations(codes, PERIOD) if each.origin.source == source]


def test_every_source_is_asked_and_how_it_did_is_kept(quarter, sandbox):
    outcomes = quarter.pull(described(sandbox[0]))
    kept = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}
    assert outcomes.keys() == kept.keys() == quarter.catalogue.sources.keys()
    for code, outcome in outcomes.items():
        run = kept[code]
        assert (outcome.outcome, outcome.reason, outcome.faults) == ("ok", "", ())
        assert (run.outcome, run.requests, run.observations, run.faults) == ("ok", outcome.requests, outcome.observations, ())
        assert outcome.observations == len(own_figures(quarter, code)) > 0
        assert run.started_at < run.finished_at


def test_who_waits_is_told_of_each_source_as_it_is_let_in(quarter, sandbox):
    told = []
    args = (quarter.storage, quarter.catalogue, described(sandbox[0]), quarter.unit, PERIOD, quarter.now)
    outcomes = pull_quarter(*args, on_done=told.append)
    assert tuple(told) == outcomes


def test_base_figures_are_let_in_before_what_is_checked_against_them(quarter):
    order = base_first(quarter.catalogue)
    base = {measure.source for measure in quarter.catalogue.measures.values() if measure.base}
    assert set(order[: len(base)]) == base
    assert sorted(order) == sorted(quarter.catalogue.sources)


def test_only_the_named_sources_are_asked(quarter, sandbox):
    before = {run.source: run.id for run in quarter.storage.last_pulls(UNIT, PERIOD)}
    assert quarter.pull(described(sandbox[0]), "police").keys() == {"police"}
    after = {run.source: run.id for run in quarter.storage.last_pulls(UNIT, PERIOD)}
    assert {code for code in after if after[code] != before[code]} == {"police"}


def test_an_unknown_source_is_refused_before_anybody_is_asked(quarter, sandbox):
    before = quarter.storage.last_pulls(UNIT, PERIOD)
    with pytest.raises(SettingError, match="Không có nguồn 'cong_an'; các nguồn: "):
        quarter.pull(described(sandbox[0]), "police", "cong_an")
    assert quarter.storage.last_pulls(UNIT, PERIOD) == before


def test_a_unit_without_a_criteria_set_is_told_so(quarter):
    agency = next(unit for unit in quarter.storage.units() if unit.code == OFFICE)
    with pytest.raises(NoSetInForce, match="Chưa có bộ tiêu chí nào áp dụng cho Văn phòng"):
        set_in_force(quarter.catalogue, agency, PERIOD)


def test_a_source_nobody_declared_fails_alone(quarter, sandbox):
    declared = {code: each for code, each in described(sandbox[0]).items() if code != "police"}
    outcomes = quarter.pull(declared)
    assert {code for code, each in outcomes.items() if each.outcome != "ok"} == {"police"}
    assert outcomes["police"].reason == "chưa khai báo nguồn này trong tệp nguồn số liệu; hãy thêm rồi lấy lại"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise KeyError('du_lieu')", "connector 'own' dừng vì lỗi ngoài dự kiến (KeyError); hãy báo người viết connector"),
        ("raise RecursionError", "connector 'own' dừng vì lỗi ngoài dự kiến (RecursionError); hãy báo người viết connector"),
        ("from hue_dti.numerals import parse_count; parse_count('97.8')", "97.8"),
        ("return None.readings", "connector 'own' dừng vì lỗi ngoài dự kiến (AttributeError); hãy báo người viết connector"),
    ],
)
def test_a_connector_that_breaks_costs_only_its_own_source(code, reason, quarter, sandbox, install, caplog):
    install("own", f"class Connector:\n    def __init__(self, source): pass\n    def pull(self, request, store, now): {code}\n")
    outcomes = quarter.pull({**described(sandbox[0]), "police": SourceSettings("own", {})}, "police", "telecom")
    assert {code for code, each in outcomes.items() if each.outcome != "ok"} == {"police"}
    assert reason in outcomes["police"].reason
    assert ("own" in caplog.text) is ("ngoài dự kiến" in reason)


def test_a_connector_that_cannot_even_be_loaded_costs_only_its_own_source(quarter, sandbox, install):
    install("own", "import a_library_that_is_not_there\n")
    outcomes = quarter.pull({**described(sandbox[0]), "police": SourceSettings("own", {})}, "police", "telecom")
    assert {code for code, each in outcomes.items() if each.outcome != "ok"} == {"police"}
    assert "ModuleNotFoundError" in outcomes["police"].reason


def test_an_answer_that_cannot_be_read_is_kept_all_the_same(quarter):
    with serving(create_app({"digital_address": "broken"})) as base:
        outcome = quarter.pull(described(base), "digital_address")["digital_address"]
    assert (outcome.outcome, outcome.requests, outcome.observations) == ("failed", 1, 0)
    with quarter.database.connect() as connection:
        asked = "SELECT body FROM raw_request JOIN raw_answer USING (sha256) WHERE request LIKE %s ORDER BY raw_request.id DESC LIMIT 1"
        (body,) = connection.execute(asked, (f"GET {base}/digital_address/%",)).fetchone()
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(body)


def test_a_source_that_fails_leaves_the_figures_of_the_cut_off_as_they_are(quarter):
    before = own_figures(quarter, "super_app")
    assert quarter.pull({}, "super_app")["super_app"].outcome == "failed"
    assert own_figures(quarter, "super_app") == before


def test_older_figures_of_a_source_that_fails_are_carried_over_with_their_day_and_the_reason(quarter, say):
    say((OFFICE, "staff_wallets", 3, "2024-06-05"))
    outcome = quarter.pull({}, "super_app")["super_app"]
    found = figure(quarter, "staff_wallets")
    assert (found.value, found.state, str(found.as_of), found.reason) == (3, State.CARRIED_OVER, "2024-06-05", outcome.reason)
    assert quarter.storage.raw_answer(found.origin.raw_sha256).body == json.dumps([[OFFICE, "staff_wallets", 3, "2024-06-05"]]).encode()
    assert outcome.observations == 0


def test_a_figure_carried_over_is_not_written_again_each_time_its_source_fails(quarter, say):
    say((OFFICE, "staff_wallets", 3, "2024-06-05"))
    for _ in range(3):
        quarter.pull({}, "super_app")
    states = [each.state for each in quarter.storage.figure_history(OFFICE, "staff_wallets")]
    assert states == [State.MEASURED, State.MEASURED, State.CARRIED_OVER]


def test_the_next_sound_answer_takes_the_place_of_what_was_carried_over(quarter, say):
    say((OFFICE, "staff_wallets", 3, "2024-06-05"))
    quarter.pull({}, "super_app")
    say((OFFICE, "staff_wallets", 4, "2024-06-10"))
    found = figure(quarter, "staff_wallets")
    assert (found.value, found.state, found.reason) == (4, State.MEASURED, "")


def test_what_was_carried_over_is_said_in_the_report_and_dated(quarter, say):
    say((OFFICE, "staff_wallets", 3, "2024-06-05"))
    quarter.pull({}, "super_app")
    quarter.close()
    page = quarter.site().get(f"/don-vi/{UNIT}/2024-Q2/bao-cao").text
    assert page.count("Có số liệu cũ được dùng lại vì nguồn chưa cho số mới.") == 1
    assert page.count("Số liệu đến ngày 05/06/2024.") == 1


def test_a_part_above_its_whole_is_refused_and_what_was_known_is_carried_over(quarter, say):
    known = figure(quarter, "staff_wallets").value
    outcome = say((OFFICE, "staff_wallets", 9_999, "2024-06-10"), (COMMUNE, "staff_wallets", 1, "2024-06-10"))
    found = figure(quarter, "staff_wallets")
    assert (found.value, found.state) == (known, State.CARRIED_OVER)
    assert (outcome.outcome, outcome.reason, outcome.observations) == ("partial", "1 dòng không dùng được", 1)
    assert figure(quarter, "staff_wallets", COMMUNE).value == 1
    (kept,) = [run for run in quarter.storage.last_pulls(UNIT, PERIOD) if run.source == "super_app"]
    assert (kept.outcome, kept.faults) == ("partial", outcome.faults)


def test_a_name_nobody_knows_goes_to_the_list_of_those_to_confirm_with_the_likeliest_unit(quarter, say):
    say(("Văn phòng HĐND và UBND huyện Nam Đôngg", "staff_wallets", 3, "2024-06-10"), ("Hội Cây cảnh", "staff_wallets", 3, "2024-06-10"))
    names = {each.name: each.suggested for each in quarter.storage.unknown_names()}
    assert names["Văn phòng HĐND và UBND huyện Nam Đôngg"] == OFFICE
    assert "Hội Cây cảnh" in names


def test_a_whole_that_shrank_is_taken_in_once_its_part_in_another_source_has_shrunk_too(quarter, say):
    households = figure(quarter, "households", COMMUNE).value
    fewer = households // 10
    held_back = say((COMMUNE, "households", fewer, "2024-06-10"), source="district")
    assert held_back.outcome == "partial"
    assert figure(quarter, "households", COMMUNE).value == households
    assert say((COMMUNE, "households_broadband", fewer, "2024-06-10"), source="telecom").outcome == "ok"
    assert say((COMMUNE, "households", fewer, "2024-06-10"), source="district").outcome == "ok"
    assert figure(quarter, "households", COMMUNE).value == fewer
    assert quarter.close().sequence == 1


@pytest.fixture
def shrunk(quarter, install):
    """Pull a commune whose households are a tenth of what they were, beside what the other system says; how the sources went."""
    install("scripted", SCRIPTED)

    def pull(broadband):
        fewer = figure(quarter, "households", COMMUNE).value // 10
        told = {"district": [[COMMUNE, "households", fewer, "2024-06-10"]]}
        if broadband is not None:
            told["telecom"] = [[COMMUNE, "households_broadband", fewer + broadband, "2024-06-10"]]
        says = {code: SourceSettings("scripted", {"says": json.dumps(rows)}) for code, rows in told.items()}
        return fewer, quarter.pull(says, "district", "telecom")

    return pull


def test_a_whole_and_its_part_that_shrink_together_are_taken_in_by_one_pull(quarter, shrunk):
    fewer, outcomes = shrunk(0)
    assert {each.outcome for each in outcomes.values()} == {"ok"}
    assert figure(quarter, "households", COMMUNE).value == fewer
    assert figure(quarter, "households_broadband", COMMUNE).value == fewer


@pytest.mark.parametrize(("broadband", "outcome"), [(None, "failed"), (1, "partial")], ids=["source failed", "still above"])
def test_a_part_that_does_not_come_is_not_left_above_a_whole_that_shrank(broadband, outcome, quarter, shrunk):
    fewer, outcomes = shrunk(broadband)
    assert (outcomes["district"].outcome, outcomes["telecom"].outcome) == ("ok", outcome)
    assert figure(quarter, "households", COMMUNE).value == fewer
    part = figure(quarter, "households_broadband", COMMUNE)
    assert (part.value, part.state) == (None, State.MISSING)
    assert "'Hộ gia đình'" in part.reason
    assert quarter.close().sequence == 1


def test_what_this_machine_lacks_is_not_held_against_the_source(another_quarter, sandbox):
    quarter = another_quarter()
    source = replace(described(sandbox[0])["police"], lacks="'token_env' cần biến POLICE_TOKEN")
    for _ in range(4):
        assert quarter.pull({"police": source}, "police")["police"].outcome == "failed"
    assert quarter.storage.circuits.failing() == {}
