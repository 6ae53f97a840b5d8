"""An officer at a commune's cells, for the tests of typed figures."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.observations.model import Pulled, RawAnswer, Reading, State
from hue_dti.observations.remembering import RememberingStore
from hue_dti.periods import Period
from hue_dti.services.enter import save_cell
from hue_dti.services.letting_in import Asked
from hue_dti.services.pull import visit_for
from hue_dti.services.source_model import SourceSettings

COMMUNE, PERIOD, BEFORE = "20164", "2024-Q3", "2024-Q2"
AN = Writer("an.hp", "Lê Văn An", "Công chức Văn phòng - Thống kê")
BINH = Writer("binh.hp", "Trần Thị Bình", "Công chức Tài chính - Kế toán")
START = datetime(2024, 8, 20, 1, 0, tzinfo=UTC)
ANSWER = RawAnswer(hashlib.sha256(b"{}").hexdigest(), "GET /", 200, "application/json", START, b"{}")
_minutes = count()


def typed(value, measure="shops", *, choice=None, client=None, by=AN, reason="", replaces=None, period=PERIOD, unit=COMMUNE):
    """A cell's content as a page sends it."""
    said = choice or Choice.VALUE
    return Typed(client or uuid4(), unit, measure, period, said, value, reason, by.login, replaces)


@dataclass(frozen=True)
class Desk:
    """Where a commune's figures are typed into a database."""

    storage: object
    catalogue: object
    unit: str = COMMUNE

    def type(self, value, measure="shops", *, by=AN, **more):
        """The entry that is kept."""
        return self.send(typed(value, measure, by=by, **{"unit": self.unit, **more}), by)[0]

    def send(self, one, by=AN):
        """The entry and whether it is new."""
        return save_cell(self.storage, self.catalogue, one, by, START + timedelta(minutes=next(_minutes)))

    def stands(self, measure="shops", period=PERIOD):
        """The current figure of a cell."""
        return next((each for each in self.storage.observations([self.unit], period) if each.measure == measure), None)

    def told(self, measure, value, figures, *, period=PERIOD, state=State.MEASURED):
        """Let the measure's own source tell a figure of the commune."""
        known = replace(figures[COMMUNE, measure], unit=self.unit, value=value, period=Period.parse(period), state=state)
        run = self.storage.begin_pull(known.origin.source, self.unit, period, START)
        self.storage.finish_pull(run, "ok", "", 1, 1, (), START, [replace(known, origin=replace(known.origin, raw_sha256=""))])

    def let_in(self, source, *readings, whole=True, failure=""):
        """Admit what a connector of the source brought of the commune's district, as a pull does, or why it brought nothing."""
        district = next(unit for unit in self.storage.units() if unit.code == "483")
        visit = visit_for(self.storage, self.catalogue, district, Period.parse(PERIOD), lambda: START + timedelta(days=1))
        run = self.storage.begin_pull(source, "483", PERIOD, START)
        store = RememberingStore(self.storage.raw_store(run).keep)
        store.keep(ANSWER)
        figures = [Reading(self.unit, measure, value, START.date(), ANSWER.sha256, "dòng 1") for measure, value in readings]
        pulled = None if failure else Pulled(tuple(figures))
        return visit.admit(source, SourceSettings("spreadsheet", {}), Asked(run, store, pulled, failure, whole), ())
