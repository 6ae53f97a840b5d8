"""A plan's line as the cells of a row: the same columns in files, forms and the history of changes."""

from __future__ import annotations

from collections.abc import Mapping

from hue_dti.numerals import format_date
from hue_dti.plans.model import GroupTarget, PlanLine

HEADINGS = {
    "group": "Nhóm",
    "number": "STT",
    "code": "Mã",
    "name": "Tên chỉ tiêu",
    "result": "Kết quả hiện nay",
    "target": "Phấn đấu",
    "lead": "Đơn vị chủ trì",
    "coordinating": "Đơn vị phối hợp",
    "due": "Hạn",
    "tasks": "Nhiệm vụ",
    "deferral": "Lý do hoãn",
    "note": "Ghi chú",
}
"""Field → column of a plan's table."""

RANK = "Xếp hạng"
"""What stands in the group's column of the row with the target for the rank."""


def line_cells(line: PlanLine, groups: Mapping[str, str]) -> dict[str, str]:
    """A line's row; `groups` are the names of main indices by code, a code without a name stands for itself."""
    return {
        "group": groups.get(line.group, line.group),
        "number": line.number,
        "code": line.code,
        "name": line.name,
        "result": line.result,
        "target": line.target.words,
        "lead": "; ".join(line.lead),
        "coordinating": "; ".join(line.coordinating),
        "due": format_date(line.due) if line.due else "",
        "tasks": line.tasks,
        "deferral": line.deferral,
        "note": line.note,
    }


def goal_cells(wanted: GroupTarget, groups: Mapping[str, str]) -> dict[str, str]:
    """The row of what a whole main index wants, or of the rank."""
    return {"group": groups.get(wanted.group, RANK), "result": wanted.result, "target": wanted.target.words}
