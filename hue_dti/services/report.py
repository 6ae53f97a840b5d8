"""Write a quarter's report in the asked formats: figures from the frozen snapshot alone, words as they were saved last."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import fold
from hue_dti.errors import ReportError
from hue_dti.reports.docx import write_docx
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.target import deliver
from hue_dti.reports.xlsx import write_xlsx
from hue_dti.services.manuscript import manuscript
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.units.names import bare_name

FORMATS = ("pdf", "docx", "xlsx", "bundle")
"""`bundle` is the frozen quarter itself, for `hue-dti verify FILE`."""


def file_name(snapshot: Snapshot, kind: str) -> str:
    """`bao-cao-nam-dong-2024-Q2.pdf`; a draft says so in its name. Only letters, digits and hyphens, whatever the unit is called."""
    unit = snapshot.tree.unit(snapshot.head.unit)
    place = re.sub("[^a-z0-9]+", "-", fold(bare_name(unit))).strip("-") or unit.code
    draft = "" if snapshot.head.sha256 else "-du-thao"
    what = "ban-chot" if kind == "bundle" else "bao-cao"
    return f"{what}-{place}-{snapshot.head.period}{draft}.{kind}"


def write_reports(
    storage: Storage, snapshot: Snapshot, catalogue: Catalogue, formats: Collection[str], out: Path, fonts: Path | None = None
) -> tuple[Path, ...]:
    """Write one file per format into `out` and return their paths: in the newest words somebody saved,
    with the issue's data where there is one.

    An issued report stays on the quarter it was issued from, whatever was frozen since.
    ReportError for an unknown format or none, the bundle of a draft, or a folder that cannot be written.
    """
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown or not formats:
        asked = f"Không có định dạng '{', '.join(unknown)}'" if unknown else "Chưa chọn định dạng nào"
        raise ReportError(f"{asked}; hãy chọn trong {', '.join(FORMATS)}.")
    paper = manuscript(storage, snapshot, catalogue).paper()
    report, snapshot, catalogue = paper.report, paper.snapshot, paper.catalogue
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ReportError(f"Không tạo được thư mục '{out}' ({fault.strerror}); hãy chọn thư mục khác.") from fault
    paths: list[Path] = []
    for kind in formats:
        path = out / file_name(snapshot, kind)
        if kind == "pdf":
            write_pdf(report, path, fonts)
        elif kind == "docx":
            write_docx(report, path)
        elif kind == "xlsx":
            write_xlsx(report, snapshot, catalogue, path)
        else:
            deliver(bundle_of(storage, snapshot), path)
        paths.append(path)
    return tuple(paths)


def bundle_of(storage: Storage, snapshot: Snapshot) -> bytes:
    """The bytes of the frozen quarter; ReportError while it is a draft."""
    bundle = storage.bundle(snapshot.head.sha256) if snapshot.head.sha256 else None
    if bundle is None:
        raise ReportError("Quý này chưa chốt nên chưa có bản chốt để xuất; hãy chốt trước, hoặc đừng xin bản chốt.")
    return bundle
