"""The values that the province gives as an Excel file: out, in, looked at, and kept only when confirmed."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Flask, Response, abort, request, send_file, url_for

from hue_dti.errors import FrameworkError, SettingError, UnknownUnit
from hue_dti.rollup.given import Given
from hue_dti.services.filled_form import Change
from hue_dti.services.provincial_sheet import form_of, read_form, store_form
from hue_dti.services.roll_up import ProvinceQuarter, province_on
from hue_dti.web.evidence import desk
from hue_dti.web.filled_book import REFUSED, XLSX, Frame, Link, opened, page, sealed
from hue_dti.web.roll_up import found_in, may_give, ways
from hue_dti.web.sessions import actor
from hue_dti.web.site import period_or_404, site, units

_HOW = "Tải mẫu, gõ kết quả và tài liệu kiểm chứng vào các cột tô vàng, lưu lại. Tệp minh chứng thì đính kèm sau, ở trang của từng chỉ số."


def register(app: Flask) -> None:
    """Give the file its addresses."""
    app.add_url_rule("/tinh/<period>/mau.xlsx", "province_sheet", sheet)
    app.add_url_rule("/tinh/<period>/tep", "province_upload", upload)
    app.add_url_rule("/tinh/<period>/tep", "province_look", look, methods=["POST"])
    app.add_url_rule("/tinh/<period>/tep/ghi", "province_store", store, methods=["POST"])


def sheet(period: str) -> Response:
    """The workbook of what the province gives, as it stands."""
    found = _found(period)
    body = form_of(site().storage, found, ways().frameworks[found.framework.code])
    name = f"ket-qua-do-tinh-nhap-{found.period}.xlsx"
    return send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=name)


def upload(period: str) -> str:
    """The page that takes the file."""
    return page(_frame(_found(period)))


def look(period: str) -> str | tuple[str, int]:
    """What the file would change; nothing is kept."""
    found, given = _found(period), request.files.get("tep")
    body = given.read() if given is not None else b""
    try:
        preview = read_form(site().storage, found, ways().frameworks[found.framework.code], body, actor().login)
        held = sealed(_what(found), [_spelt(each) for each in preview.good])
    except SettingError as fault:
        return page(_frame(found), refused=str(fault)), REFUSED
    return page(_frame(found), preview, held)


def store(period: str) -> str | tuple[str, int]:
    """Keep the values that were looked at."""
    found = _found(period)
    try:
        told = [_change(each, found) for each in opened(_what(found), request.form.get("sealed", ""))]
    except SettingError as fault:
        return page(_frame(found), refused=str(fault)), REFUSED
    given = {each.told: each for each in told if each.told is not None}
    refused = store_form(desk(), ways().frameworks[found.framework.code], list(given))
    faulty: list[Change[Given]] = [Change(given[each].place, given[each].of, given[each].name, fault=why) for each, why in refused.items()]
    return page(_frame(found), stored=len(given) - len(refused), faulty=faulty)


def _found(text: str) -> ProvinceQuarter:
    """The quarter, for who may give values in it."""
    period = period_or_404(text)
    try:
        return found_in(period) if may_give(province_on(units(), period), period) else abort(404)
    except (FrameworkError, UnknownUnit):
        abort(404)


def _what(found: ProvinceQuarter) -> str:
    return f"tinh {found.period} {found.framework.code}"


def _frame(found: ProvinceQuarter) -> Frame:
    here = Link(url_for("province", period=found.period), "DTI cấp tỉnh")
    return Frame(
        title="Nhập kết quả của tỉnh từ tệp Excel",
        subject=f"{found.province.name}, {found.period.label}",
        crumbs=(here,),
        how=_HOW,
        forms=(Link(url_for("province_sheet", period=found.period), "Tải mẫu Excel"),),
        upload=url_for("province_upload", period=found.period),
        look=url_for("province_look", period=found.period),
        store=url_for("province_store", period=found.period),
        back=Link(f"{here.address}#thanh-phan", "Xem các chỉ số thành phần"),
        of="Mã",
    )


def _spelt(change: Change[Given]) -> list[Any]:
    given = change.told
    if given is None:
        return []
    most = str(given.max_points) if given.max_points is not None else ""
    told = [str(given.client), given.code, str(given.share), most, given.result, given.document, given.reason, given.replaces]
    return [change.place, change.name, *told]


def _change(told: list[Any], found: ProvinceQuarter) -> Change[Given]:
    place, name, client, code, share, most, result, document, reason, replaces = told
    of = (UUID(client), found.province.code, str(found.period), found.framework.code, code)
    given = Given(*of, Fraction(share), Fraction(most) if most else None, result, document, reason=reason, replaces=replaces)
    return Change(place, code, name, given)
