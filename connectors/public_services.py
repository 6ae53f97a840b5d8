"""The province's system for administrative procedures: procedures, applications and supervised applications of a district.

Settings beside those of `connectors.http`: `path` (default `api/bao-cao/thu-tuc-hanh-chinh`).

`GET {path}?donVi={code}&tuNgay={ISO date}&denNgay={ISO date}` →
`{"donVi": "…", "tuNgay": "…", "denNgay": "…", "soLieuDenNgay": "…", "thuTuc": {"tong": 387, "trucTuyenToanTrinh": 185},
"hoSo": {"tong": 1663, "trucTuyen": 1627}, "giamSat": {"tong": 1214, "viPham": 64}}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connectors.fields import JSON, Unreadable, day, json_object, optional_count, required, stated_day, text, window_of
from connectors.http import Asker
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SourceFault
from hue_dti.periods import Window

COLUMNS = {
    ("thuTuc", "tong"): "procedures",
    ("thuTuc", "trucTuyenToanTrinh"): "procedures_online",
    ("hoSo", "tong"): "applications",
    ("hoSo", "trucTuyen"): "applications_online",
    ("giamSat", "tong"): "applications_checked",
    ("giamSat", "viPham"): "applications_violating",
}


class PublicServices:
    """Asks for the district's procedures and applications."""

    measures = tuple(COLUMNS.values())

    settings: tuple[str, ...] = ()

    def __init__(self, source: str = "public_services") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """The six figures, asked once for each span of days they count; raise SourceError when it cannot be trusted."""
        asker = Asker(self.source, request.settings, store, now)
        readings: list[Reading] = []
        faults: list[SourceFault] = []
        for window in dict.fromkeys(window_of(request, measure) for measure in self.measures):
            _ask(asker, window, request, now, readings, faults)
        return Pulled(tuple(readings), faults=tuple(faults))


def _ask(
    asker: Asker,
    window: Window,
    request: PullRequest,
    now: Callable[[], datetime],
    readings: list[Reading],
    faults: list[SourceFault],
) -> None:
    asked = {"donVi": request.unit.code, "tuNgay": window.start.isoformat(), "denNgay": window.end.isoformat()}
    answer = asker.get(request.settings.get("path", "api/bao-cao/thu-tuc-hanh-chinh"), asked, JSON)
    report = json_object(answer)
    if (required(answer, report, "tuNgay", day), required(answer, report, "denNgay", day)) != (window.start, window.end):
        raise answer.invalid("số liệu không thuộc khoảng ngày đã hỏi", "báo cho đơn vị quản lý hệ thống")
    unit = required(answer, report, "donVi", text)
    as_of = stated_day(answer, report.get("soLieuDenNgay"), request, now())
    for (part, key), measure in COLUMNS.items():
        if window_of(request, measure) != window:
            continue
        place = f"$.{part}.{key}"
        try:
            value = optional_count(_section(report, part), key)
        except Unreadable as error:
            faults.append(SourceFault(place, f"{unit}: {error}; không dùng số này"))
        else:
            if value is not None:
                readings.append(Reading(unit, measure, value, as_of, answer.sha256, place))


def _section(report: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    section = report.get(part)
    if not isinstance(section, dict):
        raise Unreadable(f"thiếu mục '{part}'")
    return section
