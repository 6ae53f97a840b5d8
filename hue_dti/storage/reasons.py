"""Why figures differ so much from those of the quarter before, or from what another source tells, as people said."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware
from hue_dti.storage.model import ChangeReason, DifferenceReason
from hue_dti.storage.tables import change_reason, difference_reason


def give(connection: Connection, given: ChangeReason) -> None:
    """Add a reason to what was said before."""
    row = {"unit": nfc(given.unit), "measure": nfc(given.measure), "period": given.period, "reason": nfc(given.reason)}
    values = {"old_value": given.old, "new_value": given.new, "given_by": nfc(given.by), "given_at": aware(given.at)}
    connection.execute(insert(change_reason).values(row | values))


def given(connection: Connection, period: str) -> tuple[ChangeReason, ...]:
    """Every reason of the period, oldest first."""
    columns = [column for column in change_reason.c if column.name != "id"]
    wanted = select(*columns).where(change_reason.c.period == period).order_by(change_reason.c.id)
    return tuple(ChangeReason(*row) for row in connection.execute(wanted))


def explain_difference(connection: Connection, given: DifferenceReason) -> None:
    """Add why two sources differ to what was said before."""
    row = {"unit": nfc(given.unit), "measure": nfc(given.measure), "period": given.period, "source": nfc(given.source)}
    values = {"counted_value": given.counted, "other_value": given.other, "reason": nfc(given.reason)}
    connection.execute(insert(difference_reason).values(row | values | {"given_by": nfc(given.by), "given_at": aware(given.at)}))


def explained_differences(connection: Connection, period: str) -> tuple[DifferenceReason, ...]:
    """Every reason why two sources differ in the period, oldest first."""
    columns = [column for column in difference_reason.c if column.name != "id"]
    wanted = select(*columns).where(difference_reason.c.period == period).order_by(difference_reason.c.id)
    return tuple(DifferenceReason(*row) for row in connection.execute(wanted))
