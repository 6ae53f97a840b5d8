"""What a page sends of a cell → what was typed; text is read here, where its faults can be told beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hue_dti.errors import EntryRefused, NumeralError
from hue_dti.free_text import one_line
from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.observations.typed_text import read_typed
from hue_dti.services.cells import EntryCell, UnitCells
from hue_dti.services.enter import LONGEST_REASON
from hue_dti.web.sessions import actor
from hue_dti.web.site import site

LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell of a form as it was filled in."""

    cell: EntryCell
    text: str
    choice: str
    reason: str
    client: str
    replaces: str

    @property
    def changed(self) -> bool:
        """Whether the form holds something else than the cell does; a returned figure that stays is sent with a line that says why."""
        entry = self.cell.entry if self.cell.choice is not None else None
        stands = self.cell.choice or Choice.VALUE
        if not self.text and self.choice == Choice.VALUE:
            return self.cell.text != "" or stands is not Choice.VALUE
        typed = self.choice == Choice.VALUE and self.text != self.cell.text
        explained = self.reason != "" if self.cell.mark else self.reason != (entry.typed.reason if entry else "")
        return typed or self.choice != stands or explained

    def typed(self, code: str, period: str) -> Typed:
        """What was typed; raises what `typed_of` raises."""
        told = {"measure": self.cell.measure.code, "text": self.text, "choice": self.choice, "reason": self.reason}
        return typed_of(code, period, {**told, "id": self.client, "replaces": self.replaces})


def writer() -> Writer:
    """Who asks, as one who types."""
    asking = actor()
    return Writer(asking.login, asking.name, asking.post)


def typed_of(code: str, period: str, told: Mapping[str, str]) -> Typed:
    """What was typed; EntryRefused for what no page sends, NumeralError for a text that would have to be guessed."""
    try:
        client, choice = UUID(told["id"]), Choice(told["choice"])
        replaces = UUID(told["replaces"]) if told.get("replaces") else None
        measure = site().catalogue.measures[told["measure"]]
    except (KeyError, ValueError):
        raise EntryRefused("Không đọc được ô vừa gửi; hãy tải lại trang rồi nhập lại ô này.") from None
    text, reason = told.get("text", "").strip(), one_line(told.get("reason", ""), "Lý do", LONGEST_REASON, EntryRefused)
    if len(text) > LONGEST_TEXT:
        raise NumeralError(f"'{text[:LONGEST_TEXT]}…' quá dài; hãy chỉ viết con số.")
    if choice is Choice.VALUE and not text:
        raise EntryRefused("Ô để trống thì số cũ còn nguyên; hãy gõ số, hoặc chọn 'không phát sinh (0)', 'chưa có', 'không có số liệu'.")
    value = {Choice.VALUE: lambda: read_typed(measure, text), Choice.NONE_OCCURRED: lambda: 0}.get(choice, lambda: None)()
    return Typed(client, code, measure.code, period, choice, value, reason, actor().login, replaces)


def filled_of(found: UnitCells, form: Mapping[str, str]) -> list[Filled]:
    """The open cells that the form has, as it was filled in."""
    cells = [cell for cell in found.open if f"id-{cell.measure.code}" in form]
    return [_filled(cell, form) for cell in cells]


def _filled(cell: EntryCell, form: Mapping[str, str]) -> Filled:
    said = {name: form.get(f"{name}-{cell.measure.code}", "").strip() for name in ("v", "c", "l", "id", "k")}
    return Filled(cell, said["v"], said["c"] or Choice.VALUE, said["l"], said["id"], said["k"])
