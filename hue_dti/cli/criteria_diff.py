"""`hue-dti criteria diff`: two sets beside each other, and on the same figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click
from rich.table import Table

from hue_dti.catalogue.difference import Difference
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.scalars import nearest
from hue_dti.cli.common import console, period_option, workplace
from hue_dti.cli.criteria import criteria, home, tell
from hue_dti.errors import CatalogueError
from hue_dti.numerals import format_count, format_percent, format_points, points_text, share_text
from hue_dti.periods import Period
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.criteria_diff import Chosen, Compared, Effect, chosen, compare_sets, drafted_file, share_of


@criteria.command()
@click.argument("old", metavar="BỘ_CŨ")
@click.argument("new", metavar="BỘ_MỚI")
@period_option(required=False)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def diff(old: str, new: str, period: Period | None, as_json: bool) -> None:
    """So sánh hai bộ chỉ số: lời nào đổi; có --period thì chấm cùng số liệu đã chốt xem ai được, ai mất.

    BỘ là mã bộ chỉ số của hệ thống hoặc tệp YAML còn đang soạn. Tiêu chí được ghép theo succeeds ghi ở bộ mới, rồi theo mã.
    """
    with ExitStack() as stack:
        place = stack.enter_context(workplace()) if period is not None else None
        try:
            catalogue = place.catalogue if place is not None else load_catalogue(home())
            compared = compare_sets(place.storage if place else None, _set(catalogue, old), _set(catalogue, new), period)
        except CatalogueError as broken:
            raise SystemExit(tell(broken)) from None
    if as_json:
        click.echo(json.dumps(shown(compared), ensure_ascii=False, indent=2))
    else:
        _print_words(compared.words)
        _print_effects(compared)


def _set(catalogue: Catalogue, said: str) -> Chosen:
    found = chosen(catalogue, said)
    if found is not None:
        return found
    path = Path(said)
    if path.is_file():
        return drafted_file(catalogue, path)
    raise click.UsageError(f"Không có bộ chỉ số hay tệp '{said}'; {nearest(said, tuple(catalogue.sets))}.")


def shown(compared: Compared) -> Mapping[str, object]:
    """The comparison for other programs."""
    words = compared.words
    return {
        "old": words.old.code,
        "new": words.new.code,
        "set": [{"what": told.what, "old": told.old, "new": told.new} for told in words.of_set],
        "criteria": [
            {
                "code": pair.new.code,
                "old": [each.code for each in pair.old],
                "changes": [{"what": told.what, "old": told.old, "new": told.new} for told in pair.changes],
                "doubt": pair.doubt,
            }
            for pair in words.changed
        ],
        "added": [each.code for each in words.added],
        "removed": [each.code for each in words.removed],
        "unknown_succession": [{"code": code, "succeeds": gone} for code, gone in words.unknown],
        "period": str(compared.period) if compared.period else None,
        "gaining": compared.gaining,
        "losing": compared.losing,
        "units": [_unit(each) for each in compared.effects],
        "refused": list(compared.refused),
    }


def _unit(each: Effect) -> Mapping[str, object]:
    return {
        "unit": each.unit.code,
        "region": each.region.code,
        "old": {**_sheet(each.old), "rank": each.old_rank},
        "new": {**_sheet(each.new), "rank": each.new_rank},
        "change": share_text(each.change),
    }


def _sheet(sheet: ScoreSheet) -> Mapping[str, object]:
    total = sheet.total
    return {"points": points_text(total.points), "max_points": points_text(total.max_points), "share": share_text(share_of(sheet))}


def _print_words(words: Difference) -> None:
    click.echo(f"{words.old.code} → {words.new.code}")
    for told in words.of_set:
        click.echo(f"  {told.what}: {told.old} → {told.new}")
    for pair in words.changed:
        click.echo(f"{', '.join(each.code for each in pair.old)} → {pair.new.code}  {pair.new.name}")
        for told in pair.changes:
            click.echo(f"    {told.what}: {told.old} → {told.new}")
        if pair.doubt:
            click.echo(f"    Chú ý: {pair.doubt}")
    for each in words.added:
        click.echo(f"Thêm {each.code}  {each.name}")
    for each in words.removed:
        click.echo(f"Bỏ {each.code}  {each.name}")
    for code, gone in words.unknown:
        click.echo(f"Chú ý: {code} ghi nối tiếp {gone} nhưng bộ cũ không có mã này")
    if not (words.of_set or words.changed or words.added or words.removed):
        click.echo("Hai bộ giống nhau từng chữ.")


def _print_effects(compared: Compared) -> None:
    if compared.period is None:
        return
    if compared.words.old.level is not compared.words.new.level:
        click.echo("Hai bộ dành cho hai cấp khác nhau nên không chấm chung số liệu được.")
        return
    if not compared.effects:
        click.echo(f"{compared.period.label} chưa có quý nào được chốt cho cấp này; hãy chốt rồi so sánh lại.")
        return
    count = format_count(len(compared.effects))
    click.echo(
        f"\nTrên số liệu đã chốt {compared.period.label}: {count} đơn vị, {format_count(compared.gaining)} được, "
        f"{format_count(compared.losing)} mất"
    )
    table = Table("Đơn vị", "Bộ cũ", "Bộ mới", "Tỷ lệ cũ", "Tỷ lệ mới", "Hạng cũ", "Hạng mới")
    for each in compared.effects:
        points = (f"{format_points(sheet.total.points, 2)}/{format_points(sheet.total.max_points)}" for sheet in (each.old, each.new))
        shares = (format_percent(share_of(sheet)) for sheet in (each.old, each.new))
        table.add_row(each.unit.name, *points, *shares, *(str(rank or "–") for rank in (each.old_rank, each.new_rank)))
    console().print(table)
    for told in compared.refused:
        click.echo(f"Không chấm được: {told}", err=True)


COMMANDS = (criteria,)
