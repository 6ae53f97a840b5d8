"""What was worked out of rows, kept in this process until a row that it rests on changes, in whichever process that happens."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import Engine

from hue_dti.storage.touched import EVERYTHING, moment_now, touched_since

T = TypeVar("T")

MOST = 256
"""How many things are kept, the last used ones."""

LONGEST_S = 600.0
"""What an owner of the database changed behind its triggers is seen after so long at the latest."""


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    units: frozenset[str]
    until: float


class Kept:
    """Values by key, each with the units whose rows it was worked out of; safe in threads.

    Before a value is handed out the database is asked which units were touched since it was last asked, so that nothing is ever older
    than the question. A value is not kept when one of its units was told of while it was being worked out.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._moment: str | None = None
        self._told = 0
        self._told_of: dict[str, int] = {}
        self._values: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}

    def value(self, key: Hashable, make: Callable[[], tuple[T, Collection[str]]], asked: bool = False) -> T:
        """The value of the key; where none is kept, `make` gives it with the units it rests on, once for all threads that wait for it.

        Who `asked` for another value just now, and wrote nothing since, takes this one as of then.
        """
        if not asked:
            self._ask()
        found = self._find(key)
        if found is None:
            try:
                with self._making.setdefault(key, Lock()):
                    told = self._ask()
                    found = self._find(key) or self._keep(key, make, told)
            finally:
                self._making.pop(key, None)
        return cast(T, found.value)

    def _ask(self) -> int:
        """Let go of what was touched since the last time; the number of what has been told of so far."""
        moment, units = touched_since(self._engine, self._moment or self._begin())
        with self._lock:
            if units:
                self._told += 1
                self._told_of.update(dict.fromkeys(units, self._told))
                for key in [key for key, kept in self._values.items() if EVERYTHING in units or not units.isdisjoint(kept.units)]:
                    del self._values[key]
            self._moment = moment
            return self._told

    def _begin(self) -> str:
        """The first moment, before anything is kept."""
        with self._lock:
            self._moment = self._moment or moment_now(self._engine)
            return self._moment

    def _find(self, key: Hashable) -> _Kept | None:
        with self._lock:
            found = self._values.get(key)
            if found is None or found.until < time.monotonic():
                return None
            self._values.move_to_end(key)
            return found

    def _keep(self, key: Hashable, make: Callable[[], tuple[T, Collection[str]]], told: int) -> _Kept:
        until = time.monotonic() + LONGEST_S
        value, units = make()
        made = _Kept(value, frozenset(units), until)
        with self._lock:
            if all(self._told_of.get(unit, 0) <= told for unit in (*made.units, EVERYTHING)):
                self._values[key] = made
                while len(self._values) > MOST:
                    self._values.popitem(last=False)
        return made
