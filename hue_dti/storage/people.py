"""What storage keeps of persons and their work: the properties that the door, `Storage`, has from here."""

from __future__ import annotations

from sqlalchemy import Engine

from hue_dti.storage.accounts import AccountBook
from hue_dti.storage.sessions import SessionBook


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
