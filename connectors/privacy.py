"""Keeps only the named fields of a JSON answer: whatever else a system tells (a citizen's name, a text) is blotted before storing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from connectors.fields import once_each
from hue_dti.secrecy import HIDDEN

NOT_JSON = f'"{HIDDEN}"'.encode()
"""What is kept of an answer that is no JSON where only fields may be kept."""
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_MOST_NAMED = 8


@dataclass(slots=True)
class Keeping:
    """Blots every value that does not stand under one of the `fields`; `met` names the others it has met."""

    fields: frozenset[str]
    met: dict[str, None] = field(default_factory=dict)

    def body(self, body: bytes) -> bytes:
        """The answer with what may be kept of it, in the order it came."""
        try:
            return json.dumps(self._kept(json.loads(body.decode("utf-8"), object_pairs_hook=once_each), ""), ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return NOT_JSON

    def words(self) -> str:
        """The fields blotted, as a fault names them; empty where there was nothing to blot."""
        named = [name for name in self.met if name != HIDDEN]
        more = ", …" if len(named) > _MOST_NAMED or HIDDEN in self.met else ""
        return f"{', '.join(named[:_MOST_NAMED]) or '…'}{more if named else ''}" if self.met else ""

    def _kept(self, value: Any, name: str) -> Any:
        """What may be kept of a value that stands under a field of this name, or in a list there."""
        if isinstance(value, dict):
            return {self._named(key): self._kept(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self._kept(each, name) for each in value]
        if name in self.fields or value is None:
            return value
        self.met.setdefault(self._named(name))
        return HIDDEN

    @staticmethod
    def _named(key: str) -> str:
        """A field's own name may be a person's; one that does not look like a field's is blotted too."""
        return key if _FIELD.fullmatch(key) else HIDDEN
