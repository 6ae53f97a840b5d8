"""Where two results part: the stored one and the one computed again, figure by figure, in words an official reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hue_dti.snapshots.canonical import Json

LABELS = {
    "part": "số phần",
    "whole": "tổng số",
    "gate_count": "số mở điều kiện",
    "figures": "số liệu",
    "share": "tỷ lệ đạt",
    "points": "điểm (phần vạn)",
    "status": "tình trạng",
    "max_points": "điểm tối đa (phần vạn)",
    "coverage": "độ phủ số liệu",
    "parts": "thành phần",
    "shortfalls": "danh sách còn thiếu",
    "as_of": "ngày số liệu",
    "converted": "điểm quy đổi (phần vạn)",
    "achieved": "số tiêu chí đạt",
    "in_progress": "số tiêu chí đang thực hiện",
    "not_started": "số tiêu chí chưa thực hiện",
    "not_achieved": "số tiêu chí không đạt",
    "not_applicable": "số tiêu chí không áp dụng",
    "points_stated": "điểm trên phần quyết định ghi (phần vạn)",
    "max_points_stated": "điểm tối đa quyết định ghi (phần vạn)",
    "excluded": "điểm được loại trừ (phần vạn)",
    "expected_figures": "số liệu cần có",
    "present_figures": "số liệu đã có",
    "states": "trạng thái số liệu",
    "rank": "thứ hạng",
    "reason": "lý do",
    "criteria": "tiêu chí",
    "groups": "nhóm",
    "total": "tổng cộng",
    "sheet": "bảng điểm",
    "lower": "bảng điểm cấp dưới",
    "ranking": "xếp hạng",
    "criteria_set": "bộ chỉ số",
    "lower_set": "bộ chỉ số cấp dưới",
    "unit": "đơn vị",
    "period": "kỳ báo cáo",
    "have": "đã có",
    "expected": "cần có",
    "absent": "còn vắng",
}
_ORDER = {key: place for place, key in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as frozen: which section of the bundle, where in it, what is wrong.

    `where` names the figure ("III.1, số phần") or the section; `unit` and `measure` are codes where a figure is named.
    """

    section: str
    where: str
    what: str
    unit: str = ""
    measure: str = ""

    def __str__(self) -> str:
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in f"{self.where}: {self.what}")


def differences(stored: Json, computed: Json, names: Mapping[str, str], where: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Every leaf at which `stored` is not `computed`, counts before what follows from them; `names` are the units' by code."""
    if isinstance(computed, dict) and isinstance(stored, dict):
        for key in sorted(computed.keys() | stored.keys(), key=lambda key: (_ORDER.get(key, len(_ORDER)), key)):
            if key not in stored or key not in computed:
                yield _difference((*where, LABELS.get(key, key)), stored.get(key, "không có"), computed.get(key, "không có"))
            else:
                yield from differences(stored[key], computed[key], names, _inside(where, key))
    elif isinstance(computed, list) and isinstance(stored, list):
        for number, (one, other) in enumerate(zip(stored, computed, strict=False), start=1):
            yield from differences(one, other, names, (*where, _row_name(other, number, names)))
        if len(stored) != len(computed):
            yield _difference((*where, "số dòng"), len(stored), len(computed))
    elif stored != computed or type(stored) is not type(computed):
        yield _difference(where, stored, computed)


def _difference(where: tuple[str, ...], stored: Json, computed: Json) -> Difference:
    return Difference("results", ", ".join(filter(None, where)), f"bản chốt ghi {_spelt(stored)}, tính lại {_spelt(computed)}")


def _inside(where: tuple[str, ...], key: str) -> tuple[str, ...]:
    return where if key in ("sheet", "criteria", "lower") else (*where, LABELS.get(key, key))


def _row_name(row: Json, number: int, names: Mapping[str, str]) -> str:
    found = row.get("code") or row.get("unit") or row.get("name") if isinstance(row, dict) else row[0] if isinstance(row, list) else None
    return names.get(found, found) if isinstance(found, str) else f"dòng {number}"


def _spelt(value: Json) -> str:
    return "trống" if value is None else str(value)
