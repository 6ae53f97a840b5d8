"""The chain of events: how one is spelt and hashed, and whether a chain is still what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from json.encoder import encode_basestring
from operator import attrgetter

from hue_dti.collation import nfc
from hue_dti.trail.model import Event, Head, Kept

BEFORE_ALL = "0" * 64
"""What stands for the hash before the first event."""

LONGEST = 4000
"""Letters of a field that are kept; whoever sends a longer one cannot fill the disk with it."""

_WORDS = ("act", "actor", "name", "unit", "subject", "old", "new", "reason", "address", "request")
_SAID = attrgetter(*_WORDS)
_TO_THE_ZONE = len("2024-06-10T01:02:03.000000")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_CODE = re.compile(r"(?P<seq>\d{1,18})((?:-[0-9A-Fa-f]{4}){3})")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the chain is not what was written, and what is wrong there."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"sự kiện số {self.seq}: {self.what}"


def keepable(event: Event) -> Event:
    """The event as the database can keep it: NFC, without the signs it refuses, no field longer than `LONGEST`."""
    return Event(at=event.at, **{word: _keepable(getattr(event, word)) for word in _WORDS})


def spell(event: Event) -> str:
    """The text that is hashed, as the database spells it: a JSON array of the moment in UTC and the fields in their order."""
    moment = event.at.astimezone(UTC).isoformat(timespec="microseconds")[:_TO_THE_ZONE]
    return f'["{moment}", {", ".join(map(encode_basestring, _SAID(event)))}]'


def link(prev: str, seq: int, body: str) -> str:
    """The hash of an event after another."""
    return sha256(f"{prev} {seq} {body}".encode()).hexdigest()


def code(head: Head) -> str:
    """The head as it stands on paper: `000123-7F3A-91C2-0B5E`, 48 bits of the hash."""
    short = head.hash[:12].upper()
    return f"{head.seq:06d}-{short[:4]}-{short[4:8]}-{short[8:]}"


def read_code(text: str) -> Head | None:
    """The head that a code on paper names; None when it is no code."""
    match = _CODE.fullmatch(text.strip())
    return None if match is None else Head(int(match["seq"]), match[2].replace("-", "").lower())


def flaws(chain: Iterable[Kept], outside: Iterable[Head] = ()) -> Iterator[Flaw]:
    """Everything that is wrong with the chain, which comes from its first event on; nothing when it is whole.

    `outside` are heads that were kept where the owner of the database does not reach. Without them a chain that was cut or computed
    anew looks whole; with them whatever happened before the newest of them is found.
    """
    anchors: dict[int, list[str]] = {}
    for head in outside:
        anchors.setdefault(head.seq, []).append(head.hash)
    last, prev = 0, BEFORE_ALL
    for kept in chain:
        if not _follows(kept, last, prev):
            yield from (Flaw(kept.seq, what) for what in _wrong(kept, Head(last, prev)))
        last, prev = kept.seq, kept.hash
        if last in anchors:
            yield from _elsewhere(kept, anchors.pop(last))
    for seq in sorted(anchors):
        where = "không còn" if seq > last else "không có"
        yield Flaw(seq, f"{where} trong nhật ký, trong khi mã {anchors[seq][0]} của nó đã được giữ bên ngoài")


def _follows(kept: Kept, last: int, prev: str) -> bool:
    """Whether the event is just what stands after these: the quick answer for the many that do."""
    seq, body = kept.seq, kept.body
    return seq == last + 1 and kept.prev == prev and body == spell(kept.event) and kept.hash == link(prev, seq, body)


def _wrong(kept: Kept, before: Head) -> Iterator[str]:
    if kept.seq > before.seq + 1:
        yield f"{kept.seq - before.seq - 1} sự kiện trước nó đã mất"
    elif kept.seq <= before.seq:
        yield f"đứng sau sự kiện số {before.seq}"
    elif kept.prev != before.hash:
        yield "không nối vào sự kiện đứng trước"
    if kept.body != spell(kept.event):
        yield "các cột không khớp bản ghi đã băm"
    if kept.hash != link(kept.prev, kept.seq, kept.body):
        yield "nội dung không khớp mã băm"


def _elsewhere(kept: Kept, hashes: Sequence[str]) -> Iterator[Flaw]:
    for told in hashes:
        if not kept.hash.startswith(told):
            yield Flaw(kept.seq, f"có mã {kept.hash}, trong khi mã đã được giữ bên ngoài là {told}; chuỗi đã bị tính lại")


def _keepable(text: str) -> str:
    plain = _UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", nfc(text))
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
