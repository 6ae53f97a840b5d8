"""The place of a figure that counts articles: it names every one of them, so that a closed quarter tells for ever what it counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

NONE_COUNTED = "không có mục nào trong kênh"
_PLACE = re.compile(r"(\d+) mục trong kênh, guid (.+)", re.DOTALL)


def place_of(identities: Sequence[str]) -> str:
    """The place of the figure that these articles make; no identity may have a comma in it."""
    return f"{len(identities)} mục trong kênh, guid {', '.join(identities)}" if identities else NONE_COUNTED


def identities_in(place: str) -> tuple[str, ...] | None:
    """The articles that a place names; None for a place of anything else, or that does not name as many as it says."""
    if place == NONE_COUNTED:
        return ()
    found = _PLACE.fullmatch(place)
    named = tuple(found[2].split(", ")) if found is not None else ()
    return named if found is not None and len(named) == int(found[1]) else None
