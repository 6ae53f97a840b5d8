"""`hue-dti template`: the form of a quarter as an Excel file, for a unit and those below it."""

from __future__ import annotations

from pathlib import Path

import click

from hue_dti.cli.common import now, period_option, unit_option, workplace
from hue_dti.periods import Period
from hue_dti.reports.target import deliver
from hue_dti.services.entry_sheet import form_of
from hue_dti.units.tree import build_tree


@click.command()
@unit_option()
@period_option()
@click.option("--only", is_flag=True, help="Chỉ riêng đơn vị này, không kèm đơn vị trực thuộc.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="TỆP", help="Tệp .xlsx sẽ ghi.")
def template(unit_text: str, period: Period, only: bool, out: Path) -> None:
    """Biểu mẫu nhập số liệu của một quý: mỗi dòng một số liệu của một đơn vị, chỉ ô cần điền mới sửa được."""
    with workplace() as place:
        unit = place.unit(unit_text, period)
        tree = build_tree(place.storage.units(), period.end, unit.code)
        codes = [unit.code] if only else [each.code for each in tree.units]
        place.told("export.made", unit.code, f"biểu mẫu {period}: {out.name}")
        deliver(form_of(place.storage, place.catalogue, codes, period, now()), out)
    click.echo(f"Đã ghi {out}")


COMMANDS = (template,)
