"""An alerts file → its rules; CatalogueError with every fault, each with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from hue_dti.alerts.model import BehindRule, JumpRule, Kind, Rule, SourceRule, Unsure
from hue_dti.catalogue.entry_names import EntryNames
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.model import Catalogue, FlowWindow, Measure, OverTime, OverUnits, ValueKind
from hue_dti.catalogue.nodes import Faults, Scalar, read_nodes
from hue_dti.catalogue.shapes import Shape
from hue_dti.errors import CatalogueError, SettingError

ALL = "all"
"""Written for `sources`: every source of the catalogue."""

MOST_DAYS, MOST_TIMES, MOST_PLACES = 3650, 1000, 1_000_000

_FILE = Shape("tệp cảnh báo", ("alerts",))
_NAMED = ("name", "kind")
_SHAPES: Mapping[Kind, Shape] = {
    Kind.STALE: Shape("quy tắc stale", (*_NAMED, "sources", "days"), ("units",)),
    Kind.FAILED: Shape("quy tắc failed", (*_NAMED, "sources"), ("times", "units")),
    Kind.REFUSED: Shape("quy tắc refused", (*_NAMED, "sources"), ("places", "units")),
    Kind.JUMP: Shape("quy tắc jump", (*_NAMED, "measures", "change"), ("no_figures", "units")),
    Kind.BEHIND: Shape("quy tắc behind", (*_NAMED, "part", "whole", "target", "from", "by"), ("start", "leeway", "no_figures", "units")),
}
_ANY = Shape("quy tắc", _NAMED, tuple(sorted({key for shape in _SHAPES.values() for key in shape.keys} - set(_NAMED))))


def load_rules(path: Path, catalogue: Catalogue) -> tuple[Rule, ...]:
    """Read an alerts file against the sources and measures there are; SettingError when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingError(f"{path}: không đọc được tệp cảnh báo ({fault}); hãy sửa HUE_DTI_ALERTS hoặc lưu tệp bằng UTF-8.") from fault
    return read_rules(text, str(path), catalogue)


def read_rules(text: str, path: str, catalogue: Catalogue) -> tuple[Rule, ...]:
    """The rules of a file's text, in the order written."""
    faults = Faults(path)
    root = read_nodes(text, faults)
    rules: list[Rule] = []
    if root is not None:
        reader = _Reader(faults, catalogue)
        for node in Fields(root, _FILE, faults, "tệp cảnh báo").listing("alerts", needed=False):
            fields = Fields.open(node, _ANY, Faults(path), "một quy tắc")
            kind = fields.choice("kind", Kind) if fields is not None else None
            shaped = Fields.open(node, _SHAPES[kind] if kind else _ANY, faults, "một quy tắc")
            if shaped is not None:
                rules.extend(reader.rule(shaped, kind))
    if faults.found:
        raise CatalogueError(faults.found)
    return tuple(rules)


class _Reader:
    """Reads rule after rule; notes what is wrong and goes on."""

    def __init__(self, faults: Faults, catalogue: Catalogue) -> None:
        self._faults, self._catalogue = faults, catalogue
        self._names = EntryNames("nguon-cu")

    def rule(self, fields: Fields, kind: Kind | None) -> tuple[Rule, ...]:
        """The rule in a tuple; none where its kind cannot be told."""
        name = self._names.read(fields)
        fields.owner = f"quy tắc {name}"
        units = tuple(text for text, _ in fields.texts("units")) if fields.has("units") else ()
        match kind:
            case Kind.STALE:
                return (SourceRule(name, kind, self._sources(fields), _bounded(fields, "days", MOST_DAYS), units),)
            case Kind.FAILED:
                return (SourceRule(name, kind, self._sources(fields), _bounded(fields, "times", MOST_TIMES), units),)
            case Kind.REFUSED:
                return (SourceRule(name, kind, self._sources(fields), _bounded(fields, "places", MOST_PLACES), units),)
            case Kind.JUMP:
                return (JumpRule(name, self._stocks(fields), _above_zero(fields, "change"), _unsure(fields), units),)
            case Kind.BEHIND:
                return (self._behind(fields, name, units),)
            case None:
                fields.choice("kind", Kind)
                return ()

    def _sources(self, fields: Fields) -> tuple[str, ...]:
        known, node = tuple(self._catalogue.sources), fields.node("sources")
        if node is None or (isinstance(node, Scalar) and node.text == ALL):
            return known
        if isinstance(node, Scalar):
            fields.fault("sources", f"là '{node.text}'", f"hãy viết '{ALL}' (mọi nguồn) hoặc danh sách mã nguồn")
            return ()
        return fields.names("sources", known, "nguồn")

    def _stocks(self, fields: Fields) -> tuple[str, ...]:
        """Measures that mean the same in both periods: what is counted from 1 January grows by itself."""
        chosen = fields.names("measures", tuple(self._catalogue.measures), "số liệu")
        for code in chosen:
            measure = self._catalogue.measures[code]
            if measure.kind not in {ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.PERCENT}:
                fields.fault("measures", f"có '{code}', không phải số đếm, số tiền hay tỷ lệ", "hãy bỏ số liệu này")
            elif measure.over_time is OverTime.SUM and measure.window is FlowWindow.YEAR_TO_DATE:
                fields.fault("measures", f"có '{code}', số cộng dồn từ 01/01 nên kỳ nào cũng tăng", "hãy bỏ số liệu này")
        return chosen

    def _behind(self, fields: Fields, name: str, units: tuple[str, ...]) -> BehindRule:
        known = tuple(self._catalogue.measures)
        part, whole = (fields.name(key, known, noun="số liệu") for key in ("part", "whole"))
        for key, code in (("part", part), ("whole", whole)):
            if code and not _adds_up(self._catalogue.measures[code]):
                fields.fault(key, f"là '{code}', không cộng được từ các đơn vị", "hãy chọn một số đếm hoặc số tiền")
        begins, by = fields.date("from"), fields.date("by")
        target, start = _above_zero(fields, "target"), fields.share("start", Fraction(0))
        if date.min not in (begins, by) and by <= begins:
            fields.fault("by", f"là {by:%Y-%m-%d}, không sau ngày 'from'", "hãy ghi ngày phải đạt mục tiêu, sau ngày bắt đầu")
        if fields.has("start") and target > 0 and start >= target:
            fields.fault("start", "không nhỏ hơn 'target'", "hãy ghi tỷ lệ lúc bắt đầu, nhỏ hơn mục tiêu")
        return BehindRule(name, part, whole, target, begins, by, start, fields.share("leeway", Fraction(0)), _unsure(fields), units)


def _adds_up(measure: Measure) -> bool:
    return measure.over_units is OverUnits.SUM and measure.kind in {ValueKind.COUNT, ValueKind.AMOUNT}


def _unsure(fields: Fields) -> Unsure:
    return (fields.choice("no_figures", Unsure) if fields.has("no_figures") else None) or Unsure.KEEP


def _bounded(fields: Fields, key: str, most: int) -> int:
    """A whole number from 1; 1 where an optional one is left out."""
    if not fields.has(key):
        return 1
    number = fields.count(key)
    if number > most:
        fields.fault(key, f"là {number}, lớn quá", f"hãy viết một số từ 1 đến {most}")
    return number


def _above_zero(fields: Fields, key: str) -> Fraction:
    share = fields.share(key)
    if share == 0:
        fields.fault(key, "là 0", "hãy viết tỷ lệ lớn hơn 0, chẳng hạn 30%")
    return share
