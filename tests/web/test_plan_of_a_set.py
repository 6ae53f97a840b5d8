"""A plan for a criteria set: the ranking of a closed quarter is put beside it and printed with it."""

from datetime import date
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from docx import Document
from pypdf import PdfReader

from hue_dti.accounts.model import Grant, Role
from hue_dti.plans.model import Plan, PlanKey, PlanLine, PlanVersion
from hue_dti.plans.targets import target_of
from tests.golden_quarter import PERIOD
from tests.people import signed_in
from tests.web.conftest import Reader, words

UNIT = "20179"
PLAN = f"/ke-hoach/{UNIT}/hue-commune-2024/2025"


@pytest.fixture(scope="module")
def secretary(copy_quarter, tmp_path_factory):
    """Who keeps plans at the province, after a quarter was closed."""
    with copy_quarter(tmp_path_factory.mktemp("plan")) as quarter:
        quarter.close()
        line = PlanLine("1", "III", "Tài khoản Hue-S", "", target_of("90%"), lead=("Văn phòng",), due=date(2025, 12, 31))
        key = PlanKey(UNIT, "hue-commune-2024", 2025)
        made = PlanVersion(key, 1, "Kế hoạch cải thiện", Plan("hue-commune-2024", (line,)), "", "an", "Lê Văn An", "", quarter.now())
        quarter.storage.plans.keep(made)
        app = quarter.site().application
        yield Reader(signed_in(app, "thu.ky", Grant(Role.SECRETARY, "46")))


def put(secretary, **fields):
    page = secretary.open(f"{PLAN}/xep-hang")
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    return secretary.client.post(f"{PLAN}/xep-hang", data={"csrf_token": token, **fields})


def test_the_ranking_of_a_closed_quarter_prints_with_the_plan(secretary):
    refused = BeautifulSoup(put(secretary, ky="2019-Q1").get_data(as_text=True), "html.parser")
    assert "Chưa chọn quý đã chốt nào" in words(refused.main)
    assert put(secretary, ky=str(PERIOD)).status_code == 303
    said = words(secretary.open(f"{PLAN}/xep-hang").main)
    assert f"{PERIOD.label} : hạng" in said
    assert "đơn vị cùng cấp chưa chốt Quý II năm 2024" in said
    pages = PdfReader(BytesIO(secretary.get(f"{PLAN}/ke-hoach.pdf").data)).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert text.count("/10 đơn vị cùng cấp đã chốt số liệu") == 2
    assert "XẾP HẠNG CHUYỂN ĐỔI SỐ QUÝ II NĂM 2024" in text
    assert "Quý II năm 2024, xã" in text or "Quý II năm 2024, thị trấn" in text
    tables = [
        [cell.text for cell in table.rows[0].cells] for table in Document(BytesIO(secretary.get(f"{PLAN}/ke-hoach.docx").data)).tables
    ]
    assert ["Hạng", "Đơn vị", "Tỷ lệ điểm Quý II năm 2024"] in tables
    assert ["STT", "Tên nhóm tiêu chí", "Quý II năm 2024", "Hạng chung"] in tables
