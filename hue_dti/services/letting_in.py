"""What becomes of what a source brought: let in by the gate over what is known just then, and told as the end of its pull."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hue_dti.numerals import format_count
from hue_dti.observations.intake import NOT_GIVEN, Admission, carried_over
from hue_dti.observations.model import ListedArticle, Observation, Pulled, SourceFault, State
from hue_dti.observations.opinions import beside
from hue_dti.observations.remembering import RememberingStore, placed
from hue_dti.observations.replay import ReplayingStore
from hue_dti.observations.standing import beside_typed, typed_values
from hue_dti.services.errand import Errand, resolver
from hue_dti.services.source_model import SourceSettings
from hue_dti.storage import ConfirmedName, Ended
from hue_dti.trail.model import Event
from hue_dti.units.names import NameIndex

NOT_THERE = "đọc lại câu trả lời đã lưu thì không có số này"


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """How one source's pull went: `ok`, `partial` (some readings refused) or `failed` with the reason."""

    source: str
    name: str
    outcome: str
    reason: str
    requests: int
    observations: int
    oldest: date | None
    faults: tuple[SourceFault, ...]
    owner: str = ""
    """Whom to tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a connector brought in a run (None with the reason when it failed), and the answers it read.

    Not `whole` is what a person handed in: of what it does not tell nobody was asked.
    """

    run: int
    store: RememberingStore | ReplayingStore
    pulled: Pulled | None
    failure: str
    whole: bool = True
    trail: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a unit as its source is let in: the figures that count, what the source told where it does not count, what it calls
    units, and the approved base figures.
    """

    current: Collection[Observation]
    opinions: Collection[Observation]
    confirmed: Sequence[ConfirmedName]
    approved: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class LetIn:
    """What is to be stored of a run, and how it went."""

    ended: Ended
    outcome: SourceOutcome


def let_in(
    errand: Errand, code: str, source: SourceSettings | None, asked: Asked, known: Known, at: datetime, to_come: Collection[str] = ()
) -> LetIn:
    """What passes the gate; a source that failed leaves its earlier figures, marked as such where they are old.

    `to_come` are the sources of this run that are let in after this one.
    Answers read again replace what was read from them before: a figure that is not in them any more is missing.
    """
    current, before = _unread(known.current, code, asked.store)
    opinions, told = _unread([each for each in known.opinions if each.origin.source == code], code, asked.store)
    if asked.pulled is None or source is None:
        old, others = (
            tuple(carried_over(figures, catalogue, code, errand.cutoff, asked.failure))
            for figures, catalogue in ((current, errand.catalogue), (opinions, beside(errand.catalogue, code)))
        )
        return _told(errand, code, source, asked, at, "failed", asked.failure, Admission(old, (), (), others))
    names = NameIndex(errand.tree.units)
    resolve = resolver(names, errand.tree, known.confirmed, source)
    typed, by_machine = typed_values(current) if asked.whole else {}, errand.catalogue.sources[code].entry == "connector"
    standing = known.approved if by_machine else {**typed, **known.approved}
    admitted = errand.weigh(code, source, asked.pulled, current, asked.store.answers, resolve, to_come, opinions, standing)
    admitted = beside_typed(admitted, typed, by_machine) if asked.whole else without_untold(admitted)
    admission = replace(
        admitted,
        observations=(*admitted.observations, *_gone(before, admitted.observations)),
        second=(*admitted.second, *_gone(told, admitted.second)),
    )
    suggested = tuple((printed, next(iter(names.suggest(printed)), None)) for printed in admission.unknown_names)
    reason = f"{format_count(len(admission.faults))} dòng không dùng được" if admission.faults else ""
    return _told(errand, code, source, asked, at, "partial" if admission.faults else "ok", reason, admission, suggested)


def _told(
    errand: Errand,
    code: str,
    source: SourceSettings | None,
    asked: Asked,
    at: datetime,
    outcome: str,
    reason: str,
    admission: Admission,
    unknown: tuple[tuple[str, str | None], ...] = (),
) -> LetIn:
    """All of the run in one piece, so that one that is cut off has changed nothing."""
    requests, faults = asked.store.requests, placed(asked.store.answers, admission.faults)
    pulled = asked.pulled or Pulled(())
    fresh, listed = admission.fresh if asked.pulled is not None else (), _from_answers(pulled.articles, asked.store)
    came = admission.observations, pulled.documents, admission.second, listed
    oldest = min((each.as_of for each in fresh), default=None)
    name, owner = errand.catalogue.sources[code].name, source.owner if source else ""
    ended = Ended(asked.run, outcome, reason, requests, len(fresh), faults, at, *came, unknown, asked.trail)
    return LetIn(ended, SourceOutcome(code, name, outcome, reason, requests, len(fresh), oldest, faults, owner))


def counts_against(source: SourceSettings | None, asked: Asked, outcome: str) -> bool:
    """Whether the source's own failure is on record: what this machine lacks, or what was read again, is none of its own."""
    return outcome == "failed" and source is not None and not source.lacks and not isinstance(asked.store, ReplayingStore)


def without_untold(admission: Admission) -> Admission:
    """An admission without the figures that are only carried over because nothing was said of them."""
    kept, others = (
        tuple(each for each in figures if not (each.state is State.CARRIED_OVER and each.reason == NOT_GIVEN))
        for figures in (admission.observations, admission.second)
    )
    return replace(admission, observations=kept, second=others)


def _from_answers(articles: Iterable[ListedArticle], store: RememberingStore | ReplayingStore) -> tuple[ListedArticle, ...]:
    """The articles, each with its raw answer only where that is one of this pull's."""
    return tuple(each if each.raw_sha256 in store.answers else replace(each, raw_sha256="") for each in articles)


def _unread(
    known: Collection[Observation], code: str, store: RememberingStore | ReplayingStore
) -> tuple[list[Observation], list[Observation]]:
    """What is known, without what was read from the answers that are now read again, and that."""
    if not isinstance(store, ReplayingStore):
        return list(known), []
    before = [each for each in known if each.origin.source == code and each.origin.raw_sha256 in store.hashes]
    return [each for each in known if each not in before], before


def _gone(before: Sequence[Observation], now: Sequence[Observation]) -> Iterator[Observation]:
    """What was read from the same answers before and is not in them any more."""
    told = {(each.unit, each.measure) for each in now}
    for each in before:
        if each.value is not None and (each.unit, each.measure) not in told:
            yield replace(each, value=None, state=State.MISSING, reason=NOT_THERE)
