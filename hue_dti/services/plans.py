"""Improvement plans: looked at before they are kept, told of month by month, read as obligations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.outline import Outline, outline_of
from hue_dti.errors import AmbiguousUnit, PlanChanged, PlanRefused
from hue_dti.free_text import one_line
from hue_dti.plans.model import Plan, PlanKey, PlanLine, PlanVersion, Standings
from hue_dti.plans.progress import DOING_WORDS, Doing, Obligation, Told, obligations
from hue_dti.services.doer import Doer
from hue_dti.services.plan_watch import watch_plan
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex

LONGEST_TITLE, LONGEST_WORDS, LONGEST_LINK = 200, 500, 500
FIRST_YEAR, LAST_YEAR = 2020, 2100
NEWER = "Kế hoạch này vừa có bản mới; hãy xem bản ấy rồi làm lại."
"""Said to whoever changes a version that is not the newest any more."""
OWN_PAGES = ("/minh-chung/", "/don-vi/", "/tinh/")
"""Pages of this site that may prove something: evidence, and how a criterion or component was worked out."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What keeping a plan would change: keys of lines that are new, worded otherwise or gone, and names that mean no unit yet."""

    key: PlanKey
    plan: Plan
    who: Mapping[str, tuple[str, ...]]
    before: PlanVersion | None
    new: tuple[PlanLine, ...]
    changed: tuple[PlanLine, ...]
    gone: tuple[PlanLine, ...]

    @property
    def same(self) -> int:
        """How many lines stay as they are."""
        return len(self.plan.lines) - len(self.new) - len(self.changed)

    @property
    def open(self) -> int:
        """How many lines are still without a target."""
        return sum(line.is_open for line in self.plan.lines)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Lead units that mean no unit of the list: whoever keeps the plan reports for them."""
        leads = dict.fromkeys(name for line in self.plan.lines for name in line.lead)
        return tuple(name for name in leads if not self.who.get(name))


def usual_title(year: int | str) -> str:
    """What a plan is called where nobody said."""
    return f"Kế hoạch cải thiện chỉ số chuyển đổi số năm {year}"


def outlines(catalogue: Catalogue, frameworks: Mapping[str, Framework]) -> dict[str, Outline]:
    """Everything a plan or a round can be for, by code: frameworks first, then criteria sets."""
    found = {code: outline_of(each) for code, each in frameworks.items() if each.main}
    return found | {code: outline_of(each) for code, each in catalogue.sets.items()}


def preview(storage: Storage, key: PlanKey, plan: Plan, day: date) -> Preview:
    """What keeping the plan would change; nothing is stored."""
    if not FIRST_YEAR <= key.year <= LAST_YEAR:
        raise PlanRefused(f"Năm {key.year} không hợp lệ; hãy ghi một năm từ {FIRST_YEAR} đến {LAST_YEAR}.")
    before = storage.plans.find(key)
    known = {line.key: line for line in before.plan.lines} if before else {}
    now = {line.key: line for line in plan.lines}
    who = meant(plan.units(), storage.units(), key.unit, day, before.who if before else {})
    new = tuple(line for name, line in now.items() if name not in known)
    changed = tuple(line for name, line in now.items() if name in known and known[name] != line)
    return Preview(key, plan, who, before, new, changed, tuple(line for name, line in known.items() if name not in now))


def keep_plan(storage: Storage, key: PlanKey, title: str, plan: Plan, reason: str, doer: Doer, seen: int) -> PlanVersion:
    """Keep a plan as the next version; `seen` is the number of the version it was compared with, 0 for none."""
    before = storage.plans.find(key)
    if (before.number if before else 0) != seen:
        raise PlanChanged(NEWER)
    look = preview(storage, key, plan, doer.today)
    if before is not None and before.plan == plan and before.title == title:
        raise PlanRefused("Kế hoạch giống hệt bản đang lưu; không có gì phải ghi.")
    return _keep(storage, before, key, _said(title, "tên kế hoạch", LONGEST_TITLE), plan, look.who, _standings(before), reason, doer)


def name_units(storage: Storage, version: PlanVersion, who: Mapping[str, Sequence[str]], doer: Doer) -> PlanVersion:
    """Say which units the names among lead and coordinating units mean; each by code or by name."""
    index = NameIndex(each for each in storage.units() if each.exists_on(doer.today))
    found = {name: tuple(dict.fromkeys(index.resolve(text).code for text in texts)) for name, texts in who.items()}
    merged = {name: codes for name, codes in {**version.who, **found}.items() if codes}
    if merged == dict(version.who):
        raise PlanRefused("Chưa có tên nào được gắn với đơn vị khác trước; hãy ghi mã hoặc tên đơn vị.")
    reason = "gắn tên đơn vị trong kế hoạch với danh sách đơn vị"
    return _keep(storage, version, version.key, version.title, version.plan, merged, version.standings, reason, doer)


def set_standings(storage: Storage, version: PlanVersion, standings: Standings, doer: Doer) -> PlanVersion:
    """Put other ranking tables beside the plan."""
    reason = f"bảng xếp hạng năm {standings.year} kèm theo kế hoạch"
    return _keep(storage, version, version.key, version.title, version.plan, version.who, standings, reason, doer)


def meant(
    names: Iterable[str], units: Iterable[OrgUnit], unit: str, day: date, before: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Which units the names mean: as said before, else the unit of exactly this name, else none."""
    index = NameIndex(each for each in units if each.exists_on(day))
    return {name: tuple(before.get(name, ())) or _exactly(name, index) for name in names}


def obligations_of(storage: Storage, version: PlanVersion) -> tuple[Obligation, ...]:
    """The plan's obligations with everything told of them."""
    return obligations(version, storage.plans.told(version.key))


def tell(storage: Storage, mine: Obligation, month: date, doing: Doing, words: str, link: str, seen: int | None, doer: Doer) -> None:
    """Tell how an obligation stands in a month; `seen` is the number of the word for that month it follows. PlanRefused says why not."""
    said = one_line(words, "Lời báo", LONGEST_WORDS, PlanRefused)
    where = web_link(link)
    told_of = months(mine.version.key, doer.today)
    faults = (
        (mine.line.is_given_up, "Chỉ tiêu này được hoãn hoặc không đặt trong kỳ; không phải báo tình hình."),
        (month not in told_of, "Chỉ báo được các tháng từ đầu năm kế hoạch đến nay."),
        (doing is Doing.LATE and not said, "Chưa ghi vì sao chậm và bao giờ xong; hãy viết một dòng."),
        (doing is Doing.DONE and not said and not where, "Chưa ghi kết quả hay dẫn tài liệu chứng minh; hãy ghi một trong hai."),
    )
    for wrong, why in faults:
        if wrong:
            raise PlanRefused(why)
    standing = next((each for each in reversed(mine.told) if each.month == month), None)
    if (standing.number if standing else None) != seen:
        raise PlanRefused("Vừa có người báo tháng này, trước bạn; hãy xem lời đã báo rồi báo lại nếu cần.")
    by = doer.signed
    told = Told(mine.line.key, mine.lead, month, doing, said, where, by.login, by.name, by.post, doer.at, follows=seen)
    key = mine.version.key
    old = DOING_WORDS[standing.doing] if standing else ""
    event = doer.event("plan.told", mine.units[0], f"{_short(mine.line)}, tháng {month:%m/%Y}", old, DOING_WORDS[doing], said)
    storage.plans.tell(key, told, [event])
    watch_plan(storage, mine.version, doer.at)


def months(key: PlanKey, today: date) -> tuple[date, ...]:
    """The months that may be told of, from the plan's January to this month; none before its year begins."""
    count = (today.year - key.year) * 12 + today.month
    return tuple(date(key.year + place // 12, place % 12 + 1, 1) for place in range(count))


def _keep(
    storage: Storage,
    before: PlanVersion | None,
    key: PlanKey,
    title: str,
    plan: Plan,
    who: Mapping[str, tuple[str, ...]],
    standings: Standings | None,
    reason: str,
    doer: Doer,
) -> PlanVersion:
    number = before.number + 1 if before else 1
    if before is not None and not reason.strip():
        raise PlanRefused("Chưa ghi vì sao đổi kế hoạch; hãy viết một dòng, chẳng hạn số văn bản điều chỉnh.")
    why = _said(reason, "lý do", LONGEST_WORDS) if reason.strip() else ""
    by = doer.signed
    version = PlanVersion(key, number, title, plan, why, by.login, by.name, by.post, doer.at, dict(who), standings)
    told = f"bản {number}, {len(plan.lines)} chỉ tiêu"
    old = f"bản {before.number}, {len(before.plan.lines)} chỉ tiêu" if before else ""
    kept = storage.plans.keep(version, [doer.event("plan.saved", key.unit, f"{title} ({key.framework}, {key.year})", old, told, why)])
    watch_plan(storage, kept, doer.at)
    return kept


def _standings(before: PlanVersion | None) -> Standings | None:
    return before.standings if before else None


def _exactly(name: str, index: NameIndex) -> tuple[str, ...]:
    try:
        code = index.find(name)
    except AmbiguousUnit:
        return ()
    return (code,) if code else ()


def _short(line: PlanLine) -> str:
    words = line.name if len(line.name) <= 80 else f"{line.name[:79]}…"
    return f"{line.code} {words}".strip()


def _said(text: str, what: str, longest: int) -> str:
    said = one_line(text, what.capitalize(), longest, PlanRefused)
    if not said:
        raise PlanRefused(f"Chưa ghi {what}; hãy ghi rồi gửi lại.")
    return said


def web_link(text: str) -> str:
    """The address of a proving document, empty for none; PlanRefused for what is no web address."""
    link = one_line(text, "Liên kết tài liệu", LONGEST_LINK, PlanRefused)
    if link and (not link.startswith(("https://", "http://", *OWN_PAGES)) or " " in link):
        raise PlanRefused("Liên kết tài liệu phải bắt đầu bằng https:// hoặc là địa chỉ trang minh chứng (/minh-chung/…).")
    return link
