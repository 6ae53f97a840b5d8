"""One unit's next steps, and what they come to one after the other; each is scored on top of those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from hue_dti.catalogue.model import Criterion
from hue_dti.catalogue.rules import Judged
from hue_dti.scoring.again import Again
from hue_dti.scoring.model import Status
from hue_dti.steps.find import Tried, tried_of
from hue_dti.steps.horizon import Horizon
from hue_dti.steps.model import Lost, Mark, NextSteps, Step
from hue_dti.steps.peers import Peers

MOST_STEPS = 15
"""How many steps one after the other are worked out."""


def next_steps(again: Again, peers: Peers, horizon: Horizon, most: int = MOST_STEPS) -> NextSteps:
    """The steps of the one unit that `again` scores."""
    base, above = again.base, peers.points_for_next(again.base)
    steps = [tried.step(again, peers, 0) for line in base.lines for tried in tried_of(again, line, horizon, above) if tried.gain[0] > 0]
    told = {step.criterion.code for step in steps}
    return NextSteps(
        base.tree.units[int(base.spans.first[0])].code,
        int(base.points[0]),
        base.max_points,
        peers.rank(base, 0),
        peers.size(0),
        horizon.counts_in,
        horizon.until,
        tuple(sorted(steps, key=lambda step: (not step.mark.sure, step.mark is Mark.FIGURES, -step.rate, -step.gain))),
        tuple(step for step, _ in path(again, peers, horizon, most)),
        tuple(_lost(again, horizon, told)),
    )


def path(again: Again, peers: Peers, horizon: Horizon, most: int = MOST_STEPS) -> Iterator[tuple[Step, Again]]:
    """The step with most points for the least count, then the best after it, and so on, each with the figures it leaves behind.

    Totals and places are exact at every step.
    """
    open_: dict[str, list[Tried]] = {}
    wanted = {line.criterion.code for line in again.base.lines}
    for _ in range(most):
        for line in again.base.lines:
            if line.criterion.code in wanted:
                open_[line.criterion.code] = [each for each in tried_of(again, line, horizon) if each.gain[0] > 0]
        found = [each for tried in open_.values() for each in tried]
        if not found:
            return
        best = max(found, key=lambda each: _worth(each, again))
        columns = {code: best.columns[code] for code in best.measures}
        after = again.with_columns(columns)
        yield _settled(best, again, after, peers), after
        again, wanted = after, touched(again, columns)


def touched(again: Again, columns: Mapping[str, object]) -> set[str]:
    """Criteria whose steps may be worth something else now: those that share a figure with one that uses a changed one."""
    moved = [
        set(line.criterion.rule.measures()) for line in again.base.lines if not columns.keys().isdisjoint(line.criterion.rule.measures())
    ]
    near = set().union(*moved) if moved else set()
    return {line.criterion.code for line in again.base.lines if not near.isdisjoint(line.criterion.rule.measures())}


def _worth(tried: Tried, again: Again) -> tuple[Fraction, int]:
    gain = int(tried.gain[0])
    return Fraction(gain) / tried.size(0, again.measures), gain


def _settled(best: Tried, before: Again, after: Again, peers: Peers) -> Step:
    """The step as it stands in the sequence: its gain is the change of the whole."""
    step = best.step(before, peers, 0)
    points = int(after.base.points[0])
    return replace(step, gain=points - int(before.base.points[0]), points=points, rank=peers.rank(after.base, 0))


def _lost(again: Again, horizon: Horizon, told: set[str]) -> Iterator[Lost]:
    for line in again.base.lines:
        missing = line.max_points - int(line.points[0])
        if missing and line.criterion.code not in told and line.status[0] != Status.NOT_APPLICABLE:
            yield Lost(line.criterion, missing, _why(line.criterion, again, horizon))


def _why(criterion: Criterion, again: Again, horizon: Horizon) -> str:
    measures = [again.measures[code] for code in criterion.rule.measures()]
    reason = horizon.why_not(criterion) or horizon.why_not(criterion, measures)
    if reason:
        return reason
    if isinstance(criterion.rule, Judged):
        return "điểm do người thẩm định cho"
    return "số liệu hiện có không cho phép tăng thêm"
