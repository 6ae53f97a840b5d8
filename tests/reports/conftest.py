"""A district's report in every form, drawn once and read back by other libraries."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfplumber
import pytest
from pdfplumber.pdf import PDF

from benchmarks.sample_reports import district_report
from hue_dti.reports.docx import write_docx
from hue_dti.reports.model import Report
from hue_dti.reports.pdf import write_pdf


@pytest.fixture(scope="session")
def district() -> Report:
    """A district's quarter: 53 criteria, footnotes of up to 40 units."""
    return district_report()


@pytest.fixture(scope="session")
def paper(district: Report) -> Iterator[PDF]:
    """The district's PDF."""
    content = io.BytesIO()
    write_pdf(district, content)
    with pdfplumber.open(content) as read:
        yield read


@pytest.fixture(scope="session")
def word_file(district: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district's DOCX."""
    path = tmp_path_factory.mktemp("reports") / "bao-cao.docx"
    write_docx(district, path)
    return path


@pytest.fixture
def text_of() -> Callable[[Report], str]:
    """The text of a report's PDF, page by page, spaces squeezed."""

    def read(report: Report, fonts: Path | None = None) -> str:
        content = io.BytesIO()
        write_pdf(report, content, fonts)
        with pdfplumber.open(content) as pdf:
            return " ".join(" ".join((page.extract_text() or "").split()) for page in pdf.pages)

    return read
