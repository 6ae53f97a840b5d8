"""A criterion's `rule` → one frozen rule; the figures it is given must be of a kind and level it can take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise

from hue_dti.catalogue import shapes
from hue_dti.catalogue.fields import UNREAD_DAY, Fields, kind_of
from hue_dti.catalogue.model import Measure, OverUnits, ValueKind
from hue_dti.catalogue.nodes import Faults, Node, Scalar, Table
from hue_dti.catalogue.read_measures import Known
from hue_dti.catalogue.rules import (
    KINDS,
    Count,
    Dated,
    Gate,
    Inverse,
    Judged,
    Ratio,
    Rule,
    Rung,
    Steps,
    Uses,
    Weighted,
    WeightedPart,
    WhenNone,
    YesNo,
)
from hue_dti.catalogue.scalars import nearest
from hue_dti.numerals import POINT
from hue_dti.units.model import Level

COUNTS = frozenset({ValueKind.COUNT})
SUMS = frozenset({ValueKind.COUNT, ValueKind.AMOUNT})
TAKES = {
    "yes_no": frozenset({ValueKind.PROGRESS}),
    "count": SUMS,
    "steps": COUNTS,
    "dated": frozenset({ValueKind.DATE}),
    "gate": COUNTS,
    "uses": COUNTS,
    "judged": frozenset({ValueKind.SHARE}),
    "ratio": SUMS | {ValueKind.PERCENT},
    "inverse": SUMS,
}
"""The value kinds each rule kind can take; a percentage only as a ratio's part without a whole."""

_BELOW = {
    Level.PROVINCE: frozenset(Level),
    Level.DISTRICT: frozenset({Level.DISTRICT, Level.COMMUNE, Level.AGENCY, Level.VILLAGE}),
    Level.COMMUNE: frozenset({Level.COMMUNE, Level.AGENCY, Level.VILLAGE}),
    Level.AGENCY: frozenset({Level.AGENCY}),
    Level.VILLAGE: frozenset({Level.VILLAGE}),
}


def below(level: Level) -> frozenset[Level]:
    """The level itself and those whose figures add up to it."""
    return _BELOW[level]


@dataclass(frozen=True)
class RuleReader:
    """Reads the rules of one set; `level` is None when the set's own could not be read."""

    known: Known
    level: Level | None
    faults: Faults

    def read(self, node: Node, owner: str, path: str, points: Fraction, without: tuple[str, ...] = ()) -> Rule | None:
        """The rule, faults noted; None when not even its kind is known. `without` names kinds that may not stand here."""
        kind = self._kind(node, owner, path, tuple(kind for kind in KINDS if kind not in without))
        if not kind or not isinstance(node, Table):
            return None
        fields = Fields(node, shapes.RULES[kind], self.faults, owner, path)
        if kind == "weighted":
            return self._weighted(fields, points)
        if kind == "gate":
            return self._gate(fields, points)
        return _READERS[kind](self, fields)

    def _kind(self, node: Node, owner: str, path: str, kinds: tuple[str, ...]) -> str:
        written = node.values.get("kind") if isinstance(node, Table) else node
        where = f"{path.rstrip('.')} của {owner}"
        if not isinstance(node, Table):
            self.faults.add(
                node.line, f"{where} là {kind_of(node)}", "hãy viết một bảng, chẳng hạn {kind: count, measure: …, at_least: 24}"
            )
        elif written is None:
            self.faults.add(node.line, f"{where} thiếu khóa 'kind'", nearest("", kinds))
        elif not isinstance(written, Scalar) or written.text not in kinds:
            word = written.text if isinstance(written, Scalar) and written.text else ""
            self.faults.add(
                written.line, f"{path}kind của {owner} là {kind_of(written)}, không có cách tính này ở đây", nearest(word, kinds)
            )
        else:
            return written.text
        return ""

    def measure(self, fields: Fields, key: str, takes: frozenset[ValueKind]) -> str:
        """The code of a measure at a key, known, of a kind the rule takes and observed where the set can sum it."""
        code = fields.text(key)
        if code:
            self._check_measure(code, takes, partial(fields.fault, key))
        return code

    def found(self, code: str) -> Measure | None:
        """The measure, when it was read without faults."""
        return self.known.measures.get(code)

    def _check_measure(self, code: str, takes: frozenset[ValueKind], fault: Callable[[str, str], None]) -> None:
        measure = self.known.measures.get(code)
        if measure is None:
            if self.known.all_measures and code not in self.known.measure_codes:
                fault(f"là '{code}', không có số liệu này", nearest(code, tuple(self.known.measure_codes)))
            return
        if measure.kind not in takes:
            wanted = " hoặc ".join(sorted(takes))
            fault(
                f"là '{code}' thuộc loại {measure.kind}, cách tính này cần loại {wanted}", f"hãy chọn số liệu loại {wanted} hoặc đổi kind"
            )
        if self.level is None:
            return
        if not below(self.level) & set(measure.levels):
            at = ", ".join(measure.levels)
            fault(
                f"là '{code}' chỉ có ở cấp {at}, không cộng lên được cấp {self.level}",
                f"hãy dùng số liệu có ở cấp {self.level} hoặc thấp hơn",
            )
        elif measure.over_units is OverUnits.NONE and self.level not in measure.levels:
            fault(f"là '{code}' không cộng giữa các đơn vị và không có ở cấp {self.level}", f"hãy dùng số liệu có ở cấp {self.level}")

    def _yes_no(self, fields: Fields) -> Rule:
        return YesNo(self.measure(fields, "measure", TAKES["yes_no"]))

    def _count(self, fields: Fields) -> Rule:
        return Count(self.measure(fields, "measure", TAKES["count"]), fields.count("at_least"))

    def _ratio(self, fields: Fields) -> Rule:
        part = self.measure(fields, "part", TAKES["ratio"])
        whole = None if fields.is_null("whole") else self.measure(fields, "whole", SUMS)
        subset = fields.truth("subset")
        self._check_pair(fields, part, whole, subset=subset)
        target = fields.share("target", Fraction(1))
        if target == 0:
            fields.fault("target", "là 0%", "hãy viết mục tiêu trên 0% đến 100%, chẳng hạn 80%")
        when_none = fields.choice("when_none", WhenNone) or WhenNone.ZERO
        measure = self.found(part)
        if whole is None and (measure is None or measure.kind is not ValueKind.PERCENT):
            whole = ""  # a fault already; the sentences are still read as those of a ratio
        return Ratio(part, whole, when_none, target, subset, fields.text("proxy", blank=True))

    def _inverse(self, fields: Fields) -> Rule:
        part, whole = self.measure(fields, "part", SUMS), self.measure(fields, "whole", SUMS)
        subset = fields.truth("subset")
        self._check_pair(fields, part, whole, subset=subset)
        return Inverse(part, whole, fields.choice("when_none", WhenNone) or WhenNone.ZERO, subset)

    def _check_pair(self, fields: Fields, part: str, whole: str | None, *, subset: bool) -> None:
        above, under = self.found(part), self.found(whole or "")
        if above is not None and above.kind is ValueKind.PERCENT:
            if whole is not None:
                fields.fault("whole", f"có mặt nhưng '{part}' đã là tỷ lệ phần trăm", "hãy bỏ 'whole'")
        elif whole is None and above is not None:
            fields.fault("whole", f"chưa có, '{part}' là số đếm", "hãy thêm 'whole: …' là số liệu làm mẫu số")
        if above is None or under is None or above.kind is ValueKind.PERCENT:
            return
        if part == whole:
            fields.fault("whole", f"là '{part}', trùng với part", "hãy viết số liệu khác làm mẫu số")
        elif {above.kind, under.kind} <= SUMS and above.kind is not under.kind:
            fields.fault("whole", f"là loại {under.kind} còn part là loại {above.kind}", "hãy lấy hai số liệu cùng loại")
        elif subset and set(above.levels) != set(under.levels):
            at = ", ".join(above.levels), ", ".join(under.levels)
            fields.fault(
                "subset",
                f"là true nhưng '{part}' ghi nhận ở cấp {at[0]} còn '{whole}' ở cấp {at[1]}, không so được ở từng đơn vị",
                "hãy lấy hai số liệu ghi nhận ở cùng cấp, hoặc viết subset: false",
            )

    def _steps(self, fields: Fields) -> Rule:
        code = self.measure(fields, "measure", TAKES["steps"])
        rungs = tuple(rung for node in fields.listing("rungs") if (rung := self._rung(node, fields)) is not None)
        last_by = fields.month_day("last_by")
        measure = self.found(code)
        if measure is not None and last_by is not UNREAD_DAY and last_by != measure.until:
            until, written = measure.until or "không có", last_by or "không có"
            remedy = (
                f"hãy viết last_by: {measure.until}" if measure.until else f"hãy bỏ last_by hoặc thêm until: {last_by} cho số liệu {code}"
            )
            fields.fault("last_by", f"là {written}, khác với until ({until}) của số liệu {code}", remedy)
        return Steps(code, tuple(rung for rung, _ in rungs), last_by) if self._rising(fields, rungs) else Steps(code, (), last_by)

    def _rung(self, node: Node, fields: Fields) -> tuple[Rung, Fields] | None:
        rung = Fields.open(node, shapes.RUNG, self.faults, fields.owner, f"{fields.path}rungs.")
        return None if rung is None else (Rung(rung.count("at_least"), rung.share("share")), rung)

    def _rising(self, fields: Fields, rungs: tuple[tuple[Rung, Fields], ...]) -> bool:
        before = len(self.faults)
        for (lower, _), (upper, at) in pairwise(rungs):
            if 0 < upper.at_least <= lower.at_least:
                at.fault("at_least", f"là {upper.at_least}, không lớn hơn nấc trước ({lower.at_least})", "hãy xếp các nấc từ thấp đến cao")
            if 0 < upper.share <= lower.share:
                at.fault(
                    "share",
                    f"là {percent(upper.share)}, không lớn hơn nấc trước ({percent(lower.share)})",
                    "hãy để tỷ lệ tăng dần theo nấc",
                )
        for rung, at in rungs:
            if rung.share == 0 and not at.is_null("share"):
                at.fault("share", "là 0%", "hãy bỏ nấc này: dưới nấc đầu đã là 0%")
        if rungs and 0 < rungs[-1][0].share < 1:
            rungs[-1][1].fault("share", f"của nấc cuối là {percent(rungs[-1][0].share)}", "hãy để nấc cuối là 100%")
        return len(self.faults) == before

    def _dated(self, fields: Fields) -> Rule:
        code = self.measure(fields, "measure", TAKES["dated"])
        if fields.has("by") and fields.is_null("by"):
            fields.fault("by", "để trống", "hãy viết tháng-ngày, chẳng hạn 01-31")
        by, late = fields.month_day("by") or UNREAD_DAY, fields.share("late")
        if late == 1:
            fields.fault("late", "là 100%, nên hạn không còn tác dụng", "hãy viết tỷ lệ dưới 100%, chẳng hạn 50%")
        return Dated(code, by, late)

    def _uses(self, fields: Fields) -> Rule:
        written = fields.texts("functions")
        for code, line in written:
            self._check_measure(code, TAKES["uses"], partial(self._fault_at, line, f"{fields.path}functions của {fields.owner}"))
        return Uses(tuple(code for code, _ in written))

    def _fault_at(self, line: int, where: str, what: str, remedy: str) -> None:
        self.faults.add(line, f"{where} {what}", remedy)

    def _judged(self, fields: Fields) -> Rule:
        return Judged(self.measure(fields, "measure", TAKES["judged"]))

    def _gate(self, fields: Fields, points: Fraction) -> Rule | None:
        measure, at_least = self.measure(fields, "measure", TAKES["gate"]), fields.count("at_least")
        node = fields.node("then")
        inner = None if node is None else self.read(node, fields.owner, f"{fields.path}then.", points, without=("gate", "weighted"))
        return None if inner is None else Gate(measure, at_least, inner)

    def _weighted(self, fields: Fields, points: Fraction) -> Rule:
        before = len(self.faults)
        parts = tuple(part for node in fields.listing("parts") if (part := self._part(node, fields, points)) is not None)
        names = [part.name for part in parts]
        for name in sorted({name for name in names if names.count(name) > 1}):
            fields.fault("parts", f"có hai phần cùng tên '{name}'", "hãy đặt tên khác nhau")
        total = sum((part.weight for part in parts), Fraction(0))
        if len(self.faults) == before and total != 1:
            fields.fault("parts", f"có tổng weight là {percent(total)}", "hãy sửa để các weight cộng lại bằng 100%")
        return Weighted(parts)

    def _part(self, node: Node, weighted: Fields, points: Fraction) -> WeightedPart | None:
        fields = Fields.open(node, shapes.PART, self.faults, weighted.owner, f"{weighted.path}parts.")
        if fields is None:
            return None
        name, weight, inner = fields.text("name"), fields.share("weight"), fields.node("rule")
        if weight == 0 and not fields.is_null("weight"):
            fields.fault("weight", "là 0%", "hãy bỏ phần này hoặc viết weight trên 0%")
        elif (points * weight * POINT).denominator != 1:
            fields.fault(
                "weight", f"làm điểm của phần '{name}' có quá 4 chữ số lẻ", "hãy chọn weight chia điểm tối đa được trọn 4 chữ số lẻ"
            )
        rule = None if inner is None else self.read(inner, fields.owner, f"{fields.path}rule.", points, without=("weighted",))
        return None if rule is None else WeightedPart(name, weight, rule)


_READERS: dict[str, Callable[[RuleReader, Fields], Rule]] = {
    "yes_no": RuleReader._yes_no,
    "count": RuleReader._count,
    "ratio": RuleReader._ratio,
    "inverse": RuleReader._inverse,
    "steps": RuleReader._steps,
    "dated": RuleReader._dated,
    "uses": RuleReader._uses,
    "judged": RuleReader._judged,
}


def percent(share: Fraction) -> str:
    """A share as an author may write it: `50%`, or `1/3` where no short percentage is exact."""
    hundred = share * 100
    return f"{hundred}%" if hundred.denominator == 1 else str(share)
