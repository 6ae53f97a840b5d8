"""A page compressed in pieces is the same page."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from hue_dti.web.packed import packed, part


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=3000), st.binary(max_size=300), st.binary(max_size=50))
def test_whatever_stands_around_a_shared_part_comes_out_as_it_went_in(before, shared, after, elsewhere):
    body = before + shared + after
    for given_part in ((), (shared, part(shared)), (elsewhere, part(elsewhere))):
        made = packed(body, *given_part)
        assert gzip.decompress(made) == body
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)  # as browsers read it: one stream, and nothing after it
        assert reader.decompress(made) + reader.flush() == body
        assert (reader.eof, reader.unused_data) == (True, b"")
