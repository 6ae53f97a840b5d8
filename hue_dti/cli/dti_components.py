"""One unit by its components: result, status, points where they can be computed, and what stays open of each main index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction

import click

from hue_dti.catalogue.framework_words import points_text, points_words
from hue_dti.catalogue.frameworks import Framework
from hue_dti.numerals import POINT, decimal_text, format_points, share_text
from hue_dti.reports.lines import STATUS_WORDS
from hue_dti.rollup.components import ComponentResult, MainResult, by_component
from hue_dti.rollup.read_components import ComponentsFile

_CENTS = 2


def tell_components(given: ComponentsFile, framework: Framework, as_json: bool) -> None:
    """Print the unit's components; ends with 1 when published points cannot be right beside what was computed."""
    found = by_component(framework, given.values, given.published)
    if as_json:
        click.echo(json.dumps([_main_json(main) for main in found], ensure_ascii=False, indent=2))
    else:
        for main in found:
            _tell_main(main)
        listed = [line for main in found for each in main.components for line in (each.parts or (each,))]
        computed = sum(line.points is not None for line in listed)
        click.echo(f"\nTính được điểm của {computed}/{len(listed)} dòng; dòng khác chưa biết điểm tối đa hoặc không có tỷ lệ.")
    if not all(main.sound for main in found):
        raise SystemExit(1)


def _tell_main(main: MainResult) -> None:
    published = "" if main.published is None else f"công bố {_points(main.published, _CENTS)}/{points_text(main.main.max_points)}; "
    computed = f"tính được {_points(main.points)}/{_points(main.known_of)} điểm" if main.known_of else "chưa tính được điểm nào"
    click.echo(f"\n{main.main.number}. {main.main.name}: {published}{computed}{_rest_words(main)}")
    for each in main.components:
        for line in each.lines:
            click.echo(f"  {line.component.code:<7}{line.component.name}")
            click.echo(f"         {_words(line)}")


def _rest_words(main: MainResult) -> str:
    if main.rest is None or (main.sound and not (main.known_of and main.open_of)):
        return ""
    rest = f"; phần chưa tính được: {_points(main.rest, _CENTS)}/{_points(main.open_of)} điểm"
    return rest if main.sound else f"{rest} – không thể đúng, hãy xem lại kết quả hoặc điểm tối đa"


def _words(line: ComponentResult) -> str:
    result = line.value.result or "không có số liệu"
    if line.points is not None:
        points = f"{_points(line.points)}/{points_words(line.component, ' điểm')}"
    else:
        points = f"điểm tối đa {points_words(line.component)}"
    advice = f" → {line.value.recommendation}" if line.value.recommendation else ""
    return f"{result} · {status_words(line)} · {points}{advice}"


def status_words(line: ComponentResult) -> str:
    """The status, or why there is none."""
    if line.status is not None:
        return STATUS_WORDS[line.status]
    return "Có số liệu, không có tỷ lệ" if line.value.result else "Chưa có số liệu"


def _points(points: Fraction, digits: int = 4) -> str:
    return format_points(points * POINT, digits)


def _main_json(main: MainResult) -> Mapping[str, object]:
    return {
        "code": main.main.code,
        "name": main.main.name,
        "max_points": _text(main.main.max_points),
        "published": _text(main.published),
        "points": _text(main.points),
        "known_of": _text(main.known_of),
        "rest": _text(main.rest),
        "open_of": _text(main.open_of),
        "sound": main.sound,
        "components": [_line_json(line) for each in main.components for line in each.lines],
    }


def _line_json(line: ComponentResult) -> Mapping[str, object]:
    return {
        "code": line.component.code,
        "name": line.component.name,
        "result": line.value.result,
        "status": None if line.status is None else line.status.slug,
        "share": None if line.earned_share is None else share_text(line.earned_share),
        "points": _text(line.points),
        "max_points": _text(line.component.max_points),
        "points_from": line.component.points_from,
        "recommendation": line.value.recommendation,
    }


def _text(points: Fraction | None) -> str | None:
    return None if points is None else decimal_text(points, 4, trim=True)
