"""The provincial super-app (Hue-S): counts of accounts, readers, wallets, signatures and bulletins; never a person or a text.

Settings beside those of `connectors.http`: `path` (default `api/v1/thong-ke`).

- `GET {path}/{list}?huyen={code}&den_ngay={ISO date}&trang={n}` →
  `{"trang": 1, "tong_so": 44, "so_lieu_den_ngay": "2024-06-10", "du_lieu": [{"don_vi": "…", "<key>": 12}]}`, one list per statistic;
- `GET {path}/tin-bai?huyen={code}&tu_ngay={ISO date}&den_ngay={ISO date}` →
  `{"don_vi": "…", "tu_ngay": "…", "den_ngay": "…", "so_lieu_den_ngay": "…", "<key>": 6}`, events of those days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from connectors.fields import JSON, Unreadable, day, json_object, optional_count, required, stated_day, text, window_of
from connectors.http import Asker
from connectors.paging import PageKeys, fetch_all, readings_of
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SourceFault
from hue_dti.periods import Window

KEYS = PageKeys("trang", "trang", "tong_so", "du_lieu", "so_lieu_den_ngay", "don_vi")
LISTS = {
    "can-bo/chuan-hoa": {"tai_khoan_chuan_hoa": "staff_standardised"},
    "can-bo/doc-tin": {"da_doc_tin": "staff_readers"},
    "can-bo/vi-dien-tu": {"vi_dien_tu": "staff_wallets"},
    "can-bo/chu-ky-so": {"chu_ky_so": "staff_signatures"},
    "can-bo/nen-tang": {"luu_tru_dam_may": "staff_cloud", "hoc_ky_nang_so": "staff_trained"},
    "nguoi-dan": {
        "tai_khoan": "accounts",
        "tai_khoan_chuan_hoa": "accounts_standardised",
        "da_doc_tin": "citizen_readers",
        "vi_dien_tu": "citizen_wallets",
        "chu_ky_so": "citizen_signatures",
        "hoc_ky_nang_so": "citizens_trained",
        "to_cong_nghe_hoc_truc_tuyen": "team_members_online",
    },
}
EVENTS = {
    "truyen_thong_chinh_sach": "policy_news",
    "truyen_thong_noi_bo": "internal_news",
    "ban_tin_nguoi_dan": "citizen_bulletins",
    "thong_bao_canh_bao": "notices",
}


class SuperApp:
    """Asks the super-app for its counts."""

    measures = (*(measure for columns in LISTS.values() for measure in columns.values()), *EVENTS.values())

    settings: tuple[str, ...] = ()

    def __init__(self, source: str = "super_app") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """All lists and events; raise SourceError when one of them is not an answer we may trust."""
        asker = Asker(self.source, request.settings, store, now)
        path = request.settings.get("path", "api/v1/thong-ke").strip("/")
        readings: list[Reading] = []
        faults: list[SourceFault] = []
        params = {"huyen": request.unit.code, "den_ngay": request.cutoff.isoformat()}
        for name, columns in LISTS.items():
            found, wrong = readings_of(fetch_all(asker, f"{path}/{name}", params, KEYS, request, now), columns)
            readings += found
            faults += wrong
        for window in dict.fromkeys(window_of(request, measure) for measure in EVENTS.values()):
            found, wrong = _events(asker, f"{path}/tin-bai", window, request, now)
            readings += found
            faults += wrong
        return Pulled(tuple(readings), faults=tuple(faults))


def _events(
    asker: Asker, path: str, window: Window, request: PullRequest, now: Callable[[], datetime]
) -> tuple[list[Reading], list[SourceFault]]:
    """The events of one span of days, for the measures that count just those days."""
    asked = {"tu_ngay": window.start.isoformat(), "den_ngay": window.end.isoformat()}
    answer = asker.get(path, {"huyen": request.unit.code, **asked}, JSON)
    row = json_object(answer)
    if (required(answer, row, "tu_ngay", day), required(answer, row, "den_ngay", day)) != (window.start, window.end):
        raise answer.invalid("số liệu không thuộc khoảng ngày đã hỏi", "báo cho đơn vị quản lý hệ thống")
    unit = required(answer, row, "don_vi", text)
    as_of = stated_day(answer, row.get("so_lieu_den_ngay"), request, now())
    readings, faults = [], []
    for key, measure in EVENTS.items():
        if window_of(request, measure) != window:
            continue
        try:
            value = optional_count(row, key)
        except Unreadable as error:
            faults.append(SourceFault(f"$.{key}", f"{unit}: {error}; không dùng số này"))
        else:
            if value is not None:
                readings.append(Reading(unit, measure, value, as_of, answer.sha256, f"$.{key}"))
    return readings, faults
