"""`hue-dti criteria framework`: the ministry's frameworks, what is known of them and what is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from hue_dti.catalogue.framework_checks import unknown
from hue_dti.catalogue.framework_words import (
    KIND_WORDS,
    SCOPE_WORDS,
    framework_summary,
    known_words,
    points_text,
    points_words,
    years_words,
)
from hue_dti.catalogue.frameworks import Component, Framework
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.scalars import nearest
from hue_dti.cli.criteria import criteria, home, tell
from hue_dti.errors import CatalogueError
from hue_dti.numerals import decimal_text, format_date, format_percent


@criteria.command()
@click.argument("code", required=False, metavar="[MÃ]")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
def framework(code: str | None, as_json: bool) -> None:
    """Khung DTI của bộ: không ghi mã thì liệt kê; có mã thì in chỉ số chính, chỉ số thành phần, tài liệu và chỗ chưa biết."""
    known = frameworks()
    if code is None:
        for each in known.values():
            click.echo(f"{each.code:<26}{SCOPE_WORDS[each.scope]:<10}{each.decision.number:<15}{framework_summary(each)}")
        return
    chosen = chosen_framework(known, code)
    if as_json:
        click.echo(json.dumps(_as_json(chosen), ensure_ascii=False, indent=2))
        return
    _tell_framework(chosen)


def frameworks() -> Mapping[str, Framework]:
    """The installation's frameworks; faults are told as by `criteria check` and end with 1."""
    try:
        return load_frameworks(home())
    except CatalogueError as broken:
        raise SystemExit(tell(broken)) from None


def chosen_framework(known: Mapping[str, Framework], code: str) -> Framework:
    """The framework of this code; wrong use, with the nearest named, when there is none."""
    if code not in known:
        raise click.UsageError(f"Không có khung '{code}'; {nearest(code, tuple(known))}.")
    return known[code]


def _tell_framework(framework: Framework) -> None:
    decision = framework.decision
    click.echo(f"{framework.title} ({framework.code})")
    click.echo(f"Quyết định {decision.number} ngày {format_date(decision.issued_on)}, {decision.issuer}; đo {years_words(framework)}")
    click.echo(framework_summary(framework))
    if framework.note:
        click.echo(framework.note)
    for main in framework.main:
        points = "chỉ để tham khảo" if main.reference_only else f"{points_text(main.max_points)} điểm"
        click.echo(f"\n{main.number}. {main.name} ({main.code}): {points}; {known_words(main)}")
        for component in main.components:
            for line in component.lines:
                click.echo(_line(line))
    for pillar in framework.pillars:
        click.echo(f"\nTrụ cột {pillar.name} ({pillar.code}): {points_text(pillar.max_points)} điểm = {' + '.join(pillar.main)}")
    click.echo("\nTài liệu:")
    for source, name in framework.sources.items():
        click.echo(f"  {source}: {name}")
    for gap in framework.gaps:
        click.echo(f"Chưa biết: {gap}")
    click.echo(f"Viết tại {Path(framework.place[0])}")


def _line(line: Component) -> str:
    target = f", đủ điểm khi đạt {format_percent(line.target, 0)}" if line.target else ""
    focus = f", trọng tâm {', '.join(map(str, line.focus))}" if line.focus else ""
    said = f"[{KIND_WORDS[line.kind]}; điểm {points_words(line)}{target}{focus}; {line.source}]"
    return f"  {line.code:<7}{line.name} {said}"


def _as_json(framework: Framework) -> Mapping[str, object]:
    return {
        "code": framework.code,
        "title": framework.title,
        "scope": framework.scope,
        "decision": framework.decision.number,
        "years": [framework.first_year, framework.last_year],
        "max_points": decimal_text(framework.max_points, 4, trim=True),
        "main_count": framework.main_count,
        "component_count": framework.component_count,
        "computable": framework.computable,
        "complete": framework.complete,
        "unknown": list(unknown(framework)),
        "gaps": list(framework.gaps),
        "main": [
            {
                "code": main.code,
                "name": main.name,
                "max_points": None if main.max_points is None else decimal_text(main.max_points, 4, trim=True),
                "component_count": main.component_count,
                "reference_only": main.reference_only,
                "components": [_component_json(line) for each in main.components for line in each.lines],
            }
            for main in framework.main
        ],
        "pillars": [
            {
                "code": pillar.code,
                "name": pillar.name,
                "max_points": decimal_text(pillar.max_points, 4, trim=True),
                "main": list(pillar.main),
            }
            for pillar in framework.pillars
        ],
        "sources": dict(framework.sources),
    }


def _component_json(line: Component) -> Mapping[str, object]:
    return {
        "code": line.code,
        "name": line.name,
        "kind": line.kind,
        "max_points": None if line.max_points is None else decimal_text(line.max_points, 4, trim=True),
        "points_from": line.points_from,
        "points_note": line.points_note,
        "target": None if line.target is None else decimal_text(line.target, 6),
        "focus": list(line.focus),
        "source": line.source,
    }


COMMANDS: tuple[click.Command, ...] = ()
"""The command hangs on the group `criteria`."""
