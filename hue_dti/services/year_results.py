"""Published indices of all provinces: handed in as a file of values, or out of a published round; ranked the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hue_dti.appraisal.rounds import Round
from hue_dti.catalogue.frameworks import Framework
from hue_dti.errors import ResultRefused
from hue_dti.free_text import one_line
from hue_dti.rollup.assess import assess
from hue_dti.rollup.model import Assessment, UnitValues
from hue_dti.rollup.read_regions import Lists
from hue_dti.rollup.read_values import Spelling, read_values
from hue_dti.rollup.rounds import values_in
from hue_dti.rollup.year_results import YearResult
from hue_dti.services.doer import Doer
from hue_dti.services.regions import regions_among
from hue_dti.services.rounds import published
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.names import bare_name

LONGEST_DOCUMENT, LONGEST_REASON = 200, 300
MOST_LETTERS = 100_000
"""Of a file of values; 63 provinces take 6,000."""
TOO_LARGE = "Tệp lớn quá 100 KB; hãy bỏ các cột và dòng thừa."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a year's values come from: the newest file that was handed in, or the newest publication of a round (`round` is its code)."""

    framework: str
    year: int
    number: int
    title: str
    round: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that somebody hands in, as the form tells of it; `seen` is the number of the version that it replaces, 0 for none."""

    framework: str
    year: int
    file: str
    content: str
    spelling: Spelling
    document: str
    issued_on: date
    reason: str
    seen: int


def sources(storage: Storage, frameworks: Mapping[str, Framework]) -> tuple[Source, ...]:
    """Every year there is something of by these frameworks, the newest first; what was handed in before rounds of the same year."""
    newest: dict[tuple[str, int], YearResult] = {}
    for each in storage.year_results.all():
        newest.setdefault((each.framework, each.year), each)
    found = [Source(each.framework, each.year, each.number, each.document) for each in newest.values() if each.framework in frameworks]
    last = {each.round: each.number for each in storage.rounds.publications()}
    rounds = (each for each in storage.rounds.all() if each.code in last and ranks_units(each, frameworks))
    found += [Source(each.outline, each.year, last[each.code], each.title, each.code) for each in rounds]
    return tuple(sorted(found, key=lambda each: (-each.year, bool(each.round))))


def ranks_units(one: Round, frameworks: Mapping[str, Framework]) -> bool:
    """Whether a round ranks units by one of these frameworks; one of the own province alone, which freezes a quarter, ranks nobody."""
    return one.outline in frameworks and len(one.units) > 1


def earlier(source: Source, known: tuple[Source, ...]) -> Source | None:
    """What a year is compared with: the newest year before it of the same framework and kind."""
    found = (each for each in known if _kind(each) == _kind(source) and each.year < source.year)
    return max(found, key=lambda each: each.year, default=None)


def values_of(storage: Storage, source: Source, framework: Framework) -> tuple[UnitValues, ...]:
    """The units' values; SnapshotTampered for a round whose publication is no longer what was frozen."""
    if source.round:
        told: Mapping[str, Any] = published(storage, source.round, source.number) or {"results": ()}
        return values_in(told, framework)
    versions = storage.year_results.versions(source.framework, source.year)
    return next(each for each in versions if each.number == source.number).values(framework)


def ranking_of(storage: Storage, source: Source, before: Source | None, framework: Framework, known: Sequence[Lists]) -> Assessment:
    """The year ranked, against another where there is one, and within the regions that are whole; `known` are the official lists."""
    units = values_of(storage, source, framework)
    previous = values_of(storage, before, framework) if before is not None else ()
    return assess(framework, units, previous, regions_among(known, units))


def check(draft: Draft, framework: Framework, today: date) -> tuple[Draft, tuple[UnitValues, ...]]:
    """The draft with its words in order, and its units; ResultRefused, or ValuesRefused with the line of every fault of the file."""
    last = min(framework.last_year or today.year, today.year)
    document = one_line(draft.document, "Văn bản công bố", LONGEST_DOCUMENT, ResultRefused)
    reason = one_line(draft.reason, "Lý do", LONGEST_REASON, ResultRefused)
    faults = (
        (not draft.content.strip(), "Chưa chọn tệp, hoặc tệp rỗng; hãy chọn tệp CSV có cột unit và mỗi chỉ số chính một cột."),
        (len(draft.content) > MOST_LETTERS, TOO_LARGE),
        (
            not framework.first_year <= draft.year <= last,
            f"{framework.title} đo các năm {framework.first_year}–{last}; hãy sửa năm, hoặc chọn khung khác.",
        ),
        (not document, "Chưa ghi văn bản công bố; hãy ghi số, ký hiệu hoặc tên tài liệu."),
        (draft.issued_on > today, "Ngày văn bản ở sau hôm nay; hãy xem lại."),
        (draft.issued_on.year < draft.year, "Văn bản có ngày trước năm được đo; hãy xem lại ngày hoặc năm."),
        (bool(draft.seen) and not reason, "Năm này đã có kết quả; hãy ghi vì sao thay bản đang có."),
    )
    for wrong, why in faults:
        if wrong:
            raise ResultRefused(why)
    return replace(draft, document=document, reason=reason), read_values(draft.content, draft.file, framework, draft.spelling)


def keep(storage: Storage, given: Draft, framework: Framework, doer: Doer, province: str) -> YearResult:
    """Keep what was looked at as the year's next version; ResultRefused when there is another one by now."""
    draft, _ = check(given, framework, doer.today)
    by, told = doer.signed, (draft.framework, draft.year, draft.seen + 1, draft.content, draft.spelling, draft.document, draft.issued_on)
    made = YearResult(*told, draft.reason, by.login, by.name, by.post, doer.at)
    old = f"bản {draft.seen}" if draft.seen else ""
    event = doer.event(
        "result.kept", province, f"năm {made.year}, {made.framework}", old, f"bản {made.number}: {made.document}", made.reason
    )
    storage.year_results.keep(made, [event])
    return made


def province_names(units: Iterable[OrgUnit]) -> tuple[str, ...]:
    """Every name the own province ever had."""
    provincial = (unit for unit in units if unit.level is Level.PROVINCE)
    return tuple(dict.fromkeys(name for unit in provincial for name in (unit.name, bare_name(unit), *unit.aliases)))


def _kind(source: Source) -> tuple[str, bool]:
    return source.framework, bool(source.round)
