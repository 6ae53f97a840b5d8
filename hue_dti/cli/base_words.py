"""Base figures in print: for people as sentences and tables, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click
from rich.table import Table

from hue_dti.catalogue.model import Catalogue, Measure
from hue_dti.cli.common import console
from hue_dti.numerals import format_count, format_date, format_moment, format_points, points_text
from hue_dti.observations.base import Decision, Effect, Proposal
from hue_dti.observations.intake import printed
from hue_dti.periods import Period
from hue_dti.services.base import TOLD
from hue_dti.services.base_effect import total_change
from hue_dti.services.base_overview import Overview, Standing
from hue_dti.units.model import OrgUnit

SHOWN = 10
"""Waiting proposals of one document printed one by one; the rest are counted."""


def say_overview(seen: Overview) -> None:
    """A table for each measure of what counts, then what waits and what differs."""
    out = console()
    out.print(f"Số liệu nền năm {seen.year}, {seen.unit.name}")
    for standing in seen.standing.values():
        known = [each for each in standing if each.value is not None]
        if standing:
            out.print(_table(standing[0].measure, known))
            out.print(f"{format_count(len(standing) - len(known))} trong {format_count(len(standing))} đơn vị chưa có số\n")
    measures = {code: standing[0].measure for code, standing in seen.standing.items() if standing}
    for batch in seen.waiting:
        count, when = format_count(len(batch.proposals)), format_moment(batch.at)
        out.print(f"Chờ duyệt: {count} đề nghị (số {batch.span}), {batch.by} đề nghị lúc {when}; {batch.document}")
        for proposal in batch.proposals[:SHOWN]:
            out.print(f"  {_told(proposal, seen.units, measures)}")
        if len(batch.proposals) > SHOWN:
            out.print(f"  và {format_count(len(batch.proposals) - SHOWN)} đề nghị nữa")
    for pair in seen.differing:
        measure, told = measures[pair.told.measure], pair.told.value if pair.told.value is not None else 0
        where = f"{seen.units[pair.told.unit].name}, {measure.name}, {pair.told.period.short_label}"
        approved = printed(measure, pair.approved.value)
        out.print(f"Khác nhau, {where}: nguồn trả {printed(measure, told)}, đã duyệt {approved} (dùng số này)")


def _table(measure: Measure, known: Sequence[Standing]) -> Table:
    total = sum(each.value for each in known if each.value is not None)
    table = Table("Đơn vị", "Giá trị", "Tình trạng", title=f"{measure.name} ({measure.code}): cộng {printed(measure, total)}")
    table.columns[1].justify = "right"
    for each in known:
        table.add_row(each.unit.name, printed(each.measure, each.value or 0), _whose(each))
    return table


def say_decision(decision: Decision, catalogue: Catalogue, units: Iterable[OrgUnit]) -> None:
    """An act: what was settled, by whom and why, and its effect."""
    names = {unit.code: unit for unit in units}
    why = f"; lý do: {decision.reason}" if decision.reason else ""
    click.echo(f"{format_moment(decision.at)}: {decision.by} {TOLD[decision.verdict]}{why}")
    for proposal in decision.proposals:
        click.echo(f"  {_told(proposal, names, catalogue.measures)}; {proposal.by} đề nghị")
    if decision.effects:
        say_effects(decision.effects, catalogue)


def say_effects(effects: Sequence[Effect], catalogue: Catalogue) -> None:
    """Each quarter's points before and after, then the sum over the quarters of units with a set of their own."""
    for each in effects:
        where = f"  {'  ' if each.lower else ''}{each.name}, {Period.parse(each.period).short_label}"
        if each.frozen:
            click.echo(
                f"{where}: đã chốt, giữ nguyên {format_points(each.after)} điểm; {format_count(each.changed)} số liệu đã khác từ khi chốt"
            )
            continue
        moved = ", ".join(f"{one.code} {signed(one.after - one.before)}" for one in each.criteria)
        points = f"{format_points(each.before)} → {format_points(each.after)}/{format_points(each.max_points)} điểm"
        click.echo(f"{where}: {points} ({signed(each.after - each.before)}){f': {moved}' if moved else ''}")
    if not effects:
        click.echo("  Chưa quý nào của năm này có số liệu nên chưa điểm nào thay đổi.")
    else:
        click.echo(f"  Tổng cộng các quý còn mở: {signed(total_change(effects))} điểm")


def signed(points: int) -> str:
    """A change of points with its sign: `+0,5`, `−1,25`, `0`."""
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return sign + format_points(abs(points))


def overview_json(seen: Overview) -> dict[str, object]:
    """What `hue-dti base list --json` prints."""
    return {
        "unit": seen.unit.code,
        "year": seen.year,
        "figures": [
            {
                "unit": each.unit.code,
                "measure": each.measure.code,
                "value": each.value,
                "approved": each.approved is not None,
                "proposal": each.approved.proposal if each.approved is not None else None,
            }
            for standing in seen.standing.values()
            for each in standing
        ],
        "waiting": [proposal_json(each) for batch in seen.waiting for each in batch.proposals],
        "differences": [
            {
                "unit": each.told.unit,
                "measure": each.told.measure,
                "period": str(each.told.period),
                "told": each.told.value,
                "approved": each.approved.value,
                "source": each.told.origin.source,
            }
            for each in seen.differing
        ],
    }


def proposal_json(proposal: Proposal) -> dict[str, object]:
    """A proposal as other programs read it."""
    draft = proposal.draft
    return {
        "number": proposal.number,
        "unit": draft.unit,
        "measure": draft.measure,
        "year": draft.year,
        "value": draft.value,
        "old_value": proposal.old_value,
        "as_of": draft.as_of.isoformat(),
        "document": draft.document,
        "reason": draft.reason,
        "by": proposal.by,
        "at": proposal.at.isoformat(),
        "verdict": proposal.verdict or None,
    }


def effect_json(effects: Sequence[Effect]) -> dict[str, object]:
    """An effect as other programs read it: points as decimal texts."""
    rows = [
        {
            "unit": each.unit,
            "period": each.period,
            "before": points_text(each.before),
            "after": points_text(each.after),
            "max_points": points_text(each.max_points),
            "lower": each.lower,
            "frozen": each.frozen,
            "changed": each.changed,
            "criteria": [{"code": one.code, "before": points_text(one.before), "after": points_text(one.after)} for one in each.criteria],
        }
        for each in effects
    ]
    return {"rows": rows, "total_change": points_text(total_change(effects))}


def _told(proposal: Proposal, units: Mapping[str, OrgUnit], measures: Mapping[str, Measure]) -> str:
    draft = proposal.draft
    unit = units[draft.unit].name if draft.unit in units else draft.unit
    measure = measures.get(draft.measure)
    value = printed(measure, draft.value) if measure is not None else format_count(draft.value)
    old = f"{format_count(proposal.old_value)} → " if proposal.old_value is not None else ""
    name = measure.name if measure is not None else draft.measure
    return f"số {proposal.number}: {unit}, {name} năm {draft.year}: {old}{value}; {draft.document} (đến {format_date(draft.as_of)})"


def _whose(each: Standing) -> str:
    if each.approved is None:
        return "chưa duyệt, nguồn trả" + (f" cho {each.told.period.short_label}" if each.told is not None else "")
    return each.approved.reason
