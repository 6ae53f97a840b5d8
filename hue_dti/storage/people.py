"""What storage keeps of persons and their work: the properties that the door, `Storage`, has from here."""

from __future__ import annotations

from sqlalchemy import Engine

from hue_dti.storage.evidence import EvidenceBook
from hue_dti.storage.trail import TrailBook


class People:
    """The books of persons' work; a base class of `Storage`."""

    _engine: Engine

    @property
    def trail(self) -> TrailBook:
        """What was done, by whom and why: the chained events."""
        return TrailBook(self._engine)

    @property
    def evidence(self) -> EvidenceBook:
        """What units put beside criteria to prove them."""
        return EvidenceBook(self._engine)
