"""What the appraiser and the unit that explains have before them beside the marks: figures and where they come from, proof, comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.catalogue.model import Criterion
from hue_dti.errors import SnapshotTampered
from hue_dti.evidence.model import SEAL_WORDS, Kind, Seal
from hue_dti.evidence.pieces import Form
from hue_dti.numerals import format_count
from hue_dti.scoring.model import CriterionScore
from hue_dti.services.appraisal_beside import Beside, Mean, beside, means_of
from hue_dti.services.appraise import UnitAppraisal
from hue_dti.services.standings import field_of
from hue_dti.units.model import OrgUnit
from hue_dti.web.criterion import Worked, worked
from hue_dti.web.formats import result_words
from hue_dti.web.language import translate
from hue_dti.web.site import Quarter, kept, quarter_in, site


@dataclass(frozen=True)
class BesideMarks:
    """One criterion with all that stands beside its marks; `result` are its figures in few characters."""

    criterion: Criterion
    line: CriterionScore
    figures: tuple[Worked, ...]
    whences: tuple[str, ...]
    result: str
    beside: Beside

    @property
    def seals(self) -> tuple[Seal, ...]:
        """How the files put there stand as to signatures, each once; files that nobody signs are passed over."""
        files = (each for each in self.beside.proof.pieces if each.draft.form is Form.FILE and each.checked is not None)
        signed = (each.seal for each in files if each.checked and (each.checked.kind is Kind.PDF or each.checked.signatures))
        told = set(signed)
        return tuple(seal for seal in SEAL_WORDS if seal in told)

    def since(self, closed_at: datetime) -> int:
        """How many pieces came after the quarter was closed."""
        return sum(piece.at > closed_at for piece in self.beside.proof.pieces)


def rows_of(mine: UnitAppraisal, host: OrgUnit) -> tuple[Quarter, Mapping[str, BesideMarks]]:
    """The quarter that is appraised, and every criterion by code in printed order."""
    shown = quarter_in(mine.snapshot, mine.unit, host, mine.period)
    found = beside(site().storage, mine, _means(mine))
    return shown, {line.code: _row(shown, criterion, line, found[line.code]) for criterion, line in shown.lines}


def whence(shown: Quarter, figure: Worked) -> str:
    """Where a figure comes from: who typed it or which source told it, over how many units it was summed; why it is not there."""
    source, lead = shown.catalogue.sources[figure.measure.source].told_to(shown.host.level).name, figure.lead
    if lead is None or not figure.told:
        return (lead.reason if lead is not None else "") or translate("%(source)s: chưa có", source=source)
    if len(figure.shares) > 1:
        parts = [source, translate("cộng %(n)s đơn vị", n=format_count(figure.told))]
        parts += [translate("%(n)s nhập tay", n=format_count(figure.typed))] if figure.typed else []
        parts += [translate("%(n)s chưa có số", n=format_count(figure.absent))] if figure.absent else []
        return ", ".join(parts)
    if figure.is_approved(lead):
        return translate("Số liệu nền đã duyệt")
    told = lead.origin.request if figure.is_typed(lead) and lead.origin is not None else source
    return f"{told} ({lead.reason})" if lead.reason else told


def _row(shown: Quarter, criterion: Criterion, line: CriterionScore, found: Beside) -> BesideMarks:
    figures = worked(shown, line)
    whences = dict.fromkeys(whence(shown, each) for each in figures)
    return BesideMarks(criterion, line, figures, tuple(whences), result_words(criterion, line, dict(shown.catalogue.measures)), found)


def _means(mine: UnitAppraisal) -> Mapping[str, Mean]:
    """The means over all closed quarters of the period, worked out once for as long as none is closed anew."""
    level, storage = mine.unit.level, site().storage
    heads = frozenset(head.sha256 for head in storage.newest_heads() if head.period == str(mine.period))

    def make() -> tuple[Mapping[str, Mean], tuple[str, ...]]:
        try:
            field = field_of(storage, level, mine.period)
        except SnapshotTampered:
            field = None  # `hue-dti verify` tells of it
        sheets = [member.sheet for member in field.members] if field is not None else []
        return means_of(sheets, mine.sheet.criteria_set), ()

    return kept(("means of criteria", level, str(mine.period), mine.sheet.criteria_set, heads), make)
