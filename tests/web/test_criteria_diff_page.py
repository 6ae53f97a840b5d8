"""Two sets on the same closed figures; a draft is read and forgotten."""

import io
import re

import pytest

from hue_dti.accounts.model import Grant, Role
from tests.people import signed_in
from tests.web.conftest import Reader, words

PAGE = "/bo-chi-so/so-sanh"


@pytest.fixture(scope="module")
def district(catalogue):
    return catalogue.texts["hue/district-2024.yaml"]


def sent(reader, text, **more):
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.get(PAGE).text)[1]
    form = {"csrf_token": token, "cu": "hue-district-2024", "ky": "2024-Q2", "tep": (io.BytesIO(text.encode()), "du-thao.yaml"), **more}
    return reader.client.post(PAGE, data=form, content_type="multipart/form-data")


def test_a_draft_is_scored_on_what_was_closed_and_kept_nowhere(reader, golden, district):
    before = golden.storage.newest_heads()
    answer = sent(reader, district.replace("measure: policy_news, at_least: 24", "measure: policy_news, at_least: 1"))
    assert answer.status_code == 200
    page = " ".join(answer.text.split())
    assert "1 đơn vị được chấm cả hai bộ, 1 được, 0 mất" in page
    assert "407,04" in page
    assert golden.storage.newest_heads() == before
    assert "du-thao" not in golden.catalogue.texts


def test_the_faults_of_a_draft_stand_by_their_lines(reader, district):
    answer = sent(reader, district.replace("max_points: 170", "max_points: 171"))
    assert answer.status_code == 400
    assert "dòng 28" in answer.text
    assert sent(reader, "code: [").status_code == 400
    assert sent(reader, "", tep=(io.BytesIO(b""), "")).status_code == 400


def test_communes_are_compared_by_two_installed_sets(reader):
    page = words(reader.open(f"{PAGE}?cu=hue-commune-2024&moi=hue-commune-2024&ky=2024-Q2").main)
    assert "10 đơn vị được chấm cả hai bộ, 0 được, 0 mất" in page
    assert "Hai bộ giống nhau từng chữ" in page


def test_a_set_is_not_offered_to_be_compared_with_itself(reader):
    page = reader.open(PAGE)
    first, second = ([each for each in page.select(f"#{name} option") if each.has_attr("selected")] for name in ("cu", "moi"))
    assert [each["value"] for each in first] in ([], [page.select_one("#cu option")["value"]])
    assert second[0]["value"] != page.select_one("#cu option")["value"]


def test_only_who_runs_the_system_of_the_province_may_compare(golden, anonymous):
    assert anonymous.get(PAGE).status_code == 302
    officer = Reader(signed_in(golden.app, "can.bo.so.sanh", Grant(Role.OFFICER, "20179")))
    assert officer.get(PAGE).status_code == 404
