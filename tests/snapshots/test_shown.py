"""The JSON of a score sheet keeps the keys and spellings other programs rely on."""

import json
from dataclasses import replace

from hue_dti.snapshots.bundle import decode
from hue_dti.snapshots.shown import shown

CRITERION = {"code", "group", "status", "part", "whole", "share", "points", "max_points", "assumed", "shortfalls"}
GROUP = {"code", "achieved", "in_progress", "not_started", "points", "max_points"}
TOTAL = {"points", "max_points", "max_points_stated", "converted", "achieved", "in_progress", "not_started"}


def test_the_agreed_keys_are_there(quarter, bundle):
    sheet = json.loads(json.dumps(shown(decode(bundle))))
    assert {"unit", "period", "criteria_set", "snapshot_sha256", "criteria", "groups", "total"} <= sheet.keys()
    assert all(line.keys() >= CRITERION for line in sheet["criteria"])
    assert all(group.keys() >= GROUP for group in sheet["groups"])
    assert sheet["total"].keys() >= TOTAL
    assert (sheet["unit"], sheet["period"], sheet["criteria_set"]) == ("483", "2024-Q2", "hue-district-2024")
    assert len(sheet["criteria"]) == len(quarter.sheet.criteria)


def test_a_draft_has_no_hash_and_a_frozen_quarter_has_its_own(quarter, bundle):
    assert shown(quarter)["snapshot_sha256"] is None
    assert shown(decode(bundle))["snapshot_sha256"] == bundle[-65:-1].decode()


def test_points_and_shares_are_decimal_texts_and_counts_are_integers(quarter):
    line = quarter.sheet.criterion("III.1")
    sheet = replace(quarter.sheet, criteria=(replace(line, part=921, whole=968, points=95145, share=line.share * 0 + 1),))
    written = shown(replace(quarter, sheet=sheet))["criteria"][0]
    assert (written["part"], written["whole"], written["points"], written["max_points"]) == (921, 968, "9.5145", "10")
    assert written["share"] == "1.000000"


def test_the_total_with_assumed_points_and_the_one_without_stand_apart(quarter):
    total = shown(quarter)["total"]
    assert (total["max_points"], total["max_points_stated"]) == ("665", "595")


def test_a_share_that_does_not_apply_is_null(quarter):
    sheet = replace(quarter.sheet, criteria=(replace(quarter.sheet.criteria[0], share=None),))
    assert shown(replace(quarter, sheet=sheet))["criteria"][0]["share"] is None
