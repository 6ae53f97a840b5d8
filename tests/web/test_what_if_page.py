"""Other figures and targets are tried in an address; nothing is kept."""

from tests.web.conftest import QUARTER, words

PAGE = f"{QUARTER}/thu"


def test_the_page_says_that_it_supposes_and_works_by_its_address_alone(anonymous):
    page = anonymous.open(PAGE)
    assert page.find("form", method="get")
    assert "Đây là giả định" in words(page.main)
    tried = words(anonymous.open(f"{PAGE}?s.policy_news=24").main)
    assert "+23" in tried
    assert "384,04 /665 407,04" in tried


def test_an_address_with_empty_fields_leads_to_the_short_one(anonymous):
    answer = anonymous.get(f"{PAGE}?s.policy_news=24&s.staff=&t.I.4=")
    assert answer.headers["Location"] == f"{PAGE}?s.policy_news=24"


def test_bad_input_says_where_and_counts_nothing(anonymous):
    page = anonymous.open(f"{PAGE}?s.leader_news=abc&t.I.4=0&s.nothing=1")
    assert page.find(id="s.leader_news")["aria-invalid"] == "true"
    assert page.find(id="t.I.4")["aria-invalid"] == "true"
    assert "“nothing” không có trong bộ chỉ số" in words(page.main)
    assert page.find(id="ket-qua") is None


def test_a_number_no_figure_can_be_is_refused(anonymous):
    assert "Con số quá lớn" in words(anonymous.open(f"{PAGE}?s.leader_news=9999999999999999").main)


def test_what_cannot_be_is_counted_as_far_as_it_can(anonymous):
    assert "Chỉ đến 968 được" in words(anonymous.open(f"{PAGE}?s.staff_readers=2000").main)


def test_another_target_is_asked_of_all_communes(anonymous, snapshot):
    first = snapshot.ranking[0].unit
    page = words(anonymous.open(f"/don-vi/{first}/2024-Q2/thu?t.VII.5=10%25").main)
    assert "Tiêu chí đổi điểm" in page
    assert "VII.5" in page
