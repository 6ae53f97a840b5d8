"""`hue-dti criteria`: check the files of a decision, read a criterion, list the sources behind it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from hue_dti.catalogue.folders import FRAMEWORKS, ROLLUP, apart
from hue_dti.catalogue.framework_words import framework_summary
from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.load import is_checks, load_catalogue, load_paths
from hue_dti.catalogue.load_frameworks import load_frameworks, read_files
from hue_dti.catalogue.load_rollups import read_rollups
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion
from hue_dti.catalogue.rollup_words import rollup_summary
from hue_dti.catalogue.rollups import RollUpMap
from hue_dti.catalogue.rules import KINDS
from hue_dti.catalogue.scalars import nearest
from hue_dti.catalogue.sources import sources_table
from hue_dti.catalogue.words import points_words, rule_words
from hue_dti.config import Settings
from hue_dti.errors import CatalogueError, Fault, ValuesRefused
from hue_dti.numerals import POINT, decimal_text, format_date, format_points
from hue_dti.resources import folder
from hue_dti.rollup.read_regions import Lists
from hue_dti.services.regions import read_list, region_files
from hue_dti.units.load import load_units

T = TypeVar("T")


@click.group()
def criteria() -> None:
    """Bộ chỉ số: kiểm tra, xem, nguồn số liệu."""


@criteria.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[TỆP|THƯ MỤC]…")
def check(paths: tuple[Path, ...]) -> None:
    """Kiểm tra bộ chỉ số, số liệu, khung DTI và bảng tổng hợp; không ghi gì thì kiểm tra cả thư mục criteria/, kể cả đơn vị và vùng.

    Một bộ chỉ số được kiểm tra cùng measures.yaml và so ngày áp dụng với các bộ cạnh nó; cạnh nó không có measures.yaml thì dùng số liệu
    của hệ thống.
    Mỗi lỗi một dòng trên stderr: tệp:dòng: sai gì; sửa thế nào. Có lỗi thì mã thoát là 1.
    """
    place = home()
    faults: list[Fault] = []
    of_frameworks, others = apart(paths or (place,), FRAMEWORKS)
    of_rollups, others = apart(others, ROLLUP)
    catalogue, files = _gather(lambda: load_paths(others, place) if others else None, faults) or (None, {})
    frameworks = _gather(lambda: read_files(of_frameworks), faults) or {}
    maps = {} if faults else _gather(lambda: _rollups(of_rollups, catalogue, frameworks), faults) or {}
    units = _gather(lambda: () if paths else load_units(place), faults)
    regions = [(file, _gather(partial(_regions, file), faults)) for file in region_files(place).values()] if not paths else []
    if faults:
        raise SystemExit(tell(CatalogueError(faults)))
    if units:
        click.echo(f"{_near(str(place / 'units'))}: {len(units)} đơn vị")
    for file, lists in regions:
        click.echo(f"{_near(str(file))}: {len(lists or {})} vùng, {sum(map(len, (lists or {}).values()))} tỉnh, thành phố")
    for framework in frameworks.values():
        click.echo(f"{_near(framework.place[0])}: {framework_summary(framework)}")
    for each in maps.values():
        click.echo(f"{_near(each.place[0])}: {rollup_summary(each)}")
    for name, path in files.items():
        click.echo(f"{_near(str(path))}: {_summary(name, catalogue)}")


def _rollups(files: Mapping[str, Path], catalogue: Catalogue | None, frameworks: Mapping[str, Framework]) -> Mapping[str, RollUpMap]:
    """The maps among what is checked; what they name and was not given is taken from the installation."""
    if not files:
        return {}
    known = catalogue if catalogue is not None and catalogue.sets else load_catalogue(home())
    return read_rollups(files, known, {**load_frameworks(home()), **frameworks})


def _regions(file: Path) -> Lists:
    """A list of official regions; its faults as those of the other files."""
    try:
        return read_list(file)
    except ValuesRefused as refused:
        raise CatalogueError([Fault(each.path, each.line, each.what, each.remedy) for each in refused.faults]) from None


def _gather(read: Callable[[], T], faults: list[Fault]) -> T | None:
    """What was read, or None with its faults kept, so that the other files are read too."""
    try:
        return read()
    except CatalogueError as broken:
        faults.extend(broken.faults)
        return None


@criteria.command()
@click.argument("code", metavar="MÃ")
@click.option("--set", "set_code", metavar="BỘ", help="Mã bộ chỉ số, khi mã tiêu chí có trong nhiều bộ.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
def show(code: str, set_code: str | None, as_json: bool) -> None:
    """Xem một tiêu chí: cách tính bằng lời, hạn, nguồn, giả định."""
    catalogue = _catalogue()
    criteria_set = _chosen(catalogue, code, set_code)
    criterion = criteria_set.criterion(code)
    if as_json:
        click.echo(json.dumps(_as_json(criteria_set, criterion, catalogue), ensure_ascii=False, indent=2))
        return
    for label, text in _lines(criteria_set, criterion, catalogue):
        click.echo(f"{label + ':':<22}{text}")
    others = [each.code for each in catalogue.sets.values() if each is not criteria_set and _has(each, code)]
    if others and set_code is None:
        click.echo(f"\nMã {code} cũng có trong: {', '.join(others)}; thêm --set MÃ để xem.")


@criteria.command()
@click.option(
    "--write", "target", type=click.Path(dir_okay=False, writable=True, path_type=Path), metavar="TỆP", help="Ghi ra tệp thay vì in."
)
def sources(target: Path | None) -> None:
    """Bảng nguồn số liệu của từng tiêu chí (Markdown), như docs/sources.md."""
    text = sources_table(_catalogue())
    if target is None:
        click.echo(text, nl=False)
    else:
        target.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"Đã ghi {target}.")


def home() -> Path:
    """The criteria folder of this installation."""
    return Settings.from_environment(os.environ).criteria or folder("criteria")


def _catalogue() -> Catalogue:
    try:
        return load_catalogue(home())
    except CatalogueError as broken:
        raise SystemExit(tell(broken)) from None


def tell(broken: CatalogueError) -> int:
    """Every fault as one line on stderr; the exit code."""
    for fault in broken.faults:
        click.echo(str(Fault(_near(fault.path), fault.line, fault.what, fault.remedy)), err=True)
    return 1


def _near(path: str) -> str:
    """The path as seen from here, where it lies below."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def _summary(name: str, catalogue: Catalogue | None) -> str:
    if catalogue is None:
        return ""
    for each in catalogue.sets.values():
        if each.place[0] == name:
            most = sum((line.max_points for line in each.criteria), Fraction(0))
            stated = sum((line.max_points for line in each.criteria if not line.points_assumed), Fraction(0))
            known = "" if stated == most else f", trong đó {_points(stated)} điểm có trong quyết định"
            return f"{len(each.criteria)} tiêu chí, {len(each.groups)} nhóm, {_points(most)} điểm{known}"
    if is_checks(name):
        return f"{len(catalogue.checks)} kiểm tra chéo"
    return f"{len(catalogue.sources)} nguồn, {len(catalogue.measures)} số liệu"


def _points(points: Fraction) -> str:
    return format_points(points * POINT)


def _has(criteria_set: CriteriaSet, code: str) -> bool:
    return any(criterion.code == code for criterion in criteria_set.criteria)


def _chosen(catalogue: Catalogue, code: str, set_code: str | None) -> CriteriaSet:
    """The set to show the criterion from: the named one, else an official one that has it, else any."""
    if set_code is not None and set_code not in catalogue.sets:
        raise click.UsageError(f"Không có bộ chỉ số '{set_code}'; {nearest(set_code, tuple(catalogue.sets))}.")
    sets = [catalogue.sets[set_code]] if set_code else sorted(catalogue.sets.values(), key=lambda each: not each.official)
    for each in sets:
        if _has(each, code):
            return each
    codes = tuple(dict.fromkeys(criterion.code for each in sets for criterion in each.criteria))
    raise click.UsageError(f"Không có tiêu chí '{code}'; {nearest(code, codes)}.")


def _lines(criteria_set: CriteriaSet, criterion: Criterion, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """What an official wants to read of a criterion, label and text."""
    group, decision = criteria_set.group_of(criterion.code), criteria_set.decision
    yield "Tiêu chí", f"{criterion.code}. {criterion.name}"
    yield "Nhóm", f"{group.code}. {group.name}"
    yield "Bộ chỉ số", f"{criteria_set.title} ({criteria_set.code})"
    yield "Quyết định", f"{decision.number} ngày {format_date(decision.issued_on)}, {decision.issuer}"
    yield "Điểm tối đa", points_words(criterion)
    yield "Cách tính", rule_words(criterion, catalogue.measures)
    for label, text in (
        ("Việc phải làm", criterion.to_do),
        ("Điều kiện", criterion.condition),
        ("Tài liệu kiểm chứng", criterion.evidence),
        *(("Minh chứng phải nộp", proof.words) for proof in criterion.proof),
        ("Nguồn", catalogue.sources[criterion.source].name),
        ("Đơn vị thẩm định", criterion.verifying_unit),
        ("Đơn vị thực hiện", criterion.responsible_unit),
        ("Hạn", f"ngày {criterion.deadline.day:02d}/{criterion.deadline.month:02d}" if criterion.deadline else "không có"),
        ("Căn cứ", criterion.legal),
        ("Chưa triển khai", criterion.status.reason),
        *(("Giả định", text) for text in criterion.assumptions),
    ):
        if text:
            yield label, " ".join(text.split())
    for code in dict.fromkeys(criterion.rule.measures()):
        measure = catalogue.measures[code]
        yield "Số liệu", f"{measure.name} ({code}), nguồn {catalogue.sources[measure.source].name}"
    yield "Viết tại", _place(criterion)


def _place(criterion: Criterion) -> str:
    file, line = criterion.place
    return f"{_near(str(home() / file))}:{line}"


def _as_json(criteria_set: CriteriaSet, criterion: Criterion, catalogue: Catalogue) -> Mapping[str, object]:
    return {
        "criteria_set": criteria_set.code,
        "code": criterion.code,
        "group": criteria_set.group_of(criterion.code).code,
        "name": criterion.name,
        "to_do": criterion.to_do,
        "condition": criterion.condition,
        "evidence": criterion.evidence,
        "proof": [{"kind": proof.kind, "name": proof.name} for proof in criterion.proof],
        "max_points": decimal_text(criterion.max_points, 4, trim=True),
        "assumed": criterion.points_assumed,
        "rule": next(kind for kind, shape in KINDS.items() if isinstance(criterion.rule, shape)),
        "rule_words": rule_words(criterion, catalogue.measures),
        "measures": list(dict.fromkeys(criterion.rule.measures())),
        "source": criterion.source,
        "verifying_unit": criterion.verifying_unit,
        "responsible_unit": criterion.responsible_unit,
        "deadline": str(criterion.deadline) if criterion.deadline else None,
        "legal": criterion.legal,
        "opened": criterion.status.opened,
        "reason": criterion.status.reason,
        "assumptions": list(criterion.assumptions),
        "place": _place(criterion),
    }


COMMANDS = (criteria,)
