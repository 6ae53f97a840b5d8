"""On an English page every Vietnamese word says so, at the element that holds it or around the words alone; nothing else changes."""

from __future__ import annotations

import pytest

from hue_dti.web.language_of_parts import with_languages


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<th>Huyện Nam Đông</th>", '<th lang="vi">Huyện Nam Đông</th>'),
        ('<p lang="vi">Xã <b>Hương Sơn</b></p>', '<p lang="vi">Xã <b>Hương Sơn</b></p>'),
        ("<p>sent by Võ Thị Sơn at 9</p>", '<p>sent by <bdi lang="vi">Võ Thị Sơn</bdi> at 9</p>'),
        ("<p>Quý II of Xã Đông</p>", '<p><bdi lang="vi">Quý</bdi> II of <bdi lang="vi">Xã Đông</bdi></p>'),
        ("<p>Xã Đông <a>see</a></p>", '<p><bdi lang="vi">Xã Đông</bdi> <a>see</a></p>'),
        ('<option value="1">Group I. Hạ tầng số</option>', '<option value="1" lang="vi">Group I. Hạ tầng số</option>'),
        ("<script>let a = 'số';</script><title>Số</title>", "<script>let a = 'số';</script><title>Số</title>"),
        ('<!DOCTYPE html><p>a &amp; b<br>&#39;<input value="số"></p>', '<!DOCTYPE html><p>a &amp; b<br>&#39;<input value="số"></p>'),
    ],
)
def test_vietnamese_words_are_marked_and_nothing_else_changes(page, marked):
    assert with_languages(page) == marked
