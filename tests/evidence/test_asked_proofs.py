"""What a criterion asks for, how far it is there, and that a closing takes the hashes along."""

from __future__ import annotations

import pytest

from hue_dti.catalogue.proofs import ProofKind
from hue_dti.evidence.asked import Standing, doubts
from hue_dti.periods import Period
from hue_dti.services.evidence import withdraw
from hue_dti.services.evidence_overview import answers, frozen_hashes, overview, unproven
from tests.evidence.papers import pdf, png

Q2 = Period.parse("2024-Q2")


@pytest.fixture
def standing(office):
    """How a criterion stands now."""
    unit = next(unit for unit in office.storage.units() if unit.code == "483")

    def look(criterion):
        rows = {row.criterion.code: row for row in overview(office.storage, office.desk.catalogue, unit, Q2)}
        return rows[criterion].standing

    look.unproven = lambda: unproven(office.storage, office.desk.catalogue, unit, Q2)
    return look


def test_the_province_s_criteria_say_what_they_ask_for(catalogue):
    asked = {each.code: [proof.kind for proof in each.proof] for each in catalogue.sets["hue-district-2024"].criteria if each.proof}
    assert asked["IV.5"] == [ProofKind.SIGNED_FILE, ProofKind.LINK]
    assert set(asked) == {"I.1", "I.2", "II.1", "II.2", "IV.1", "IV.2", "IV.3", "IV.5", "VI.7", "VIII.1"}
    signed = {each.code for each in catalogue.sets["hue-district-2024"].criteria if "ký số" in each.evidence}
    assert signed == set(asked)


def test_a_criterion_without_anything_is_missing_its_proof(standing):
    assert standing("II.1") is Standing.MISSING
    assert "II.1" in standing.unproven()
    assert "III.1" not in standing.unproven()


def test_who_judges_reads_what_is_wrong_with_a_file_also_beside_one_that_proves(office, paper):
    office.file(paper.replace(b"Ke hoach", b"Ke hoacH"))
    unit = next(unit for unit in office.storage.units() if unit.code == "483")
    look = lambda: doubts(answers(office.storage, office.desk.catalogue, [unit], Q2)["483", "II.1"])  # noqa: E731
    assert look() == ("đã bị sửa sau khi ký",)
    office.file(paper)
    office.file(pdf())
    assert look() == ("đã bị sửa sau khi ký",), "an unsigned copy beside the signed one is nobody's doubt"


def test_a_validly_signed_file_proves(office, paper, standing):
    office.file(paper)
    assert standing("II.1") is Standing.PROVEN
    assert "II.1" not in standing.unproven()


def test_an_unsigned_file_does_not_prove_what_asks_for_a_signed_one(office, standing):
    office.file(pdf())
    assert standing("II.1") is Standing.UNPROVEN
    office.file(png(), "anh.png")
    assert standing("II.1") is Standing.UNPROVEN


def test_a_file_changed_after_it_was_signed_does_not_prove(office, paper, standing):
    office.file(paper.replace(b"Ke hoach", b"Ke hoacH"))
    assert standing("II.1") is Standing.UNPROVEN


def test_a_signature_that_cannot_be_checked_is_left_to_the_appraiser(office, paper, standing):
    office.changed(trust_roots=None).file(paper)
    assert standing("II.1") is Standing.DOUBTFUL
    assert "II.1" not in standing.unproven()


def test_a_file_that_waits_for_its_scan_is_left_in_doubt(office, paper, standing, tmp_path):
    office.changed(clamav=f"{tmp_path}/nobody").file(paper)
    assert standing("II.1") is Standing.DOUBTFUL


def test_an_explanation_is_told_apart_from_a_proof(office, standing):
    office.explanation("đang trình ký")
    assert standing("II.1") is Standing.EXPLAINED
    assert "II.1" in standing.unproven()


def test_a_criterion_with_two_proofs_stands_as_the_worse_one(office, paper, standing):
    office.file(paper, criterion="IV.5")
    assert standing("IV.5") is Standing.MISSING
    office.link("https://namdong.thuathienhue.gov.vn/tin/7")
    assert standing("IV.5") is Standing.PROVEN


def test_what_was_taken_back_proves_nothing(office, paper, standing):
    withdraw(office.desk, office.file(paper).piece, "nhầm")
    assert standing("II.1") is Standing.MISSING


def test_a_closing_takes_the_hashes_of_the_files_along(office, paper):
    piece = office.file(paper).piece
    withdraw(office.desk, office.file(pdf(), "nhầm.pdf").piece, "nhầm")
    office.link("https://a.vn/")
    assert frozen_hashes(office.storage, ["483"], Q2) == {f"483/II.1/{piece.number}-Kế hoạch.pdf": piece.draft.sha256}
