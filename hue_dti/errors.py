"""Every error the product raises on purpose; caught at the doors (cli, web, api) only.

HueDtiError
├── SettingError            an environment setting is absent or wrong
│   └── SourcesError        the sources file has faults (all of them, with file:line)
├── NumeralError            a number cannot be read without guessing
├── PeriodError             a period is not spelt as we spell periods
├── CatalogueError          a criteria, measure or unit file has faults (all of them, with file:line)
├── ImportRefused           a table a person wants to bring in has faults (all of them, with file:line)
├── ValuesRefused           a table of index values has faults (all of them, with file:line:column)
├── FrameworkError          a framework does not tell what is needed to compute this
├── ApprovalRefused         a base figure may not be proposed, approved or rejected like this
├── EntryRefused            a typed figure may not be saved like this
│   └── EntryConflict       another entry stands where this one belongs, or bears its number
├── ReviewRefused           a submission, a figure under review or an appraisal may not be moved or marked like this
├── PlanRefused             an improvement plan may not be kept, or told of, like this
│   └── PlanChanged         somebody else kept another version first
├── RoundRefused            an assessment round may not be opened, marked in or published like this
├── ResultRefused           a year's published results may not be kept like this
├── NoSetInForce            no criteria set scores the unit's level in the period
├── UnitError
│   ├── UnknownUnit         no unit has this code or name on that date
│   └── AmbiguousUnit       several units have this name
├── SourceError             an outside system did not give an answer we may trust
│   ├── SourceUnreachable   no answer in time, refused, or retries used up
│   ├── SourceRefused       it answered with an error status, or may not be asked at all
│   └── SourceAnswerInvalid it answered, but not what the contract says
├── ScoringError            counts that a rule may not be given
├── SnapshotError
│   ├── NothingToClose      the quarter has no figures yet
│   └── SnapshotTampered    a bundle no longer says what was frozen
├── StorageError            the database is absent, too old, not migrated or not ours
│   ├── DatabaseUnreachable the server does not answer
│   ├── DatabaseBusy        somebody else held what was needed for too long
│   └── NoRoom              the disk is full
├── TrailError              the audit trail's head cannot be kept outside, or the trail is not what was written
├── BackupError             a backup cannot be written, or is not what was written
├── MailUnsent              an e-mail did not go out, or nobody knows whether it did
├── EvidenceRefused         a file, link or explanation is not taken as evidence
├── ReportError             a report cannot be written as asked
│   └── NothingOwed         every expected figure is there, so nobody is to be reminded
├── CaseRefused             a report may not be edited, sent or issued like this
│   └── CaseChanged         somebody else came first
├── AlertError              an alert cannot be taken on as asked
├── SealBroken              a secret that is kept sealed does not open
├── UnitEventRefused        an event may not change units, or be taken back, as asked
└── AccountRefused          an account, invitation, password or right cannot be as asked
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


class HueDtiError(Exception):
    """Something the user can understand and mend; the message says where, what, and what to do."""


class SettingError(HueDtiError):
    """An environment setting is absent or wrong."""


class NumeralError(HueDtiError):
    """A number cannot be read without guessing; the message ends with what to write."""

    @property
    def parts(self) -> tuple[str, str]:
        """What is wrong, and what to write, for those who put the place before and lines together."""
        what, remedy = re.split(r"[;,.]?\s+(?=[Hh]ãy )", str(self).rstrip("."), maxsplit=1)
        return what, remedy[0].lower() + remedy[1:]


class PeriodError(HueDtiError):
    """A period is not spelt as we spell periods."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file: where it stands, what is wrong, what to write instead."""

    path: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.remedy}"


class CatalogueError(HueDtiError):
    """A criteria, measure or unit file has faults; `faults` holds all of them in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SourcesError(SettingError):
    """The sources file has faults; `faults` holds all of them in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ImportRefused(HueDtiError):
    """A table a person wants to bring in has faults; `faults` holds all of them in file order, and nothing of it was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True, order=True)
class CellFault:
    """One thing wrong in a cell of a table: which line and column (both from 1), what is wrong, what to write instead."""

    path: str
    line: int
    column: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}; {self.remedy}"


class ValuesRefused(HueDtiError):
    """A table of index values has faults; `faults` holds all of them in file order, and nothing was computed."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FrameworkError(HueDtiError):
    """A framework does not tell what is needed to compute this, such as the points of its main indices."""


class ApprovalRefused(HueDtiError):
    """A base figure may not be proposed, approved or rejected like this; nothing was stored."""


class EntryRefused(HueDtiError):
    """A typed figure may not be saved like this; nothing was stored."""


class EntryConflict(EntryRefused):
    """Another entry stands where this one belongs (`standing`, when it is the cell's), or bears its number."""

    def __init__(self, message: str, standing: object = None) -> None:
        super().__init__(message)
        self.standing = standing


class ReviewRefused(HueDtiError):
    """A submission, a figure under review or an appraisal may not be moved or marked like this; nothing was stored."""


class PlanRefused(HueDtiError):
    """An improvement plan may not be kept, or told of, like this; nothing was stored."""


class PlanChanged(PlanRefused):
    """Somebody else changed the same part of the plan first; nothing was stored."""


class RoundRefused(HueDtiError):
    """An assessment round may not be opened, marked in or published like this; nothing was stored."""


class ResultRefused(HueDtiError):
    """A year's published results cannot be kept like this; the message says what to mend."""


class NoSetInForce(HueDtiError):
    """No criteria set scores the unit's level in the period."""


class UnitError(HueDtiError):
    """A unit cannot be told from what was written."""


class UnknownUnit(UnitError):
    """No unit has this code or name on that date."""


class AmbiguousUnit(UnitError):
    """Several units have this name."""


class SourceError(HueDtiError):
    """An outside system did not give an answer we may trust."""


class SourceUnreachable(SourceError):
    """No answer in time, connection refused, or retries used up."""


class SourceRefused(SourceError):
    """The source answered with an error status, or its address may not be asked."""


class SourceAnswerInvalid(SourceError):
    """The source answered, but not what its contract says."""


class ScoringError(HueDtiError):
    """Counts that a rule may not be given, such as a part above its declared whole."""


class SnapshotError(HueDtiError):
    """A quarter cannot be frozen, read or verified."""


class NothingToClose(SnapshotError):
    """The quarter has no figures yet."""


class SnapshotTampered(SnapshotError):
    """A bundle no longer says what was frozen."""


class StorageError(HueDtiError):
    """The database is absent, too old, not migrated or not ours."""


class DatabaseUnreachable(StorageError):
    """The server does not answer; the message names its address, which is for operators only."""


class DatabaseBusy(StorageError):
    """The database is there and kept what was asked waiting for too long."""


class NoRoom(StorageError):
    """A disk is full: the database's, or that of the installation's files."""


class TrailError(HueDtiError):
    """The audit trail's head cannot be kept outside the database, or the trail is not what was written."""


class BackupError(HueDtiError):
    """A backup cannot be written, or is not what was written."""


class MailUnsent(HueDtiError):
    """An e-mail did not go out; `unclear` when the server fell silent after it was handed over."""

    def __init__(self, message: str, unclear: bool = False) -> None:
        super().__init__(message)
        self.unclear = unclear


class EvidenceRefused(HueDtiError):
    """A file, link or explanation is not taken as evidence; nothing was stored."""


class ReportError(HueDtiError):
    """A report cannot be written as asked."""


class NothingOwed(ReportError):
    """Every figure that is expected is there, so there is nobody to remind."""


class CaseRefused(HueDtiError):
    """A report may not be edited, sent or issued like this; `faults` are the places of the form that are wrong, with why."""

    def __init__(self, words: str, faults: Sequence[tuple[str, str]] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(words)


class CaseChanged(CaseRefused):
    """Somebody else saved or moved the report first; nothing of what was asked was done."""


class AlertError(HueDtiError):
    """An alert cannot be taken on as asked."""


class SealBroken(HueDtiError):
    """A secret that is kept sealed does not open under any key of the installation."""


class UnitEventRefused(HueDtiError):
    """An event may not change units, or be taken back, as asked."""


class AccountRefused(HueDtiError):
    """An account, an invitation, a password or a right cannot be made or changed as asked."""
