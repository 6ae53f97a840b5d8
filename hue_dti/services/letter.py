"""Write the reminder letter of a unit's quarter as it stands, in the asked formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import fold
from hue_dti.errors import NothingOwed, ReportError
from hue_dti.periods import Period
from hue_dti.reports.docx import write_docx
from hue_dti.reports.letter import letter
from hue_dti.reports.model import Report
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.target import Target
from hue_dti.services.owing import owing
from hue_dti.services.quarter import draft
from hue_dti.services.trail_code import coded_now
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import bare_name

_WRITERS: Mapping[str, Callable[[Report, Target, Path | None], None]] = {
    "pdf": write_pdf,
    "docx": lambda report, target, _: write_docx(report, target),
}
FORMATS = tuple(_WRITERS)


def reminder_letter(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: datetime) -> Report:
    """The letter from today's figures, also for a quarter that is closed; NothingOwed when nobody owes any."""
    quarter = draft(storage, catalogue, unit, period, now)
    owed = owing(quarter, catalogue)
    if not owed.criteria:
        raise NothingOwed(f"{period.label} của {unit.name} đã đủ số liệu, không có đơn vị nào để đôn đốc.")
    return coded_now(storage, letter(owed, catalogue.sets[quarter.sheet.criteria_set], now))


def letter_name(unit: OrgUnit, period: Period, kind: str) -> str:
    """`cong-van-don-doc-nam-dong-2024-Q2.pdf`: only letters, digits and hyphens, whatever the unit is called."""
    place = re.sub("[^a-z0-9]+", "-", fold(bare_name(unit))).strip("-") or unit.code
    return f"cong-van-don-doc-{place}-{period}.{kind}"


def letter_bytes(report: Report, kind: str, fonts: Path | None = None) -> bytes:
    """The letter as a file of that kind."""
    content = BytesIO()
    _WRITERS[kind](report, content, fonts)
    return content.getvalue()


def write_letters(report: Report, unit: OrgUnit, period: Period, formats: Collection[str], out: Path, fonts: Path | None) -> list[Path]:
    """Write one file for each format into `out`; ReportError for a folder that cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ReportError(f"Không tạo được thư mục '{out}' ({fault.strerror}); hãy chọn thư mục khác.") from fault
    paths = [out / letter_name(unit, period, kind) for kind in formats]
    for kind, path in zip(formats, paths, strict=True):
        _WRITERS[kind](report, path, fonts)
    return paths
