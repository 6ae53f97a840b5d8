"""`hue-dti profile`: the general information of units, told in a table and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from hue_dti.cli.common import hand, machine_account, now, unit_option, workplace
from hue_dti.numerals import format_count, format_moment
from hue_dti.reports.target import deliver
from hue_dti.services.profiles import import_profiles, profile_table
from hue_dti.services.units_named import last_spans
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex
from hue_dti.units.profile import HEADINGS, NUMBERS


@click.group()
def profile() -> None:
    """Thông tin chung của đơn vị: địa chỉ, thư điện tử và chức danh phụ trách chuyển đổi số, số xã, thôn, diện tích."""


@profile.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TỆP")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người cập nhật; mặc định là tài khoản đang dùng máy.")
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra tệp, không lưu.")
def import_(file: Path, by: str, dry_run: bool) -> None:
    """Nhập thông tin chung từ tệp CSV (UTF-8) hoặc XLSX; có một ô sai thì không lưu dòng nào."""
    with workplace() as place:
        told = import_profiles(place.storage, file, by, now(), dry_run, hand(by))
    done = "sẽ cập nhật" if dry_run else "đã cập nhật"
    click.echo(f"{file}: {done} {format_count(len(told.new))} đơn vị, {format_count(len(told.unchanged))} đơn vị không đổi")


@profile.command()
@unit_option()
@click.option("--history", is_flag=True, help="In mọi lần cập nhật, cũ nhất trước.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def show(unit_text: str, history: bool, as_json: bool) -> None:
    """Thông tin chung của một đơn vị."""
    with workplace() as place:
        unit = _unit(place.storage.units(), unit_text)
        versions = place.storage.profiles.history(unit)
    shown = versions if history else versions[-1:]
    if as_json:
        told = [{**asdict(each.profile), "by": each.by, "at": each.at.isoformat()} for each in shown]
        click.echo(json.dumps(told if history else next(iter(told), None), ensure_ascii=False, indent=2))
        return
    if not shown:
        click.echo(
            f"{unit.name}: chưa có thông tin chung; lấy biểu mẫu: hue-dti profile template --unit {unit.code} --out thong-tin-chung.csv"
        )
    for each in shown:
        click.echo(f"{unit.name} ({unit.code}), cập nhật lúc {format_moment(each.at)}, người cập nhật: {each.by}")
        for field, heading in HEADINGS.items():
            value = getattr(each.profile, field)
            if value not in ("", None):
                click.echo(f"  {heading}: {format_count(value) if field in NUMBERS else value}")


@profile.command()
@unit_option()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="TỆP.csv", help="Tệp CSV sẽ ghi.")
@click.option("--empty", is_flag=True, help="Để trống mọi ô, kể cả ô đã có thông tin.")
def template(unit_text: str, out: Path, empty: bool) -> None:
    """Biểu mẫu CSV của đơn vị và các đơn vị trực thuộc, điền sẵn thông tin đã có; điền xong nhập lại bằng 'profile import'."""
    with workplace() as place:
        known = last_spans(place.storage.units())
        unit = _unit(known.values(), unit_text)
        below = [each for each in known.values() if _is_under(each, unit, known)]
        place.told("export.made", unit.code, f"thông tin chung: {out.name}")
        deliver(profile_table(place.storage, below, filled=not empty), out)
    click.echo(f"{out}: {format_count(len(below))} đơn vị")


def _unit(units: Iterable[OrgUnit], text: str) -> OrgUnit:
    return NameIndex(last_spans(units).values()).resolve(text)


def _is_under(unit: OrgUnit, top: OrgUnit, known: dict[str, OrgUnit]) -> bool:
    current: OrgUnit | None = unit
    for _ in known:
        if current is None or current.code == top.code:
            return current is not None
        current = known.get(current.parent or "")
    return False


COMMANDS = (profile,)
