"""Give criteria to units and persons, and tell what falls to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from hue_dti.accounts.assignment import mine
from hue_dti.accounts.model import Act, Actor
from hue_dti.accounts.rights import may
from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import AccountRefused
from hue_dti.periods import LOCAL, Period
from hue_dti.storage import Storage
from hue_dti.trail.model import Event
from hue_dti.units.lines import Lines
from hue_dti.units.model import OrgUnit


def assigned(storage: Storage, catalogue: Catalogue, actor: Actor, unit: OrgUnit, period: Period) -> frozenset[str]:
    """The codes of the criteria of the unit's set that fall to the actor in the period; none where no set is in force."""
    criteria_set = catalogue.set_for(unit.level, period.end)
    if criteria_set is None:
        return frozenset()
    given = storage.assignments.of(unit.code, criteria_set.code)
    lines = Lines(storage.units(), period.end)
    known = {each.responsible: lines.of(each.responsible, period.end) for each in given.values()}
    return mine(actor, [each.code for each in criteria_set.criteria], given, {**known, "": lines.of(unit.code, period.end)})


def assign(
    storage: Storage,
    unit: OrgUnit,
    criteria_set: CriteriaSet,
    criteria: Collection[str],
    responsible: str,
    login: str,
    by: str,
    now: datetime,
    trail: Sequence[Event] = (),
) -> int:
    """Give criteria to a unit at or below this one, and to one of its persons where a login is said; how many changed.

    AccountRefused for criteria that the set has not, for a unit elsewhere, and for somebody who may not enter there.
    """
    unknown = sorted(set(criteria) - {each.code for each in criteria_set.criteria})
    if unknown or not criteria:
        raise AccountRefused(f"Bộ tiêu chí không có {', '.join(unknown)}; hãy chọn lại." if unknown else "Hãy chọn ít nhất một tiêu chí.")
    today = now.astimezone(LOCAL).date()
    lines = Lines(storage.units(), today)
    if responsible and unit.code not in lines.of(responsible):
        raise AccountRefused(f"Đơn vị mã '{responsible}' không thuộc {unit.name}; hãy chọn {unit.name} hoặc đơn vị bên dưới.")
    if login:
        account = storage.accounts.find(login)
        if account is None or not account.active or not may(account.actor(today), Act.ENTER, lines.of(responsible)):
            raise AccountRefused(f"'{login}' không nhập số liệu ở đơn vị này; hãy cấp vai trò cán bộ hoặc thư ký trước.")
    return storage.assignments.assign(unit.code, criteria_set.code, criteria, responsible, login, by, now, trail)
