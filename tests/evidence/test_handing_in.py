"""What a unit hands in: kept under its hash with its event or not at all, refused in words, taken back but never gone."""

from __future__ import annotations

import hashlib
import socket
import threading
from datetime import date
from uuid import UUID

import pytest

from hue_dti.errors import EvidenceRefused, StorageError
from hue_dti.evidence.model import Seal
from hue_dti.evidence.pieces import Paper, Scan
from hue_dti.periods import Window
from hue_dti.services.evidence import withdraw
from hue_dti.services.evidence_files import body_of, place_of
from hue_dti.services.evidence_scan import scan_waiting
from hue_dti.trail.model import Hand
from tests.evidence.conftest import NOW, PLAN
from tests.evidence.papers import docx, pdf, png

YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))


def files(office):
    folder = office.desk.home / "evidence"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_signed_file_is_kept_as_it_came_and_says_who_signed(office, paper):
    piece = office.file(paper).piece
    assert piece.draft.sha256 == hashlib.sha256(paper).hexdigest()
    assert body_of(office.desk.home, piece.draft.sha256) == paper
    assert (piece.seal, piece.checked.lead.signer, piece.checked.pages) == (Seal.VALID, "Nguyễn Văn Đạt", 1)
    assert (piece.draft.name, piece.size, piece.by) == ("Kế hoạch.pdf", len(paper), "an.le")
    assert office.storage.evidence.of(["483"], "2024-Q2") == (piece,)


def test_the_file_lies_under_its_hash_and_nobody_else_may_read_the_folder(office, paper):
    sha256 = office.file(paper).piece.draft.sha256
    assert files(office) == [sha256]
    place = place_of(office.desk.home, sha256)
    assert place.parent.name == sha256[:2]
    assert place.stat().st_mode & 0o077 == 0
    assert (office.desk.home / "evidence").stat().st_mode & 0o077 == 0


def test_a_refused_file_leaves_nothing(office):
    with pytest.raises(EvidenceRefused, match="hai loại tệp"):
        office.file(pdf() + b"<html></html>")
    assert files(office) == []
    assert office.storage.evidence.files() == {}


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.exe", b"MZ", "không thuộc loại được nhận"),
        ("a.pdf", b"", "rỗng"),
        ("a.pdf", b"%PDF-" + bytes(1_000_000), "lớn hơn 1 MB"),
        ("a.png", pdf(), "đuôi .png nhưng bên trong là tệp PDF"),
        ("a.docx", docx(more={"word/vbaProject.bin": b"x"}), "macro"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(name, body, said, office):
    with pytest.raises(EvidenceRefused, match=said):
        office.changed(evidence_max_mb=1).file(body, name)


def test_a_file_of_exactly_the_limit_is_taken(office):
    body = png(chunks=((b"tEXt", b""),))
    exact = png(chunks=((b"tEXt", bytes(1_000_000 - len(body))),))
    assert len(exact) == 1_000_000
    assert office.changed(evidence_max_mb=1).file(exact, "a.png").piece.size == 1_000_000


def test_the_files_of_a_unit_and_period_have_so_much_room_and_no_more(office):
    small = office.changed(evidence_quota_mb=1)
    first = png(chunks=((b"tEXt", bytes(600_000)),))
    small.file(first, "a.png")
    with pytest.raises(EvidenceRefused, match="đã dùng hết 1 MB"):
        small.file(png(chunks=((b"tEXt", bytes(500_000)),)), "b.png")
    small.file(first, "a.png", criterion="II.2")
    small.file(png(chunks=((b"tEXt", bytes(500_000)),)), "b.png", period="2024-Q3")


def test_the_same_form_sent_twice_is_one_piece(office, paper):
    once = office.file(paper, client=UUID(int=7)).piece
    assert office.file(paper, client=UUID(int=7)).piece == once
    with pytest.raises(EvidenceRefused, match="minh chứng khác"):
        office.file(paper, client=UUID(int=7), criterion="II.2")
    assert len(office.storage.evidence.of(["483"], "2024-Q2")) == 1


def test_every_act_has_its_event(office, paper):
    piece = office.file(paper).piece
    withdraw(office.desk, piece, "nộp nhầm bản dự thảo")
    events = [kept.event for kept in reversed(office.storage.trail.page())]
    assert [event.act for event in events] == ["evidence.added", "evidence.withdrawn"]
    assert (events[0].actor, events[0].unit, events[0].subject, events[0].address) == ("an.le", "483", "II.1, 2024-Q2", "10.0.0.7")
    assert piece.draft.sha256[:12] in events[0].new
    assert events[1].reason == "nộp nhầm bản dự thảo"


def test_an_event_that_cannot_be_written_stops_the_act(office, database, paper):
    with database.connect("postgres") as connection:
        connection.execute("REVOKE INSERT ON audit_event FROM hue_dti_app")
    with pytest.raises(StorageError):
        office.file(paper)
    assert office.storage.evidence.of(["483"], "2024-Q2") == ()
    assert office.storage.evidence.files() == {}


def test_what_is_taken_back_stays_known_with_its_reason(office, paper):
    piece = office.file(paper).piece
    assert withdraw(office.desk, piece, "nhầm") is True
    assert withdraw(office.desk, piece, "nhầm") is False
    back = office.storage.evidence.one(piece.number).withdrawn
    assert (back.by, back.reason, back.at) == ("an.le", "nhầm", NOW)
    assert files(office) == [piece.draft.sha256]
    with pytest.raises(EvidenceRefused, match="Lý do rút"):
        withdraw(office.desk, piece, "  ")


def test_a_criterion_or_proof_that_is_not_asked_is_refused(office, paper):
    with pytest.raises(EvidenceRefused, match=r"không có tiêu chí X\.9"):
        office.file(paper, criterion="X.9")
    with pytest.raises(EvidenceRefused, match="không đòi minh chứng này"):
        office.file(paper, proof="link")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://a.vn/x", "//a.vn", "a.vn", "https://", "https://u:p@a.vn/", "http://a.vn/ x",
        "https://a.vn/\r\nX: 1", "file:///etc/passwd", "https:\\\\a.vn", "https://a.vn/" + "x" * 500, "https://a.vn/\u202emoc.live",
    ],
)  # fmt: skip
def test_only_web_addresses_are_links(link, office):
    with pytest.raises(EvidenceRefused, match=r"Đường dẫn (không đúng|dài quá 500 chữ|có ký tự đảo chiều chữ)"):
        office.link(link)


def test_a_link_and_an_explanation_are_pieces_too(office):
    assert office.link(" https://namdong.thuathienhue.gov.vn/\u200b?id=7").piece.draft.link.endswith("id=7")
    assert office.explanation("Đang trình ký, có trước 20/6").piece.draft.words == "Đang trình ký, có trước 20/6"
    with pytest.raises(EvidenceRefused, match="để trống"):
        office.explanation("  ")


def test_a_file_that_serves_elsewhere_is_pointed_out(office, paper):
    first = office.file(paper).piece
    office.file(paper, period="2024-Q1", criterion="II.1")
    again = office.file(paper, criterion="II.2")
    assert {(each.other.draft.period, each.other.draft.criterion, each.same_file) for each in again.reuses} == {
        ("2024-Q2", "II.1", True),
        ("2024-Q1", "II.1", True),
    }
    withdraw(office.desk, first, "nhầm")
    assert len(office.file(paper, criterion="IV.1").reuses) == 2


def test_a_document_of_the_same_number_and_day_is_pointed_out_though_the_scan_is_another(office, paper):
    office.file(paper, paper=PLAN)
    other = Paper("12/kh-ubnd", PLAN.issued_on, "", "Kế hoạch", "", "issued")
    again = office.file(png(), "quet.png", criterion="II.2", paper=other)
    assert [(each.other.draft.criterion, each.same_file) for each in again.reuses] == [("II.1", False)]
    later = Paper(PLAN.number, date(2024, 1, 9), "", "Kế hoạch", "", "issued")
    assert office.file(png(5), "quet.png", criterion="IV.1", paper=later).reuses == ()


def test_number_day_and_summary_go_into_the_register_of_documents(office, paper):
    piece = office.file(paper, paper=PLAN).piece
    (document,) = office.storage.documents("483", YEAR)
    assert (document.number, document.issued_on, document.criterion, document.direction) == ("12/KH-UBND", PLAN.issued_on, "II.1", "issued")
    kept = office.storage.raw_answer(document.raw_sha256)
    assert "12/KH-UBND" in kept.body.decode()
    assert kept.request == "văn bản trong minh chứng, do Lê Văn An, Cán bộ Phòng Văn hóa và Thông tin ghi"
    office.file(png(), "b.png", criterion="II.2", paper=Paper("30/CV", date(2024, 3, 1), "Công văn", "Chỉ đạo", "UBND huyện", "issued"))
    assert [each.number for each in office.storage.documents("483", YEAR)] == ["12/KH-UBND", "30/CV"]
    withdraw(office.desk, piece, "nhầm")
    assert [each.number for each in office.storage.documents("483", YEAR)] == ["30/CV"]


class Scanner:
    """What clamd answers, over a real socket."""

    def __init__(self, path, says):
        self.taken, self.says = b"", says
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(str(path))
        self.socket.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rb") as stream:
            stream.read(len(b"zINSTREAM\0"))
            while length := int.from_bytes(stream.read(4), "big"):
                self.taken += stream.read(length)
            connection.sendall(self.says)

    def close(self):
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def scanner(tmp_path):
    """A scanner that says this once."""
    made = []

    def start(says):
        made.append(Scanner(tmp_path / f"clamd{len(made)}", says))
        return made[-1], str(tmp_path / f"clamd{len(made) - 1}")

    yield start
    for each in made:
        each.close()


def test_a_clean_file_is_marked_as_scanned_and_the_scanner_saw_all_of_it(office, paper, scanner):
    clamd, where = scanner(b"stream: OK\0")
    assert office.changed(clamav=where).file(paper).piece.scan is Scan.CLEAN
    assert clamd.taken == paper


def test_a_file_with_a_virus_is_refused(office, paper, scanner):
    _, where = scanner(b"stream: Eicar-Test-Signature FOUND\0")
    with pytest.raises(EvidenceRefused, match="có vi-rút"):
        office.changed(clamav=where).file(paper)
    assert files(office) == []


@pytest.mark.parametrize("where", ["{}/nobody", "127.0.0.1:1"])
def test_a_scanner_that_is_down_leaves_the_file_waiting(where, office, paper, tmp_path):
    piece = office.changed(clamav=where.format(tmp_path)).file(paper).piece
    assert piece.scan is Scan.WAITING
    assert not piece.scan.is_open
    assert office.storage.evidence.waiting() == (piece.draft.sha256,)


def test_what_waits_is_scanned_when_the_scanner_is_back(office, paper, scanner, tmp_path):
    piece = office.changed(clamav=f"{tmp_path}/nobody").file(paper).piece
    _, where = scanner(b"stream: OK\0")
    desk = office.changed(clamav=where).desk
    assert scan_waiting(desk.storage, desk.settings, desk.home, Hand("", "Lịch tự động"), desk.now) == (1, 1)
    assert office.storage.trail.page()[0].event.act == "evidence.scanned"
    assert office.storage.evidence.one(piece.number).scan is Scan.CLEAN


def test_a_file_that_was_changed_on_the_disk_is_never_given_out(office, paper):
    sha256 = office.file(paper).piece.draft.sha256
    place = place_of(office.desk.home, sha256)
    place.write_bytes(paper + b" ")
    with pytest.raises(StorageError, match="không còn như lúc nộp"):
        body_of(office.desk.home, sha256)
