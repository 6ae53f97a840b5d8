"""Whoever owns the trail's table tampers with it 400 times; with the head kept outside each is found: `… audit_tampers [TAMPERS]`."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.proofs.audit_trail import AT, as_owner, events, rechain
from benchmarks.proofs.installation import installation
from hue_dti.services.trail_anchors import anchor_trail, verify_trail
from hue_dti.storage import Storage, open_storage

EVENTS = 300
WORDS = ("act", "actor", "name", "unit", "subject", "old", "new", "reason", "address", "request")

Tamper = Callable[[psycopg.Connection, random.Random], None]


def edit(owner: psycopg.Connection, chance: random.Random) -> None:
    """Change one word of one event, half of the times with the text that was hashed."""
    seq, word = chance.randint(1, EVENTS), chance.choice(WORDS)
    owner.execute(f"UPDATE audit_event SET {word} = {word} || 'x' WHERE seq = %s", (seq,))
    if chance.random() < 0.5:
        owner.execute("UPDATE audit_event SET body = replace(body, ']', ' ]') WHERE seq = %s", (seq,))


def delete(owner: psycopg.Connection, chance: random.Random) -> None:
    """Remove one to five events."""
    first = chance.randint(1, EVENTS - 5)
    owner.execute("DELETE FROM audit_event WHERE seq BETWEEN %s AND %s", (first, first + chance.randint(0, 4)))


def swap(owner: psycopg.Connection, chance: random.Random) -> None:
    """Let two events change their numbers, or all that they say."""
    one, other = chance.sample(range(1, EVENTS + 1), 2)
    if chance.random() < 0.5:
        for old, new in ((one, EVENTS * 2), (other, one), (EVENTS * 2, other)):
            owner.execute("UPDATE audit_event SET seq = %s WHERE seq = %s", (new, old))
        return
    words = ", ".join((*WORDS, "at", "body"))
    owner.execute(
        f"UPDATE audit_event SET ({words}) = (SELECT {words} FROM audit_copy WHERE seq = %s + %s - audit_event.seq) WHERE seq IN (%s, %s)",
        (one, other, one, other),
    )


def truncate(owner: psycopg.Connection, chance: random.Random) -> None:
    """Cut the end off."""
    owner.execute("DELETE FROM audit_event WHERE seq > %s", (chance.randint(0, EVENTS - 1),))


def recompute(owner: psycopg.Connection, chance: random.Random) -> None:
    """Change or remove an event and compute everything after it anew, numbers too."""
    seq = chance.randint(1, EVENTS)
    if chance.random() < 0.5:
        owner.execute(
            "UPDATE audit_event SET body = replace(body, 'Cán bộ', 'Ông'), name = replace(name, 'Cán bộ', 'Ông') WHERE seq = %s", (seq,)
        )
    else:
        owner.execute("DELETE FROM audit_event WHERE seq = %s", (seq,))
        for later in range(seq + 1, EVENTS + 1):
            owner.execute("UPDATE audit_event SET seq = %s WHERE seq = %s", (later - 1, later))
    rechain(owner, seq)


KINDS: dict[str, Tamper] = {"sửa": edit, "xóa": delete, "đổi chỗ": swap, "cắt đuôi": truncate, "tính lại": recompute}


def prove(storage: Storage, owner_url: str, home: Path, tampers: int, seed: int = 1) -> tuple[Counter[str], Counter[str]]:
    """Tamper, check, put back; how many of each kind the chain showed alone, and with the head outside."""
    chance, outside, nowhere = random.Random(seed), home / "outside.log", home / "nowhere.log"
    storage.trail.note(*events(EVENTS))
    anchor_trail(storage, outside, AT)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE audit_copy AS SELECT * FROM audit_event")
    alone: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for number in range(tampers):
        kind = tuple(KINDS)[number % len(KINDS)]
        with as_owner(owner_url) as owner:
            KINDS[kind](owner, chance)
        alone[kind] += bool(verify_trail(storage, nowhere).flaws)
        found[kind] += bool(verify_trail(storage, outside).flaws)
        with as_owner(owner_url) as owner:
            owner.execute("TRUNCATE audit_event")
            owner.execute("INSERT INTO audit_event SELECT * FROM audit_copy")
        assert verify_trail(storage, outside).flaws == (), "what was put back is whole"
    return alone, found


def main(tampers: int) -> int:
    """Run the proof and report."""
    with installation() as place, TemporaryDirectory() as folder, open_storage(place.settings()) as storage:
        alone, found = prove(storage, place.settings().owner_url or "", Path(folder), tampers)
    told = ", ".join(f"{kind} {found[kind]}" for kind in KINDS)
    inside = f"chỉ nhìn chuỗi bên trong thì {alone.total()}/{tampers}"
    print(f"{found.total()}/{tampers} lần sửa nhật ký bị phát hiện khi có mã giữ bên ngoài ({told}); {inside}")
    return 0 if found.total() == tampers else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400))
