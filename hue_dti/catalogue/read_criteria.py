"""A group's criteria → frozen lines; codes, points, marks and shortfall lists are checked against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from hue_dti.catalogue import shapes
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.model import Criterion, Group, ShortfallSpec, StatusPolicy
from hue_dti.catalogue.nodes import Node, Scalar, Table
from hue_dti.catalogue.proofs import Proof, ProofKind
from hue_dti.catalogue.read_measures import LEVELS
from hue_dti.catalogue.read_rules import RuleReader, below
from hue_dti.catalogue.read_texts import read_sentences
from hue_dti.catalogue.rules import Gate, Inverse, Judged, Ratio, Rule
from hue_dti.numerals import decimal_text
from hue_dti.units.model import Level

_GROUP_CODE = re.compile(r"[A-Za-z0-9]+")
_NUMBER = re.compile(r"[0-9]+[a-z]?")


@dataclass(frozen=True)
class CriteriaReader:
    """Reads the groups of one set; `file` is its name among the catalogue's texts, `lines` where each code stood first."""

    file: str
    rules: RuleReader
    lines: dict[str, int] = field(default_factory=dict)

    def group(self, node: Node) -> Group | None:
        """One group with its criteria; its points must be their sum."""
        fields = Fields.open(node, shapes.GROUP, self.rules.faults, named("nhóm", node))
        if fields is None:
            return None
        code = self._code(fields)
        if code and _GROUP_CODE.fullmatch(code) is None:
            fields.fault("code", f"là '{code}', không hợp lệ", "hãy viết chữ và số liền nhau, chẳng hạn III")
        written = fields.listing("criteria")
        criteria = tuple(line for item in written if (line := self._criterion(item, code)) is not None)
        group = Group(code, fields.text("name"), fields.points("max_points"), criteria)
        _check_sum(fields, group, len(written))
        return group

    def _code(self, fields: Fields) -> str:
        code = fields.text("code")
        if code in self.lines:
            fields.fault("code", f"là '{code}', đã dùng ở dòng {self.lines[code]}", "hãy đánh số lại, mỗi mã một lần")
        elif code:
            self.lines[code] = fields.line_of("code")
        return code

    def _criterion(self, node: Node, group: str) -> Criterion | None:
        fields = Fields.open(node, shapes.CRITERION, self.rules.faults, named("tiêu chí", node))
        if fields is None:
            return None
        code, points = self._code(fields), fields.points("max_points")
        prefix, dot, number = code.rpartition(".")
        if code and group and (prefix != group or not dot or _NUMBER.fullmatch(number) is None):
            fields.fault("code", f"là '{code}', không thuộc nhóm {group}", f"hãy viết mã như {group}.1")
        rule_node = fields.node("rule")
        rule = None if rule_node is None else self.rules.read(rule_node, fields.owner, "rule.", points)
        shortfall = self._shortfall(fields, rule)
        assumed = fields.truth("points_assumed")
        return Criterion(
            code=code,
            name=fields.text("name"),
            to_do=fields.text("to_do", blank=True),
            condition=fields.text("condition", blank=True),
            evidence=fields.text("evidence", blank=True),
            max_points=points,
            rule=rule or Judged(""),
            source=fields.name("source", tuple(self.rules.known.source_codes), noun="nguồn", trusted=self.rules.known.all_sources),
            verifying_unit=fields.text("verifying_unit", blank=True),
            responsible_unit=fields.text("responsible_unit", blank=True),
            deadline=fields.month_day("deadline"),
            legal=fields.text("legal", blank=True),
            status=_status(fields, rule),
            shortfall=shortfall,
            sentences=read_sentences(fields, rule, shortfall),
            points_assumed=assumed,
            assumptions=_assumptions(fields, assumed),
            proof=_proof(fields),
            succeeds=tuple(text for text, _ in fields.texts("succeeds", needed=False)) if fields.has("succeeds") else None,
            place=(self.file, fields.line),
        )

    def _shortfall(self, criterion: Fields, rule: Rule | None) -> ShortfallSpec | None:
        if criterion.is_null("shortfall"):
            return None
        fields = criterion.under("shortfall", shapes.SHORTFALL)
        if fields is None:
            return None
        levels = tuple(Level(name) for name in fields.names("levels", LEVELS, "cấp"))
        if rule is not None:
            self._check_levels(criterion, fields, levels, _pair(rule))
        return ShortfallSpec(levels, fields.name("shows", shapes.SHOWS, "missing"), fields.text("noun"))

    def _check_levels(self, criterion: Fields, fields: Fields, levels: tuple[Level, ...], pair: tuple[str, ...]) -> None:
        if not pair:
            what = "không dùng được: cách tính này không có mẫu số để tính số còn thiếu"
            criterion.fault("shortfall", what, "hãy bỏ shortfall, hoặc dùng cách tính ratio có whole")
            return
        level = self.rules.level
        for wanted in levels:
            if level is not None and (wanted is level or wanted not in below(level)):
                fields.fault("levels", f"có '{wanted}', không thấp hơn cấp {level} của bộ chỉ số", "hãy ghi các cấp dưới")
                continue
            for measure in (self.rules.known.measures.get(code) for code in pair):
                if measure is not None and wanted not in measure.levels:
                    what = f"có '{wanted}' nhưng số liệu {measure.code} chỉ có ở cấp {', '.join(measure.levels)}"
                    fields.fault("levels", what, "hãy chọn cấp mà cả part và whole đều có")
                    break


def named(noun: str, node: Node) -> str:
    """The noun with the code that stands in the node, for messages."""
    code = node.values.get("code") if isinstance(node, Table) else None
    return f"{noun} {code.text}" if isinstance(code, Scalar) and code.text else noun


def _check_sum(fields: Fields, group: Group, written: int) -> None:
    points = [criterion.max_points for criterion in group.criteria]
    if group.max_points > 0 and points and len(points) == written and all(points):
        total = sum(points, Fraction(0))
        if total != group.max_points:
            what = f"là {decimal_text(group.max_points, 4, trim=True)} nhưng các tiêu chí cộng lại là {decimal_text(total, 4, trim=True)}"
            fields.fault("max_points", what, f"hãy sửa điểm của tiêu chí, hoặc viết {decimal_text(total, 4, trim=True)}")


def _pair(rule: Rule) -> tuple[str, ...]:
    """The part and the whole a shortfall is made of; empty for a rule without a whole."""
    match rule:
        case Gate(then=inner):
            return _pair(inner)
        case Ratio(part=part, whole=str(whole)) | Inverse(part=part, whole=whole):
            return (part, whole)
        case _:
            return ()


def _status(criterion: Fields, rule: Rule | None) -> StatusPolicy:
    fields = criterion.under("status", shapes.STATUS)
    if fields is None:
        return StatusPolicy()
    opened, reason = fields.truth("opened", True), fields.text("reason")
    if not opened and not fields.has("reason"):
        fields.fault("opened", "là false nhưng chưa có reason", "hãy thêm 'reason: …' nói vì sao chưa triển khai")
    if opened and reason:
        fields.fault("reason", "chỉ dùng khi opened là false", "hãy bỏ reason hoặc viết opened: false")
    achieved_when = fields.name("achieved_when", shapes.ACHIEVED_WHEN, "share")
    if achieved_when == "gate" and rule is not None and not isinstance(rule, Gate):
        fields.fault("achieved_when", "là 'gate' nhưng cách tính không phải gate", "hãy viết 'share' hoặc đổi cách tính")
    return StatusPolicy(opened, reason, achieved_when)


def _assumptions(fields: Fields, points_assumed: bool) -> tuple[str, ...]:
    found = tuple(text for text, _ in fields.texts("assumptions"))
    if points_assumed and fields.is_null("assumptions"):
        fields.fault("points_assumed", "là true nhưng không nói vì sao", "hãy thêm 'assumptions: [\"…\"]' nêu lý do của điểm giả định")
    return found


def _proof(criterion: Fields) -> tuple[Proof, ...]:
    """The proofs a criterion asks for; the same one twice is a fault."""
    if not criterion.has("proof"):
        return ()
    found: dict[Proof, int] = {}
    for item in criterion.listing("proof"):
        fields = Fields.open(item, shapes.PROOF, criterion.faults, criterion.owner, "proof.")
        kind = fields.choice("kind", ProofKind) if fields is not None else None
        if fields is None or kind is None:
            continue
        proof = Proof(kind, fields.text("name"))
        if proof in found:
            what = f"proof của {criterion.owner} ghi hai lần cùng một minh chứng, lần đầu ở dòng {found[proof]}"
            criterion.faults.add(fields.line, what, "hãy bỏ một lần, hoặc thêm name để phân biệt")
        found.setdefault(proof, fields.line)
    return tuple(found)
