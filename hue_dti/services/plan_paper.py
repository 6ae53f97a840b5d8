"""A kept plan on paper, in the asked format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.outline import Outline
from hue_dti.collation import fold
from hue_dti.errors import PlanRefused
from hue_dti.numerals import decimal_text
from hue_dti.plans.excerpt import Excerpt, excerpt, has_values
from hue_dti.plans.excerpt_of_set import excerpt_of_set
from hue_dti.plans.model import PlanVersion, Standings
from hue_dti.reports.docx import write_docx
from hue_dti.reports.model import Report
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.plan_paper import plan_paper
from hue_dti.rollup.assess import Regions, same_unit
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.read_regions import Lists
from hue_dti.services.regions import regions_among
from hue_dti.services.trail_code import coded_now
from hue_dti.services.units_named import spans_on
from hue_dti.storage import Storage
from hue_dti.units.names import bare_name

FORMATS = ("pdf", "docx")


def paper_of(storage: Storage, version: PlanVersion, outline: Outline, frameworks: Mapping[str, Framework]) -> Report:
    """The plan's paper with its ranking excerpt where one was put beside it; FrameworkError or ValuesRefused where that cannot be read."""
    unit = spans_on(storage.units(), version.key.last_day)[version.key.unit]
    return coded_now(storage, plan_paper(version, outline, unit, excerpt_beside(version, outline, frameworks)))


def excerpt_beside(version: PlanVersion, outline: Outline, frameworks: Mapping[str, Framework]) -> Excerpt | None:
    """The excerpt of the ranking that was put beside the plan, None without one."""
    told, framework = version.standings, frameworks.get(version.key.framework)
    if told is None:
        return None
    return excerpt_of_set(outline, told, version.key.unit) if framework is None else excerpt(framework, told)


def paper_bytes(report: Report, kind: str, fonts: Path | None = None) -> bytes:
    """The paper as a file of that kind."""
    content = BytesIO()
    if kind == "pdf":
        write_pdf(report, content, fonts)
    else:
        write_docx(report, content)
    return content.getvalue()


def paper_name(storage: Storage, version: PlanVersion, kind: str) -> str:
    """`ke-hoach-nam-dong-province-922-2024-ban-2.pdf`: only letters, digits and hyphens, whatever the unit is called."""
    unit = spans_on(storage.units(), version.key.last_day)[version.key.unit]
    place = re.sub("[^a-z0-9]+", "-", fold(bare_name(unit))).strip("-") or unit.code
    return f"ke-hoach-{place}-{version.key.framework}-{version.key.year}-ban-{version.number}.{kind}"


def standings_of_values(
    framework: Framework,
    unit: str,
    year: int,
    rows: Sequence[UnitValues],
    before: Sequence[UnitValues] = (),
    official: Sequence[Lists] = (),
) -> Standings:
    """The ranking tables of published values, against those of the year before where there are any; `unit` as these name it.

    PlanRefused for values of which the index alone was published.
    """
    if not all(row.main for row in (*rows, *before)):
        raise PlanRefused(f"Kết quả năm {year} hoặc năm trước chỉ có DTI đã công bố, chưa có từng chỉ số chính; hãy chọn kết quả khác.")
    previous = _values_text(framework, before) if before else ""
    return standings_of(framework, unit, year, _values_text(framework, rows), previous, official=official)


def _values_text(framework: Framework, rows: Sequence[UnitValues]) -> str:
    """The values as a table: units, and the value of each main index."""
    heads = ("unit", *(main.code for main in framework.scored))
    lines = (",".join((_quoted(row.unit), *(decimal_text(row.main[code], 12) for code in heads[1:]))) for row in rows)
    return "\n".join((",".join(heads), *lines)) + "\n"


def _regions_text(regions: Regions) -> str:
    rows = [f"{_quoted(region)},{_quoted(name)}" for region, names in regions.items() for name in names]
    return "\n".join(("region,unit", *rows)) + "\n" if rows else ""


def _quoted(text: str) -> str:
    """A cell of words in a CSV."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def standings_of(
    framework: Framework, unit: str, year: int, values: str, previous: str = "", regions: str = "", official: Sequence[Lists] = ()
) -> Standings:
    """The ranking tables' texts, read once to see that they can be; without `regions` those of the official lists, where they fit."""
    rows = has_values(values, "tệp giá trị", framework)
    if same_unit(unit) not in {same_unit(row.unit) for row in rows}:
        raise PlanRefused(f"Tệp giá trị không có đơn vị '{unit}'; hãy ghi tên như trong tệp.")
    found = Standings(unit, year, values, previous, regions or _regions_text(regions_among(official, rows)))
    excerpt(framework, found)
    return found
