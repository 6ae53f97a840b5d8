"""`hue-dti base`: base figures, proposed by one person and approved by another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hue_dti.cli.base_words import effect_json, overview_json, proposal_json, say_decision, say_effects, say_overview
from hue_dti.cli.common import Workplace, hand, machine_account, now, period_option, unit_option, workplace
from hue_dti.numerals import format_count
from hue_dti.observations.base import Decision
from hue_dti.periods import Period, PeriodKind
from hue_dti.reports.target import deliver
from hue_dti.services import base as act
from hue_dti.services.base_effect import effects_of
from hue_dti.services.base_overview import Overview, overview, template_of
from hue_dti.units.names import NameIndex

MOST_AT_ONCE = 5_000


@click.group()
def base() -> None:
    """Số liệu nền (hộ, dân số, công chức, thôn …) theo đơn vị và năm: người này đề nghị, người khác duyệt rồi mới được dùng."""


def by_option(what: str) -> Callable[[Any], Any]:
    """`--by`: who acts."""
    return click.option("--by", default=machine_account, metavar="NGƯỜI", help=f"{what}; mặc định là tài khoản đang dùng máy.")


year_option = click.option("--year", type=click.IntRange(1000, 9999), required=True, metavar="NĂM", help="Năm của số liệu, như 2024.")
json_option = click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")


class NumbersParam(click.ParamType[tuple[int, ...]]):
    """A proposal's number, or a span of them: `7`, `1-118`."""

    name = "số đề nghị"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        span = re.fullmatch(r"([1-9][0-9]{0,8})(?:[-–]([1-9][0-9]{0,8}))?", str(value))
        if span is None:
            self.fail(f"'{value}' không phải số đề nghị; hãy viết như 7 hoặc 1-118.", param, ctx)
        first, last = int(span[1]), int(span[2] or span[1])
        if not 0 <= last - first < MOST_AT_ONCE:
            self.fail(f"'{value}' không phải một khoảng số đề nghị; hãy viết từ nhỏ đến lớn, không quá {MOST_AT_ONCE} số.", param, ctx)
        return tuple(range(first, last + 1))


def _all_numbers(ctx: click.Context, param: click.Parameter, spans: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for span in spans for number in span))


numbers_argument = click.argument("numbers", nargs=-1, required=True, type=NumbersParam(), callback=_all_numbers, metavar="SỐ_ĐỀ_NGHỊ...")


@base.command()
@unit_option()
@click.option("--measure", required=True, metavar="SỐ_LIỆU", help="Mã hoặc tên số liệu nền, như households.")
@year_option
@click.option("--value", required=True, metavar="GIÁ_TRỊ", help="Con số đề nghị, như 7.258.")
@click.option("--as-of", required=True, metavar="NGÀY", help="Văn bản tính đến ngày nào, như 31/12/2023.")
@click.option("--document", required=True, metavar="VĂN_BẢN", help="Số, ký hiệu, ngày của văn bản có con số này.")
@click.option("--reason", default="", metavar="LÝ_DO", help="Vì sao đề nghị.")
@by_option("Người đề nghị")
def propose(unit_text: str, measure: str, year: int, value: str, as_of: str, document: str, reason: str, by: str) -> None:
    """Đề nghị một số liệu nền; chưa được dùng cho đến khi người khác duyệt."""
    cells = {"measure": measure, "year": str(year), "value": value, "as_of": as_of, "document": document, "reason": reason}
    with workplace() as place:
        say_proposed(act.propose_one(place.storage, place.catalogue, cells | {"unit": unit_text}, by, now(), hand(by)))


@base.command()
@unit_option()
@period_option()
@by_option("Người đề nghị")
def adopt(unit_text: str, period: Period, by: str) -> None:
    """Đề nghị dùng đúng số mà các nguồn đã trả cho một kỳ, của đơn vị và mọi đơn vị trực thuộc; người khác vẫn phải duyệt."""
    with workplace() as place:
        say_proposed(act.propose_pulled(place.storage, place.catalogue, place.unit(unit_text, period), period, by, now(), hand(by)))


@base.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TỆP")
@by_option("Người đề nghị")
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra tệp, không lưu.")
def import_(file: Path, by: str, dry_run: bool) -> None:
    """Đề nghị mọi dòng của tệp CSV (UTF-8) hoặc XLSX; có một ô sai thì không lưu dòng nào."""
    with workplace() as place:
        done = act.propose_file(place.storage, place.catalogue, file, by, now(), dry_run, hand(by))
    if dry_run:
        click.echo(f"{file}: đọc được; {format_count(done.known)} dòng đã có, không lưu gì")
    else:
        say_proposed(done)


@base.command()
@unit_option()
@year_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="TỆP.csv", help="Tệp CSV sẽ ghi.")
def template(unit_text: str, year: int, out: Path) -> None:
    """Biểu mẫu CSV cho đơn vị và các đơn vị trực thuộc, điền sẵn số đang dùng; điền xong nhập bằng 'base import'."""
    with workplace() as place:
        seen = _overview(place, unit_text, year)
        place.told("export.made", subject=f"số liệu nền {year}: {out.name}")
    rows = sum(len(standing) for standing in seen.standing.values())
    deliver(template_of(seen, year), out)
    click.echo(f"{out}: {format_count(rows)} dòng; hãy điền 'Số liệu đến ngày' và 'Văn bản', xóa dòng không đề nghị")


@base.command("list")
@unit_option()
@year_option
@json_option
def list_(unit_text: str, year: int, as_json: bool) -> None:
    """Số đang dùng, đề nghị đang chờ, và chỗ nguồn trả khác số đã duyệt."""
    with workplace() as place:
        seen = _overview(place, unit_text, year)
    if as_json:
        click.echo(json.dumps(overview_json(seen), ensure_ascii=False, indent=2))
    else:
        say_overview(seen)


@base.command()
@numbers_argument
@by_option("Người duyệt, phải khác người đề nghị")
@click.option("--reason", default="", metavar="LÝ_DO", help="Vì sao duyệt.")
@json_option
def approve(numbers: tuple[int, ...], by: str, reason: str, as_json: bool) -> None:
    """Duyệt các đề nghị cùng một lúc và in điểm của từng quý còn mở trước và sau; quý đã chốt giữ nguyên điểm."""
    with workplace() as place:
        decision = act.approve(place.storage, place.catalogue, numbers, by, now, reason, hand(by))
        say(place, decision, as_json)


@base.command()
@numbers_argument
@by_option("Người từ chối hoặc rút lại")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Vì sao từ chối.")
@json_option
def reject(numbers: tuple[int, ...], by: str, reason: str, as_json: bool) -> None:
    """Từ chối các đề nghị; người đề nghị dùng lệnh này để rút lại."""
    with workplace() as place:
        say(place, act.reject(place.storage, numbers, by, now, reason, hand(by)), as_json)


@base.command()
@numbers_argument
@json_option
def effect(numbers: tuple[int, ...], as_json: bool) -> None:
    """Xem trước: nếu duyệt các đề nghị này thì điểm của từng quý thay đổi thế nào; không lưu gì."""
    with workplace() as place:
        found = effects_of(place.storage, place.catalogue, act.waiting(place.storage, numbers), now())
        if as_json:
            click.echo(json.dumps(effect_json(found), ensure_ascii=False, indent=2))
        else:
            say_effects(found, place.catalogue)


@base.command()
@unit_option()
@year_option
@json_option
def log(unit_text: str, year: int, as_json: bool) -> None:
    """Nhật ký: ai duyệt hay từ chối gì, số cũ, số mới, vì sao, và điểm thay đổi thế nào."""
    with workplace() as place:
        decisions = _overview(place, unit_text, year).decisions
        if as_json:
            click.echo(json.dumps([decision_json(each) for each in decisions], ensure_ascii=False, indent=2))
            return
        for decision in decisions:
            say_decision(decision, place.catalogue, place.storage.units())
        if not decisions:
            click.echo("Chưa có đề nghị nào được duyệt hay từ chối.")


def say(place: Workplace, decision: Decision, as_json: bool) -> None:
    """Print an act as it was stored."""
    if as_json:
        click.echo(json.dumps(decision_json(decision), ensure_ascii=False, indent=2))
    else:
        say_decision(decision, place.catalogue, place.storage.units())


def say_proposed(done: act.Proposed) -> None:
    """Print what a proposal did, and what comes next."""
    if done.numbers:
        span = str(done.numbers[0]) if len(done.numbers) == 1 else f"{done.numbers[0]}–{done.numbers[-1]}"
        click.echo(f"Đã ghi {format_count(len(done.numbers))} đề nghị (số {span}), chưa dùng để tính điểm.")
        click.echo("Người khác duyệt bằng 'hue-dti base approve SỐ --by …'; xem trước bằng 'hue-dti base effect SỐ'.")
    if done.known:
        click.echo(f"{format_count(done.known)} số đã được duyệt hoặc đang chờ duyệt đúng như vậy nên không ghi thêm.")


def decision_json(decision: Decision) -> dict[str, object]:
    """An act as other programs read it."""
    return {
        "number": decision.number,
        "verdict": decision.verdict,
        "by": decision.by,
        "at": decision.at.isoformat(),
        "reason": decision.reason,
        "proposals": [proposal_json(each) for each in decision.proposals],
        "effects": effect_json(decision.effects),
    }


def _overview(place: Workplace, unit_text: str, year: int) -> Overview:
    period = Period(year, PeriodKind.YEAR)
    there = [unit for unit in place.storage.units() if unit.exists_on(period.end)] or [
        unit for unit in place.storage.units() if unit.exists_on(period.start)
    ]
    return overview(place.storage, place.catalogue, NameIndex(there).resolve(unit_text), year)


COMMANDS = (base,)
