"""What storage keeps of persons and their work: the properties that the door, `Storage`, has from here."""

from __future__ import annotations

from sqlalchemy import Engine


class People:
    """The books of persons' work; a base class of `Storage`."""

    _engine: Engine
