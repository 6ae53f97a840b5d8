"""The platforms whose use is counted: workplace, reports, maps, citizens' reflections; counts only, as the sources file asks."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request

from connectors.sandbox import invented
from connectors.sandbox.golden import AS_OF, DISTRICT, world
from connectors.sandbox.portals import TOKEN, day_asked, require

platforms = Blueprint("platforms", __name__)

FUNCTIONS = {
    "phan_anh_hien_truong": "workplace_reflections",
    "gop_y": "workplace_feedback",
    "cau_hoi_cong_dan": "workplace_questions",
    "cau_hoi_bao_chi": "workplace_press",
    "hop_khong_giay": "workplace_meetings",
    "luu_tru_dam_may": "workplace_storage",
}
REFLECTIONS = {
    "tiep_nhan": "reflections",
    "dung_han": "reflections_on_time",
    "khong_hai_long": "reflections_dissatisfied",
    "buc_xuc": "reflections_upset",
}


@platforms.get("/digital_workplace/api/v1/su-dung")
def workplace() -> Response:
    """How often each function of the workplace was used in some days."""
    _require_bearer()
    first, last = day_asked("tu_ngay"), day_asked("den_ngay")
    require(DISTRICT, request.args.get("don_vi"), last)
    used = {key: _figure(measure) for key, measure in FUNCTIONS.items()}
    return jsonify(
        don_vi=world().district.name,
        tu_ngay=first.isoformat(),
        den_ngay=last.isoformat(),
        so_lieu_den_ngay=AS_OF.isoformat(),
        nguon_goc=invented.MARK,
        chuc_nang=used,
    )


@platforms.get("/report_platform/api/thong-ke/dang-nhap")
def logins() -> Response:
    """How often a unit's people logged into the report platform in some days."""
    _require_bearer()
    require(DISTRICT, request.args.get("donVi"), day_asked("denNgay", "%d/%m/%Y"))
    rows = [{"donVi": world().district.name, "luotDangNhap": _figure("report_logins")}]
    return jsonify(tongSo=len(rows), ngaySoLieu=f"{AS_OF:%d/%m/%Y}", nguon_goc=invented.MARK, duLieu=rows)


@platforms.get("/map_platform/api/dia-ban/<unit>/lop-du-lieu")
def layers(unit: str) -> Response:
    """How many layers of a place are used on the map platform."""
    require(DISTRICT, unit, day_asked("ngay"))
    return jsonify(ngay=AS_OF.isoformat(), nguon_goc=invented.MARK, lop={"dang_su_dung": _figure("map_layers")})


@platforms.get("/field_reflections/dttm/phananh/thongke")
def reflections() -> Response:
    """How many reflections of citizens came in some days and what became of them; never one of them."""
    if request.headers.get("Token") != TOKEN:
        abort(401)
    require(DISTRICT, request.args.get("huyen"), day_asked("den_ngay"))
    return jsonify(
        so_lieu_den_ngay=AS_OF.isoformat(), nguon_goc=invented.MARK, **{key: _figure(measure) for key, measure in REFLECTIONS.items()}
    )


def _figure(measure: str) -> int:
    return world().values[measure][DISTRICT]


def _require_bearer() -> None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        abort(401)
