"""A report on its way: words saved, submitted, approved, issued, replaced; each wrong order refused with why."""

from __future__ import annotations

import dataclasses
import hashlib
import zipfile
from datetime import date

import pytest

from benchmarks.proofs.quarters import PERIOD
from hue_dti.accounts.model import Act
from hue_dti.errors import CaseChanged, CaseRefused, ReportError
from hue_dti.reports.case import Move, State
from hue_dti.reports.editions import Person, SignedFile
from hue_dti.reports.issue import Issue, Signer
from hue_dti.reports.model import plain
from hue_dti.services import issued_files
from hue_dti.services.backup import back_up, restore_backup
from hue_dti.services.manuscript import manuscript
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of
from hue_dti.services.report import write_reports
from hue_dti.services.report_moves import ReportHand, attach, correct, go, issue, overtaken, replace, restore, save, submit
from hue_dti.storage import open_storage
from hue_dti.trail.model import hand_of

EDITOR, LEADER = frozenset({Act.EDIT_REPORT}), frozenset({Act.ISSUE_REPORT})
BINH, AN = Person("binh", "Trần Thị Bình", "Thư ký"), Person("an", "Lê Văn An", "Phó Trưởng ban")
SIGNER = Signer("TM. BAN CHỈ ĐẠO", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "", "Lê Văn An")
ISSUE = Issue(12, "BC-BCĐ", date(2024, 6, 11), SIGNER)
PDF = b"%PDF-1.7\nsigned\n%%EOF\n"


@pytest.fixture
def work(district):
    """The report as it stands each time one looks."""

    def look():
        snapshot = read(district.storage, district.catalogue, district.unit, PERIOD, district.now())
        return manuscript(district.storage, snapshot, catalogue_of(snapshot) if snapshot.head.sha256 else district.catalogue)

    return look


@pytest.fixture
def hand(district):
    """The secretary's hand, or the leader's."""
    return lambda by=BINH, acts=EDITOR: ReportHand(by, acts, district.now())


@pytest.fixture
def signed(district):
    sha256 = issued_files.keep(district.home, PDF)
    return SignedFile(sha256, "da-ky.pdf", len(PDF), "", BINH, district.now())


@pytest.fixture
def issued(district, work, hand, signed):
    """A report that went the whole way on a signed file."""
    district.close()
    save(work(), {"causes": "Còn {III.1: còn thiếu} tài khoản."}, 0, hand())
    submit(work(), 1, hand())
    issue(work(), ISSUE, 1, hand(), signed)
    return work


def test_each_save_is_a_version_and_what_says_nothing_new_is_none(work, hand):
    assert save(work(), {"causes": "Nguồn chậm."}, 0, hand()) == 1
    assert save(work(), {"causes": " Nguồn  chậm. "}, 1, hand()) == 1
    assert save(work(), {"causes": "Nguồn lỗi."}, 1, hand()) == 2
    assert restore(work(), 1, 2, hand()) == 3
    newest = work().case.current.versions[-1]
    assert (newest.own, newest.restored) == ({"causes": "Nguồn chậm."}, 1)
    assert save(work(), {}, 3, hand()) == 4
    assert work().case.current.own(4) == {}


def test_words_with_an_unknown_figure_are_not_saved_and_the_place_is_told(work, hand):
    with pytest.raises(CaseRefused) as refused:
        save(work(), {"causes": "Còn {III.1: con thieu}", "tasks": "đạt {"}, 0, hand())
    assert [part for part, _ in refused.value.faults] == ["causes", "tasks"]
    assert not work().case.begun


def test_who_saves_over_another_is_told_and_sees_the_difference(work, hand):
    mine = {"causes": "Lời của tôi."}
    stale = work()
    save(work(), {"causes": "Lời trước."}, 0, hand(AN))
    with pytest.raises(CaseChanged, match="Lê Văn An vừa lưu bản số 1"):
        save(stale, mine, 0, hand())
    first, (changed,) = overtaken(work(), mine)
    assert first.startswith("Lê Văn An đã lưu bản số 1")
    assert [each.words for each in changed.pieces if each.kind == "new"] == ["của tôi."]
    assert save(work(), mine, 1, hand()) == 2


def test_a_report_on_live_figures_is_a_draft_and_is_never_submitted(work, hand):
    save(work(), {"causes": "Nguồn chậm."}, 0, hand())
    assert work().paper().report.watermark == "DỰ THẢO"
    with pytest.raises(CaseRefused, match="chưa chốt"):
        submit(work(), 1, hand())


def test_the_whole_way_with_an_approval_in_the_program(district, work, hand):
    head = district.close()
    save(work(), {"causes": "Còn {III.1: còn thiếu} tài khoản."}, 0, hand())
    submit(work(), 1, hand())
    with pytest.raises(CaseRefused, match="không tự duyệt"):
        go(work(), Move.APPROVE, 1, hand(BINH, EDITOR | LEADER))
    with pytest.raises(CaseRefused, match="bản PDF lãnh đạo đã ký"):
        issue(work(), ISSUE, 1, hand())
    go(work(), Move.RETURN, 1, hand(AN, LEADER), "Thiếu nguyên nhân")
    assert work().case.current.state is State.DRAFT
    submit(work(), 1, hand())
    go(work(), Move.APPROVE, 3, hand(AN, LEADER))
    issue(work(), ISSUE, 4, hand())
    edition = work().case.issued
    assert edition.last(Move.APPROVE).by == AN
    assert {step.snapshot_sha256 for step in edition.steps} == {head.sha256}
    events = [each.event for each in district.storage.trail.page()]
    assert [each.act for each in reversed(events)] == [
        *("quarter.closed", "report.saved", "report.submitted", "report.returned", "report.submitted", "report.approved", "report.issued"),
    ]
    assert (events[0].actor, events[0].unit, events[0].new) == ("binh", "483", "số 12/BC-BCĐ ngày 11/06/2024")


def test_a_signed_file_counts_as_the_leader_s_approval_and_says_so(issued, district, signed):
    approval = issued().case.issued.last(Move.APPROVE)
    assert (approval.by.login, approval.by.name, approval.recorded_by) == ("", "Lê Văn An", "binh")
    assert approval.signed_sha256 == signed.sha256
    assert issued_files.read(district.home, signed.sha256) == PDF


def test_the_issued_paper_keeps_its_figures_words_and_number_whatever_comes_later(issued, district, correct_figure, tmp_path):
    before = issued().in_force().report
    assert (before.letterhead.number, before.letterhead.place_and_date) == ("Số: 12/BC-BCĐ", "Nam Đông, ngày 11 tháng 6 năm 2024")
    correct_figure()
    district.close("Sửa số tài khoản")
    assert issued().outrun
    assert issued().in_force().report == before
    snapshot = issued().snapshot
    (path,) = write_reports(district.storage, snapshot, catalogue_of(snapshot), ["docx"], tmp_path)
    assert before.snapshot_sha256 != snapshot.head.sha256
    with zipfile.ZipFile(path) as word:
        assert "Số: 12/BC-BCĐ" in word.read("word/document.xml").decode()


def test_after_issue_nothing_is_saved_submitted_or_issued_again(issued, hand, signed):
    for refused in (
        lambda: save(issued(), {}, 1, hand()),
        lambda: submit(issued(), 1, hand()),
        lambda: issue(issued(), dataclasses.replace(ISSUE, number=13), 3, hand(), signed),
        lambda: go(issued(), Move.WITHDRAW, 3, hand(), "sai"),
    ):
        with pytest.raises(CaseRefused, match="báo cáo thay thế"):
            refused()


def test_a_replacing_report_cites_the_old_one_and_what_changed_by_whose_word(issued, district, hand, correct_figure):
    correct_figure()
    district.close("Sửa số tài khoản")
    replace(issued(), 3, hand(), "Số tài khoản sai")
    work = issued()
    assert work.case.current.own(1) == {"causes": "Còn {III.1: còn thiếu} tài khoản."}
    assert work.in_force().report.letterhead.number == "Số: 12/BC-BCĐ"
    paper = work.paper().report
    assert "thay thế Báo cáo số 12/BC-BCĐ ngày 11 tháng 6 năm 2024" in plain(paper.lead[0].runs)
    *said, table = paper.appendices[-1].blocks
    assert "lý do chốt lại: Sửa số tài khoản" in plain(said[-1].runs)
    assert "III.1: số đạt" in [plain(row.cells[0]) for row in table.rows]
    submit(work, 1, hand())
    go(issued(), Move.APPROVE, 2, hand(AN, LEADER))
    issue(issued(), dataclasses.replace(ISSUE, number=13), 3, hand())
    assert issued().in_force().report.letterhead.number == "Số: 13/BC-BCĐ"
    assert [each.issue.number for each in issued().case.editions] == [12, 13]


def test_form_is_corrected_and_a_figure_never(issued, hand, district):
    with pytest.raises(CaseRefused, match="hãy lập báo cáo thay thế"):
        correct(issued(), "13/ĐC-BCĐ", date(2024, 6, 12), "921 tài khoản", "930 tài khoản", 3, hand(), "nhầm")
    correct(issued(), "13/ĐC-BCĐ", date(2024, 6, 12), "Quý hai 2024", "Quý II 2024", 3, hand(), "sai cách viết")
    assert issued().case.issued.corrections[0].right == "Quý II 2024"


def test_a_signed_file_may_come_after_the_issue_and_only_a_pdf_may(issued, hand, district):
    later = issued_files.keep(district.home, PDF + b"\n%%EOF")
    attach(issued(), SignedFile(later, "ban-dau-do.pdf", 30, "", BINH, district.now()), 3, hand())
    assert [each.sha256 for each in issued().case.issued.files][-1] == later
    for content, why in (
        (b"", "trống"),
        (b"MZ", "không phải PDF"),
        (b"%PDF-1.7 cut", "không phải PDF"),
        (PDF + b"a" * 21_000_000, "20 MB"),
    ):
        with pytest.raises(CaseRefused, match=why):
            issued_files.keep(district.home, content)


def test_a_signed_file_that_was_changed_on_the_disk_is_not_given_out(district, signed):
    issued_files.path_of(district.home, signed.sha256).write_bytes(PDF + b" ")
    with pytest.raises(ReportError, match="không còn như lúc nhận"):
        issued_files.read(district.home, signed.sha256)
    assert issued_files.keep(district.home, PDF) == hashlib.sha256(PDF).hexdigest()
    assert issued_files.read(district.home, signed.sha256) == PDF


def test_issued_reports_and_their_signed_files_come_back_from_a_backup(issued, district, signed, empty_database, tmp_path):
    (district.home / "issued" / "half.pdf").write_bytes(b"%PDF-")
    path = back_up(district.storage, tmp_path / "issued.backup", district.home, district.now).path
    other = dataclasses.replace(empty_database.settings, home=tmp_path / "other")
    restore_backup(other, path, other.home, district.now(), hand_of("Lê Văn An"))
    with open_storage(other) as storage:
        assert storage.reports.case("483", str(PERIOD)) == issued().case
    assert issued_files.read(other.home, signed.sha256) == PDF
    assert [each.name for each in (other.home / "issued").glob("**/*.*")] == [f"{signed.sha256}.pdf"]


def test_what_was_decided_on_a_page_that_is_no_longer_so_is_refused(district, work, hand):
    district.close()
    save(work(), {"causes": "Nguồn chậm."}, 0, hand())
    submit(work(), 1, hand())
    go(work(), Move.WITHDRAW, 1, hand(), "sửa lời")
    save(work(), {"causes": "Nguồn lỗi."}, 1, hand())
    submit(work(), 2, hand())
    with pytest.raises(CaseChanged):
        go(work(), Move.APPROVE, 1, hand(AN, LEADER))


@pytest.fixture
def correct_figure(correct):
    """Let a commune's standardised accounts come again, fewer by one."""

    def again():
        correct("20161", "staff_standardised", value=1)

    return again
