"""The tables of `hue-dti dti` for people: Vietnamese decimals, rank beside value."""

from __future__ import annotations

from fractions import Fraction

import click
from rich.table import Table

from hue_dti.numerals import format_count, format_percent
from hue_dti.rollup.assess import printed_text
from hue_dti.rollup.model import INDEX, Assessment, RegionRank, Standing, Summary, UnitResult


def ranking(found: Assessment) -> Table:
    """The units in rank order with index, pillars, and growth and regions where they are compared."""
    table = Table(title=found.framework.title, title_justify="left", box=None, pad_edge=False)
    regions = list(dict.fromkeys(each.region for result in found.results for each in result.regions))
    compared = any(result.index.previous is not None for result in found.results)
    table.add_column("Hạng", justify="right")
    table.add_column("Đơn vị", no_wrap=True)
    for name in ("DTI", *(each.name for each in found.pillars)):
        table.add_column(name, justify="right")
    for name in ("Tăng trưởng", "Hạng trước") if compared else ():
        table.add_column(name, justify="right")
    apart = len(regions) > 1 and all(len(result.regions) <= 1 for result in found.results)
    for name in ("Vùng", "Trong vùng") if apart else (f"Hạng {region}" for region in regions):
        table.add_column(name, justify="left" if name == "Vùng" else "right")
    for result in found.results:
        table.add_row(*_cells(result, found.precision, compared), *(_own_region(result) if apart else _in_each(result, regions)))
    return table


def _own_region(result: UnitResult) -> list[str]:
    return [result.regions[0].region, _place(result.regions[0])] if result.regions else ["", ""]


def _in_each(result: UnitResult, regions: list[str]) -> list[str]:
    places = {each.region: _place(each) for each in result.regions}
    return [places.get(name, "") for name in regions]


def _place(each: RegionRank) -> str:
    return f"{each.ranks[INDEX]}/{each.units}"


def _cells(result: UnitResult, digits: int, compared: bool) -> list[str]:
    cells = [str(result.index.rank), result.unit, printed_text(result.index.value, digits)]
    cells += [_with_rank(standing, digits) for standing in result.pillars.values()]
    if compared:
        index = result.index
        cells += [growth_text(index.growth), "–" if index.previous_rank is None else str(index.previous_rank)]
    return cells


def by_main(found: Assessment) -> Table:
    """Value and rank of every main index."""
    table = Table(title="Chỉ số chính: giá trị (hạng)", title_justify="left", box=None, pad_edge=False)
    table.add_column("Đơn vị", no_wrap=True)
    for each in found.main:
        table.add_column(each.name, justify="right")
    for result in found.results:
        table.add_row(result.unit, *(_with_rank(result.main[each.code], found.precision) for each in found.main))
    return table


def tell_summary(found: Assessment) -> None:
    """Means, counts, and how far published values are from computed ones."""
    units = len(found.results)
    halfway = printed_text(found.framework.halfway, 1)
    for each in (found.index, *found.pillars):
        grown = f", tăng trưởng {growth_text(each.growth)}" if each.growth is not None else ""
        click.echo(
            f"{each.name}: trung bình {printed_text(each.mean, found.precision)}{grown}; "
            f"{format_count(each.above_mean)}/{format_count(units)} đơn vị trên trung bình, "
            f"{format_count(each.from_halfway)}/{format_count(units)} từ {halfway} trở lên{_published(each, found.precision)}"
        )
    for names, words in ((found.new, "Không có trong tệp năm trước"), (found.gone, "Chỉ có trong tệp năm trước")):
        if names:
            click.echo(f"{words}: {', '.join(names)}")


def _published(each: Summary, digits: int) -> str:
    if each.furthest is None:
        return ""
    mean = "" if each.published_mean is None else f"; trung bình các giá trị công bố {printed_text(each.published_mean, digits)}"
    return f"{mean}; lệch nhiều nhất so với công bố {printed_text(each.furthest[1], 6)} ({each.furthest[0]})"


def _with_rank(standing: Standing, digits: int) -> str:
    return f"{printed_text(standing.value, digits)} ({standing.rank})"


def growth_text(growth: Fraction | None) -> str:
    """A growth with one decimal: `35,8%`; a dash where there is none."""
    return "–" if growth is None else format_percent(growth, 1)
