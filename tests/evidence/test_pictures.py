"""Pages of PDF files drawn as pictures: what would act does nothing, what asks for more than is given is not drawn, the next one is."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from hue_dti.evidence.apart import MOST_MEMORY
from hue_dti.services.evidence_pictures import drawing
from tests.evidence.hostile import corpus
from tests.evidence.papers import pdf, stream
from tests.evidence.test_hostile_files import asked

__all__ = ["asked"]
INK = b"0 0 0 rg 100 400 200 200 re f"
BLACK = pdf(extra={3: stream(INK)}, catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")
LONG = pdf(extra={3: stream(b"0 0 m " + b"1 1 2 2 600 600 c S " * 1_500_000)})


@pytest.fixture(scope="module")
def drawer():
    with drawing() as made:
        yield made


def drawn(drawer, folder, body, page=1, **within):
    path = folder / "file"
    path.write_bytes(body)
    return drawer.draw(path, page, **within)


def test_a_page_that_would_run_a_script_is_a_picture_of_what_stands_on_it(drawer, tmp_path):
    picture = Image.open(BytesIO(drawn(drawer, tmp_path, BLACK)))
    assert (picture.format, picture.size) == ("JPEG", (1000, 1416))
    assert max(picture.getpixel((336, 572))) < 10
    assert min(picture.getpixel((900, 100))) > 245


@pytest.mark.parametrize(("body", "page"), [(pdf(), 2), (pdf(), 0), (b"%PDF-1.7\n%%EOF", 1)], ids=["no such page", "none", "no page"])
def test_what_cannot_be_drawn_is_no_picture_and_the_next_page_is_one(drawer, tmp_path, body, page):
    assert drawn(drawer, tmp_path, body, page) is None
    assert drawn(drawer, tmp_path, BLACK) is not None


def test_only_what_takes_too_long_is_given_up_and_the_next_page_is_drawn(drawer, tmp_path):
    assert drawn(drawer, tmp_path, LONG, within_s=60.0) is not None
    assert drawn(drawer, tmp_path, LONG, within_s=0.1) is None
    assert drawn(drawer, tmp_path, BLACK) is not None


def test_a_page_of_any_size_is_drawn_within_the_same_bounds(drawer, tmp_path):
    huge = pdf(page=b"/CropBox[0 0 14400 100]").replace(b"[0 0 595 842]", b"[0 0 14400 14400]")
    for body in (huge, pdf().replace(b"[0 0 595 842]", b"[0 0 9 140000]")):
        assert max(Image.open(BytesIO(drawn(drawer, tmp_path, body))).size) <= 3000


def test_nothing_a_hostile_file_points_at_is_asked_for_while_it_is_drawn(drawer, tmp_path, asked):
    address, seen = asked
    papers = [body for given, body, _ in corpus(address).values() if given.endswith(".pdf") and len(body) < 200_000]
    assert len(papers) > 20
    pictures = [drawn(drawer, tmp_path, body, within_s=2.0) for body in papers]
    assert len(list(filter(None, pictures))) > 10
    assert seen == []
    assert MOST_MEMORY == 512 * 1024 * 1024
