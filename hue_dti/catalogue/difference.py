"""Two criteria sets beside each other: which criterion follows which, and what changed in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion, Measure
from hue_dti.catalogue.words import points_words, rule_words
from hue_dti.numerals import POINT, format_date, format_percent, format_points
from hue_dti.periods import MonthDay

NOTHING = "không có"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that reads otherwise: what it is, how it was, how it is."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A criterion of the new set with those of the old one it follows, and what changed; `doubt` says why the two may not be the same."""

    new: Criterion
    old: tuple[Criterion, ...]
    changes: tuple[Told, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it: the sets' own lines, pairs in the new set's order, and what stands alone on either side.

    `unknown` are codes that the new set says to follow and the old one does not have, each with the criterion that says so.
    """

    old: CriteriaSet
    new: CriteriaSet
    of_set: tuple[Told, ...]
    pairs: tuple[Pair, ...]
    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    unknown: tuple[tuple[str, str], ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The pairs in which something reads otherwise."""
        return tuple(pair for pair in self.pairs if pair.changes or pair.doubt)


def difference(old: Catalogue, old_set: CriteriaSet, new: Catalogue, new_set: CriteriaSet) -> Difference:
    """Match by stated succession first, then by code; measures are read in each set's own catalogue."""
    before = {each.code: each for each in old_set.criteria}
    claimed = {code for each in new_set.criteria for code in each.succeeds or ()}
    pairs, added, used = [], [], set[str]()
    for criterion in new_set.criteria:
        own = (criterion.code,) if criterion.code in before and criterion.code not in claimed else ()
        follows = [before[code] for code in (own if criterion.succeeds is None else criterion.succeeds) if code in before]
        used.update(each.code for each in follows)
        if follows:
            pairs.append(_pair(criterion, tuple(follows), old.measures, new.measures))
        else:
            added.append(criterion)
    return Difference(
        old_set,
        new_set,
        tuple(_of_set(old_set, new_set)),
        tuple(pairs),
        tuple(added),
        tuple(each for each in old_set.criteria if each.code not in used),
        tuple((each.code, code) for each in new_set.criteria for code in each.succeeds or () if code not in before),
    )


def _pair(new: Criterion, old: tuple[Criterion, ...], before: Mapping[str, Measure], after: Mapping[str, Measure]) -> Pair:
    first = old[0]
    changes = _differing(_lines(first, before), _lines(new, after)) if len(old) == 1 else _merged(old, new, before, after)
    same_code = len(old) == 1 and new.succeeds is None
    strange = same_code and first.name != new.name and set(first.rule.measures()).isdisjoint(new.rule.measures())
    doubt = "cùng mã nhưng khác tên và đếm thứ khác; nếu là tiêu chí mới, hãy ghi succeeds: [] ở bộ mới" if strange else ""
    return Pair(new, old, tuple(changes), doubt)


def _merged(old: tuple[Criterion, ...], new: Criterion, before: Mapping[str, Measure], after: Mapping[str, Measure]) -> Iterator[Told]:
    yield Told("Tiêu chí", "; ".join(f"{each.code}. {each.name}" for each in old), f"{new.code}. {new.name}")
    points = " + ".join(points_words(each) for each in old)
    yield Told("Điểm tối đa", points, points_words(new))
    yield Told("Cách tính", " | ".join(rule_words(each, before) for each in old), rule_words(new, after))


def _lines(criterion: Criterion, measures: Mapping[str, Measure]) -> dict[str, str]:
    """Everything of a criterion that an official would read, by what it is called."""
    status = criterion.status
    return {
        "Mã": criterion.code,
        "Tên": criterion.name,
        "Điểm tối đa": points_words(criterion),
        "Cách tính": rule_words(criterion, measures),
        "Số liệu": "; ".join(_counted(measures[code]) for code in dict.fromkeys(criterion.rule.measures())),
        "Triển khai": "đã triển khai" if status.opened else f"chưa: {status.reason}",
        "Coi là đạt": {"gate": "khi qua ngưỡng", "year_end": "khi hết năm"}.get(status.achieved_when, "khi đủ tỷ lệ"),
        "Hạn": _day(criterion.deadline),
        "Minh chứng phải nộp": "; ".join(proof.words for proof in criterion.proof),
        "Việc phải làm": criterion.to_do,
        "Điều kiện": criterion.condition,
        "Tài liệu kiểm chứng": criterion.evidence,
        "Đơn vị thẩm định": criterion.verifying_unit,
        "Đơn vị thực hiện": criterion.responsible_unit,
        "Nguồn": criterion.source,
        "Giả định": "; ".join(criterion.assumptions),
    }


def _counted(measure: Measure) -> str:
    """What is counted, at which levels, over which days, until when."""
    window = (
        {"period": "trong kỳ", "year_to_date": "từ đầu năm"}[measure.window.value] if measure.over_time.value == "sum" else "số mới nhất"
    )
    until = f", đến {_day(measure.until)}" if measure.until else ""
    return f"{measure.name} ({window}{until}; cấp {', '.join(measure.levels)}; nguồn {measure.source})"


def _of_set(old: CriteriaSet, new: CriteriaSet) -> Iterator[Told]:
    yield from _differing(_set_lines(old), _set_lines(new))


def _set_lines(criteria_set: CriteriaSet) -> dict[str, str]:
    most = sum((criterion.max_points for criterion in criteria_set.criteria), start=criteria_set.criteria[0].max_points * 0)
    lasting = f" đến {format_date(criteria_set.in_force_to)}" if criteria_set.in_force_to else ""
    groups = {f"Nhóm {group.code}": f"{group.name}, {format_points(group.max_points * POINT)} điểm" for group in criteria_set.groups}
    return {
        "Quyết định": f"{criteria_set.decision.number} ngày {format_date(criteria_set.decision.issued_on)}",
        "Áp dụng": f"từ {format_date(criteria_set.in_force_from)}{lasting}",
        "Tổng điểm tối đa": f"{format_points(most * POINT)} điểm, {len(criteria_set.criteria)} tiêu chí",
        "Ngày chốt": ", ".join(f"{key} {_day(day)}" for key, day in criteria_set.calendar.cutoffs),
        "Tiêu chí chưa triển khai": "trừ khỏi điểm tối đa" if criteria_set.unopened_leave_the_maximum else "vẫn nằm trong điểm tối đa",
        "Đủ số liệu để xếp hạng": format_percent(criteria_set.enough_data),
        "Xếp loại": ", ".join(f"{each.name} từ {format_percent(each.at_least)}" for each in criteria_set.classes),
        **groups,
    }


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Told]:
    for what in dict.fromkeys((*old, *new)):
        one, other = (" ".join(lines.get(what, "").split()) for lines in (old, new))
        if one != other:
            yield Told(what, one or NOTHING, other or NOTHING)


def _day(day: MonthDay | None) -> str:
    return f"{day.day:02d}/{day.month:02d}" if day else ""
