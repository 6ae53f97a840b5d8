"""The RSS feed and the CSV export: what counts once, on which day, and what a bad line does."""

from __future__ import annotations

import pytest

from hue_dti.errors import SourceAnswerInvalid

LEADERS, UNIT = "Hoạt động của lãnh đạo", "Hoạt động của đơn vị"
OLD = ("cũ", "Sun, 31 Dec 2023 10:00:00 +0700", LEADERS)


def article(identity, published, *categories):
    listed = "".join(f"<category>{category}</category>" for category in categories)
    return f"<item><guid>{identity}</guid><title>Tin</title>{listed}<pubDate>{published}</pubDate></item>"


def feed(*articles, head=""):
    items = "".join(each if isinstance(each, str) else article(*each) for each in (*articles, OLD))
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'


@pytest.fixture
def count(pull_body):
    """Count a feed; gives (leaders', unit's) and the faults."""

    def run(body):
        pulled = pull_body("web_news", body, "application/rss+xml; charset=utf-8")
        values = {each.measure: each.value for each in pulled.readings}
        return (values["leader_news"], values["unit_news"]), pulled

    return run


@pytest.mark.parametrize(
    ("published", "counted"),
    [
        ("Sun, 31 Dec 2023 16:59:59 GMT", 0),
        ("Sun, 31 Dec 2023 17:00:00 GMT", 1),
        ("Mon, 10 Jun 2024 23:59:59 +0700", 1),
        ("Mon, 10 Jun 2024 16:59:59 GMT", 1),
        ("Mon, 10 Jun 2024 17:00:00 GMT", 0),
        ("Tue, 11 Jun 2024 00:00:00 +0700", 0),
    ],
)
def test_an_article_belongs_to_its_day_in_viet_nam(published, counted, count):
    assert count(feed(("1", published, LEADERS)))[0] == (counted, 0)


def test_an_article_listed_twice_counts_once_as_leaders_activity(count):
    day = "Mon, 03 Jun 2024 08:00:00 +0700"
    assert count(feed(("1", day, UNIT), ("1", day, LEADERS), ("2", day, UNIT), ("3", day, UNIT, LEADERS)))[0] == (2, 1)


def test_categories_are_known_however_they_are_typed(count):
    day = "Mon, 03 Jun 2024 08:00:00 +0700"
    assert count(feed(("1", day, " HOẠT ĐỘNG  CỦA LÃNH ĐẠO"), ("2", day, "Hoạt động của lãnh đạo"), ("3", day, "Thông báo")))[0] == (2, 0)


def test_the_place_names_every_article_counted(count):
    day = "Mon, 03 Jun 2024 08:00:00 +0700"
    _, pulled = count(feed(("27310", day, LEADERS), ("27299", day, LEADERS)))
    assert pulled.readings[0].place == "2 mục trong kênh, guid 27310, 27299"
    assert pulled.readings[1].place == "không có mục nào trong kênh"


@pytest.mark.parametrize(
    "bad",
    [
        article("9", "", LEADERS),
        article("9", "hôm qua", LEADERS),
        article("9", "Mon, 03 Jun 2024 08:00:00 -0000", LEADERS),
        article("9", "Mon, 99 Jun 2024 08:00:00 +0700", LEADERS),
    ],
    ids=["no day", "no date", "no zone", "no such day"],
)
def test_an_article_without_a_day_withholds_its_category_and_no_other(bad, pull_body):
    pulled = pull_body("web_news", feed(bad, ("1", "Mon, 03 Jun 2024 08:00:00 +0700", LEADERS)), "application/rss+xml")
    assert {each.measure: each.value for each in pulled.readings} == {"unit_news": 0}
    assert [each.place for each in pulled.faults] == ["mục 1 của kênh", "kênh"]
    assert LEADERS in pulled.faults[1].what


def test_an_article_without_identity_and_day_withholds_its_category_too(pull_body):
    pulled = pull_body("web_news", feed(article("", "hôm qua", UNIT)), "application/rss+xml")
    assert {each.measure: each.value for each in pulled.readings} == {"leader_news": 0}


def test_an_article_without_identity_is_a_fault_and_the_rest_goes_on(count):
    day = "Mon, 03 Jun 2024 08:00:00 +0700"
    counted, pulled = count(feed(article("", day, LEADERS), ("1", day, LEADERS)))
    assert counted == (1, 0)
    assert [each.place for each in pulled.faults] == ["mục 1 của kênh"]


def test_an_undated_article_of_a_category_that_is_not_counted_withholds_nothing(count):
    assert count(feed(("9", "hôm qua", "Thông báo")))[0] == (0, 0)


def test_an_article_undated_in_one_listing_has_the_day_of_another(count):
    assert count(feed(("9", "hôm qua", LEADERS), ("9", "Mon, 03 Jun 2024 08:00:00 +0700", UNIT)))[0] == (1, 0)


def test_a_feed_that_does_not_reach_back_far_enough_says_so(pull_body):
    body = feed(("1", "Mon, 03 Jun 2024 08:00:00 +0700", LEADERS)).replace(article(*OLD), "")
    pulled = pull_body("web_news", body, "text/xml")
    assert [each.value for each in pulled.readings] == [1, 0]
    assert "mục cũ nhất ngày 03/06/2024" in pulled.faults[0].what


ENTITY = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html></html>",
        feed()[:-5],
        feed(head=ENTITY),
        feed(head="<!DOCTYPE rss>"),
        '<rss version="2.0"><channel></channel></rss>',
        "{}",
    ],
    ids=["empty", "html", "cut", "entity", "doctype", "no items", "json"],
)
def test_what_is_no_feed_gives_no_figure(body, pull_body):
    with pytest.raises(SourceAnswerInvalid, match="kênh RSS"):
        pull_body("web_news", body, "application/rss+xml")


HEAD = "Mã máy,Đơn vị,Chống mã độc,Phòng chống virus,Mã độc phát hiện"
GOOD = "PC-1,Xã Hương Phú,EDR,Endpoint,0", "PC-2,Xã Hương Phú,,Endpoint,3"


@pytest.fixture
def tally(pull_body):
    """Count an export; gives the four counts per unit, and the faults by place."""

    def run(*lines, notes=()):
        pulled = pull_body("antivirus", "\ufeff" + "\n".join([*notes, HEAD, *lines]), "text/csv; charset=utf-8")
        units = dict.fromkeys(each.unit for each in pulled.readings)
        counts = {unit: [each.value for each in pulled.readings if each.unit == unit] for unit in units}
        return counts, {each.place: each.what for each in pulled.faults}

    return run


def test_computers_are_counted_by_unit_and_software(tally):
    counts, faults = tally(*GOOD, "PC-3,Xã Hương Sơn,EDR,,0", "")
    assert counts == {"Xã Hương Phú": [2, 1, 2, 1], "Xã Hương Sơn": [1, 1, 0, 0]}
    assert faults == {}


@pytest.mark.parametrize(
    "bad",
    [
        "PC-9,Xã Hương Phú,EDR,Endpoint,nhiều",
        "PC-9,Xã Hương Phú,EDR,Endpoint,-1",
        "PC-9,Xã Hương Phú,EDR",
        "PC-1,Xã Hương Phú,EDR,Endpoint,0",
    ],
    ids=["text", "negative", "short", "twice"],
)
def test_a_line_that_cannot_be_read_withholds_its_unit_and_no_other(bad, tally):
    counts, faults = tally(*GOOD, bad, "PC-3,Xã Hương Sơn,EDR,,0")
    assert counts == {"Xã Hương Sơn": [1, 1, 0, 0]}
    assert list(faults) == ["dòng 4", "dòng 2"]


def test_a_line_without_a_unit_is_a_fault(tally):
    counts, faults = tally(*GOOD, "PC-9,,EDR,Endpoint,0")
    assert counts == {"Xã Hương Phú": [2, 1, 2, 1]}
    assert list(faults) == ["dòng 4"]


@pytest.mark.parametrize(
    "notes",
    [
        ["# Tổng số máy: 3"],
        ["# Tổng số máy: nhiều"],
        ["# Số liệu đến ngày: hôm qua"],
        ["# Số liệu đến ngày: 25/06/2024"],
        ["Báo cáo máy tính"],
    ],
)
def test_an_export_whose_head_does_not_fit_its_lines_gives_no_figure(notes, tally):
    with pytest.raises(SourceAnswerInvalid):
        tally(*GOOD, notes=notes)


@pytest.mark.parametrize("body", [b"", HEAD.encode(), b"\xff\xfe", b'"', "Mã máy,Đơn vị\nPC-1,Xã Hương Phú".encode()])
def test_what_is_no_export_gives_no_figure(body, pull_body):
    with pytest.raises(SourceAnswerInvalid):
        pull_body("antivirus", body, "text/csv")
