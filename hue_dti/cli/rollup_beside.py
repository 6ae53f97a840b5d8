"""Two quarters of the province beside each other, in a terminal and for machines."""

from __future__ import annotations

from rich.table import Table

from hue_dti.catalogue.rollup_words import STATE_WORDS
from hue_dti.cli.common import console
from hue_dti.numerals import format_count, format_date, format_percent, share_text
from hue_dti.rollup.beside import TOO_FEW, Pair
from hue_dti.rollup.province import Line
from hue_dti.services.two_quarters import TwoQuarters


def beside_as_json(two: TwoQuarters) -> dict[str, object]:
    """Both periods, the events between them, and each component; `change` is null across a break."""
    events = [
        {"number": each.number, "effective_on": each.effective_on.isoformat(), "resolution": each.resolution.number} for each in two.events
    ]
    return {
        "then": str(two.then.period),
        "now": str(two.now.period),
        "events": events,
        "components": [_pair(pair) for pair in two.pairs],
    }


def print_beside(two: TwoQuarters) -> None:
    """The table with a mark at every line that breaks."""
    out = console()
    for event in two.events:
        out.print(f"┆ Vạch ngắt {format_date(event.effective_on)}: {event.title} ({event.resolution.number})")
    table = Table("Mã", "Chỉ số", two.then.period.label, two.now.period.label, "Thay đổi (điểm %)")
    for column in (2, 3):
        table.columns[column].justify = "right"
    for pair in two.pairs:
        table.add_row(pair.now.component.code, pair.now.component.name, _said(pair.then), _said(pair.now), _moved(pair))
    out.print(table)
    out.print("Dấu ~ là tạm tính từ số của một phần đơn vị; chỗ ngắt thì hai con số không trừ cho nhau.")


def _pair(pair: Pair) -> dict[str, object]:
    def share(line: Line) -> str | None:
        return None if line.share is None else share_text(line.share)

    change = None if pair.change is None else share_text(pair.change)
    return {
        "code": pair.now.component.code,
        "then": share(pair.then),
        "now": share(pair.now),
        "change": change,
        "provisional": pair.provisional,
        "too_few": pair.too_few,
        "broken": pair.broken or None,
    }


def _said(line: Line) -> str:
    if line.share is None:
        return STATE_WORDS[line.state.value]
    units = ""
    if line.uses == "local" and line.local is not None:
        units = f" ({format_count(line.local.coverage.have)}/{format_count(line.local.coverage.expected)} đơn vị)"
    return format_percent(line.share) + units


def _moved(pair: Pair) -> str:
    if pair.broken:
        return f"┆ ngắt: {pair.broken}"
    if pair.change is None:
        return TOO_FEW if pair.too_few else "–"
    sign = "+" if pair.change > 0 else "−" if pair.change < 0 else ""
    return ("~ " if pair.provisional else "") + sign + format_percent(abs(pair.change)).removesuffix("%")
