"""A row that the database's owner rewrote is refused in words at every door, never read as if it had been frozen."""

from dataclasses import replace

import pytest

from hue_dti.errors import SnapshotTampered
from hue_dti.services.quarter import frozen
from hue_dti.snapshots.bundle import decode, trailer
from hue_dti.snapshots.canonical import sha256
from hue_dti.web import create_app
from tests.people import signed_in


def sealed(body):
    """Bytes with a trailer that fits them, as anybody can make."""
    return body + trailer(sha256(body))


MALFORMED = [b"", b"{", b"[]", b"3", b"{}", b'{"format":"hue-dti-snapshot/1"}', b'{"blocks":[],"format":"hue-dti-snapshot/1"}', b"\xff"]


@pytest.mark.parametrize("body", MALFORMED)
def test_bytes_with_a_fitting_trailer_that_are_no_bundle_are_called_tampered(body):
    with pytest.raises(SnapshotTampered):
        decode(sealed(body + b"\n"))


def test_a_sound_bundle_under_the_hash_of_another_is_refused(district, correct, by_force):
    first = district.close()
    correct("483", "leader_news", value=1)
    second = district.close("Sửa số tin", by="Người chưa ai đọc")
    by_force("UPDATE snapshot SET bundle = (SELECT bundle FROM snapshot WHERE sequence = 1) WHERE sequence = 2")
    with pytest.raises(SnapshotTampered, match=first.sha256):
        frozen(district.storage, second.sha256)


def test_closing_over_a_rewritten_row_is_refused_in_words(district, by_force):
    district.close()
    by_force("UPDATE snapshot SET bundle = %s", sealed(b"{}\n"))
    with pytest.raises(SnapshotTampered, match="không còn đúng dạng"):
        district.close()


def test_the_first_page_shows_a_rewritten_quarter_as_tampered(district, database, by_force, tmp_path):
    district.close(by="Người chưa ai đọc")  # a hash of its own: frozen quarters are kept read by hash
    by_force("UPDATE snapshot SET bundle = %s", sealed(b"{}\n"))
    client = signed_in(create_app(replace(database.settings, home=tmp_path), district.storage))
    page = client.get("/")
    assert page.status_code == 200
    assert "Huyện Nam Đông" in page.text
    assert "Bản chốt này không còn nguyên vẹn" in page.text
    assert client.get("/don-vi/483/2024-Q2").status_code == 409
    ranking = client.get("/bang-xep-hang/xa/2024-Q2")
    assert (ranking.status_code, "không còn đúng dạng" in ranking.text) == (409, True)
