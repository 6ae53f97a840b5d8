"""The systems that answer in JSON and CSV: super-app, address platform, procedures portal, antivirus console."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from connectors.sandbox import invented
from connectors.sandbox.golden import AS_OF, DISTRICT, World, world
from connectors.super_app import EVENTS, LISTS
from hue_dti.units.model import OrgUnit

portals = Blueprint("portals", __name__)

TOKEN = "mo-phong"  # noqa: S105 - opens nothing but these invented figures on loopback
ROWS_PER_PAGE = 20
SOFTWARE = ("Viettel Endpoint Detection & Response", "BKAV Endpoint 15")


@portals.get("/super_app/api/v1/thong-ke/<path:name>")
def super_app_statistics(name: str) -> Response:
    """A list of counts per unit, in pages, or the district's events of some days."""
    _require_token()
    require(DISTRICT, request.args.get("huyen"), day_asked("den_ngay"))
    if name == "tin-bai":
        return jsonify(_events())
    if name not in LISTS:
        abort(404)
    rows = _rows(world(), LISTS[name])
    page, shown = _page("trang", rows)
    return jsonify(trang=page, tong_so=len(rows), so_lieu_den_ngay=AS_OF.isoformat(), nguon_goc=invented.MARK, du_lieu=shown)


@portals.get("/digital_address/api/communes/addresses")
def digital_addresses() -> Response:
    """Confirmed addresses per commune, in pages."""
    _require_token()
    require(DISTRICT, request.args.get("district"), day_asked("asOf"))
    known = world()
    counts = known.values["addresses"]
    rows = [{"commune": known.name(unit, "addresses"), "confirmed": counts[unit.code]} for unit in known.communes]
    page, shown = _page("page", rows, 4)
    return jsonify(page=page, totalItems=len(rows), asOf=f"{AS_OF:%d/%m/%Y}", nguon_goc=invented.MARK, items=shown)


@portals.get("/public_services/api/bao-cao/thu-tuc-hanh-chinh")
def procedures() -> Response:
    """The district's procedures, applications and supervised applications."""
    first, last = day_asked("tuNgay"), day_asked("denNgay")
    require(DISTRICT, request.args.get("donVi"), last)
    known = world()

    def figure(measure: str) -> int:
        return known.values[measure][DISTRICT]

    return jsonify(
        donVi=known.district.name,
        tuNgay=first.isoformat(),
        denNgay=last.isoformat(),
        soLieuDenNgay=AS_OF.isoformat(),
        nguon_goc=invented.MARK,
        thuTuc={"tong": figure("procedures"), "trucTuyenToanTrinh": figure("procedures_online")},
        hoSo={"tong": figure("applications"), "trucTuyen": figure("applications_online")},
        giamSat={"tong": figure("applications_checked"), "viPham": figure("applications_violating")},
    )


@portals.get("/antivirus/export/may-tinh.csv")
def computers() -> Response:
    """One row per computer."""
    known = world()
    values = known.values
    stream = io.StringIO()
    total = sum(values["computers"].values())
    stream.write(f"# Số liệu đến ngày: {AS_OF:%d/%m/%Y}\n# Tổng số máy: {total}\n# nguon_goc: {invented.MARK}\n")
    export = csv.writer(stream, lineterminator="\n")
    export.writerow(["Mã máy", "Đơn vị", "Chống mã độc", "Phòng chống virus", "Mã độc phát hiện"])
    number = 0
    for unit in known.offices:
        for place in range(values["computers"][unit.code]):
            number += 1
            installed = [
                software if place < values[measure][unit.code] else ""
                for software, measure in zip(SOFTWARE, ("computers_malware", "computers_virus"), strict=True)
            ]
            export.writerow([f"NDG-{number:04}", unit.name, *installed, int(place < values["computers_infected"][unit.code])])
    return Response(stream.getvalue(), mimetype="text/csv")


def _events() -> dict[str, Any]:
    first, last = day_asked("tu_ngay"), day_asked("den_ngay")
    known = world()
    counts = {key: known.values[measure][DISTRICT] for key, measure in EVENTS.items()}
    return {
        "don_vi": known.district.name,
        "tu_ngay": first.isoformat(),
        "den_ngay": last.isoformat(),
        "so_lieu_den_ngay": AS_OF.isoformat(),
        "nguon_goc": invented.MARK,
        **counts,
    }


def _rows(known: World, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row per unit that has any of the columns; a programme not opened yet has none, or null among others."""
    units: Sequence[OrgUnit] = [
        unit for unit in known.offices if any(unit.code in known.values.get(measure, {}) for measure in columns.values())
    ]
    first = next(iter(columns.values()))
    return [
        {"don_vi": known.name(unit, first), **{key: known.values.get(measure, {}).get(unit.code) for key, measure in columns.items()}}
        for unit in units
    ]


def _page(parameter: str, rows: list[dict[str, Any]], size: int = ROWS_PER_PAGE) -> tuple[int, list[dict[str, Any]]]:
    number = request.args.get(parameter, 1, type=int)
    return number, rows[(number - 1) * size : number * size]


def day_asked(parameter: str, spelt: str = "%Y-%m-%d") -> date:
    """A day among the parameters; without it the request is wrong."""
    try:
        return datetime.strptime(request.args.get(parameter, ""), spelt).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        abort(400)


def require(known: str, asked: str | None, last: date) -> None:
    """Only one district and nothing before the golden figures is known here."""
    if asked != known or last < AS_OF:
        abort(404)


def _require_token() -> None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        abort(401)
