"""The province's draft index as files: one content for PDF, DOCX and HTML, the same numbers as a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

from hue_dti.catalogue.model import Measure
from hue_dti.collation import fold
from hue_dti.reports.docx import write_docx
from hue_dti.reports.model import Report
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.province import Whole, province_report
from hue_dti.reports.province_tables import workbook
from hue_dti.services.roll_up import ProvinceQuarter
from hue_dti.units.names import bare_name

KINDS = ("pdf", "docx", "xlsx")


def paper_of(found: ProvinceQuarter, measures: Mapping[str, Measure], at: datetime) -> Report:
    """The paper of a province's quarter as it stands at a moment."""
    return province_report(
        Whole(
            found.province,
            found.period,
            found.tree,
            found.roll_up,
            found.losses,
            found.closed,
            found.open,
            found.live,
            measures,
            at,
        )
    )


def paper_bytes(found: ProvinceQuarter, measures: Mapping[str, Measure], at: datetime, kind: str, fonts: Path | None = None) -> bytes:
    """The paper as a file of this kind, one of KINDS."""
    report, content = paper_of(found, measures, at), BytesIO()
    if kind == "xlsx":
        return workbook(found.roll_up, found.losses, measures, report.letterhead.heading)
    if kind == "pdf":
        write_pdf(report, content, fonts)
    else:
        write_docx(report, content)
    return content.getvalue()


def paper_name(found: ProvinceQuarter, kind: str) -> str:
    """`dti-cap-tinh-thua-thien-hue-2024-Q2-du-thao.pdf`."""
    place = re.sub("[^a-z0-9]+", "-", fold(bare_name(found.province))).strip("-") or found.province.code
    return f"dti-cap-tinh-{place}-{found.period}-du-thao.{kind}"
