"""What a framework says, held against itself: points add up, counts agree, what is not known is said to be unknown."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.frameworks import Component, ComponentKind, Framework, MainIndex, Origin
from hue_dti.collation import fold
from hue_dti.numerals import decimal_text

_MOST_DECIMALS = 12


def check_component(fields: Fields, component: Component) -> None:
    """Points say where they come from, only rates have targets, parts add up to their composite."""
    if component.max_points is not None and not fields.has("points_from"):
        fields.fault("max_points", "không nói lấy từ đâu", "hãy thêm 'points_from: printed' hoặc 'points_from: inferred'")
    if component.max_points is None and fields.has("points_from"):
        fields.fault("points_from", "có nhưng thiếu max_points", "hãy thêm max_points, hoặc bỏ points_from")
    if component.points_from is Origin.INFERRED and not component.points_note:
        fields.fault("points_from", "là inferred nhưng không nói suy ra thế nào", "hãy thêm 'points_note: …'")
    if component.target is not None and component.kind in (ComponentKind.YES_NO, ComponentKind.COMPOSITE):
        fields.fault("target", f"không dùng được với loại {component.kind}", "hãy bỏ target")
    if component.target == 0:
        fields.fault("target", "là 0", "hãy ghi mức phải đạt, chẳng hạn 80%, hoặc bỏ target")
    if component.parts and component.kind is not ComponentKind.COMPOSITE:
        fields.fault("parts", f"không dùng được với loại {component.kind}", "hãy viết 'kind: composite'")
    if component.kind is ComponentKind.COMPOSITE and not component.parts:
        fields.fault("kind", "là composite nhưng không có phần nào", "hãy thêm parts, hoặc đổi loại")
    if component.parts:
        _check_total(fields, component.max_points, [part.max_points for part in component.parts], "các phần")


def check_main(fields: Fields, main: MainIndex) -> None:
    """One for reference has no points; known points do not exceed the maximum, and all of them make it up."""
    if main.reference_only and fields.has("max_points"):
        fields.fault("max_points", "có dù chỉ số chỉ để tham khảo", "hãy bỏ max_points hoặc reference_only")
    if main.component_count is not None and len(main.components) > main.component_count:
        what = f"là {main.component_count} nhưng có {len(main.components)} chỉ số thành phần"
        fields.fault("component_count", what, f"hãy viết {len(main.components)}, hoặc bỏ bớt chỉ số thành phần")
    if not main.reference_only:
        all_listed = main.component_count == len(main.components)
        _check_total(fields, main.max_points, [each.max_points for each in main.components], "các chỉ số thành phần", all_listed)


def _check_total(fields: Fields, most: Fraction | None, points: list[Fraction | None], noun: str, all_listed: bool = True) -> None:
    known = sum((each for each in points if each is not None), Fraction(0))
    if most is None or not most or not points:
        return
    whole = all_listed and None not in points
    if known > most or (whole and known != most):
        more = "" if whole else " đã biết điểm"
        what = f"là {_text(most)} nhưng {noun}{more} cộng lại là {_text(known)}"
        fields.fault("max_points", what, f"hãy sửa điểm, hoặc viết {_text(known)}" if whole else "hãy sửa điểm")


def check_framework(fields: Fields, framework: Framework) -> None:
    """Main indices and pillars add up, counts agree, columns can be told apart, and gaps are said exactly where there are some."""
    if framework.computable:
        total = sum((each.max_points or 0 for each in framework.scored), Fraction(0))
        if total != framework.max_points:
            what = f"là {_text(framework.max_points)} nhưng các chỉ số chính cộng lại là {_text(total)}"
            fields.fault("max_points", what, f"hãy sửa điểm, hoặc viết {_text(total)}")
    if framework.main_count is not None and framework.main and framework.main_count != len(framework.main):
        what = f"là {framework.main_count} nhưng có {len(framework.main)} chỉ số chính"
        fields.fault("main_count", what, "hãy sửa số lượng, hoặc thêm bớt chỉ số chính")
    if framework.precision > _MOST_DECIMALS:
        fields.fault("precision", f"là {framework.precision}, quá {_MOST_DECIMALS}", "hãy ghi số chữ số lẻ được công bố, chẳng hạn 4")
    _check_component_count(fields, framework)
    _check_names(fields, framework)
    _check_pillars(fields, framework)
    _check_gaps(fields, framework)


def _check_component_count(fields: Fields, framework: Framework) -> None:
    counts = [each.component_count for each in framework.main]
    stated = sum(count or 0 for count in counts)
    if stated > framework.component_count or (framework.main and None not in counts and stated != framework.component_count):
        what = f"là {framework.component_count} nhưng các chỉ số chính cộng lại là {stated}"
        fields.fault("component_count", what, f"hãy sửa component_count của chỉ số chính, hoặc viết {stated}")


def _check_names(fields: Fields, framework: Framework) -> None:
    seen: dict[str, str] = {}
    for main in framework.main:
        for name in (main.name, *main.aliases):
            other = seen.setdefault(fold(name), main.code)
            if other != main.code:
                what = f"có tên '{name}' ở cả {other} và {main.code}"
                fields.fault("main_indices", what, "hãy sửa tên hoặc aliases để không nhầm cột")


def _check_pillars(fields: Fields, framework: Framework) -> None:
    if not framework.computable:
        return
    for pillar in framework.pillars:
        total = sum((framework.index_of(code).max_points or 0 for code in pillar.main), Fraction(0))
        if total != pillar.max_points:
            what = f"có trụ cột {pillar.code} {_text(pillar.max_points)} điểm nhưng các chỉ số chính của nó cộng lại là {_text(total)}"
            fields.fault("pillars", what, f"hãy sửa danh sách main, hoặc viết max_points: {_text(total)}")


def unknown(framework: Framework) -> Iterable[str]:
    """What no document at hand tells of the framework, in words; empty when everything is known."""
    if not framework.main:
        yield "chưa biết các chỉ số chính"
    if any(each.max_points is None for each in framework.main):
        yield "chưa biết điểm của chỉ số chính"
    named = len(framework.components)
    if named < framework.component_count:
        yield f"mới biết tên {named}/{framework.component_count} chỉ số thành phần"
    scored = [each for main in framework.scored for each in main.components]
    without = [each for each in scored if each.max_points is None]
    if without:
        yield f"chưa biết điểm tối đa của {len(without)}/{len(scored)} chỉ số thành phần có tên"


def _check_gaps(fields: Fields, framework: Framework) -> None:
    missing = tuple(unknown(framework))
    if framework.complete and missing:
        fields.fault("complete", f"là true nhưng {missing[0]}", "hãy viết 'complete: false' và nêu chỗ thiếu trong gaps")
    if not framework.complete and not framework.gaps:
        fields.fault("complete", "là false nhưng không nói thiếu gì", "hãy thêm 'gaps: [\"…\"]'")


def _text(points: Fraction | int) -> str:
    return decimal_text(points, 4, trim=True)
