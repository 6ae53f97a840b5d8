"""The JSON sections of a bundle: head, tree, documents, answers; each way, exactly."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime

from hue_dti.observations.model import RegisteredDocument
from hue_dti.snapshots.canonical import Json
from hue_dti.snapshots.figures import Answer
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import subtree_ends


def head_json(head: SnapshotHead) -> Json:
    """The head without its own hash, which only the trailer can carry; times are written in UTC."""
    written = {field.name: getattr(head, field.name) for field in fields(head) if field.name != "sha256"}
    return written | {"closed_at": moment_text(head.closed_at), "cutoff": head.cutoff.isoformat()}


def head_from(written: Json, sha256: str) -> SnapshotHead:
    """The head read back, with the bundle's hash."""
    return SnapshotHead(
        **written
        | {
            "sha256": sha256,
            "closed_at": datetime.fromisoformat(written["closed_at"]),
            "cutoff": date.fromisoformat(written["cutoff"]),
        }
    )


def tree_json(tree: Tree) -> Json:
    """The day, then one row per unit in pre-order with the index of its parent (-1 for the root)."""
    return [[tree.as_of.isoformat()], *(_unit_json(unit, above) for unit, above in zip(tree.units, tree.parent, strict=True))]


def tree_from(written: Json) -> Tree:
    """The tree read back; raise ValueError when the rows are no pre-order."""
    as_of, *rows = written
    units = tuple(_unit_from(row) for row in rows)
    parent = tuple(row[-1] for row in rows)
    return Tree(date.fromisoformat(as_of[0]), units, subtree_ends(parent), parent, {unit.code: at for at, unit in enumerate(units)})


def document_json(document: RegisteredDocument) -> Json:
    """A row of the register as an object."""
    return asdict(document) | {"issued_on": document.issued_on.isoformat()}


def document_from(written: Json) -> RegisteredDocument:
    """The row read back."""
    return RegisteredDocument(**written | {"issued_on": date.fromisoformat(written["issued_on"])})


def answer_json(answer: Answer) -> Json:
    """A raw answer's row."""
    return [answer.source, answer.request, moment_text(answer.fetched_at), answer.raw_sha256]


def answer_from(written: Json) -> Answer:
    """The row read back."""
    source, request, fetched_at, raw_sha256 = written
    return Answer(source, request, datetime.fromisoformat(fetched_at), raw_sha256)


def moment_text(moment: datetime) -> str:
    """An aware moment in UTC, the same text in whatever zone it was said."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).isoformat()


def numbered(head: SnapshotHead, sha256: str) -> SnapshotHead:
    """The head with the hash of its finished bundle and its moment as the bundle tells it."""
    return replace(head, sha256=sha256, closed_at=head.closed_at.astimezone(UTC))


def _unit_json(unit: OrgUnit, above: int) -> Json:
    last = unit.valid_to.isoformat() if unit.valid_to is not None else None
    return [unit.code, unit.name, unit.level, unit.parent, unit.valid_from.isoformat(), last, unit.located_in, list(unit.aliases), above]


def _unit_from(row: Json) -> OrgUnit:
    code, name, level, parent, first, last, located_in, aliases, _ = row
    return OrgUnit(
        code,
        name,
        Level(level),
        parent,
        date.fromisoformat(first),
        date.fromisoformat(last) if last is not None else None,
        located_in,
        tuple(aliases),
    )
