"""What stands in a district's pages when all have done their part: figures typed, proven, sent and judged; a report, marks, alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from benchmarks.proofs.at_work import CLOSED, COMMUNE, DISTRICT, FIRST, OPEN, OTHER, PERSONS, SECOND, AtWork
from benchmarks.proofs.furnished_aside import furnish_aside
from benchmarks.stories import signed_paper
from hue_dti.accounts.model import Actor
from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.evidence.pieces import Draft, Form, Paper
from hue_dti.observations.base import Draft as BaseDraft
from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.observations.registers import TEAMS, read_row
from hue_dti.services.demo_year import example, keep_example
from hue_dti.services.desk import Desk
from hue_dti.services.enter import save_cell
from hue_dti.services.evidence import Upload, add_file, add_link, explain
from hue_dti.services.evidence_overview import overview
from hue_dti.services.registers import save_rows
from hue_dti.storage.registers import Change
from tests.evidence.papers import pdf, png
from tests.web.forms_of_pages import Person

SHARE = "Ảnh chụp tại chợ, gửi kèm danh sách."


def furnish(place: AtWork) -> None:
    """Let everybody have done their part of it."""
    for login in PERSONS:
        place.token(login)
    for unit, login in ((COMMUNE, FIRST), (OTHER, SECOND)):
        type_figures(place, unit, login)
    hand_in(place)
    review(place)
    report(place)
    appraise(place)
    watch(place)
    provinces(place)
    furnish_aside(place)


def provinces(place: AtWork) -> None:
    """A year of all provinces, and a version that took its place."""
    for draft in (example(), replace(example(), reason="Đính chính số liệu của một tỉnh", seen=1)):
        keep_example(place.storage, draft, "thamdinh", place.now())


def type_figures(place: AtWork, unit: str, login: str) -> None:
    """Two typed figures, the second of them corrected once."""
    by = Writer(login, PERSONS[login].name, PERSONS[login].post)
    for measure, value in (("shops", 231), ("shops_vietqr", 80), ("shops_vietqr", 180)):
        typed = Typed(uuid4(), unit, measure, str(OPEN), Choice.VALUE, value, "đếm lại" if value == 180 else "", login)
        save_cell(place.storage, place.catalogue, typed, by, place.now())


def hand_in(place: AtWork) -> None:
    """A picture, a link and an explanation beside the commune's first three criteria that ask for proof, papers beside a typed figure,
    and a row of a register.
    """
    who = PERSONS[FIRST]
    desk = Desk(place.storage, place.catalogue, place.settings, place.settings.home or Path(), _actor(FIRST), place.now)
    unit = desk.unit(COMMUNE, OPEN)
    assert unit is not None
    first, second, third, *_ = [row.criterion.code for row in overview(place.storage, place.catalogue, unit, OPEN)]
    paper = Paper("12/KH-UBND", date(2024, 7, 8), "Kế hoạch", "Kế hoạch chuyển đổi số", "UBND xã", "issued")
    add_file(desk, Draft(uuid4(), COMMUNE, str(OPEN), first, "", Form.FILE, paper=paper), Upload("ke-hoach.png", BytesIO(png())))
    acting = pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert)>>")
    for name, body in (("ma-qr.png", png(width=31)), ("giay.pdf", pdf()), ("chay.pdf", acting)):
        add_file(desk, Draft(uuid4(), COMMUNE, str(OPEN), "VIII.1", "", Form.FILE), Upload(name, BytesIO(body)))
    add_link(desk, Draft(uuid4(), COMMUNE, str(OPEN), second, "", Form.LINK, link="https://huongxuan.example/tin/1"))
    explain(desk, Draft(uuid4(), COMMUNE, str(OPEN), third, "", Form.EXPLANATION, words=f"{who.name}: {SHARE}"))
    content, faults = read_row(TEAMS, {"village": "Thôn 1", "members": "5", "decision": "4/QĐ", "decided_on": "12/09/2022"})
    assert not faults
    row = uuid4()
    assert save_rows(desk, unit, OPEN, TEAMS, [Change(row, row, content)])


def review(place: AtWork) -> None:
    """One commune's figures are under review, with one returned and one spoken of; the other's are approved."""
    approver = Person(place.browse("namdong.duyet"))
    for unit, login in ((COMMUNE, FIRST), (OTHER, SECOND)):
        officer = Person(place.browse(login))
        page = officer.open(f"/gui/{unit}/{OPEN}")
        full = {each["name"]: each["value"] for each in page.select("input[type=checkbox][name^=so-]")}
        officer.press(page, "Gửi Ban Chỉ đạo duyệt", **full)
    opened = approver.press(approver.open(f"/duyet/{COMMUNE}/{OPEN}"), "Bắt đầu thẩm tra")
    confirm = approver.press(opened, "Trả lại các số đã chọn", check=(f"{COMMUNE}/shops",))
    approver.press(confirm, "Trả lại", ly_do="Thiếu thôn 3.")
    cell = approver.open(f"/duyet/{COMMUNE}/{OPEN}/o/{COMMUNE}/shops")
    approver.press(cell, "Gửi lời trao đổi", loi="Hỏi lại Phòng Nội vụ.")
    approver.press(approver.open(f"/phe-duyet/{OTHER}/{OPEN}"), "Duyệt")


def report(place: AtWork) -> None:
    """The closed quarter's report is issued with a signed paper, and a replacing one is begun."""
    secretary, address = Person(place.browse("namdong.thuky")), f"/don-vi/{DISTRICT}/{CLOSED}/bao-cao"
    secretary.press(secretary.open(f"{address}/soan"), "Lưu bản số 1")
    page = secretary.press(secretary.open(f"{address}/phat-hanh"), "Trình ký")
    form = next(each for each in page.select("main form") if each.select_one("#number"))
    told = {each["name"]: each.get("value", "") for each in form.select("input[name]") if each["type"] != "file"}
    signer = next(each["for"] for each in page.select("label") if "Họ và tên người ký" in each.text)
    told |= {"number": "27", "symbol": "BC-BCĐ", "day": "12/06/2024", signer: "Hồ Văn Duyệt"}
    answer = secretary.client.post(form["action"], data={**told, "signed": (BytesIO(signed_paper()), "bao-cao-da-ky.pdf")})
    assert answer.status_code == 303, answer.status_code


def appraise(place: AtWork) -> None:
    """The province appraises the closed quarter, differs on one criterion and waits for the explanation."""
    appraiser, address = Person(place.browse("thamdinh")), f"/tham-dinh/{DISTRICT}/{CLOSED}"
    appraiser.press(appraiser.open(address), "Mở thẩm định")
    marked = appraiser.press(appraiser.open(f"{address}/VIII.1"), "Ghi điểm thẩm định", diem="1", ly_do="Ảnh không rõ nơi chụp.")
    appraiser.press(marked, "Gửi đơn vị giải trình", den_ngay="20/09/2024")


def watch(place: AtWork) -> None:
    """Alerts that nobody took on and one that somebody did, a base figure that waits, a source asked and one tried."""
    found = tuple(Finding("nguon-loi", Kind.FAILED, each, f"{each}: 2 lần liền lỗi", place.now()) for each in ("meetings", "police"))
    place.storage.alerts.settle(DISTRICT, Verdict(found), place.now())
    first = place.storage.alerts.open()[0].id
    place.storage.alerts.acknowledge([first], "Trần Văn Trực", "đã gọi", place.now())
    draft = BaseDraft(DISTRICT, date(2020, 1, 1), "households", 2024, 7258, date(2023, 12, 31), "12/BC")
    place.storage.base.propose([draft], "Phạm Thị Thư", place.now())


def _actor(login: str) -> Actor:
    who = PERSONS[login]
    return Actor(login, who.name, who.post, (who.grant,))
