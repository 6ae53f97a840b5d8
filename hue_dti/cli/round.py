"""`hue-dti round`: assessment rounds opened, filled from workbooks, extended, published and checked."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.appraisal.rounds import PHASE_WORDS, Phase, Round, Window
from hue_dti.appraisal.windows import FARTHEST, changes, history, shifted
from hue_dti.cli.common import PeriodParam, Workplace, hand, now, workplace
from hue_dti.cli.framework import frameworks
from hue_dti.cli.rollup import ways
from hue_dti.errors import NumeralError, RoundRefused
from hue_dti.numerals import format_date, format_moment, format_points, parse_date
from hue_dti.periods import LOCAL, Period
from hue_dti.reports.target import deliver
from hue_dti.services.doer import Doer
from hue_dti.services.mail import LETTER_WORDS
from hue_dti.services.plans import outlines
from hue_dti.services.round_days import move, told, written
from hue_dti.services.round_file import form_of, read_form, read_units, round_book
from hue_dti.services.round_offers import OfferBook, period_for
from hue_dti.services.round_opening import open_round, participants
from hue_dti.services.rounds import RoundDesk, desk_of, enter, extend, publish, published
from hue_dti.units.lines import Lines
from hue_dti.units.model import Level
from hue_dti.units.names import NameIndex

_CODE = click.argument("code", metavar="MÃ")
_BY = click.option("--by", default=getpass.getuser, metavar="NGƯỜI", help="Người làm; mặc định là tài khoản đang dùng máy.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Days(click.ParamType[Window]):
    """`24/05/2027-15/06/2027`, both days inclusive."""

    name = "từ-đến"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Window:
        if isinstance(value, Window):
            return value
        try:
            first, last = str(value).split("-")
            return Window(parse_date(first), parse_date(last))
        except (ValueError, NumeralError):
            self.fail("hãy viết hai ngày như 24/05/2027-15/06/2027.", param, ctx)


def _windows(command: Callable[..., Any]) -> Callable[..., Any]:
    for phase in reversed(Phase):
        days = click.option(f"--{phase.value}", type=Days(), required=True, metavar="TỪ-ĐẾN", help=f"Các ngày {PHASE_WORDS[phase]}.")
        command = days(command)
    return command


@click.group("round")
def round_() -> None:
    """Đợt đánh giá: tự đánh giá, thẩm định, giải trình, chốt điểm, công bố theo ngày."""


@round_.command("list")
def list_() -> None:
    """Các đợt đánh giá, mới nhất trước."""
    with workplace() as place:
        today, out = now().astimezone(LOCAL).date(), {each.round: each.number for each in place.storage.rounds.publications()}
        for each in place.storage.rounds.all():
            phases = ", ".join(PHASE_WORDS[phase] for phase in each.phases_on(today)) or "ngoài các bước"
            told = f"công bố lần {out[each.code]}" if each.code in out else "chưa công bố"
            click.echo(f"{each.code:<24}{each.outline:<20}{len(each.units):>4} đơn vị  {phases}; {told}  {each.title}")


@round_.command()
@_CODE
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="TỆP.xlsx", help="Ghi kết quả và mọi dòng điểm ra XLSX.")
def show(code: str, as_json: bool, out: Path | None) -> None:
    """Các bước, hạng và điểm đến lúc này, đơn vị thiếu, nộp muộn, các lần gia hạn."""
    with workplace() as place:
        desk, moves = desk_at(place, code), history(place.storage.rounds.fixed(code))
        letters = place.storage.round_notices.tally(code).values()
    if out is not None:
        deliver(round_book(desk), out)
    if as_json:
        wanted = ("unit", "name", "rank", "points", "self_points", "missing", "late", "reason")
        rows = [{name: getattr(row, name) for name in wanted} for row in desk.results]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for phase, window in ((phase, desk.round.windows[phase]) for phase in Phase):
        click.echo(f"{PHASE_WORDS[phase]:<14}{format_date(window.first)} – {format_date(window.last)}")
    for row in desk.results:
        missing = f"; {row.missing} dòng chưa có điểm" if row.missing else ""
        late = f"; {row.late} dòng nộp muộn" if row.late else ""
        click.echo(f"{row.rank or '–':>4}  {row.name:<32}{format_points(row.points):>10}{missing}{late}")
    for moved in moves:
        click.echo(f"Dời ngày {format_moment(moved.fixed.at)}: {told(moved.phases)}; {moved.fixed.reason}")
    for each in desk.extensions:
        click.echo(f"Gia hạn {PHASE_WORDS[each.phase]} cho {each.unit} đến {format_date(each.until)}: {each.reason}")
    stood = {words: sum(tally.get(state, 0) for tally in letters) for state, words in LETTER_WORDS.items()}
    if any(stood.values()):
        click.echo(f"Thư báo đổi ngày: {', '.join(f'{words} {count}' for words, count in stood.items() if count)}")


@round_.command("open")
@_CODE
@click.option("--title", required=True, metavar="TÊN", help="Tên đợt.")
@click.option("--framework", "outline_code", required=True, metavar="MÃ", help="Mã khung DTI hoặc bộ tiêu chí.")
@click.option("--host", required=True, metavar="MÃ|TÊN", help="Đơn vị tổ chức.")
@click.option("--year", type=int, required=True, metavar="NĂM", help="Năm được đánh giá.")
@click.option("--level", type=click.Choice([Level.DISTRICT.value, Level.COMMUNE.value, Level.AGENCY.value]), help="Mọi đơn vị cấp này.")
@click.option("--units", "units_file", type=_FILE, metavar="TỆP", help="Danh sách CSV hoặc XLSX, cột Mã, Tên; thay cho --level.")
@click.option("--by-group", is_flag=True, help="Chấm cả chỉ số chính hoặc nhóm, không chấm từng thành phần.")
@click.option("--period", type=PeriodParam(), metavar="KỲ", help="Kỳ số liệu để đề xuất điểm; mặc định là quý mới nhất đã qua ngày chốt.")
@_windows
@_BY
def open_(
    code: str,
    title: str,
    outline_code: str,
    host: str,
    year: int,
    level: str | None,
    units_file: Path | None,
    by_group: bool,
    period: Period | None,
    by: str,
    **days: Window,
) -> None:
    """Mở một đợt đánh giá."""
    if (level is None) == (units_file is None):
        raise click.UsageError("Hãy ghi một trong hai: --level CẤP hoặc --units TỆP.")
    with workplace() as place:
        outline = outlines(place.catalogue, frameworks()).get(outline_code)
        if outline is None:
            raise click.UsageError(f"Không có khung hay bộ tiêu chí '{outline_code}'.")
        units, today = place.storage.units(), now().astimezone(LOCAL).date()
        head, lines = NameIndex(units).resolve(host).code, Lines(units, today)
        if units_file is not None:
            chosen = read_units(
                units_file.read_bytes(), units_file.as_posix(), {unit.code: unit.name for unit in units if unit.exists_on(today)}
            )
        else:
            chosen = participants(units, head, Level(level or ""), today, {unit.code: lines.of(unit.code) for unit in units})
        windows = {phase: days[phase.value] for phase in Phase}
        told = str(period or period_for(place.catalogue, year, windows))
        made = open_round(place.storage, outline, code, title, head, year, chosen, windows, doer_at(by, head), (head,), by_group, told)
    counts = f"{len(made.units)} đơn vị, {len(made.lines)} dòng điểm, tối đa {format_points(made.max_points)} điểm"
    click.echo(f"Đã mở {made.code}: {counts}; số liệu của {Period.parse(made.period).label}.")


@round_.command()
@_CODE
@click.option("--unit", required=True, metavar="MÃ", help="Đơn vị trong đợt.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="TỆP.xlsx", help="Tệp mẫu sẽ ghi.")
def template(code: str, unit: str, out: Path) -> None:
    """Mẫu XLSX tự đánh giá của một đơn vị, điền sẵn điểm đã có."""
    with workplace() as place:
        desk = desk_at(place, code)
        offers = OfferBook(place.storage, place.catalogue, ways(place.catalogue), desk.round, now()).of(unit)
        deliver(form_of(desk.sheet(unit) or no_unit(unit), offers), out)
    click.echo(f"Đã ghi {out}")


@round_.command("enter")
@_CODE
@click.argument("file", type=_FILE, metavar="TỆP")
@click.option("--unit", required=True, metavar="MÃ", help="Đơn vị trong đợt.")
@click.option("--confirm", is_flag=True, help="Lưu; không có thì chỉ kiểm tra tệp.")
@_BY
def enter_(code: str, file: Path, unit: str, confirm: bool, by: str) -> None:
    """Nhập điểm tự đánh giá của một đơn vị từ mẫu đã điền; có một ô sai thì không lưu gì."""
    with workplace() as place:
        desk = desk_at(place, code)
        sheet = desk.sheet(unit) or no_unit(unit)
        given = read_form(file.read_bytes(), file.as_posix(), desk.round)
        if not confirm:
            click.echo(f"{len(given)} dòng có điểm; chưa lưu gì, thêm --confirm để lưu.")
            return
        count = enter(place.storage, desk, sheet, given, doer_at(by, desk.round.host), (unit, desk.round.host))
    click.echo(f"Đã ghi {count} dòng của {sheet.unit.name}.")


@round_.command("extend")
@_CODE
@click.option("--unit", required=True, metavar="MÃ", help="Đơn vị được gia hạn.")
@click.option("--phase", type=click.Choice([phase.value for phase in Phase]), required=True, help="Bước được gia hạn.")
@click.option("--until", required=True, metavar="NGÀY", help="Đến hết ngày (ngày/tháng/năm).")
@click.option("--reason", required=True, metavar="LÝ DO", help="Vì sao.")
@_BY
def extend_(code: str, unit: str, phase: str, until: str, reason: str, by: str) -> None:
    """Gia hạn riêng một bước cho một đơn vị."""
    with workplace() as place:
        desk, day = desk_at(place, code), _day(until)
        extend(place.storage, desk, unit, Phase(phase), day, reason, doer_at(by, desk.round.host), (desk.round.host,))
    click.echo(f"Đã gia hạn {PHASE_WORDS[Phase(phase)]} cho {unit} đến hết {format_date(day)}.")


def _some_windows(command: Callable[..., Any]) -> Callable[..., Any]:
    for phase in reversed(Phase):
        days = click.option(f"--{phase.value}", type=Days(), metavar="TỪ-ĐẾN", help=f"Các ngày {PHASE_WORDS[phase]} mới.")
        command = days(command)
    return command


@round_.command("move")
@_CODE
@click.option("--days", "shift", type=click.IntRange(-FARTHEST, FARTHEST), metavar="SỐ", help="Mọi ngày chưa qua lùi lại bao nhiêu ngày.")
@_some_windows
@click.option("--reason", required=True, metavar="LÝ DO", help="Vì sao.")
@_BY
def move_(code: str, shift: int | None, reason: str, by: str, **days: Window | None) -> None:
    """Dời ngày của cả đợt, hoặc của từng bước; ngày cũ vẫn xem được."""
    if (shift is None) == (not any(days.values())):
        raise click.UsageError("Hãy ghi một trong hai: --days SỐ cho cả đợt, hoặc ngày mới của từng bước.")
    with workplace() as place:
        desk = desk_at(place, code)
        doer, old = doer_at(by, desk.round.host), desk.round.windows
        if shift is not None:
            windows = shifted(old, shift, doer.today, written(desk))
        else:
            windows = {phase: days[phase.value] or old[phase] for phase in Phase}
        made = move(place.storage, desk, windows, reason, doer, (desk.round.host,))
    click.echo(f"Đã dời lần {made.number}: {told(changes(old, made.windows))}.")


@round_.command("publish")
@_CODE
@click.option("--reason", default="", metavar="LÝ DO", help="Bắt buộc từ lần công bố thứ hai.")
@_BY
def publish_(code: str, reason: str, by: str) -> None:
    """Chốt kết quả đến lúc này thành bản công bố."""
    with workplace() as place:
        desk = desk_at(place, code)
        made = publish(place.storage, desk, reason, doer_at(by, desk.round.host), (desk.round.host,))
    click.echo(f"Đã công bố lần {made.number}: {made.sha256}")


@round_.command()
@_CODE
def verify(code: str) -> None:
    """Kiểm tra mọi bản công bố của đợt: mã SHA-256 và tổng điểm; có bản sai thì mã thoát là 1."""
    with workplace() as place:
        for each in place.storage.rounds.publications(_round(place, code).code):
            told = published(place.storage, code, each.number) or {}
            ranked = sum(row["rank"] is not None for row in told["results"])
            click.echo(f"Lần {each.number}, {format_moment(each.at)}: nguyên vẹn, {ranked} đơn vị có hạng; {each.sha256}")


def _round(place: Workplace, code: str) -> Round:
    found = place.storage.rounds.find(code)
    if found is None:
        raise RoundRefused(f"Không có đợt đánh giá '{code}'; xem: hue-dti round list")
    return found


def desk_at(place: Workplace, code: str) -> RoundDesk:
    """The round with all its marks; RoundRefused without one."""
    return desk_of(place.storage, _round(place, code), frameworks())


def doer_at(by: str, host: str) -> Doer:
    """Who sits at this machine may do what the host's people may."""
    roles = (Role.APPRAISER, Role.APPROVER, Role.OFFICER)
    return Doer(Actor(by, by, "", tuple(Grant(role, host) for role in roles)), now(), hand(by).address)


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except NumeralError as fault:
        raise click.BadParameter(str(fault), param_hint="--until") from None


def no_unit(unit: str) -> Any:
    """Refuse a unit that is not in the round."""
    raise RoundRefused(f"Đợt đánh giá không có đơn vị '{unit}'; hãy ghi mã như trong: hue-dti round show MÃ --json")


COMMANDS = (round_,)
