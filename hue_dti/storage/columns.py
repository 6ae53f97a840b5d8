"""What the tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Integer, MetaData, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()
MOMENT = DateTime(timezone=True)
Kind = TypeEngine[Any] | type[TypeEngine[Any]]


def key(name: str, kind: Kind = Text) -> Column[Any]:
    """A part of the primary key."""
    return Column(name, kind, primary_key=True)


def must(name: str, kind: Kind = Text) -> Column[Any]:
    """A column that is never empty."""
    return Column(name, kind, nullable=False)


def letter() -> tuple[Column[Any], ...]:
    """What is noted of a letter that goes out once, beside the key it is known by."""
    return must("state"), must("repeated", Boolean), must("attempts", Integer), must("recipient"), must("reason"), must("noted_at", MOMENT)


def identity() -> Column[int]:
    """A number that the database gives."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)
