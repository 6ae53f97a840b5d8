"""The plan (Kế hoạch) as a paper: aims, demands, tasks by group, who carries out; the ranking excerpt and the table of assignments.

On the paper of Nghị định 30/2020/NĐ-CP; number, day and signer are left to fill.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hue_dti.catalogue.outline import Outline, OutlineGroup
from hue_dti.numerals import format_date, format_moment
from hue_dti.plans.excerpt import Excerpt
from hue_dti.plans.model import PlanLine, PlanVersion
from hue_dti.plans.targets import TargetKind
from hue_dti.reports.model import Appendix, Block, Heading, Letterhead, Paragraph, Report, SignatureBlock, Text
from hue_dti.reports.plan_tables import assigned_appendix, ranking_appendix, ranking_words, text_key
from hue_dti.reports.texts import listed, text
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import bare_name

_LETTERS = "abcdđeghiklmnopqrstuvxy"


def plan_paper(version: PlanVersion, outline: Outline, unit: OrgUnit, ranking: Excerpt | None = None) -> Report:
    """Write the plan, without what is not set yet; with `ranking` its excerpt is the first appendix."""
    version = replace(version, plan=version.plan.settled())
    words = _words(version, outline, unit, ranking)
    appendices: list[Appendix] = [] if ranking is None else [ranking_appendix(ranking, words, "Phụ lục I")]
    appendices.append(assigned_appendix(version, outline, words, words["appendix"].replace("\N{NO-BREAK SPACE}", " ")))
    return Report(
        unit=unit.code,
        period=str(version.key.year),
        snapshot_sha256="",
        letterhead=Letterhead(
            superior="",
            issuer=text("plan", "issuer", **words),
            number=text("plan", "number"),
            place_and_date=text("place_and_date", **words),
            title=text("plan", "title"),
            subject=(words["subject"],),
        ),
        lead=tuple(_lead(ranking, words)),
        body=(*_goals(version, outline, words), *_demands(), *_tasks(version, outline, words)),
        closing=(*_carrying(words), _said(text("plan", "closing", **words))),
        signature=SignatureBlock(listed("plan", "recipients", **words), text("plan", "authority"), text("plan", "office"), ""),
        appendices=tuple(appendices),
        closed_at=version.at,
        stamp=text("plan", "code_line", number=str(version.number), moment=format_moment(version.at), sha256=version.sha256),
    )


def needs_work(line: PlanLine) -> bool:
    """Whether the text names the line: tasks are given for it, its number is not reached yet, or it is to grow."""
    if line.is_given_up:
        return False
    return bool(line.tasks) or line.reached is False or line.target.kind is TargetKind.GROW


def _words(version: PlanVersion, outline: Outline, unit: OrgUnit, ranking: Excerpt | None) -> dict[str, str]:
    prefix = "kế hoạch "
    title = version.title[len(prefix) :] if version.title.lower().startswith(prefix) else version.title
    return {
        "UNIT": unit.name.upper(),
        "unit_lower": unit.name[:1].lower() + unit.name[1:],
        "place": bare_name(unit),
        "year": str(version.key.year),
        "subject": title[:1].upper() + title[1:],
        "decision": f"Quyết định số {outline.decision}" if outline.decision else outline.title,
        "appendix": "Phụ lục\N{NO-BREAK SPACE}II" if ranking is not None else "Phụ lục",
        **(ranking_words(ranking) if ranking is not None else {}),
    }


def _lead(ranking: Excerpt | None, words: dict[str, str]) -> Iterator[Block]:
    if ranking is not None:
        yield _said(text("plan", text_key(ranking, "ranked"), **words))
    yield _said(text("plan", "lead", **words))


def _goals(version: PlanVersion, outline: Outline, words: dict[str, str]) -> Iterator[Block]:
    plan = version.plan
    yield _head(text("plan", "goals"), 1)
    rank = next((each.target.words for each in plan.groups if not each.group), "")
    aimed = text("plan", "general_rank", target=rank) if rank else ""
    yield _said(text("plan", "general", **(words | {"rank": aimed})))
    yield _said(text("plan", "specific"))
    names = {group.code: _lower(group.name) for group in outline.groups}
    for each in plan.groups:
        if each.group:
            yield _said(text("plan", "specific_line", group=names.get(each.group, each.group), target=each.target.words))
    yield _said(text("plan", "counted", **_kinds(plan.lines)) if plan.lines else text("plan", "counted_none"))


def _kinds(lines: Sequence[PlanLine]) -> dict[str, str]:
    """How many lines are aimed at how; kinds without any go unsaid, those given up are counted apart."""
    aimed = [line.target.kind for line in lines if not line.is_given_up]
    numbers, keep, grow = (aimed.count(kind) for kind in (TargetKind.AT_LEAST, TargetKind.KEEP, TargetKind.GROW))
    counted = {"numbers": numbers, "keep": keep, "grow": grow, "words": len(aimed) - numbers - keep - grow}
    told = ", ".join(text("plan", f"counted_{name}", count=f"{count:02d}") for name, count in counted.items() if count)
    given_up = len(lines) - len(aimed)
    left = text("plan", "counted_given_up", count=f"{given_up:02d}") if given_up else ""
    return {"lines": f"{len(aimed):02d}", "kinds": f": {told}" if told else "", "given_up": left}


def _demands() -> Iterator[Block]:
    yield _head(text("plan", "demands"), 1)
    yield from map(_said, listed("plan", "demand_lines"))


def _tasks(version: PlanVersion, outline: Outline, words: dict[str, str]) -> Iterator[Block]:
    yield _head(text("plan", "tasks"), 1)
    yield _said(text("plan", "tasks_lead", **words))
    groups = [group for group in outline.groups if any(line.group == group.code for line in version.plan.lines)]
    for number, group in enumerate(groups, start=1):
        yield from _group(version, group, number, words)


def _group(version: PlanVersion, group: OutlineGroup, number: int, words: dict[str, str]) -> Iterator[Block]:
    lines = [line for line in version.plan.lines if line.group == group.code]
    work, given_up = [line for line in lines if needs_work(line)], [line for line in lines if line.is_given_up]
    yield _head(text("plan", "group_head", number=str(number), group=_lower(group.name)), 2)
    if work:
        yield _said(text("plan", "group_focus", count=f"{len(work):02d}"))
        for place, line in enumerate(work):
            yield _said(_work(line, _LETTERS[place] if place < len(_LETTERS) else str(place + 1)))
    else:
        yield _said(text("plan", "group_keep", count=f"{len(lines) - len(given_up):02d}"))
    if given_up:
        yield _said(text("plan", "deferred", **words))
        for line in given_up:
            yield _said(text("plan", "deferred_line", name=line.name, reason=line.deferral or text("plan", "not_aimed")))


def _work(line: PlanLine, letter: str) -> str:
    return text(
        "plan",
        "focus_line",
        letter=letter,
        name=line.name,
        lead=", ".join(line.lead),
        coordinating=text("plan", "focus_of", units=", ".join(line.coordinating)) if line.coordinating else "",
        target=_inside(line.target.words),
        result=line.result or text("plan", "no_result"),
        due=text("plan", "focus_due", day=format_date(line.due)) if line.due else "",
        tasks=text("plan", "focus_tasks", tasks=line.tasks.rstrip(".")) if line.tasks else "",
    )


def _carrying(words: dict[str, str]) -> Iterator[Block]:
    yield _head(text("plan", "carrying_out"), 1)
    yield from map(_said, listed("plan", "carrying_lines", **words))


def _head(words: str, level: int) -> Heading:
    return Heading(level, (Text(words),))


def _said(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _inside(words: str) -> str:
    """A target within a sentence: its first word small, unless it is a name in capitals."""
    first = words.partition(" ")[0]
    return words if first.isupper() and len(first) > 1 else _lower(words)
