"""A roll-up map file → one map, held against the framework it leads to and the sets and measures it starts from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hue_dti.catalogue import rollup_shapes as shapes
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.frameworks import ComponentKind, Framework
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Measure, OverUnits, ValueKind
from hue_dti.catalogue.nodes import Faults, Node, Scalar, Table
from hue_dti.catalogue.read_frameworks import read_sources
from hue_dti.catalogue.read_rules import below
from hue_dti.catalogue.rollups import Feed, Match, NotLocal, RollUpMap, Way, leaves
from hue_dti.catalogue.scalars import nearest
from hue_dti.catalogue.shapes import IN_FORCE

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_SUMMED = (ValueKind.COUNT, ValueKind.AMOUNT)


def read_rollup(root: Table, file: str, faults: Faults, catalogue: Catalogue, frameworks: Mapping[str, Framework]) -> RollUpMap:
    """The map of one file, faults noted; `file` is its name below the criteria folder."""
    fields = Fields(root, shapes.MAP, faults, shapes.MAP.name)
    code = fields.text("code")
    if code and _CODE.fullmatch(code) is None:
        fields.fault("code", f"là '{code}', không hợp lệ", "hãy viết như hue-931-to-province-922")
    sources = read_sources(fields)
    framework = frameworks.get(fields.name("framework", tuple(frameworks), noun="khung"))
    sets = tuple(catalogue.sets[each] for each in fields.names("sets", tuple(catalogue.sets), "bộ chỉ số"))
    first, last = _in_force(fields)
    reader = _Reader(faults, catalogue.measures, sets, framework, tuple(sources))
    feeds = tuple(feed for node in fields.listing("feeds") if (feed := reader.feed(node)) is not None)
    not_local = tuple(each for node in fields.listing("not_local", needed=False) if (each := reader.not_local(node)) is not None)
    reader.check_whole(fields)
    return RollUpMap(
        code=code,
        title=fields.text("title"),
        framework=framework.code if framework else "",
        sets=tuple(each.code for each in sets),
        official=fields.truth("official"),
        checked_on=fields.date("checked_on"),
        in_force_from=first,
        in_force_to=last,
        sources=sources,
        feeds=feeds,
        not_local=not_local,
        note=fields.text("note", blank=True),
        place=(file, fields.line),
    )


@dataclass(frozen=True)
class _Reader:
    """Reads the parts of one map; `lines` has where each component was spoken of first."""

    faults: Faults
    measures: Mapping[str, Measure]
    sets: tuple[CriteriaSet, ...]
    framework: Framework | None
    sources: tuple[str, ...]
    lines: dict[str, int] = field(default_factory=dict)

    def feed(self, node: Node) -> Feed | None:
        """One fed component."""
        fields = Fields.open(node, shapes.FEED, self.faults, _named(node))
        if fields is None:
            return None
        feed = Feed(
            component=self._component(fields),
            way=fields.choice("way", Way) or Way.RATIO,
            part=self._measure(fields, "part"),
            whole=self._measure(fields, "whole"),
            at_least=fields.count("at_least") if fields.has("at_least") else 0,
            in_a_year=fields.count("in_a_year") if fields.has("in_a_year") else 0,
            criteria=fields.names("criteria", self._criteria, "tiêu chí"),
            match=fields.choice("match", Match) or Match.SAME,
            covers=fields.text("covers"),
            covers_share=fields.share("covers_share") if fields.has("covers_share") else None,
            weigh=self._measure(fields, "weigh"),
            source=fields.name("source", self.sources, noun="tài liệu"),
            result_only=fields.truth("result_only"),
            held_by=fields.text("held_by", blank=True),
            note=fields.text("note", blank=True),
            place=fields.line,
        )
        self._check(fields, feed)
        return feed

    def not_local(self, node: Node) -> NotLocal | None:
        """Components without a local count."""
        fields = Fields.open(node, shapes.NOT_LOCAL, self.faults, "not_local")
        if fields is None:
            return None
        codes = fields.texts("components")
        for code, line in codes:
            self._speak_of(code, line)
        near = fields.names("near", tuple(self.measures), "số liệu") if fields.has("near") else ()
        return NotLocal(tuple(code for code, _ in codes), fields.text("why"), fields.text("held_by"), near)

    def check_whole(self, fields: Fields) -> None:
        """Every component of the framework is spoken of: a gap is said, never left out."""
        if self.framework is None:
            return
        silent = [code for code in leaves(self.framework) if code not in self.lines and self._composite_of(code) not in self.lines]
        if silent:
            more = ", …" if len(silent) > 12 else ""
            what = f"không nói gì về {len(silent)} chỉ số thành phần: {', '.join(silent[:12])}{more}"
            fields.fault("feeds", what, "hãy thêm dòng vào feeds, hoặc nêu lý do ở not_local")

    @property
    def _criteria(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(criterion.code for each in self.sets for criterion in each.criteria))

    def _component(self, fields: Fields) -> str:
        code = fields.text("component")
        if code:
            self._speak_of(code, fields.line_of("component"))
        return code

    def _speak_of(self, code: str, line: int) -> None:
        if self.framework is None:
            return
        known = tuple(each.code for _, each in self.framework.lines())
        if code not in known:
            self.faults.add(line, f"khung {self.framework.code} không có chỉ số thành phần '{code}'", nearest(code, known))
        elif code in self.lines:
            self.faults.add(line, f"chỉ số thành phần {code} đã nêu ở dòng {self.lines[code]}", "hãy giữ lại một dòng")
        self.lines.setdefault(code, line)

    def _composite_of(self, part: str) -> str:
        components = self.framework.components if self.framework else ()
        return next((each.code for each in components if any(own.code == part for own in each.parts)), "")

    def _measure(self, fields: Fields, key: str) -> str:
        return fields.name(key, tuple(self.measures), noun="số liệu") if fields.has(key) else ""

    def _check(self, fields: Fields, feed: Feed) -> None:
        part, whole, weigh = (self.measures.get(code) for code in (feed.part, feed.whole, feed.weigh))
        for key, measure in (("part", part), ("whole", whole), ("weigh", weigh)):
            if measure is not None and (measure.kind not in _SUMMED or measure.over_units is not OverUnits.SUM):
                fields.fault(key, f"là {measure.code}, không cộng được giữa các đơn vị", "hãy chọn số đếm, hoặc nêu ở not_local vì sao")
        self._check_way(fields, feed)
        if part is not None and whole is not None and part.levels != whole.levels:
            fields.fault("whole", f"là {whole.code}, đếm ở cấp khác {part.code}", "hãy chọn hai số liệu đếm ở cùng các cấp")
        if part is not None and weigh is not None and weigh.levels != part.levels and len(part.levels) > 1:
            fields.fault("weigh", f"là {weigh.code}, đếm ở cấp khác {part.code}", "hãy chọn số liệu nền đếm ở cùng các cấp")
        self._check_kind(fields, feed)
        self._check_counted(fields, feed)
        used = {measure for each in self.sets for line in each.criteria if line.code in feed.criteria for measure in line.rule.measures()}
        if part is not None and feed.criteria and feed.part not in used:
            fields.fault("criteria", f"là {', '.join(feed.criteria)}, không dùng số liệu {feed.part}", "hãy ghi tiêu chí có số liệu này")

    def _check_way(self, fields: Fields, feed: Feed) -> None:
        by_units = feed.way is Way.UNITS
        if by_units and feed.whole:
            fields.fault("whole", "có dù way là units", "hãy bỏ whole, hoặc đổi way")
        if not by_units and not feed.whole:
            fields.fault("way", f"là {feed.way} nhưng thiếu whole", "hãy thêm 'whole: …'")
        if by_units and bool(feed.at_least) == bool(feed.in_a_year):
            fields.fault("way", "là units, cần đúng một trong at_least, in_a_year", "hãy thêm 'at_least: 1'")
        if not by_units and (feed.at_least or feed.in_a_year):
            fields.fault("way", f"là {feed.way}, không dùng at_least, in_a_year", "hãy bỏ khóa đó, hoặc viết 'way: units'")

    def _check_counted(self, fields: Fields, feed: Feed) -> None:
        """Where a set's units, and those below them, do not count the measure, the map says who could tell instead."""
        part = self.measures.get(feed.part)
        for each in self.sets if part is not None and not feed.held_by else ():
            if part is not None and below(each.level).isdisjoint(part.levels):
                what = f"là {feed.part}, không đơn vị nào theo bộ {each.code} đếm"
                fields.fault("part", what, "hãy thêm 'held_by: …' để nêu nơi giữ số khi không còn cấp đếm")
                return

    def _check_kind(self, fields: Fields, feed: Feed) -> None:
        kinds = {line.code: line.kind for _, line in self.framework.lines()} if self.framework else {}
        if kinds.get(feed.component) is ComponentKind.COMPOSITE:
            fields.fault("component", f"là {feed.component}, cộng từ các phần", "hãy ghi mã của từng phần")


def _named(node: Node) -> str:
    code = node.values.get("component") if isinstance(node, Table) else None
    return f"dòng tổng hợp {code.text}" if isinstance(code, Scalar) and code.text else "dòng tổng hợp"


def _in_force(of_map: Fields) -> tuple[date, date | None]:
    fields = of_map.under("in_force", IN_FORCE)
    if fields is None:
        return date.min, None
    first = fields.date("from")
    last = None if fields.is_null("to") else fields.date("to")
    if last is not None and last < first:
        fields.fault("to", f"là {last}, trước ngày đầu {first}", "hãy ghi ngày cuối từ ngày đầu trở đi, hoặc null nếu còn dùng")
    return first, last
