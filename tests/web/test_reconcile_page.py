"""Where two sources of one measure differ, the page takes the reason from whoever reviews, and shows no command."""

from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from tests.people import signed_in
from tests.services.test_reconcile import AGENCY, MEASURE, SCHOOL, SOURCE, quarter, report, value
from tests.web.conftest import Reader, words

__all__ = ["quarter", "report"]
PAGE = "/don-vi/483/2024-Q2/doi-chieu"


def test_the_reason_of_a_difference_is_written_on_the_page_by_who_reviews(quarter, report):
    mine = value(quarter).value
    report(**{SCHOOL: mine + 5})
    quarter.close()
    app = quarter.site().application
    secretary, officer = (Reader(signed_in(app, role.value, Grant(role, "483"))) for role in (Role.SECRETARY, Role.OFFICER))
    page = secretary.open(PAGE)
    assert "hue-dti reconcile" not in words(page.main)
    form = page.select_one("main table form")
    given = {each["name"]: each["value"] for each in form.select("input")}
    assert given["o"] == f"{AGENCY}/{MEASURE}/{SOURCE}"
    assert not officer.open(PAGE).select("main table form")
    empty = secretary.client.post(PAGE, data=given | {"ly-do": " "})
    said = words(BeautifulSoup(empty.text, "html.parser").select_one("[role=alert]"))
    assert (empty.status_code, said) == (422, "Chưa ghi lý do; hãy viết một dòng.")
    assert secretary.client.post(PAGE, data=given | {"ly-do": "tính cả hợp đồng"}).status_code == 303
    assert "tính cả hợp đồng" in words(secretary.open(PAGE).select_one("main table"))
    assert secretary.client.post(PAGE, data=given | {"ly-do": "x", "o": f"46/{MEASURE}/{SOURCE}"}).status_code == 404
