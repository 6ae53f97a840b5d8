"""Two approvers at once, two hundred times: exactly one wins, the other is told by whom: `python -m benchmarks.proofs.approvals`.

Half of the races are for a unit's whole submission, half for the word on one figure.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from time import monotonic

from benchmarks.proofs.installation import installation
from hue_dti.appraisal.model import Case, Mark, Move, Signed, Verdict, Workflow
from hue_dti.errors import ReviewRefused
from hue_dti.observations.model import RawAnswer
from hue_dti.storage import Storage, open_storage
from hue_dti.storage.reviews import Step
from hue_dti.trail.model import Event

AT = datetime(2024, 6, 11, 1, 0, tzinfo=UTC)
PERIOD = "2024-Q2"
SENDER = Signed("hoa", "Hồ Thị Hoa", "Cán bộ")
APPROVERS = (Signed("binh", "Trần Thị Bình", "Phó Trưởng ban"), Signed("nam", "Lê Văn Nam", "Trưởng ban"))
ANSWER = RawAnswer(hashlib.sha256(b"{}").hexdigest(), "ô nhập", 200, "application/json", AT, b"{}")

Approve = Callable[[Storage, Case, Signed], object]


def whole(storage: Storage, case: Case, by: Signed) -> object:
    """Approve the unit's submission."""
    return storage.reviews.move(case, Step(Move.APPROVE, by, AT), trail=[_event(by, case, "submission.approved")])


def cell(storage: Storage, case: Case, by: Signed) -> object:
    """Approve one figure of it."""
    mark = Mark(case.unit, "staff", PERIOD, Verdict.APPROVED, 12, ANSWER.sha256, SENDER.login, "", by, AT)
    storage.reviews.mark(case, [mark], [_event(by, case, "cell.approved")])
    return case


def race(storages: Sequence[Storage], case: Case, approve: Approve, pool: ThreadPoolExecutor) -> bool:
    """Whether one of the two won, the other was told, and there is one event of it."""
    start = Barrier(len(APPROVERS))
    before = storages[0].trail.count()

    def attempt(storage: Storage, by: Signed) -> str:
        start.wait()
        try:
            approve(storage, case, by)
        except ReviewRefused as refused:
            return str(refused)
        return ""

    told = list(pool.map(attempt, storages, APPROVERS))
    return told.count("") == 1 and any("trước bạn" in each for each in told) and storages[0].trail.count() == before + 1


def main(races: int = 200) -> int:
    """Race, count, print; 1 when a race ended otherwise than with one winner."""
    begun, held = monotonic(), 0
    with installation() as place, place.copy() as settings, open_storage(settings) as first, open_storage(settings) as second:
        pool = ThreadPoolExecutor(len(APPROVERS))
        for number in range(races):
            storages = (first, second) if number % 4 < 2 else (second, first)
            held += race(storages, _case(first, number), (whole, cell)[number % 2], pool)
        pool.shutdown()
    print(f"{held}/{races} lần hai người cùng duyệt: đúng một người được, người kia được báo; {monotonic() - begun:.0f} giây")
    return 0 if held == races else 1


def _case(storage: Storage, number: int) -> Case:
    run = storage.begin_pull("entry", str(number), PERIOD, AT)
    storage.raw_store(run).keep(ANSWER)
    sent = storage.reviews.move(Case(str(number), PERIOD, Workflow.FIGURES), Step(Move.SEND, SENDER, AT, code="A", told=[]))
    return storage.reviews.move(sent, Step(Move.OPEN, APPROVERS[0], AT))


def _event(by: Signed, case: Case, act: str) -> Event:
    return Event(act, by.login, by.name, case.unit, PERIOD, case.state.value, "approved", "", AT)


if __name__ == "__main__":
    sys.exit(main())
