"""How a source stands for one quarter: its state in a word, its last pulls, what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hue_dti.catalogue.model import Source
from hue_dti.schedule.model import Due
from hue_dti.services.run_now import SourceCall
from hue_dti.storage import CameAnswer, PullRun, Queued
from hue_dti.web.site import now, site

RUNS_SHOWN = 12
LONGEST_PULL = timedelta(hours=1)
"""A pull that is still open after so long was cut off: no source is asked for longer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A state: how bad it is (0 is worst), its word, and the shape and colour of its mark."""

    rank: int
    word: str
    mark: str


FAILED = Standing(0, "nguồn lỗi", "not-achieved")
RESTING = Standing(1, "tạm ngừng hỏi", "not-achieved")
STALE = Standing(2, "cũ", "in-progress")
PARTIAL = Standing(3, "có dòng lỗi", "in-progress")
NEVER = Standing(4, "chưa lấy lần nào", "not-started")
ASKING = Standing(5, "đang lấy", "in-progress")
GOOD = Standing(6, "tốt", "achieved")
STANDINGS = (FAILED, RESTING, STALE, PARTIAL, NEVER, ASKING, GOOD)


@dataclass(frozen=True, slots=True)
class Bar:
    """One pull in the chart: its figures as a height, its outcome as a mark."""

    run: PullRun
    at: int
    height: int
    mark: str


@dataclass(frozen=True, slots=True)
class Supply:
    """A source with its newest pulls, oldest first, and all else its line tells."""

    source: Source
    standing: Standing
    runs: tuple[PullRun, ...]
    answers: tuple[CameAnswer, ...]
    last_good: datetime | None
    due: Due | None
    waiting: Queued | None
    criteria: tuple[str, ...]
    rests_until: datetime | None = None

    @property
    def pull(self) -> PullRun | None:
        """The newest pull."""
        return self.runs[-1] if self.runs else None

    @property
    def reason(self) -> str:
        """Why the newest pull failed; where it was cut off nobody could write it down."""
        return "" if self.pull is None else (self.pull.reason if self.pull.outcome else "")

    @property
    def cut_off(self) -> bool:
        """Whether the newest pull began and will never end."""
        return self.pull is not None and self.pull.outcome is None and self.standing is FAILED

    def bars(self, width: int, height: int) -> tuple[Bar, ...]:
        """The pulls as bars, `width` apart, the newest at the right end; any pull with figures is at least one unit high."""
        most, first = max((run.observations for run in self.runs), default=0), RUNS_SHOWN - len(self.runs)
        heights = [-(-run.observations * height // most) if most else 0 for run in self.runs]
        return tuple(
            Bar(run, (first + at) * width, tall, standing(run, stale=False).mark)
            for at, (run, tall) in enumerate(zip(self.runs, heights, strict=True))
        )


def supplies(
    calls: Iterable[SourceCall],
    due: dict[str, Due],
    criteria: dict[str, list[str]],
    stale: Collection[str],
    resting: Mapping[str, datetime],
) -> tuple[Supply, ...]:
    """Each source's line, the worst first and else in the catalogue's order."""
    asked, board = tuple(calls), site().storage.board
    if not asked:
        return ()
    unit, period = asked[0].unit, asked[0].period
    runs, good = board.recent_pulls(unit, period, RUNS_SHOWN), board.last_good(unit, period)
    answers = board.answers_of(*(each[-1].id for each in runs.values()))
    queued = _queued(asked)
    lines = []
    for call in asked:
        mine = runs.get(call.source, ())
        lines.append(
            Supply(
                source=site().catalogue.sources[call.source],
                standing=standing(mine[-1] if mine else None, call.source in stale, queued[call], call.source in resting),
                runs=mine,
                answers=answers[mine[-1].id] if mine else (),
                last_good=good.get(call.source),
                due=due.get(call.source),
                waiting=queued[call],
                criteria=tuple(criteria.get(call.source, ())),
                rests_until=resting.get(call.source),
            )
        )
    return tuple(sorted(lines, key=lambda line: line.standing.rank))


def _queued(calls: Sequence[SourceCall]) -> dict[SourceCall, Queued | None]:
    """Each call as it waits or runs just now, by itself or together with those of other units."""
    board = site().storage.board
    alone = dict(zip(calls, board.queued(*(each.deferred for each in calls)), strict=True))
    together = board.asked_together(calls[0].unit, calls[0].period)
    running = {call: Queued(0, together[call.source], before=True) for call in calls if call.source in together}
    return {call: each or running.get(call) for call, each in alone.items()}


def standing(run: PullRun | None, stale: bool, queued: Queued | None = None, resting: bool = False) -> Standing:
    """The state of a source whose newest pull this is; `resting` is one left in peace for a while because it failed so often."""
    if queued is not None and queued.running:
        return ASKING
    if resting:
        return RESTING
    if run is None:
        return NEVER
    if run.outcome is None:
        return ASKING if now() - run.started_at < LONGEST_PULL else FAILED
    if run.outcome == "failed":
        return FAILED
    if stale:
        return STALE
    return PARTIAL if run.outcome == "partial" else GOOD
