"""How fast a district's report is drawn: pages of PDF a second, seconds for the DOCX.

    python -m benchmarks.reports

Targets: PDF at 40 pages a second or more, DOCX under 0.5 s, on 2 cores.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from pypdf import PdfReader

from benchmarks.sample_reports import district_report
from hue_dti.reports.docx import write_docx
from hue_dti.reports.html import report_html
from hue_dti.reports.pdf import write_pdf

PAGES_A_SECOND = 40.0
DOCX_SECONDS = 0.5


def best(act: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of so many runs."""
    taken: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return min(taken)


def measure() -> dict[str, float]:
    """Draw the report in every form; `first_pdf_s` includes loading the fonts."""
    report = district_report()
    content = io.BytesIO()
    first = best(lambda: write_pdf(report, content), times=1)
    pages = len(PdfReader(content).pages)
    pdf = best(lambda: write_pdf(report, io.BytesIO()))
    docx = best(lambda: write_docx(report, io.BytesIO()))
    html = best(lambda: report_html(report))
    return {"pages": pages, "first_pdf_s": first, "pdf_s": pdf, "pages_a_second": pages / pdf, "docx_s": docx, "html_s": html}


if __name__ == "__main__":
    found = measure()
    speed = f"{found['pages_a_second']:.0f} trang mỗi giây (mục tiêu {PAGES_A_SECOND:.0f})"
    print(f"PDF: {found['pages']:.0f} trang trong {found['pdf_s']:.2f} s, {speed}")
    print(f"lần đầu, kể cả nạp phông chữ: {found['first_pdf_s']:.2f} s")
    print(f"DOCX: {found['docx_s']:.2f} s (mục tiêu dưới {DOCX_SECONDS} s); HTML: {found['html_s'] * 1000:.0f} ms")
