"""Who signed, and whether the file is still what was signed: each state told apart in its own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hue_dti.evidence.model import SEAL_WORDS, Kind, Seal
from hue_dti.services.evidence_check import Checker
from tests.evidence.papers import docx, pdf
from tests.evidence.signing import added_to, authority, holder, signed


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Look at a file with the province's trust roots; `now` may be another day."""
    roots, folder = tmp_path_factory.mktemp("roots"), tmp_path_factory.mktemp("papers")
    (roots / "goc.pem").write_bytes(authority().pem)
    (roots / "ghi-chu.txt").write_text("không phải chứng thư")
    (roots / "hong.crt").write_bytes(b"hong")
    with Checker(roots) as checker:

        def look(body, kind=Kind.PDF, days=0):
            path = folder / "paper"
            path.write_bytes(body)
            return checker.look(path, kind, datetime.now(UTC) + timedelta(days=days)).checked

        yield look


@pytest.fixture(scope="module")
def paper():
    return signed()


def test_a_good_signature_names_who_signed_when_and_that_all_is_covered(paper, judged):
    checked = judged(paper)
    assert (checked.seal, checked.pages) == (Seal.VALID, 1)
    assert (checked.lead.signer, checked.lead.organisation) == ("Nguyễn Văn Đạt", "UBND huyện Nam Đông")
    assert checked.lead.issuer == "Gốc thử nghiệm"
    assert checked.lead.whole_file
    assert abs(checked.lead.signed_at - datetime.now(UTC)) < timedelta(minutes=10)
    assert not checked.lead.stamped


def test_a_paper_without_a_signature_is_unsigned(judged):
    assert judged(pdf()).seal is Seal.UNSIGNED


def test_one_changed_byte_breaks_the_signature(paper, judged):
    assert judged(paper.replace(b"Ke hoach", b"Ke hoacH")).seal is Seal.ALTERED


def test_an_update_behind_the_signature_is_told(paper, judged):
    assert judged(added_to(paper)).seal is Seal.UPDATED


def test_bytes_behind_the_signature_that_are_no_update_are_told(paper, judged):
    checked = judged(paper + b"% them vao sau\n")
    assert checked.seal is Seal.PARTIAL
    assert "trailing" in checked.told


def test_a_signature_whose_range_leaves_bytes_out_covers_not_all(paper, judged):
    start = paper.index(b"/ByteRange [") + len(b"/ByteRange [")
    end = paper.index(b"]", start)
    numbers = [int(each) for each in paper[start:end].split()]
    numbers[3] -= 30
    shorter = b" ".join(b"%d" % each for each in numbers).ljust(end - start)
    assert judged(paper[:start] + shorter + paper[end:]).seal.is_broken


def test_a_signature_of_an_unknown_authority_is_not_trusted(judged):
    stranger = holder("Người Lạ", holder("Gốc Lạ", days=(-100, 100)))
    checked = judged(signed(who=stranger))
    assert checked.seal is Seal.UNTRUSTED
    assert checked.lead.signer == "Người Lạ"


def test_a_certificate_that_names_itself_is_not_trusted(judged):
    assert judged(signed(who=holder("Tự Ký"))).seal is Seal.UNTRUSTED


def test_a_certificate_that_had_expired_when_it_signed_is_told(judged):
    assert judged(signed(who=holder("Trần Thị Hết Hạn", authority(), days=(-400, -30)))).seal is Seal.EXPIRED


def test_a_certificate_that_expired_since_was_good_when_it_signed(judged):
    checked = judged(signed(who=holder("Lê Văn Cũ", authority(), days=(-10, 5))), days=30)
    assert checked.seal is Seal.VALID
    assert "tự khai" in checked.lead.note


def test_a_second_signature_leaves_the_first_one_good(paper, judged):
    checked = judged(signed(paper, holder("Phạm Thị Hai", authority()), "Sig2"))
    assert [each.seal for each in checked.signatures] == [Seal.VALID, Seal.VALID]
    assert checked.lead.signer == "Phạm Thị Hai"


def test_a_file_stands_as_its_worst_signature(paper, judged):
    checked = judged(signed(paper, holder("Người Lạ", holder("Gốc Lạ")), "Sig2"))
    assert [each.seal for each in checked.signatures] == [Seal.VALID, Seal.UNTRUSTED]
    assert checked.seal is Seal.UNTRUSTED


def test_without_trust_roots_no_signature_is_judged(paper, tmp_path):
    (tmp_path / "paper").write_bytes(paper)
    with Checker(None) as checker:
        checked = checker.look(tmp_path / "paper", Kind.PDF, datetime.now(UTC)).checked
    assert checked.seal is Seal.UNCHECKED
    assert "chứng thư gốc" in checked.lead.note


def test_a_signature_in_an_office_file_is_not_read(judged):
    assert judged(docx(more={"_xmlsignatures/sig1.xml": "<Signature/>"}), Kind.DOCX).seal is Seal.UNCHECKED


def test_every_state_has_words_of_its_own():
    assert len(set(SEAL_WORDS.values())) == len(Seal)
    assert {seal for seal in Seal if seal.is_broken} == {
        seal for seal, said in SEAL_WORDS.items() if said.startswith("Đã bị sửa sau khi ký")
    }


def test_names_in_certificates_cannot_break_a_line(judged):
    checked = judged(signed(who=holder("Nguyễn\nVăn\u202eA", authority())))
    assert checked.lead.signer == "Nguyễn Văn A"
