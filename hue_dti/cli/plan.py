"""`hue-dti plan`: read an improvement plan, see what each unit answers for, hand it on as a workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from hue_dti.accounts.model import Actor
from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.outline import outline_of
from hue_dti.catalogue.scalars import nearest
from hue_dti.cli.common import hand, machine_account, now, unit_option, workplace
from hue_dti.cli.framework import chosen_framework, frameworks
from hue_dti.collation import fold
from hue_dti.errors import PlanRefused
from hue_dti.numerals import format_date
from hue_dti.periods import LOCAL
from hue_dti.plans.cells import RANK
from hue_dti.plans.model import Plan, PlanKey, PlanLine
from hue_dti.plans.progress import counts
from hue_dti.plans.targets import TargetKind
from hue_dti.reports.target import deliver
from hue_dti.services.doer import Doer
from hue_dti.services.plan_file import plan_book, plan_table, read_plan
from hue_dti.services.plan_paper import FORMATS, paper_bytes, paper_of
from hue_dti.services.plans import FIRST_YEAR, LAST_YEAR, keep_plan, obligations_of, outlines, preview, usual_title
from hue_dti.units.names import NameIndex

KIND_WORDS = {
    TargetKind.AT_LEAST: "đạt số",
    TargetKind.RANK: "xếp hạng",
    TargetKind.KEEP: "duy trì",
    TargetKind.GROW: "tăng trưởng",
    TargetKind.DONE: "có",
    TargetKind.NOT_AIMED: "không đặt chỉ tiêu",
    TargetKind.WORDS: "bằng lời",
    TargetKind.OPEN: "chưa đặt",
}
_OPEN = KIND_WORDS[TargetKind.OPEN]
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP")
_FRAMEWORK = click.option("--framework", "code", default="province-922", show_default=True, metavar="MÃ", help="Khung của kế hoạch.")


@click.group()
def plan() -> None:
    """Kế hoạch cải thiện DTI: đọc, xem việc của từng đơn vị, xuất XLSX."""


@plan.command()
@_FILE
@_FRAMEWORK
@click.option("--unit", metavar="TÊN", help="Chỉ in việc của một đơn vị: chủ trì và phối hợp.")
@click.option("--focus", type=int, metavar="NĂM", help="Chỉ in chỉ số thành phần bộ đề nghị tập trung trong năm ấy.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
def show(file: Path, code: str, unit: str | None, focus: int | None, as_json: bool) -> None:
    """Kiểm tra và in một kế hoạch (CSV hoặc XLSX); mỗi lỗi một dòng tệp:dòng, có lỗi thì mã thoát là 1."""
    framework = chosen_framework(frameworks(), code)
    read = read_plan(file, outline_of(framework))
    lines = [line for line in read.lines if focus is None or line.code in _focused(framework, focus)]
    name = None if unit is None else _unit(unit, read)
    if name is not None:
        lines = [line for line in lines if name in (*line.lead, *line.coordinating)]
    if as_json:
        click.echo(json.dumps([_line_json(line) for line in lines], ensure_ascii=False, indent=2))
        return
    if name is None and focus is None:
        _tell_groups(read, framework)
    _tell_lines(lines, framework, name)
    _tell_counts(lines)
    if focus is not None and name is None:
        _tell_lacking(read, framework, focus)


@plan.command()
@_FILE
@_FRAMEWORK
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="TỆP", help="Tệp .xlsx hoặc .csv.")
def export(file: Path, code: str, target: Path) -> None:
    """Ghi kế hoạch ra XLSX hoặc CSV cùng các cột, đọc lại được; mã chỉ số thành phần đã nhận ra được điền vào."""
    framework = chosen_framework(frameworks(), code)
    writers = {".xlsx": plan_book, ".csv": plan_table}
    if target.suffix.lower() not in writers:
        raise click.BadParameter("hãy đặt tên tệp đuôi .xlsx hoặc .csv.", param_hint="--out")
    read = read_plan(file, outline_of(framework))
    deliver(writers[target.suffix.lower()](read, outline_of(framework)), target)
    click.echo(f"Đã ghi {target}: {len(read.lines)} chỉ tiêu.")


@plan.command("import")
@_FILE
@_FRAMEWORK
@unit_option()
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), required=True, metavar="NĂM", help="Năm của kế hoạch.")
@click.option("--title", metavar="TÊN", help="Tên kế hoạch; mặc định như bản đang lưu.")
@click.option("--reason", default="", metavar="LÝ DO", help="Vì sao đổi so với bản đang lưu; bắt buộc từ bản thứ hai.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người lưu; mặc định là tài khoản đang dùng máy.")
@click.option("--confirm", is_flag=True, help="Lưu; không có thì chỉ in sẽ đổi gì.")
def import_(file: Path, code: str, unit_text: str, year: int, title: str | None, reason: str, by: str, confirm: bool) -> None:
    """So một tệp kế hoạch với bản đang lưu, rồi lưu làm bản mới khi có --confirm; có một ô sai thì không lưu gì."""
    with workplace() as place:
        outline = outlines(place.catalogue, frameworks()).get(code)
        if outline is None:
            raise click.UsageError(f"Không có khung hay bộ tiêu chí '{code}'.")
        key = PlanKey(NameIndex(place.storage.units()).resolve(unit_text).code, outline.code, year)
        doer = Doer(Actor(by, by, "", ()), now(), hand(by).address)
        found = preview(place.storage, key, read_plan(file, outline), doer.today)
        click.echo(f"{len(found.new)} chỉ tiêu mới, {len(found.changed)} đổi, {len(found.gone)} bỏ, {found.same} không đổi.")
        if found.open:
            click.echo(f"{found.open} chỉ tiêu để trống cả phấn đấu lẫn đơn vị chủ trì: giữ lại là chưa đặt.")
        if found.unknown:
            click.echo(f"Chưa gắn với đơn vị nào: {'; '.join(found.unknown)}")
        if not confirm:
            click.echo("Chưa lưu gì; thêm --confirm để lưu.")
            return
        named = title or (found.before.title if found.before else usual_title(year))
        kept = keep_plan(place.storage, key, named, found.plan, reason, doer, found.before.number if found.before else 0)
    click.echo(f"Đã lưu bản {kept.number}: {kept.title}, {len(kept.plan.lines)} chỉ tiêu; mã bản {kept.sha256}")


@plan.command("list")
def list_() -> None:
    """Các kế hoạch đang lưu, mỗi kế hoạch một dòng với số việc chậm, đang làm, chưa bắt đầu, xong."""
    with workplace() as place:
        today = now().astimezone(LOCAL).date()
        for each in place.storage.plans.newest():
            told = counts(obligations_of(place.storage, each), today)
            standing = f"{told['behind']} chậm, {told['doing']} đang làm, {told['not_started']} chưa bắt đầu, {told['done']} xong"
            click.echo(f"{each.key.unit:<8}{each.key.framework:<20}{each.key.year}  bản {each.number}  {standing}  {each.title}")


@plan.command("print")
@_FRAMEWORK
@unit_option()
@click.option("--year", type=int, required=True, metavar="NĂM", help="Năm của kế hoạch.")
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="TỆP", help="Tệp .pdf hoặc .docx.")
def print_(code: str, unit_text: str, year: int, target: Path) -> None:
    """In kế hoạch đang lưu thành văn bản (thể thức Nghị định 30/2020), kèm phụ lục xếp hạng và phân công."""
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise click.BadParameter("hãy đặt tên tệp đuôi .pdf hoặc .docx.", param_hint="--out")
    with workplace() as place:
        known = frameworks()
        key = PlanKey(NameIndex(place.storage.units()).resolve(unit_text).code, code, year)
        version = place.storage.plans.find(key)
        outline = outlines(place.catalogue, known).get(code)
        if version is None or outline is None:
            raise PlanRefused(f"Chưa lưu kế hoạch nào của {key.unit} theo {code}, năm {year}; xem: hue-dti plan list")
        place.told("export.made", key.unit, f"kế hoạch {code} {year}: {target.name}")
        deliver(paper_bytes(paper_of(place.storage, version, outline, known), kind, place.settings.report_fonts), target)
    click.echo(f"Đã ghi {target}")


def _focused(framework: Framework, year: int) -> frozenset[str]:
    found = frozenset(line.code for each in framework.components if year in each.focus for line in each.lines)
    if not found:
        raise click.BadParameter(f"khung {framework.code} không có danh mục trọng tâm năm {year}.", param_hint="--focus")
    return found


def _unit(text: str, read: Plan) -> str:
    known = {fold(name): name for name in read.units()}
    if fold(text) not in known:
        raise click.BadParameter(f"kế hoạch không có đơn vị '{text}'; {nearest(text, read.units())}.", param_hint="--unit")
    return known[fold(text)]


def _tell_groups(read: Plan, framework: Framework) -> None:
    names = {main.code: main.name for main in framework.main}
    for wanted in read.groups:
        click.echo(f"{names.get(wanted.group, RANK)}: {wanted.target.words or _OPEN}{f' (nay: {wanted.result})' if wanted.result else ''}")


def _tell_lines(lines: Sequence[PlanLine], framework: Framework, unit: str | None) -> None:
    for main in framework.main:
        of_main = [line for line in lines if line.group == main.code]
        if of_main:
            click.echo(f"\n{main.number}. {main.name}")
        for line in of_main:
            click.echo(f"  {line.number or '–':>3}  {line.name}{f' [{line.code}]' if line.code else ''}")
            click.echo(f"       {line.result or 'chưa có kết quả'} → {line.target.words or _OPEN}{_standing(line)}")
            part = "chủ trì" if unit in line.lead else "phối hợp"
            people = f"{'; '.join(line.lead) or 'chưa giao'}" if unit is None else part
            click.echo(f"       {people}{_by(line)}")


def _standing(line: PlanLine) -> str:
    reached = {True: " · đã đạt", False: " · chưa đạt", None: ""}[line.reached]
    return f"{reached}{f' · hoãn: {line.deferral}' if line.deferral else ''}"


def _by(line: PlanLine) -> str:
    return f", hạn {format_date(line.due)}" if line.due else ""


def _tell_counts(lines: Sequence[PlanLine]) -> None:
    kinds = {kind: sum(line.target.kind is kind for line in lines) for kind in TargetKind}
    said = ", ".join(f"{count} {KIND_WORDS[kind]}" for kind, count in kinds.items() if count)
    without = sum(not line.code for line in lines)
    click.echo(f"\n{len(lines)} chỉ tiêu: {said or 'không có'}; {without} chưa gắn với chỉ số thành phần nào.")


def _tell_lacking(read: Plan, framework: Framework, year: int) -> None:
    """What is on the ministry's list and in no line of the plan."""
    lacking = outline_of(framework).not_taken_up(year, {line.code for line in read.lines})
    if lacking:
        click.echo(f"Chưa có chỉ tiêu nào mang mã của {len(lacking)} chỉ số trong danh mục trọng tâm {year}:")
    for line in lacking:
        click.echo(f"  {line.code}  {line.name}")


def _line_json(line: PlanLine) -> Mapping[str, object]:
    return {
        "number": line.number,
        "group": line.group,
        "code": line.code or None,
        "name": line.name,
        "result": line.result,
        "target": line.target.words,
        "kind": line.target.kind,
        "reached": line.reached,
        "lead": list(line.lead),
        "coordinating": list(line.coordinating),
        "due": line.due.isoformat() if line.due else None,
        "tasks": line.tasks,
        "deferral": line.deferral,
        "note": line.note,
    }


COMMANDS = (plan,)
