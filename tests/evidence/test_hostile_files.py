"""Hostile files: nothing of them is run, nothing they ask for is fetched, none takes more than its share, and each is answered."""

from __future__ import annotations

import http.server
import threading
from datetime import UTC, datetime

import pytest

from hue_dti.evidence.child import MOST_MEMORY, TOO_HEAVY
from hue_dti.evidence.model import Kind
from hue_dti.evidence.names import clean_name, kind_named
from hue_dti.services.evidence_check import Checker
from tests.evidence.hostile import REFUSED, corpus
from tests.evidence.papers import pdf, zeros
from tests.patience import PATIENCE_S

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def asked():
    """A server on loopback, its address, and everything anybody asked it."""
    seen = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/canary", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def looks(asked, tmp_path_factory):
    """Every case of the corpus, looked at once."""
    folder, found = tmp_path_factory.mktemp("corpus"), {}
    cases = corpus(asked[0])
    with Checker(None) as checker:
        for at, (name, (given, body, _)) in enumerate(cases.items()):
            kind = kind_named(clean_name(given))
            path = folder / str(at)
            path.write_bytes(body)
            found[name] = checker.look(path, kind, NOW, within_s=PATIENCE_S) if kind is not None else None
            path.unlink()
    return cases, found


def test_the_corpus_has_at_least_eighty_files(looks):
    assert len(looks[0]) >= 80


def test_every_file_is_answered_as_it_deserves(looks):
    cases, found = looks
    wrong = {}
    for name, (_, _, wanted) in cases.items():
        look = found[name]
        came = REFUSED if look is None or look.checked.refusal else look.checked.told
        if wanted not in (("any",), came):
            wrong[name] = (came, look and look.checked.refusal)
    assert wrong == {}


def test_no_file_takes_more_memory_than_is_given(looks):
    taken = [look for look in looks[1].values() if look is not None]
    assert max(look.peak_kib for look in taken) * 1024 <= MOST_MEMORY


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_looked_at(tmp_path):
    heavy, light = tmp_path / "heavy", tmp_path / "light"
    heavy.write_bytes(pdf(catalog=b"/X[" + b"/A" * 2_000_000 + b"]"))
    light.write_bytes(pdf())
    with Checker(None) as checker:
        assert checker.look(heavy, Kind.PDF, NOW, within_s=0.5).checked.refusal == TOO_HEAVY
        assert checker.look(light, Kind.PDF, NOW).checked.pages == 1


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path):
    greedy = tmp_path / "greedy"
    greedy.write_bytes(b"%PDF-1.7\n" + zeros(40) * 15)
    with Checker(None) as checker:
        look = checker.look(greedy, Kind.PDF, NOW)
    assert look.checked.refusal == TOO_HEAVY
    assert look.peak_kib * 1024 < MOST_MEMORY


def test_nothing_a_file_points_at_is_asked_for(looks, asked):
    assert asked[1] == []


def test_every_refusal_says_what_to_do(looks):
    said = {look.checked.refusal for look in looks[1].values() if look is not None and look.checked.refusal}
    assert [each for each in said if "; hãy " not in each] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\x\\Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("Ke\u0302\u0301 hoa\u0323ch.pdf", "Kế hoạch.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie- b.pdf"),
        ("  . .pdf", "tai-lieu.pdf"),
        ("", "tai-lieu"),
    ],
)
def test_a_name_is_only_a_name(given, kept):
    assert clean_name(given) == kept


def test_a_name_of_any_length_fits_every_disk():
    name = clean_name("Kế hoạch chuyển đổi số " * 50 + ".pdf")
    assert len(name.encode()) <= 200
    assert name.endswith(".pdf")


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "a.jpeg", "a.JPG", "a.png", "a.docx", "a.xlsx"])
def test_the_five_kinds_are_taken_by_their_endings(name):
    assert kind_named(name) in Kind
