"""Bodies that break off in the middle of a file: told so, and nothing of them stays open."""

from __future__ import annotations

import gc
import warnings
from io import BytesIO

HEAD = b'--x\r\nContent-Disposition: form-data; name="tep"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
ADDRESS = "/tinh/2024-Q2/4.3"
LARGE = 700_000
"""More than is kept in memory, so that it goes to a file."""


def test_a_body_that_breaks_off_in_the_middle_of_a_file_leaves_no_file_open(reader):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        answer = reader.client.post(
            ADDRESS,
            input_stream=BytesIO(HEAD + b"1" * (LARGE - 100)),
            headers={"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(LARGE)},
        )
        gc.collect()
    assert answer.status_code == 400
    assert [str(each.message) for each in warned] == []
