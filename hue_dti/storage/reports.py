"""Reports on their way as they are kept: every save and every move is a new row, and of two that come at once one is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Table, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.collation import nfc
from hue_dti.errors import CaseChanged, CaseRefused
from hue_dti.numerals import format_moment
from hue_dti.periods import Period
from hue_dti.reports.case import Move, State
from hue_dti.reports.editions import Correction, Edition, Person, ReportCase, SignedFile, Standing, Step, TextVersion
from hue_dti.reports.issue import Issue, Signer
from hue_dti.reports.narrative import Narrative
from hue_dti.storage import reviews
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.reviews import Made
from hue_dti.storage.tables_reports import report_correction, report_issue, report_signed_file, report_step, report_text
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event


class ReportBook:
    """The pages of the database for reports; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def case(self, unit: str, period: str) -> ReportCase:
        """Everything kept of the unit's report of the period."""
        with transaction(self._engine) as connection:
            return _case(connection, nfc(unit), period)

    def signed_files(self) -> dict[str, int]:
        """The size of every signed paper that must be on the disk, by hash."""
        row = report_signed_file.c
        with transaction(self._engine) as connection:
            return {each.sha256: each.size for each in connection.execute(select(row.sha256, row.size).distinct().order_by(row.sha256))}

    def standing(self) -> tuple[Standing, ...]:
        """How every report stands that anybody worked on, the newest doing first."""
        with transaction(self._engine) as connection:
            steps = {(row.unit, row.period): row for row in connection.execute(_newest(report_step))}
            texts = {(row.unit, row.period): row for row in connection.execute(_newest(report_text))}
            issues = {(row.unit, row.period, row.edition): _issue_of(row) for row in connection.execute(select(report_issue))}
        found = [_standing(key, steps.get(key), texts.get(key), issues) for key in {**steps, **texts}]
        return tuple(sorted(found, key=lambda each: each.at, reverse=True))

    def save(self, unit: str, period: str, edition: int, version: TextVersion, trail: Sequence[Event] = ()) -> None:
        """Keep own words as the next version; CaseChanged, naming who was first, when that number is taken or the report went on."""
        with transaction(self._engine) as connection:
            now = _locked(connection, unit, period)
            kept = now.current
            if kept.number != edition or kept.state is not State.DRAFT:
                raise CaseChanged("Báo cáo vừa chuyển sang bước khác nên không lưu được; lời đang gõ còn nguyên trên trang này.")
            if kept.newest + 1 != version.number:
                if not kept.versions:
                    raise CaseChanged(
                        "Báo cáo này chưa có bản soạn nào được lưu; hãy mở lại trang soạn rồi lưu, lời đang gõ còn nguyên trên trang này."
                    )
                last = kept.versions[-1]
                raise CaseChanged(f"{last.by.name} vừa lưu bản số {last.number} lúc {format_moment(last.at)}; bản đang gõ chưa lưu.")
            _keep(connection, unit, period, edition, version)
            record(connection, *trail)

    def move(
        self,
        unit: str,
        period: str,
        edition: int,
        steps: Sequence[Step],
        issue: Issue | None = None,
        file: SignedFile | None = None,
        correction: Correction | None = None,
        text: TextVersion | None = None,
        trail: Sequence[Event] = (),
        beside: Sequence[Made] = (),
    ) -> None:
        """Make moves in one act, with what belongs to the last of them; CaseChanged when somebody moved or saved first.

        `beside` are moves of the figures' case that go with them.
        """
        with transaction(self._engine) as connection:
            now = _locked(connection, unit, period)
            _still(now, edition, steps[0])
            place = _edition(unit, period, edition)
            connection.execute(insert(report_step), [{**place, **_step(step)} for step in steps])
            if issue is not None:
                _free_number(connection, unit, issue)
                connection.execute(insert(report_issue).values(**place, **_issue(issue)))
            if file is not None and file.sha256 not in {each.sha256 for each in now.current.files}:
                row = {"sha256": file.sha256, "name": nfc(file.name), "size": file.size, "told": nfc(file.told)}
                connection.execute(insert(report_signed_file).values(**place, **row, **_person(file.by, file.at)))
            if correction is not None:
                connection.execute(insert(report_correction).values(**place, step=steps[-1].number, **_correction(correction)))
            if text is not None:
                _keep(connection, unit, period, edition, text)
            for each in beside:
                reviews.make(connection, each)
            record(connection, *trail, *(event for each in beside for event in each.trail))


def _keep(connection: Connection, unit: str, period: str, edition: int, version: TextVersion) -> None:
    row = {**_edition(unit, period, edition), **_person(version.by, version.at)}
    own = {nfc(key): nfc(words) for key, words in version.own.items()}
    connection.execute(insert(report_text).values(**row, number=version.number, own=own, restored=version.restored))


def _newest(table: Table) -> Select[Any]:
    """The last row of every report."""
    row = table.c
    order = (row.unit, row.period, row.edition.desc(), row.number.desc())
    return select(table).ext(distinct_on(row.unit, row.period)).order_by(*order)


def _standing(key: tuple[str, str], step: Row[Any] | None, text: Row[Any] | None, issues: Mapping[tuple[str, str, int], Issue]) -> Standing:
    last = max((row for row in (step, text) if row is not None), key=lambda row: (row.edition, row.at))
    state = State(step.after) if step is not None else State.DRAFT
    version = step.version if step is not None and state is not State.DRAFT else text.number if text is not None else 0
    return Standing(*key, last.edition, state, version, _by(last), last.at, issues.get((*key, last.edition)))


def _locked(connection: Connection, unit: str, period: str) -> ReportCase:
    """The report as it stands, nobody else changing it until this transaction ends."""
    connection.execute(select(func.lock_report(nfc(unit), period)))
    return _case(connection, nfc(unit), period)


def _still(now: ReportCase, edition: int, step: Step) -> None:
    """Refuse a step that was meant for a report as it no longer stands."""
    if step.move is Move.REPLACE:
        same = now.current.number + 1 == edition and now.current.state is State.ISSUED
    else:
        kept = now.current
        same = (kept.number, len(kept.steps) + 1) == (edition, step.number)
        same = same and (step.move is not Move.SUBMIT or kept.newest == step.version)
    if not same:
        raise CaseChanged("Báo cáo vừa có người sửa hoặc chuyển bước khác; hãy xem lại rồi làm tiếp.")


def _free_number(connection: Connection, unit: str, issue: Issue) -> None:
    row = report_issue.c
    year = func.extract("year", row.day) == issue.day.year
    taken = select(row.period, row.edition).where(row.unit == nfc(unit), row.symbol == nfc(issue.symbol), year, row.number == issue.number)
    if found := connection.execute(taken).first():
        period = Period.parse(found.period).short_label
        why = f"số {issue.label} năm {issue.day.year} đã cấp cho báo cáo {period}; hãy lấy số tiếp theo trong sổ"
        raise CaseRefused(f"Chưa phát hành được: {why}.", [("number", why)])


def _edition(unit: str, period: str, edition: int) -> dict[str, Any]:
    return {"unit": nfc(unit), "period": period, "edition": edition}


def _person(by: Person, at: datetime) -> dict[str, Any]:
    return {"by_login": nfc(by.login), "by_name": nfc(by.name), "by_post": nfc(by.post), "at": aware(at)}


def _step(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "move": step.move.value,
        "after": step.after.value,
        "reason": nfc(step.reason),
        "version": step.version,
        "snapshot_sha256": step.snapshot_sha256 or None,
        "signed_sha256": step.signed_sha256 or None,
        "recorded_by": nfc(step.recorded_by),
        **_person(step.by, step.at),
    }


def _issue(issue: Issue) -> dict[str, Any]:
    signer = issue.signer
    posts = {"authority": signer.authority, "acting_for": signer.acting_for, "post": signer.post, "host_post": signer.host_post}
    named = {**posts, "signer": signer.name, "symbol": issue.symbol}
    return {"number": issue.number, "day": issue.day, **{name: nfc(words) for name, words in named.items()}}


def _correction(told: Correction) -> dict[str, Any]:
    words = {"number": told.number, "wrong": told.wrong, "right": told.right, "reason": told.reason}
    return {"day": told.day, **{name: nfc(said) for name, said in words.items()}, **_person(told.by, told.at)}


def _case(connection: Connection, unit: str, period: str) -> ReportCase:
    """The case out of its five tables."""
    texts, steps, issues, files, corrections = (_rows(connection, table, unit, period) for table in _TABLES)
    last = max([1, *(row.edition for row in (*texts, *steps))])
    return ReportCase(
        unit,
        period,
        tuple(
            Edition(
                number,
                tuple(_text_of(row) for row in texts if row.edition == number),
                tuple(_step_of(row) for row in steps if row.edition == number),
                next((_issue_of(row) for row in issues if row.edition == number), None),
                tuple(_file_of(row) for row in files if row.edition == number),
                tuple(_correction_of(row) for row in corrections if row.edition == number),
            )
            for number in range(1, last + 1)
        ),
    )


_TABLES = {report_text: "number", report_step: "number", report_issue: "edition", report_signed_file: "at", report_correction: "step"}
"""The tables of a case, each with what puts its rows in order."""


def _rows(connection: Connection, table: Table, unit: str, period: str) -> Sequence[Row[Any]]:
    asked = select(table).where(table.c.unit == unit, table.c.period == period)
    return connection.execute(asked.order_by(table.c.edition, table.c[_TABLES[table]])).all()


def _by(row: Row[Any]) -> Person:
    return Person(row.by_login, row.by_name, row.by_post)


def _text_of(row: Row[Any]) -> TextVersion:
    own: Narrative = row.own
    return TextVersion(row.number, own, _by(row), row.at, row.restored)


def _step_of(row: Row[Any]) -> Step:
    move, after = Move(row.move), State(row.after)
    sums = (row.snapshot_sha256 or "", row.signed_sha256 or "")
    return Step(row.number, move, after, _by(row), row.at, row.reason, row.version, *sums, row.recorded_by)


def _issue_of(row: Row[Any]) -> Issue:
    return Issue(row.number, row.symbol, row.day, Signer(row.authority, row.acting_for, row.post, row.host_post, row.signer))


def _file_of(row: Row[Any]) -> SignedFile:
    return SignedFile(row.sha256, row.name, row.size, row.told, _by(row), row.at)


def _correction_of(row: Row[Any]) -> Correction:
    return Correction(row.number, row.day, row.wrong, row.right, row.reason, _by(row), row.at)
