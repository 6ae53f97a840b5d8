"""Write a quarter's report in the asked formats, from the frozen snapshot alone."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import fold
from hue_dti.errors import ReportError
from hue_dti.reports.content import build, place_name
from hue_dti.reports.docx import write_docx
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.xlsx import write_xlsx
from hue_dti.snapshots.model import Snapshot

FORMATS = ("pdf", "docx", "xlsx")


def file_name(snapshot: Snapshot, kind: str) -> str:
    """`bao-cao-nam-dong-2024-Q2.pdf`; a draft says so in its name."""
    place = fold(place_name(snapshot.tree.unit(snapshot.head.unit).name)).replace(" ", "-")
    draft = "" if snapshot.head.sha256 else "-du-thao"
    return f"bao-cao-{place}-{snapshot.head.period}{draft}.{kind}"


def write_reports(
    snapshot: Snapshot, catalogue: Catalogue, formats: Collection[str], out: Path, fonts: Path | None = None
) -> tuple[Path, ...]:
    """Write one file per format into `out` and return their paths; ReportError for an unknown format."""
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown:
        raise ReportError(f"Không có định dạng '{', '.join(unknown)}'; hãy chọn trong {', '.join(FORMATS)}.")
    report = build(snapshot, catalogue)
    out.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for kind in formats:
        path = out / file_name(snapshot, kind)
        if kind == "pdf":
            write_pdf(report, path, fonts)
        elif kind == "docx":
            write_docx(report, path)
        else:
            write_xlsx(report, snapshot, catalogue, path)
        paths.append(path)
    return tuple(paths)
