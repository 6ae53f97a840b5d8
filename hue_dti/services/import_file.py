"""A file handed in by a person: looked at first, then stored when the very same bytes are confirmed; the same gate as for any answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import SettingError, SourceAnswerInvalid
from hue_dti.numerals import format_count, format_moment
from hue_dti.observations.entered import file_handed_in
from hue_dti.observations.model import Pulled, RawAnswer, Reading, State
from hue_dti.observations.remembering import RememberingStore
from hue_dti.periods import Period
from hue_dti.services.errand import NOT_DECLARED, Errand, errand_for
from hue_dti.services.letting_in import Asked, SourceOutcome, without_untold
from hue_dti.services.pull import Visit, visit_for
from hue_dti.services.source_model import SourceSettings
from hue_dti.services.try_source import Trial, weighed
from hue_dti.storage import Storage, Way
from hue_dti.trail.model import Hand, hand_of
from hue_dti.units.model import OrgUnit

MOST_BYTES = 20_000_000
LONGEST_NAME = 120
TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_REFUSED = {
    ".xlsm": "là tệp Excel có macro; hãy lưu lại thành .xlsx rồi nộp lại",
    ".xlsb": "là tệp Excel nhị phân; hãy lưu lại thành .xlsx rồi nộp lại",
    ".xls": "là tệp Excel đời cũ; hãy lưu lại thành .xlsx rồi nộp lại",
    ".ods": "là tệp LibreOffice; hãy lưu lại thành .xlsx rồi nộp lại",
}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as a person handed it in; `name` has no folder in it."""

    name: str
    body: bytes = field(repr=False)
    by: str
    at: datetime

    @property
    def kept(self) -> RawAnswer:
        """The same as an answer to keep: who handed it in and when stand where a system's address does."""
        request = f"tệp {self.name} do {self.by} nộp lúc {format_moment(self.at)}"
        suffix = self.name[self.name.rindex(".") :].lower()
        return RawAnswer(hashlib.sha256(self.body).hexdigest(), request, 200, TYPES[suffix], self.at, self.body)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring; `known` is the same file as it was handed in, or fetched, before."""

    sha256: str
    trial: Trial
    known: RawAnswer | None


def handed_in(name: str, body: bytes, by: str, at: datetime, most_bytes: int = MOST_BYTES) -> HandedIn:
    """A file that may be looked at; SettingError says why one may not."""
    own = name.replace("\\", "/").rpartition("/")[2].strip()
    suffix = own[own.rindex(".") :].lower() if "." in own else ""
    shown = "".join(sign if sign.isprintable() else "?" for sign in own[:LONGEST_NAME])
    if suffix in _REFUSED:
        raise SettingError(f"Tệp {shown} {_REFUSED[suffix]}.")
    if suffix not in TYPES or own != shown or own == suffix:
        raise SettingError(f"Tệp '{shown}' không nhận được; hãy nộp tệp .csv hoặc .xlsx, tên ngắn hơn {LONGEST_NAME} chữ, không ký tự lạ.")
    if not by.strip() or len(by) > LONGEST_NAME or not by.isprintable():
        raise SettingError("Tên người nộp để trống, quá dài hoặc có ký tự lạ; hãy ghi họ tên trên một dòng.")
    if not body or len(body) > most_bytes:
        what = f"dài quá {format_count(most_bytes)} byte" if body else "rỗng"
        raise SettingError(f"Tệp {shown} {what}; hãy kiểm tra lại tệp, bỏ phần thừa.")
    return HandedIn(own, body, by.strip(), at)


def preview(
    storage: Storage,
    catalogue: Catalogue,
    code: str,
    source: SourceSettings | None,
    unit: OrgUnit,
    period: Period,
    file: HandedIn,
    now: Callable[[], datetime],
) -> Preview:
    """What would be stored of the file and what refused, and why; nothing is stored."""
    errand, declared = errand_for(storage, catalogue, unit, period, now), _declared(catalogue, code, source)
    kept = file.kept
    pulled, failure = _read(errand, code, declared, kept, file.name)
    known = storage.raw_answer(kept.sha256)
    if pulled is None:
        return Preview(kept.sha256, Trial((kept,), None, None, failure), known)
    store = RememberingStore(lambda answer: answer.sha256)
    store.keep(kept)
    return Preview(kept.sha256, Trial((kept,), pulled, without_untold(weighed(storage, errand, code, declared, pulled, store)), ""), known)


def confirm(
    storage: Storage,
    catalogue: Catalogue,
    code: str,
    source: SourceSettings | None,
    unit: OrgUnit,
    period: Period,
    file: HandedIn,
    previewed: str,
    now: Callable[[], datetime],
    hand: Hand | None = None,
) -> SourceOutcome:
    """Store the file and what passes the gate; SettingError unless it is the file previewed, whose hash that is.

    A file that cannot be read raises SourceAnswerInvalid; it is kept, and what came before stays as it was.
    """
    if file.kept.sha256 != previewed:
        raise SettingError(f"Tệp {file.name} đã khác tệp vừa xem trước; hãy xem trước lại rồi mới xác nhận.")
    declared = _declared(catalogue, code, source)
    visit = visit_for(storage, catalogue, unit, period, now)
    try:
        return _take_in(visit, code, declared, file, hand_of(file.by, hand))
    except BaseException:
        visit.stop()
        raise


def is_handed_in(kept: RawAnswer) -> bool:
    """Whether a kept answer is a file that a person handed in."""
    return bool(file_handed_in(kept.request))


def read_again(errand: Errand, code: str, source: SourceSettings, kept: RawAnswer) -> tuple[Pulled | None, str]:
    """What a file that was handed in before tells, or why it tells nothing."""
    return _read(errand, code, source, kept, file_handed_in(kept.request) or kept.request)


def _take_in(visit: Visit, code: str, source: SourceSettings, file: HandedIn, hand: Hand) -> SourceOutcome:
    """Keep the file, read it, store what passes the gate."""
    errand, storage = visit.errand, visit.storage
    run = visit.runs.begin(lambda: storage.begin_pull(code, errand.unit.code, errand.period, errand.now(), way=Way.FILE))
    store = RememberingStore(storage.raw_store(run).keep)
    store.keep(file.kept)
    pulled, failure = _read(errand, code, source, file.kept, file.name)
    subject = f"{file.name}, {errand.catalogue.sources[code].name}, {errand.period.label}"
    done = hand.did("file.imported", file.at, unit=errand.unit.code, subject=subject, new=file.kept.sha256, reason=failure)
    if pulled is None:
        storage.finish_pull(run, "failed", failure, store.requests, 0, (), errand.now(), trail=[done])
        visit.runs.done(run)
        raise SourceAnswerInvalid(failure)
    return visit.admit(code, source, Asked(run, store, pulled, "", whole=False, trail=(done,)), ())


def _read(errand: Errand, code: str, source: SourceSettings, kept: RawAnswer, name: str) -> tuple[Pulled | None, str]:
    """What the file tells, as what a person reports."""
    pulled, failure = errand.read_file(code, source, kept, name)
    if pulled is None:
        return None, failure
    return replace(pulled, readings=tuple(_reported(each) for each in pulled.readings)), ""


def _reported(reading: Reading) -> Reading:
    return replace(reading, state=State.REPORTED) if reading.state is State.MEASURED else reading


def _declared(catalogue: Catalogue, code: str, source: SourceSettings | None) -> SourceSettings:
    if code not in catalogue.sources:
        raise SettingError(f"Không có nguồn '{code}'; các nguồn: {', '.join(catalogue.sources)}.")
    if source is None:
        raise SettingError(f"Nguồn {code}: {NOT_DECLARED}")
    return source
