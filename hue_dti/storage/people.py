"""What storage keeps of persons and their work: the properties that the door, `Storage`, has from here."""

from __future__ import annotations

from sqlalchemy import Engine

from hue_dti.storage.accounts import AccountBook
from hue_dti.storage.appraisals import AppraisalBook
from hue_dti.storage.assignments import AssignmentBook
from hue_dti.storage.entries import EntryBook
from hue_dti.storage.evidence import EvidenceBook
from hue_dti.storage.notes import NoteBook
from hue_dti.storage.plans import PlanBook
from hue_dti.storage.provincial import ProvincialBook
from hue_dti.storage.registers import RegisterBook
from hue_dti.storage.reports import ReportBook
from hue_dti.storage.reviews import ReviewBook
from hue_dti.storage.round_notices import NoticeBook
from hue_dti.storage.rounds import RoundBook
from hue_dti.storage.second_factors import SecondFactorBook
from hue_dti.storage.sessions import SessionBook
from hue_dti.storage.trail import TrailBook
from hue_dti.storage.unit_events import UnitEventBook
from hue_dti.storage.year_results import YearResultBook


class People:
    """The books of persons' work; a base class of `Storage`."""

    _engine: Engine

    @property
    def accounts(self) -> AccountBook:
        """Who there is and what they may do."""
        return AccountBook(self._engine)

    @property
    def sessions(self) -> SessionBook:
        """Sign-ins that stand, and what was tried at the door."""
        return SessionBook(self._engine)

    @property
    def second_factors(self) -> SecondFactorBook:
        """The codes persons' phones show."""
        return SecondFactorBook(self._engine)

    @property
    def assignments(self) -> AssignmentBook:
        """Who answers for which criterion."""
        return AssignmentBook(self._engine)

    @property
    def reviews(self) -> ReviewBook:
        """What was sent, who reviewed it, what was said of single figures."""
        return ReviewBook(self._engine)

    @property
    def appraisals(self) -> AppraisalBook:
        """An appraiser's marks and what units explained."""
        return AppraisalBook(self._engine)

    @property
    def trail(self) -> TrailBook:
        """What was done, by whom and why: the chained events."""
        return TrailBook(self._engine)

    @property
    def plans(self) -> PlanBook:
        """Improvement plans and what was told of their obligations."""
        return PlanBook(self._engine)

    @property
    def rounds(self) -> RoundBook:
        """Assessment rounds: marks, more time, publications."""
        return RoundBook(self._engine)

    @property
    def round_notices(self) -> NoticeBook:
        """Letters that tell of a round's moved days."""
        return NoticeBook(self._engine)

    @property
    def registers(self) -> RegisterBook:
        """Registers that persons keep, row by row."""
        return RegisterBook(self._engine)

    @property
    def evidence(self) -> EvidenceBook:
        """What units put beside criteria to prove them."""
        return EvidenceBook(self._engine)

    @property
    def reports(self) -> ReportBook:
        """Reports on their way: own words, moves, issues."""
        return ReportBook(self._engine)

    @property
    def entries(self) -> EntryBook:
        """Figures that persons typed."""
        return EntryBook(self._engine)

    @property
    def notes(self) -> NoteBook:
        """What persons noted on figures that machines pulled."""
        return NoteBook(self._engine)

    @property
    def provincial(self) -> ProvincialBook:
        """What the province gives for components that no unit tells."""
        return ProvincialBook(self._engine)

    @property
    def unit_events(self) -> UnitEventBook:
        """Events that change units, and who stands above whom."""
        return UnitEventBook(self._engine)

    @property
    def year_results(self) -> YearResultBook:
        """Published indices of whole years."""
        return YearResultBook(self._engine)
