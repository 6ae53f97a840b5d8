"""`hue-dti next`: what wins a unit the most points for the least count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from hue_dti.catalogue.model import Measure
from hue_dti.cli.common import Workplace, now, period_option, workplace
from hue_dti.cli.rollup import ways
from hue_dti.errors import NoSetInForce
from hue_dti.numerals import format_date, format_points
from hue_dti.periods import LOCAL, Period
from hue_dti.reports.steps_xlsx import steps_book
from hue_dti.reports.target import deliver
from hue_dti.services.hosts import host_in, line_of
from hue_dti.services.next_steps import steps_of
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of
from hue_dti.services.roll_up import province_quarter
from hue_dti.steps.model import NextSteps
from hue_dti.steps.province import cheapest
from hue_dti.steps.province_words import doing as percent_doing
from hue_dti.steps.province_words import shown as percents_shown
from hue_dti.steps.province_words import worth as percent_worth
from hue_dti.steps.shown import shown
from hue_dti.steps.words import sentence
from hue_dti.units.model import Level


@click.command("next")
@click.argument("unit_text", metavar="ĐƠN_VỊ")
@period_option()
@click.option("--top", type=click.IntRange(1, 1000), default=10, metavar="SỐ", help="In nhiều nhất bao nhiêu việc; mặc định 10.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
@click.option("--xlsx", "book", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="Ghi thêm bảng Excel.")
def next_(unit_text: str, period: Period, top: int, as_json: bool, book: Path | None) -> None:
    """Việc nên làm tiếp: việc nào được nhiều điểm nhất với ít việc nhất, hạn nào, lên hạng mấy.

    Mọi con số đều được chấm lại đúng cách tính của bộ chỉ số; các đơn vị khác coi như giữ nguyên. Kỳ đã chốt thì tính trên bản chốt,
    việc làm thêm được tính vào kỳ sau. Với tỉnh: thêm một phần trăm của chỉ số thành phần DTI nào thì tốn ít việc nhất.
    """
    with workplace() as place:
        unit = place.unit(unit_text, period)
        if unit.level is Level.PROVINCE:
            if book is not None:
                raise click.UsageError("Bảng Excel chỉ có cho đơn vị được chấm điểm; hãy bỏ --xlsx.")
            _province(place, period, top, as_json)
            return
        host = host_in(place.catalogue, line_of(place.storage.units(), unit.code, period.end), period.end)
        if host is None:
            raise NoSetInForce(f"Không có bộ chỉ số nào chấm điểm {unit.name} trong {period.label}; hãy xem 'hue-dti criteria check'.")
        whole = read(place.storage, place.catalogue, host, period, now())
        if unit.code not in {each.unit for each in (whole.sheet, *whole.lower)}:
            raise NoSetInForce(f"{unit.name} không được chấm điểm riêng trong {period.label}; hãy chọn đơn vị khác, như {host.code}.")
        catalogue = catalogue_of(whole) if whole.head.sha256 else place.catalogue
        found = steps_of(place.storage, whole, catalogue, unit.code, now().astimezone(LOCAL).date())
        if book is not None:
            place.told("export.made", unit.code, f"việc nên làm tiếp {period}: {book.name}")
            deliver(steps_book(found, catalogue.measures, f"{unit.name}, {period.label}: việc nên làm tiếp"), book)
    if as_json:
        click.echo(json.dumps({"period": str(period), **shown(found, catalogue.measures)}, ensure_ascii=False, indent=2))
    else:
        _print(f"{unit.name}, {period.label}", found, catalogue.measures, top)


def _province(place: Workplace, period: Period, top: int, as_json: bool) -> None:
    """Where one more percent of a component is cheapest."""
    measures = place.catalogue.measures
    quarter = province_quarter(place.storage, place.catalogue, ways(place.catalogue), period, now())
    found = cheapest(quarter.roll_up, measures)
    if as_json:
        said = {
            "period": str(period),
            "unit": quarter.province.code,
            "framework": quarter.framework.code,
            "percents": percents_shown(found),
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{quarter.province.name}, {period.label}: thêm một phần trăm của chỉ số thành phần, nhiều điểm nhất cho ít việc nhất đứng trước"
    )
    for each in found[:top]:
        where = ", ".join(part.unit.name for part in quarter.units_of(each.component.code)[:3] if part.missing)
        click.echo(f"  {each.component.code:<6}{percent_doing(each, measures)}: {percent_worth(each)}; thiếu nhiều nhất ở {where}")
    if not found:
        click.echo("Chưa có chỉ số thành phần nào vừa có số đếm ở địa phương, vừa biết điểm tối đa, vừa còn tăng được.")


def _print(title: str, found: NextSteps, measures: Mapping[str, Measure], top: int) -> None:
    place = f", hạng {found.rank}/{found.ranked}" if found.rank is not None and found.ranked > 1 else ""
    click.echo(f"{title}: {format_points(found.points)}/{format_points(found.max_points)} điểm{place}")
    click.echo(f"Việc làm xong chậm nhất {format_date(found.until)} được tính vào {found.counts_in.label}.")
    if found.to_next_rank:
        click.echo("\nĐể lên hạng, một việc là đủ:")
        for step in found.to_next_rank[:top]:
            click.echo(f"  {step.criterion.code:<7}{sentence(step, measures, found.rank)}")
    click.echo("\nTừng việc, nhiều điểm nhất cho ít việc nhất đứng trước:")
    for step in found.steps[:top]:
        click.echo(f"  {step.criterion.code:<7}{sentence(step, measures, found.rank)}")
    click.echo("\nLàm lần lượt:")
    before = found.rank
    for number, step in enumerate(found.path[:top], start=1):
        click.echo(f"  {number:>2}. {step.criterion.code:<7}{sentence(step, measures, before)} → {format_points(step.points)} điểm")
        before = step.rank
    for each in found.lost:
        click.echo(f"Không đề xuất {each.criterion.code} (còn {format_points(each.points)} điểm): {each.reason}")


COMMANDS = (next_,)
