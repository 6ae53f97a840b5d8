"""A checks file → checks between measures; what can be compared at all is checked here."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from hue_dti.catalogue import shapes
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.model import Check, CheckedPer, Measure, OverUnits
from hue_dti.catalogue.nodes import Faults, Node, Table
from hue_dti.catalogue.read_measures import Known, entries


@dataclass
class Checks:
    """What the checks files of a folder declare together."""

    found: dict[str, Check] = field(default_factory=dict)
    jump: Fraction | None = None
    codes: dict[str, tuple[str, int]] = field(default_factory=dict)


def read_checks(root: Table, faults: Faults, known: Known, checks: Checks) -> None:
    """Add what one file declares; measures must be known, of one kind and observed where they are compared."""
    fields = Fields(root, shapes.CHECKS_FILE, faults, shapes.CHECKS_FILE.name)
    jump = fields.under("jump", shapes.JUMP)
    if jump is not None:
        checks.jump = jump.share("more_than")
    for code, node in entries(fields, "checks", checks.codes).items():
        before = len(faults)
        check = _check(code, node, faults, known)
        if check is not None and len(faults) == before:
            checks.found[code] = check


def _check(code: str, node: Node, faults: Faults, known: Known) -> Check | None:
    fields = Fields.open(node, shapes.CHECK, faults, f"kiểm tra {code}")
    if fields is None:
        return None
    codes = tuple(known.measure_codes)
    part = fields.name("part", codes, noun="số liệu", trusted=known.all_measures)
    whole = fields.name("whole", codes, noun="số liệu", trusted=known.all_measures)
    per = fields.choice("per", CheckedPer)
    check = Check(code, fields.text("name"), part, whole, per or CheckedPer.TOTAL, fields.text("remedy"))
    if part and part == whole:
        fields.fault("whole", f"cũng là '{whole}' như part", "hãy so với một số liệu khác")
    elif per is not None and part in known.measures and whole in known.measures:
        _check_comparable(fields, per, known.measures[part], known.measures[whole])
    return check


def _check_comparable(fields: Fields, per: CheckedPer, part: Measure, whole: Measure) -> None:
    if part.kind is not whole.kind:
        fields.fault("whole", f"là loại {whole.kind}, part là loại {part.kind}", "hãy so hai số liệu cùng loại")
    elif per is CheckedPer.UNIT and not set(part.levels) & set(whole.levels):
        fields.fault("per", "là 'unit' nhưng không cấp nào ghi nhận cả hai số liệu", "hãy viết per: total")
    elif per is CheckedPer.TOTAL and OverUnits.SUM not in {part.over_units} & {whole.over_units}:
        fields.fault("per", "là 'total' nhưng có số liệu không cộng được giữa các đơn vị", "hãy viết per: unit")
