"""Try one source: what it answers, what is read in it, and what would be stored or refused and why; nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.intake import Admission
from hue_dti.observations.model import Pulled, RawAnswer
from hue_dti.observations.remembering import RememberingStore
from hue_dti.periods import Period
from hue_dti.services.approved import approved_values
from hue_dti.services.errand import Errand, errand_for, resolver
from hue_dti.services.source_model import SourceSettings
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex


@dataclass(frozen=True, slots=True)
class Trial:
    """How a source did when it was tried: `pulled` and `admission` are None, and `failure` says why, where it failed."""

    answers: tuple[RawAnswer, ...]
    pulled: Pulled | None
    admission: Admission | None
    failure: str


def try_source(
    storage: Storage,
    catalogue: Catalogue,
    code: str,
    source: SourceSettings | None,
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
) -> Trial:
    """Ask the source as a pull would and weigh its figures against those that are stored, without storing anything."""
    errand = errand_for(storage, catalogue, unit, period, now)
    answers: list[RawAnswer] = []

    def remember(answer: RawAnswer) -> str:
        if hashlib.sha256(answer.body).hexdigest() != answer.sha256:
            raise SourceAnswerInvalid(f"{answer.request}: mã băm của câu trả lời không khớp nội dung; hãy sửa connector.")
        answers.append(answer)
        return answer.sha256

    store = RememberingStore(remember)
    pulled, failure = errand.bring(code, source, store)
    if pulled is None or source is None:
        return Trial(tuple(answers), None, None, failure)
    return Trial(tuple(answers), pulled, weighed(storage, errand, code, source, pulled, store), "")


def weighed(storage: Storage, errand: Errand, code: str, source: SourceSettings, pulled: Pulled, store: RememberingStore) -> Admission:
    """What the gate would say of what was read, beside the figures that are stored."""
    codes = [unit.code for unit in errand.tree.units]
    current = storage.observations(codes, errand.period)
    resolve = resolver(NameIndex(errand.tree.units), errand.tree, storage.confirmed_names(code), source)
    opinions = [each for each in storage.second_opinions(codes, errand.period) if each.origin.source == code]
    approved = approved_values(storage, errand.tree, errand.catalogue, errand.period)
    return errand.weigh(code, source, pulled, current, store.answers, resolve, (), opinions, approved)
