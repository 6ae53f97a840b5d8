"""Verification needs nothing but the bytes, finds every change and says where it is."""

import json
from dataclasses import replace

import pytest

from benchmarks.proofs.flips import flips
from hue_dti.snapshots.bundle import TRAILER_LENGTH, encode, trailer
from hue_dti.snapshots.canonical import dump, row_checks, sha256
from hue_dti.snapshots.verify import SECTIONS, verify


def resealed(bundle, change):
    """What somebody who knows the format would write: the manifest changed and every hash made to fit again."""
    text, _, rest = bundle.partition(b"\n")
    manifest = json.loads(text)
    change(manifest)
    for name in manifest["checks"]:
        rows = [] if name == "results" else row_checks(manifest[name])
        manifest["checks"][name] = {"rows": rows, "sha256": sha256(dump(manifest[name]))}
    body = dump(manifest) + b"\n" + rest[:-TRAILER_LENGTH]
    return body + trailer(sha256(body))


def criterion(manifest, code):
    return next(line for line in manifest["results"]["sheet"]["criteria"] if line["code"] == code)


def test_a_sound_bundle_has_no_difference(bundle):
    assert verify(bundle) == ()


def test_forty_flipped_bytes_are_found_and_each_is_named(bundle):
    unnamed = [flip for flip in flips(bundle, 40, seed=2) if not flip.named]
    assert unnamed == []


def test_a_flipped_figure_names_its_unit_and_measure_and_the_criteria_that_follow_from_it(quarter, bundle):
    value = quarter.figure("20161", "accounts").value
    row = quarter.tree.index["20161"]
    start = bundle.index(b"\n") + 1
    for entry in json.loads(bundle[: start - 1])["blocks"]:
        if entry["name"] == "figures/accounts":
            break
        start += entry["length"]
    position = start + row * 24
    found = verify(bundle[:position] + bytes([bundle[position] ^ 1]) + bundle[position + 1 :])
    assert (found[0].unit, found[0].measure) == ("20161", "accounts")
    assert "Khe Tre" in str(found[0])
    total = quarter.sheet.criterion("III.2").whole
    assert f"III.2, tổng số: bản chốt ghi {total}, tính lại {total + (value ^ 1) - value}" in map(str, found)


def test_a_score_rewritten_with_all_hashes_made_to_fit_is_found_by_computing_again(quarter, bundle):
    part = quarter.sheet.criterion("III.1").part

    def more(manifest):
        criterion(manifest, "III.1")["part"] = part + 1

    found = verify(resealed(bundle, more))
    assert str(found[0]) == f"III.1, số phần: bản chốt ghi {part + 1}, tính lại {part}"


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("điểm", lambda results: results["sheet"]["criteria"][0].update(points=1)),
        ("tình trạng", lambda results: results["sheet"]["criteria"][1].update(status="not_applicable")),
        ("nhóm, I, điểm", lambda results: results["sheet"]["groups"][0].update(points=1)),
        ("tổng cộng, điểm quy đổi", lambda results: results["sheet"]["total"].update(converted="1/3")),
        ("danh sách còn thiếu", lambda results: next(c for c in results["sheet"]["criteria"] if c["shortfalls"])["shortfalls"].pop()),
        ("xếp hạng", lambda results: results["ranking"][0].update(rank=7)),
        ("Xã Hương Hữu", lambda results: results["lower"][0]["total"].update(points=1)),
    ],
)
def test_every_kind_of_result_is_computed_again(bundle, what, change):
    found = verify(resealed(bundle, lambda manifest: change(manifest["results"])))
    assert what in str(found[0])
    assert "bản chốt ghi" in str(found[0])


def test_a_rule_rewritten_with_all_hashes_made_to_fit_gives_other_scores(bundle):
    def stricter(manifest):
        name = "hue/district-2024.yaml"
        manifest["texts"][name] = manifest["texts"][name].replace("at_least: 24", "at_least: 48")

    assert any(str(difference).startswith("I.4, ") for difference in verify(resealed(bundle, stricter)))


def test_a_title_rewritten_with_all_hashes_made_to_fit_is_found_by_the_content_hash(bundle):
    found = verify(resealed(bundle, lambda manifest: manifest["documents"][0].update(title="Khác")))
    assert [difference.section for difference in found] == ["content_sha256"]


@pytest.mark.parametrize(
    ("section", "change", "named"),
    [
        ("head", lambda section: section.update(closed_by="ai đó"), "closed_by"),
        ("texts", lambda section: section.update({"hue/measures.yaml": section["hue/measures.yaml"] + "#"}), "hue/measures.yaml"),
        ("tree", lambda section: section[3].__setitem__(1, "Xã khác"), "Xã khác"),
        ("documents", lambda section: section[0].update(title="khác"), "13/KH-UBND"),
        ("answers", lambda section: section[0].__setitem__(0, "khác"), "dòng 1"),
        ("reasons", lambda section: section.append("thêm"), "số dòng"),
        ("evidence", lambda section: section.update({"thêm.pdf": "0" * 64}), "số dòng"),
    ],
)
def test_a_changed_section_is_named_with_its_row(bundle, section, change, named):
    text, _, rest = bundle.partition(b"\n")
    manifest = json.loads(text)
    change(manifest[section])
    found = verify(dump(manifest) + b"\n" + rest)
    assert found[0].section == section
    assert named in str(found[0])
    assert found[-1].section == "trailer"


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_a_section_taken_out_or_of_another_shape_is_reported_not_a_crash(bundle, section):
    text, _, rest = bundle.partition(b"\n")
    for broken in (None, "x", [], {"x": 1}, [None]):
        manifest = json.loads(text)
        manifest[section] = broken
        assert verify(dump(manifest) + b"\n" + rest), broken
    del manifest[section]
    assert verify(dump(manifest) + b"\n" + rest)[0].section == section


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"[" * 100_000, b"\xff" * 200, b"{}\n" + b"x" * 80, b'{"a":1' + b"\n" * 90])
def test_what_is_no_bundle_at_all_is_reported_not_a_crash(content):
    assert verify(content)


def test_a_bundle_cut_short_or_with_something_added_is_found(bundle):
    assert verify(bundle[: len(bundle) // 2])
    assert verify(bundle[:-1])
    assert verify(bundle + b"x")
    assert verify(bundle[:-TRAILER_LENGTH] + b"x" + bundle[-TRAILER_LENGTH:])


def test_spaces_between_keys_are_found_though_the_content_is_the_same(bundle):
    text, _, rest = bundle.partition(b"\n")
    body = text.replace(b'{"answers":', b'{ "answers":', 1) + b"\n" + rest[:-TRAILER_LENGTH]
    assert [difference.section for difference in verify(body + trailer(sha256(body)))] == ["manifest"]


def test_a_message_never_carries_control_characters_of_the_file_to_the_terminal(bundle):
    found = verify(resealed(bundle, lambda manifest: manifest["results"]["sheet"].update(period="\x1b[2J")))
    assert "\\x1b[2J" in str(found[0])
    assert "\x1b" not in str(found[0])


def test_a_second_quarter_on_the_same_chain_is_sound_too(quarter):
    head = replace(quarter.head, sequence=2, previous_sha256="a" * 64, supersedes_sha256="a" * 64, reason="Sửa số liệu")
    assert verify(encode(replace(quarter, head=head))[1]) == ()
