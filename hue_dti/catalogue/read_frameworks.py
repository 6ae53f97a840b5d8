"""A framework file → one framework; what it says is checked against itself, and what it does not say must be said to be unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from hue_dti.catalogue import framework_shapes as shapes
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.framework_checks import check_component, check_framework, check_main
from hue_dti.catalogue.frameworks import Component, ComponentKind, Framework, MainIndex, Origin, Pillar, Scope
from hue_dti.catalogue.nodes import Faults, Node, Table
from hue_dti.catalogue.read_criteria import named
from hue_dti.catalogue.read_sets import read_decision

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LINE_CODE = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*")
_YEAR = re.compile(r"20[0-9]{2}")


def read_framework(root: Table, file: str, faults: Faults) -> Framework:
    """The framework of one file, faults noted; `file` is its name below the criteria folder."""
    fields = Fields(root, shapes.FRAMEWORK, faults, shapes.FRAMEWORK.name)
    reader = _Reader(faults, read_sources(fields))
    first, last = _years(fields)
    main = tuple(index for node in fields.listing("main_indices", needed=False) if (index := reader.main_index(node)) is not None)
    codes = tuple(index.code for index in main)
    pillars = tuple(pillar for node in fields.listing("pillars") if (pillar := reader.pillar(node, codes)) is not None)
    framework = Framework(
        code=reader.code(fields, _CODE, "province-922"),
        title=fields.text("title"),
        scope=fields.choice("scope", Scope) or Scope.PROVINCE,
        decision=read_decision(fields),
        first_year=first,
        last_year=last,
        max_points=fields.points("max_points"),
        main_count=fields.count("main_count") if fields.has("main_count") else None,
        component_count=fields.count("component_count"),
        precision=fields.count("precision"),
        halfway=fields.share("halfway"),
        complete=fields.truth("complete"),
        sources=reader.sources,
        main=main,
        pillars=pillars,
        counted_over=fields.points("counted_over") if fields.has("counted_over") else None,
        replaces=tuple(text for text, _ in fields.texts("replaces", needed=False)),
        gaps=tuple(text for text, _ in fields.texts("gaps", needed=False)),
        note=fields.text("note", blank=True),
        place=(file, fields.line),
    )
    if not faults.found:
        check_framework(fields, framework)
    return framework


@dataclass(frozen=True)
class _Reader:
    """Reads the parts of one framework; `lines` has where each code stood first."""

    faults: Faults
    sources: dict[str, str]
    lines: dict[str, int] = field(default_factory=dict)

    def code(self, fields: Fields, pattern: re.Pattern[str], example: str, kind: str = "") -> str:
        """A code used once; those of pillars may repeat those of main indices, so `kind` keeps them apart."""
        code = fields.text("code")
        if code and pattern.fullmatch(code) is None:
            fields.fault("code", f"là '{code}', không hợp lệ", f"hãy viết như {example}")
        elif code and kind + code in self.lines:
            fields.fault("code", f"là '{code}', đã dùng ở dòng {self.lines[kind + code]}", "hãy đặt mã khác, mỗi mã một lần")
        elif code:
            self.lines[kind + code] = fields.line_of("code")
        return code

    def main_index(self, node: Node) -> MainIndex | None:
        """One main index with its components."""
        fields = Fields.open(node, shapes.MAIN_INDEX, self.faults, named("chỉ số chính", node))
        if fields is None:
            return None
        reference = fields.truth("reference_only")
        main = MainIndex(
            code=self.code(fields, _CODE, "awareness"),
            name=fields.text("name"),
            source=self._source(fields),
            number=fields.text("number"),
            group=fields.text("group"),
            aliases=tuple(text for text, _ in fields.texts("aliases", needed=False)),
            name_from=fields.choice("name_from", Origin) or Origin.PRINTED,
            max_points=Fraction(0) if reference else _points(fields, "max_points"),
            counts_for=_points(fields, "counts_for"),
            component_count=fields.count("component_count") if fields.has("component_count") else None,
            reference_only=reference,
            components=tuple(self._component(item) for item in fields.listing("components", needed=False)),
            note=fields.text("note", blank=True),
        )
        check_main(fields, main)
        return main

    def _component(self, node: Node, of: str = "chỉ số thành phần") -> Component:
        fields = Fields.open(node, shapes.COMPONENT, self.faults, named(of, node))
        if fields is None:
            return Component("", "", ComponentKind.RATE, "")
        component = Component(
            code=self.code(fields, _LINE_CODE, "6.12"),
            name=fields.text("name"),
            kind=fields.choice("kind", ComponentKind) or ComponentKind.RATE,
            source=self._source(fields),
            number=fields.text("number"),
            name_from=fields.choice("name_from", Origin) or Origin.PRINTED,
            max_points=_points(fields, "max_points"),
            points_from=fields.choice("points_from", Origin),
            points_note=fields.text("points_note"),
            target=fields.share("target") if fields.has("target") else None,
            focus=tuple(self._year(fields, text, line) for text, line in fields.texts("focus", needed=False)),
            parts=tuple(self._component(item, "phần") for item in fields.listing("parts", needed=False)),
            note=fields.text("note", blank=True),
        )
        check_component(fields, component)
        return component

    def pillar(self, node: Node, codes: tuple[str, ...]) -> Pillar | None:
        """One pillar; its main indices are named by code."""
        fields = Fields.open(node, shapes.PILLAR, self.faults, named("trụ cột", node))
        if fields is None:
            return None
        code = self.code(fields, _CODE, "government", kind="trụ cột ")
        return Pillar(code, fields.text("name"), fields.points("max_points"), fields.names("main", codes, "chỉ số chính"))

    def _source(self, fields: Fields) -> str:
        return fields.name("source", tuple(self.sources), noun="tài liệu")

    def _year(self, fields: Fields, text: str, line: int) -> int:
        if _YEAR.fullmatch(text):
            return int(text)
        self.faults.add(line, f"focus của {fields.owner} có '{text}', không phải năm", "hãy viết bốn chữ số, chẳng hạn 2023")
        return 0


def _points(fields: Fields, key: str) -> Fraction | None:
    """Points, or None where the file does not know them."""
    return fields.points(key) if fields.has(key) else None


def read_sources(fields: Fields) -> dict[str, str]:
    """The documents what is written comes from: a short code → what an official calls it."""
    node = fields.node("sources")
    if not isinstance(node, Table):
        if node is not None:
            fields.fault("sources", "không phải bảng tài liệu", "hãy viết 'mã: tên tài liệu', mỗi tài liệu một dòng")
        return {}
    return {code: text for code in node.values if (text := _named_source(fields, node, code))}


def _named_source(fields: Fields, node: Table, code: str) -> str:
    text = getattr(node.values[code], "text", None) or ""
    if not text.strip():
        fields.faults.add(node.key_lines[code], f"tài liệu '{code}' không có tên", "hãy ghi tên tài liệu, số và ngày")
    return " ".join(text.split())


def _years(of_framework: Fields) -> tuple[int, int | None]:
    fields = of_framework.under("years", shapes.YEARS)
    if fields is None:
        return 0, None
    first = fields.count("first")
    last = None if fields.is_null("last") else fields.count("last")
    if last is not None and 0 < last < first:
        fields.fault("last", f"là {last}, trước năm đầu {first}", "hãy ghi năm cuối từ năm đầu trở đi, hoặc null nếu còn dùng")
    return first, last
