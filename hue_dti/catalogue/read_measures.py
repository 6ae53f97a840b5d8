"""A measures file → sources and measures; what a sum may mean is checked here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hue_dti.catalogue import shapes
from hue_dti.catalogue.fields import Fields, kind_of
from hue_dti.catalogue.model import FlowWindow, Measure, OverTime, OverUnits, Source, ValueKind
from hue_dti.catalogue.nodes import Faults, Node, Table
from hue_dti.catalogue.over_change import OverChange
from hue_dti.units.model import Level

LEVELS = tuple(level.value for level in Level)
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_AVERAGED = frozenset({ValueKind.PERCENT, ValueKind.SHARE})
_ADDED = frozenset({OverChange.SUM, OverChange.RECOMPUTE})
_NEVER_SUMMED = frozenset({ValueKind.PERCENT, ValueKind.DATE, ValueKind.PROGRESS, ValueKind.SHARE})


@dataclass
class Known:
    """Sources and measures that sets may name.

    `source_codes` and `measure_codes` have every code written, also of entries with faults, so that one mistake is
    reported once. `all_sources`, `all_measures` are False where a file or its table could not be read, so that a name
    not found there means nothing.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    source_codes: dict[str, tuple[str, int]] = field(default_factory=dict)
    measure_codes: dict[str, tuple[str, int]] = field(default_factory=dict)
    all_sources: bool = True
    all_measures: bool = True


def read_measures(root: Table, faults: Faults, known: Known) -> None:
    """Add what one measures file declares; the codes of a folder's files share one space."""
    fields = Fields(root, shapes.MEASURES_FILE, faults, shapes.MEASURES_FILE.name)
    known.all_sources &= isinstance(fields.node("sources"), Table)
    known.all_measures &= isinstance(fields.node("measures"), Table)
    for code, node in entries(fields, "sources", known.source_codes).items():
        before = len(faults)
        source = _source(code, node, faults)
        if source is not None and len(faults) == before:
            known.sources[code] = source
    for code, node in entries(fields, "measures", known.measure_codes).items():
        before = len(faults)
        measure = _measure(code, node, faults, known)
        if measure is not None and len(faults) == before:
            known.measures[code] = measure


def entries(fields: Fields, key: str, codes: dict[str, tuple[str, int]]) -> Mapping[str, Node]:
    """What is declared under `key`, by code; wrong codes and those of `codes` (code → where it stood first) are noted."""
    node = fields.node(key)
    if node is None:
        return {}
    if not isinstance(node, Table):
        fields.fault(key, f"là {kind_of(node)}, không phải bảng", "hãy viết mỗi mã một dòng: 'mã: {name: …}'")
        return {}
    fresh = {}
    for code, entry in node.values.items():
        line = node.key_lines[code]
        if _CODE.fullmatch(code) is None:
            fields.faults.add(line, f"mã '{code}' trong {key} không hợp lệ", "hãy dùng chữ thường không dấu, số và dấu _, bắt đầu bằng chữ")
        if code in codes:
            path, first = codes[code]
            fields.faults.add(line, f"mã '{code}' đã khai báo tại {path}:{first}", "hãy đổi mã hoặc bỏ một nơi")
            continue
        codes[code] = (fields.faults.path, line)
        fresh[code] = entry
    return fresh


def _source(code: str, node: Node, faults: Faults) -> Source | None:
    fields = Fields.open(node, shapes.SOURCE, faults, f"nguồn {code}")
    if fields is None:
        return None
    name, entry, owner = fields.text("name"), fields.name("entry", shapes.ENTRIES), fields.text("owner")
    return Source(code, name, entry, owner, fields.text("commune_name"), fields.text("commune_owner"))


def _measure(code: str, node: Node, faults: Faults, known: Known) -> Measure | None:
    fields = Fields.open(node, shapes.MEASURE, faults, f"số liệu {code}")
    if fields is None:
        return None
    kind = fields.choice("kind", ValueKind)
    over_units, over_time = fields.choice("over_units", OverUnits), fields.choice("over_time", OverTime)
    _check_sums(fields, kind, over_units, over_time)
    source, also_from = _sources(fields, known)
    over_change, weighted_by = _over_change(fields, kind, over_units, known)
    return Measure(
        code=code,
        name=fields.text("name"),
        noun=fields.text("noun"),
        kind=kind or ValueKind.COUNT,
        levels=tuple(Level(name) for name in fields.names("levels", LEVELS, "cấp")),
        over_units=over_units or OverUnits.NONE,
        over_time=over_time or OverTime.LAST,
        source=source,
        window=(fields.choice("window", FlowWindow) if fields.has("window") else None) or FlowWindow.YEAR_TO_DATE,
        until=fields.month_day("until"),
        base=fields.truth("base"),
        note=fields.text("note", blank=True),
        also_from=also_from,
        over_change=over_change,
        weighted_by=weighted_by,
        final=fields.truth("final"),
    )


def _over_change(fields: Fields, kind: ValueKind | None, over_units: OverUnits | None, known: Known) -> tuple[OverChange, str]:
    """What becomes of the figures when units change: as written, else a sum where the measure sums over units."""
    if not fields.has("over_change"):
        if not fields.is_null("weighted_by"):
            fields.fault("weighted_by", "chỉ dùng với over_change: mean", "hãy viết over_change: mean hoặc bỏ 'weighted_by'")
        return (OverChange.SUM if over_units is OverUnits.SUM else OverChange.NOT_COMPARABLE), ""
    told = fields.choice("over_change", OverChange)
    if told is OverChange.MEAN:
        if kind not in _AVERAGED:
            fields.fault("over_change", f"là 'mean' nhưng loại {kind} không lấy trung bình", "hãy viết sum, recompute hoặc not_comparable")
        if not fields.has("weighted_by"):
            fields.fault("over_change", "là 'mean' nhưng chưa có trọng số", "hãy thêm weighted_by: mã một số liệu đếm")
            return told, ""
        return told, fields.name("weighted_by", tuple(known.measure_codes), noun="số liệu", trusted=known.all_measures)
    if not fields.is_null("weighted_by"):
        fields.fault("weighted_by", "chỉ dùng với over_change: mean", "hãy viết over_change: mean hoặc bỏ 'weighted_by'")
    if told in _ADDED and over_units is not OverUnits.SUM:
        fields.fault("over_change", f"là '{told}' nhưng số liệu này không cộng giữa các đơn vị", "hãy viết mean hoặc not_comparable")
    return told or OverChange.NOT_COMPARABLE, ""


def _sources(fields: Fields, known: Known) -> tuple[str, tuple[str, ...]]:
    """The source that counts, and those whose figures are only compared with it."""
    codes = tuple(known.source_codes)
    source = fields.name("source", codes, noun="nguồn", trusted=known.all_sources)
    if not fields.has("also_from"):
        return source, ()
    also_from = fields.names("also_from", codes, "nguồn") if known.all_sources else ()
    if source in also_from:
        fields.fault("also_from", f"có '{source}', đã là nguồn được tính", f"hãy bỏ '{source}' khỏi also_from hoặc đổi source")
    return source, also_from


def _check_sums(fields: Fields, kind: ValueKind | None, over_units: OverUnits | None, over_time: OverTime | None) -> None:
    if kind in _NEVER_SUMMED and over_units is OverUnits.SUM:
        fields.fault("over_units", f"là 'sum' nhưng loại {kind} không cộng được giữa các đơn vị", "hãy viết over_units: none")
    if kind in _NEVER_SUMMED and over_time is OverTime.SUM:
        fields.fault("over_time", f"là 'sum' nhưng loại {kind} không cộng được theo thời gian", "hãy viết over_time: last")
    if over_time is OverTime.LAST:
        for key in ("window", "until"):
            if not fields.is_null(key):
                fields.fault(key, "chỉ dùng cho số cộng dồn theo thời gian", f"hãy viết over_time: sum hoặc bỏ '{key}'")
