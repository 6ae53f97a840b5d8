"""Files are looked at again: scanned once the scanner is there, judged anew when trust roots change, held against their hashes."""

from __future__ import annotations

import os
import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from hue_dti.evidence.model import Seal
from hue_dti.evidence.pieces import Scan
from hue_dti.services.evidence_files import place_of
from hue_dti.services.evidence_scan import judge_again, scan_waiting
from hue_dti.services.stored_files import stored_files
from hue_dti.trail.model import Hand
from tests.evidence.signing import authority, signed

HAND = Hand("Lịch tự động", "Lịch tự động")


@contextmanager
def scanner(path, says=b"stream: OK\0"):
    """ClamAV on a socket, of one opinion."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self):
            seen = b""
            while not seen.endswith(b"\0\0\0\0"):
                seen += self.request.recv(1 << 16)
            self.request.sendall(says)

    with socketserver.ThreadingUnixStreamServer(str(path), Answer) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield str(path)
        server.shutdown()


def again(office, everything=False):
    desk = office.desk
    return judge_again(desk.storage, desk.settings, desk.home, HAND, lambda: datetime.now(UTC) + timedelta(seconds=5), everything)


def test_a_root_that_comes_later_changes_the_judgement_and_the_earlier_one_is_kept_with_its_date(office, tmp_path):
    roots = tmp_path / "goc"
    roots.mkdir()
    unknown = office.changed(trust_roots=roots)
    piece = unknown.file(signed()).piece
    assert piece.seal is Seal.UNCHECKED
    (roots / "goc.pem").write_bytes(authority().pem)
    done = again(unknown)
    assert (done.looked, done.changed, done.failed) == (1, 1, ())
    found = office.storage.evidence.one(piece.number)
    assert found.seal is Seal.VALID
    assert [(each.checked.seal, each.at) for each in found.earlier] == [(Seal.UNCHECKED, piece.looked_at)]
    assert found.looked_at > piece.looked_at
    told = office.storage.trail.page(most=1)[0].event
    assert (told.act, told.subject, told.new) == ("evidence.judged", piece.draft.sha256, "Chữ ký hợp lệ")
    os.utime(roots / "goc.pem", (0, 0))
    assert again(unknown, everything=True).changed == 0
    assert office.storage.evidence.one(piece.number).earlier == found.earlier


def test_what_waited_and_what_no_scanner_saw_is_scanned_by_the_clock(office, tmp_path):
    unseen = office.file(signed(), name="a.pdf").piece.draft.sha256
    away = office.changed(clamav=str(tmp_path / "nobody"))
    piece = away.file(signed(field="Khac"), name="b.pdf").piece
    assert piece.scan is Scan.WAITING
    desk = away.desk
    assert scan_waiting(desk.storage, desk.settings, desk.home, HAND, desk.now) == (2, 0)
    with scanner(tmp_path / "clam", b"stream: Eicar FOUND\0") as where:
        assert scan_waiting(desk.storage, office.changed(clamav=where).desk.settings, desk.home, HAND, desk.now) == (2, 2)
    assert office.storage.evidence.one(piece.number).scan is Scan.INFECTED
    events = [each.event for each in office.storage.trail.page(most=2)]
    assert {(each.act, each.new) for each in events} == {("evidence.scanned", "infected")}
    assert {each.subject for each in events} == {unseen, piece.draft.sha256}


def test_a_file_that_is_gone_and_one_that_was_changed_are_named(office):
    first, second = (office.file(signed(field=name), name=f"{name}.pdf").piece.draft.sha256 for name in ("Mot", "Hai"))
    home = office.desk.home
    assert [(each.read, each.faults) for each in stored_files(office.storage, home)][1] == (2, ())
    place_of(home, first).write_bytes(b"khac")
    place_of(home, second).unlink()
    told = {fault.rpartition("/")[2] for fault in list(stored_files(office.storage, home))[1].faults}
    assert told == {f"{first}: không còn như lúc nhận", f"{second}: không đọc được (No such file or directory)"}
    assert list(stored_files(office.storage, home, most=1))[1].read == 1
