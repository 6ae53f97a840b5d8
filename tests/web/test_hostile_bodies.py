"""Bodies that no page of ours sends are refused in words; none of them is a fault of the program."""

from __future__ import annotations

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.registers import REGISTERS
from tests.people import signed_in
from tests.web.board import page_of

DEEP = ["[" * 100_000, '{"a":' * 50_000]
TYPED = [*DEEP, "1" * 5_000, '"\\ud800"', '{"measure": 1e999, "client": "x"}', "null", '{"unit": "20179", "value": {"a": 1}}']
ROWS = [*DEEP, "[[1e999,{}]]", "[[NaN,{}]]", "1", "[[1]]", '[["' + "9" * 40 + '",{}]]']


@pytest.fixture
def secretary(golden):
    client = signed_in(golden.app, "thu.ky.la", Grant(Role.SECRETARY, "483"))
    return client, page_of(client, "/tai-khoan").select_one("input[name=csrf_token]")["value"]


@pytest.mark.parametrize("body", TYPED, ids=lambda body: body[:8])
def test_a_cell_takes_only_what_a_form_can_send(body, secretary):
    client, token = secretary
    sent = client.post("/nhap/483/2024-Q3/o", data=body, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code in {400, 422}


@pytest.mark.parametrize("body", ROWS, ids=lambda body: body[:8])
def test_a_register_takes_only_what_its_preview_showed(body, secretary):
    client, token = secretary
    for kind in REGISTERS:
        told = {"csrf_token": token, "cac-dong": body, "ma": "00000000-0000-0000-0000-000000000001"}
        assert client.post(f"/so/{kind}/483/2024-Q3/xac-nhan", data=told).status_code in {400, 404, 422}
