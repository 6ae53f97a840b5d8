"""Invite many persons from an Excel file: the form out, in, looked at, and accounts made only when confirmed; each code is shown once."""

from __future__ import annotations

from dataclasses import astuple
from io import BytesIO

from flask import Flask, Response, render_template, request, send_file, url_for

from hue_dti.errors import SettingError
from hue_dti.services.people_sheet import Invited, form_of, invite_all, read_form
from hue_dti.web.access import hand
from hue_dti.web.filled_book import REFUSED, XLSX, Frame, Link, opened, page, sealed
from hue_dti.web.site import now, site, units

ADDRESS = "/nguoi-dung-tu-tep"
_HOW = "Tải mẫu, ghi họ tên, chức vụ, thư điện tử, vai trò của từng người ở đơn vị của họ, lưu lại."
_WHAT = "moi nhieu nguoi"


def register(app: Flask) -> None:
    """Give the file its addresses."""
    app.add_url_rule(f"{ADDRESS}/mau.xlsx", "people_sheet", sheet)
    app.add_url_rule(ADDRESS, "people_upload", upload)
    app.add_url_rule(ADDRESS, "people_look", look, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/moi", "people_invite", invite, methods=["POST"])


def sheet() -> Response:
    """The form, with a line for every unit of today."""
    return send_file(BytesIO(form_of(units(), now())), mimetype=XLSX, as_attachment=True, download_name="moi-nguoi-dung.xlsx")


def upload() -> str:
    """The page that takes the file."""
    return page(_frame())


def look() -> str | tuple[str, int]:
    """Whom the file would invite; nobody is."""
    given = request.files.get("tep")
    try:
        preview = read_form(site().storage, given.read() if given is not None else b"", now())
        held = sealed(_WHAT, [astuple(each.told) for each in preview.good if each.told is not None])
    except SettingError as fault:
        return page(_frame(), refused=str(fault)), REFUSED
    return page(_frame(), preview, held)


def invite() -> str | tuple[str, int]:
    """Make the accounts that were looked at, and show their codes this once."""
    try:
        people = [Invited(*each) for each in opened(_WHAT, request.form.get("sealed", ""))]
    except SettingError as fault:
        return page(_frame(), refused=str(fault)), REFUSED
    codes, refused = invite_all(site().storage, people, hand(), now())
    return render_template("people_invited.html", codes=codes, refused=refused, names={unit.code: unit.name for unit in units()})


def _frame() -> Frame:
    here = Link(url_for("people"), "Người dùng và quyền")
    return Frame(
        title="Mời nhiều người từ tệp Excel",
        subject="",
        crumbs=(here,),
        how=_HOW,
        forms=(Link(url_for("people_sheet"), "Tải mẫu Excel"),),
        upload=url_for("people_upload"),
        look=url_for("people_look"),
        store=url_for("people_invite"),
        back=Link(here.address, "Xem người dùng"),
        of="Đơn vị",
    )
