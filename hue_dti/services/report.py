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
from hue_dti.storage import Storage

FORMATS = ("pdf", "docx", "xlsx", "bundle")
"""`bundle` is the frozen quarter itself, for `hue-dti verify FILE`."""


def file_name(snapshot: Snapshot, kind: str) -> str:
    """`bao-cao-nam-dong-2024-Q2.pdf`; a draft says so in its name."""
    place = fold(place_name(snapshot.tree.unit(snapshot.head.unit).name)).replace(" ", "-")
    draft = "" if snapshot.head.sha256 else "-du-thao"
    what = "ban-chot" if kind == "bundle" else "bao-cao"
    return f"{what}-{place}-{snapshot.head.period}{draft}.{kind}"


def write_reports(
    storage: Storage, snapshot: Snapshot, catalogue: Catalogue, formats: Collection[str], out: Path, fonts: Path | None = None
) -> tuple[Path, ...]:
    """Write one file per format into `out` and return their paths; ReportError for an unknown format or the bundle of a draft."""
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
        elif kind == "xlsx":
            write_xlsx(report, snapshot, catalogue, path)
        else:
            path.write_bytes(bundle_of(storage, snapshot))
        paths.append(path)
    return tuple(paths)


def bundle_of(storage: Storage, snapshot: Snapshot) -> bytes:
    """The bytes of the frozen quarter; ReportError while it is a draft."""
    bundle = storage.bundle(snapshot.head.sha256) if snapshot.head.sha256 else None
    if bundle is None:
        raise ReportError("Quý này chưa chốt nên chưa có bản chốt để xuất; hãy chốt trước hoặc bỏ 'bundle' khỏi danh sách định dạng.")
    return bundle
