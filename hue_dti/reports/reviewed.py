"""What a footnote says of review: figures that nobody approved, figures that were returned, figures that are only old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hue_dti.appraisal.model import RETURNED_WORDS, UNAPPROVED_WORDS
from hue_dti.numerals import format_count
from hue_dti.observations.model import State
from hue_dti.reports.texts import text
from hue_dti.scoring.model import CriterionScore
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How many figures behind a criterion nobody approved, were returned, are old for another reason."""

    unapproved: int
    returned: int
    old: int


def reviewed_of(snapshot: Snapshot, line: CriterionScore) -> Reviewed:
    """Count among the figures of the snapshot's unit and those below it that the criterion is worked out from."""
    table = table_of(snapshot.figures, snapshot.tree)
    unapproved = [at for at, words in enumerate(table.reasons) if UNAPPROVED_WORDS in words.split("; ")]
    returned = [at for at, words in enumerate(table.reasons) if words.startswith(RETURNED_WORDS)]
    first = snapshot.tree.index[snapshot.head.unit]
    counts = np.zeros(3, np.int64)
    for code in {code for code, _ in line.figures} & table.measures.keys():
        records = table.measures[code].records[first : snapshot.tree.end[first]]
        sent_back = np.isin(records["reason"], returned)
        old = (records["state"] == State.CARRIED_OVER) & ~sent_back
        counts += [np.isin(records["reason"], unapproved).sum(), sent_back.sum(), old.sum()]
    return Reviewed(*counts.tolist())


def remarks(snapshot: Snapshot, line: CriterionScore) -> Iterator[str]:
    """The sentences for a criterion's footnote."""
    if not line.has_figures and not line.figures:
        return
    found = reviewed_of(snapshot, line)
    if found.old or (State.CARRIED_OVER in line.states and not found.returned):
        yield text("notes", "carried_over")
    for key, count in (("returned", found.returned), ("unapproved", found.unapproved)):
        if count:
            yield text("notes", key, count=format_count(count))
