"""Units in time in print: the tree, a unit's life, an event's proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.table import Table

from hue_dti.numerals import format_count, format_date, format_moment
from hue_dti.observations.conserved import Conserved
from hue_dti.services.unit_events import Preview
from hue_dti.services.unit_line import UnitLine
from hue_dti.storage.unit_events import Known
from hue_dti.units.events import ChangeKind, UnitEvent
from hue_dti.units.lineage import Lineage, Step
from hue_dti.units.model import Level, OrgUnit, Tree

LEVELS = {Level.PROVINCE: "tỉnh", Level.DISTRICT: "huyện", Level.COMMUNE: "xã", Level.AGENCY: "cơ quan", Level.VILLAGE: "thôn"}
_KINDS = {
    ChangeKind.MERGE: "nhập vào",
    ChangeKind.SPLIT: "tách thành",
    ChangeKind.RENAME: "đổi tên thành",
    ChangeKind.MOVE: "chuyển đơn vị quản lý",
    ChangeKind.END: "kết thúc",
}
_MOST_GAPS = 5


def tree_lines(tree: Tree) -> Iterator[str]:
    """One unit a line, indented by its depth."""
    depth: list[int] = []
    for place, unit in enumerate(tree.units):
        above = tree.parent[place]
        depth.append(depth[above] + 1 if above >= 0 else 0)
        yield f"{'  ' * depth[-1]}{unit.name} ({unit.code})"


def life_lines(lineage: Lineage, unit: OrgUnit) -> Iterator[str]:
    """The unit, what it was made from and what it became, each with its resolution."""
    yield f"{unit.name} ({unit.code}), {span_words(unit)}"
    for step in lineage.came_from(unit):
        before = f"{step.unit.name} ({step.unit.code})" if step.unit is not None else step.change.old
        yield f"  ← {before}: {change_words(step)}, {order_words(step.event)}"
    steps = lineage.became(unit)
    for step in steps:
        after = f" {step.unit.name} ({step.unit.code})" if step.unit is not None else ""
        yield f"  → {change_words(step)}{after}, {order_words(step.event)}"
    if not steps and unit.valid_to is None:
        yield "  vẫn đang hoạt động"


def line_lines(found: UnitLine) -> Iterator[str]:
    """The unit with those above it, then everything below it by level."""
    above = ", ".join(f"{each.name} ({each.code})" for each in found.above)
    yield f"{found.unit.name} ({found.unit.code}), ngày {format_date(found.day)}" + (f", thuộc {above}" if above else "")
    for level, units in found.levels:
        yield f"  {LEVELS[level]}, {format_count(len(units))}: {', '.join(f'{each.name} ({each.code})' for each in units)}"
    if not found.below:
        yield "  không có đơn vị nào bên dưới"


def span_words(unit: OrgUnit) -> str:
    """`từ 01/01/2020 đến 31/12/2024`."""
    return f"từ {format_date(unit.valid_from)} " + (f"đến {format_date(unit.valid_to)}" if unit.valid_to is not None else "đến nay")


def change_words(step: Step) -> str:
    """What happened to the unit, with the part that follows where it is known."""
    share = step.change.share
    return _KINDS[step.change.kind] + (f" ({share.numerator}/{share.denominator})" if share is not None else "")


def order_words(event: UnitEvent) -> str:
    """`từ 01/07/2025 theo Nghị quyết 1675/NQ-UBTVQH15`."""
    return f"từ {format_date(event.effective_on)} theo {event.resolution.number} ({event.resolution.issuer})"


def events_table(known: Iterable[Known]) -> Table:
    """Every event with how it stands."""
    table = Table("Số", "Có hiệu lực", "Văn bản", "Nội dung", "Tình trạng")
    for each in known:
        event = each.event
        table.add_row(event.number, format_date(event.effective_on), event.resolution.number, event.title, state_words(each))
    return table


def state_words(known: Known) -> str:
    """`đã áp dụng 10:02 01/07/2025`."""
    if known.at is None:
        return "chưa áp dụng"
    return f"{'đã áp dụng' if known.holds else 'đã hoàn tác'} {format_moment(known.at)}, {known.by}"


def preview_lines(seen: Preview) -> Iterator[str]:
    """The event, the levels, every measure that is added, and what reaches nobody."""
    event = seen.known.event
    yield f"Sự kiện {event.number}, có hiệu lực {format_date(event.effective_on)}: {event.title}"
    yield f"Văn bản: {event.resolution.number} ngày {format_date(event.resolution.issued_on)}, {event.resolution.issuer}"
    if event.note:
        yield f"Ghi chú: {event.note}"
    yield f"Tình trạng: {state_words(seen.known)}"
    for count in seen.proof.levels:
        yield f"  {LEVELS[count.level]}: {format_count(count.before)} → {format_count(count.after)}"
    yield f"Chứng minh bằng số liệu {seen.period.label}:"
    for each in seen.proof.measures:
        if each.added and each.told:
            yield f"  {_conserved_words(each)}"
    silent = [each for each in seen.proof.measures if not each.told]
    apart = [each for each in seen.proof.measures if not each.added]
    if silent:
        yield f"  {format_count(len(silent))} số liệu chưa có số nào trong kỳ này nên chưa có gì để so"
    if apart:
        yield f"  {format_count(len(apart))} số liệu không cộng qua lần sắp xếp: {', '.join(each.measure.code for each in apart)}"
    yield (
        "Kết luận: mọi số liệu trước và sau bằng nhau, phần chưa có nơi nhận đã nêu." if seen.proof.holds else "Kết luận: có số liệu lệch."
    )


def preview_told(seen: Preview) -> dict[str, object]:
    """The same as JSON."""
    measures = [
        {
            "measure": each.measure.code,
            "policy": each.measure.over_change.value,
            "before": each.before,
            "after": each.after,
            "told": each.told,
            "asked": each.asked,
            "gaps": [{"unit": gap.unit.code, "value": gap.value, "why": gap.why} for gap in each.gaps],
        }
        for each in seen.proof.measures
    ]
    levels = {count.level.value: {"before": count.before, "after": count.after} for count in seen.proof.levels}
    return {
        "number": seen.known.event.number,
        "period": str(seen.period),
        "levels": levels,
        "holds": seen.proof.holds,
        "measures": measures,
    }


def _conserved_words(each: Conserved) -> str:
    lacking = f"; {format_count(each.asked - each.told)}/{format_count(each.asked)} đơn vị chưa có số" if each.told < each.asked else ""
    words = f"{each.measure.name}: trước {format_count(each.before)} = sau {format_count(each.after)}"
    if each.gaps:
        shown = "; ".join(f"{gap.unit.name} {format_count(gap.value)} ({gap.why})" for gap in each.gaps[:_MOST_GAPS])
        words += f" + {format_count(sum(gap.value for gap in each.gaps))} chưa có nơi nhận: {shown}"
        words += " …" if len(each.gaps) > _MOST_GAPS else ""
    return words + lacking
