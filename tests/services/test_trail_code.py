"""The trail's code stands on official papers, and the same snapshot still gives the same papers."""

import pytest
from pypdf import PdfReader

from benchmarks.proofs.quarters import PERIOD
from hue_dti.services.letter import reminder_letter
from hue_dti.services.open_quarter import read
from hue_dti.services.report import write_reports
from hue_dti.trail.chain import code
from hue_dti.trail.model import hand_of


@pytest.fixture
def write(district, tmp_path):
    """Writes the quarter's PDF anew and gives its bytes and its words."""

    def run(name):
        place = district
        snapshot = read(place.storage, place.catalogue, place.unit, PERIOD, place.now())
        (path,) = write_reports(place.storage, snapshot, place.catalogue, ["pdf"], tmp_path / name)
        words = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
        return path.read_bytes(), words

    return run


def test_a_final_report_carries_the_code_of_its_closing_whatever_happened_since(district, write):
    head = district.close()
    first, words = write("once")
    closing = district.storage.trail.closing(head.sha256)
    assert f"mã nhật ký: {code(closing)}" in words
    district.storage.trail.note(hand_of("An").did("export.made", district.now()))
    again, _ = write("again")
    assert again == first


def test_a_draft_carries_no_code(district, write):
    assert "mã nhật ký" not in write("draft")[1]


def test_a_letter_carries_the_code_of_the_trail_as_it_is(district):
    place = district
    assert reminder_letter(place.storage, place.catalogue, place.unit, PERIOD, place.now()).trail == ""
    place.storage.trail.note(hand_of("An").did("export.made", place.now()))
    written = reminder_letter(place.storage, place.catalogue, place.unit, PERIOD, place.now())
    assert written.code_line.endswith(f"; mã nhật ký: {code(place.storage.trail.head())}")
