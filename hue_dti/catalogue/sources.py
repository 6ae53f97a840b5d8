"""docs/sources.md: which source, connector or declared spreadsheet stands behind every criterion."""

from __future__ import annotations

from collections.abc import Iterable

from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion

_ENTRIES = {"connector": "kết nối tự động", "spreadsheet": "bảng nhập XLSX"}
_HEAD = """# Nguồn số liệu của từng tiêu chí

Tệp này được sinh ra từ thư mục `criteria/` bằng lệnh `hue-dti criteria sources --write docs/sources.md`; hãy sửa ở đó, không sửa tại đây.
"""


def sources_table(catalogue: Catalogue) -> str:
    """Markdown: the sources, then for every official set each criterion with its measures by source."""
    official = [criteria_set for criteria_set in catalogue.sets.values() if criteria_set.official]
    return "\n".join([_HEAD, _sources(catalogue, official), *(_set(each, catalogue) for each in official)])


def _sources(catalogue: Catalogue, official: list[CriteriaSet]) -> str:
    rows = []
    for code, source in catalogue.sources.items():
        served = sum(code in _by_source(criterion, catalogue) for each in official for criterion in each.criteria)
        rows.append((f"`{code}`", source.name, _ENTRIES[source.entry], source.owner, str(served)))
    return "## Các nguồn\n\n" + _table(("Mã", "Nguồn", "Cách lấy", "Đơn vị chủ quản", "Số tiêu chí"), rows)


def _set(criteria_set: CriteriaSet, catalogue: Catalogue) -> str:
    rows = [
        (criterion.code, criterion.name, "; ".join(names), source.name, _ENTRIES[source.entry], source.owner)
        for criterion in criteria_set.criteria
        for source, names in ((catalogue.sources[code], names) for code, names in _by_source(criterion, catalogue).items())
    ]
    decision = criteria_set.decision
    head = f"## {criteria_set.title}\n\nQuyết định số {decision.number}, {len(criteria_set.criteria)} tiêu chí.\n\n"
    return head + _table(("Tiêu chí", "Tên", "Số liệu", "Nguồn", "Cách lấy", "Đơn vị chủ quản"), rows)


def _by_source(criterion: Criterion, catalogue: Catalogue) -> dict[str, list[str]]:
    """The names of the criterion's measures under their sources, in the rule's order."""
    found: dict[str, list[str]] = {}
    for code in dict.fromkeys(criterion.rule.measures()):
        measure = catalogue.measures[code]
        found.setdefault(measure.source, []).append(measure.name)
    return found


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
