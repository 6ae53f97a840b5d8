"""Write the report of a closed quarter into the installation's folder; the same snapshot gives the same files."""

from __future__ import annotations

from hue_dti.errors import ReportError
from hue_dti.periods import Period
from hue_dti.services.quarter import catalogue_of, frozen, newest_of
from hue_dti.services.report import FORMATS, write_reports
from hue_dti.services.workbench import Workbench


def draft_report(bench: Workbench, unit: str, period: str) -> None:
    """Write every format into `reports/<period>/<unit>/` under the home folder."""
    quarter = Period.parse(period)
    head = newest_of(bench.storage, unit, quarter)
    if head is None:
        raise ReportError(f"{quarter.label} của đơn vị {unit} chưa chốt nên chưa lập được báo cáo; hãy chốt trước.")
    snapshot, out = frozen(bench.storage, head.sha256), bench.home / "reports" / period / unit
    write_reports(bench.storage, snapshot, catalogue_of(snapshot), FORMATS, out, bench.settings.report_fonts)
