"""The receipt of a sending: what went, by whom, when, under which code; on a page and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from hue_dti.appraisal.model import Move, Signed
from hue_dti.collation import fold
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.receipt import Line, Sending, receipt
from hue_dti.services.dossier import Dossier
from hue_dti.services.trail_code import coded_now
from hue_dti.storage import Storage
from hue_dti.units.names import bare_name


@dataclass(frozen=True, slots=True)
class Receipt:
    """The last sending of a unit's quarter; `figures` is what was told with it, in the order it was."""

    code: str
    by: Signed
    at: datetime
    figures: tuple[Mapping[str, Any], ...]

    @property
    def present(self) -> int:
        """How many of them had a value."""
        return sum(each["value"] is not None for each in self.figures)


def receipt_of(storage: Storage, unit: str, period: str) -> Receipt | None:
    """The receipt of the newest sending; None where nothing was sent."""
    sent = [each for each in storage.reviews.history(unit, period) if each.case.move is Move.SEND]
    if not sent or sent[-1].case.at is None:
        return None
    last = sent[-1]
    return Receipt(last.case.code, last.case.by, last.case.at, tuple(last.told)) if last.case.at else None


def receipt_bytes(storage: Storage, dossier: Dossier, given: Receipt, fonts: Path | None = None) -> bytes:
    """The receipt as a PDF, with the code of the trail as it is taken away."""
    sending = Sending(dossier.unit, dossier.period, given.code, given.by.name, given.by.post, given.at, _lines(dossier, given.figures))
    content = BytesIO()
    write_pdf(coded_now(storage, receipt(sending)), content, fonts)
    return content.getvalue()


def receipt_name(dossier: Dossier) -> str:
    """`bien-nhan-huong-phu-2024-Q2.pdf`."""
    place = "-".join("".join(each if each.isalnum() else " " for each in fold(bare_name(dossier.unit))).split()) or dossier.unit.code
    return f"bien-nhan-{place}-{dossier.period}.pdf"


def _lines(dossier: Dossier, figures: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    own = dossier.unit.code
    return tuple(
        Line(
            each["name"] if each["unit"] == own else f"{each['name']} ({each['unit_name']})",
            ", ".join(each["criteria"]),
            each["words"],
            each["value"] is not None,
        )
        for each in figures
    )
