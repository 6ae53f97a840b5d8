"""What people say of names and figures: whose a name is, why a figure changed, why two sources differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from hue_dti.periods import Period
from hue_dti.storage import names, reasons
from hue_dti.storage.engine import transaction
from hue_dti.storage.model import ChangeReason, ConfirmedName, DifferenceReason, DismissedName, UnknownName
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event


class NamesAndReasons:
    """The part of `Storage` that keeps names and reasons; every method is one transaction, with the events it is given as its last act."""

    _engine: Engine

    def note_unknown_name(self, source: str, name: str, suggested: str | None, at: datetime, run: int | None = None) -> None:
        """List a name that no unit answers to, with the code of the likeliest unit, for a person to place."""
        with transaction(self._engine) as connection:
            names.note(connection, source, name, suggested, at, run)

    def unknown_names(self) -> tuple[UnknownName, ...]:
        """The names nobody has placed, by source and name."""
        with transaction(self._engine) as connection:
            return names.waiting(connection)

    def confirm_name(self, given: ConfirmedName, trail: Sequence[Event] = ()) -> None:
        """Make a source's name an alias of the unit of this code and first day; raise StorageError for a unit nobody knows."""
        with transaction(self._engine) as connection:
            names.confirm(connection, given)
            record(connection, *trail)

    def confirmed_names(self, source: str | None = None) -> tuple[ConfirmedName, ...]:
        """What a source (None: every one) calls units, oldest confirmation first; of two for one name the later counts."""
        with transaction(self._engine) as connection:
            return names.confirmed(connection, source)

    def dismiss_name(self, source: str, name: str, reason: str, by: str, at: datetime, trail: Sequence[Event] = ()) -> None:
        """Put a name aside that is no unit's; it is not listed again."""
        with transaction(self._engine) as connection:
            names.dismiss(connection, source, name, reason, by, at)
            record(connection, *trail)

    def dismissed_names(self) -> tuple[DismissedName, ...]:
        """The names put aside, by source and name."""
        with transaction(self._engine) as connection:
            return names.dismissed(connection)

    def give_reason(self, given: ChangeReason, trail: Sequence[Event] = ()) -> None:
        """Keep why a figure differs so much from that of the quarter before."""
        with transaction(self._engine) as connection:
            reasons.give(connection, given)
            record(connection, *trail)

    def change_reasons(self, period: Period | str) -> tuple[ChangeReason, ...]:
        """Every reason given for the period, oldest first."""
        with transaction(self._engine) as connection:
            return reasons.given(connection, str(period))

    def explain_difference(self, given: DifferenceReason, trail: Sequence[Event] = ()) -> None:
        """Keep why two sources tell different figures."""
        with transaction(self._engine) as connection:
            reasons.explain_difference(connection, given)
            record(connection, *trail)

    def explained_differences(self, period: Period | str) -> tuple[DifferenceReason, ...]:
        """Every reason given in the period for two sources that differ, oldest first."""
        with transaction(self._engine) as connection:
            return reasons.explained_differences(connection, str(period))
