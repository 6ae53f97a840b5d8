"""Templates with {placeholders} → runs; every figure keeps the path where it stands in the snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter

from hue_dti.errors import ReportError
from hue_dti.reports.model import Figure, Note, Run, Text

Value = str | Run | tuple[Run, ...]


@dataclass
class NoteCounter:
    """Numbers the footnotes of one report in the order they are hung."""

    count: int = field(default=0)

    def hang(self, runs: Iterable[Text | Figure]) -> Note:
        """Make the next footnote."""
        self.count += 1
        return Note(self.count, tuple(runs))


def runs(template: str, values: Mapping[str, Value]) -> tuple[Run, ...]:
    """Fill a template; raise ReportError naming a placeholder that has no value, or a brace that stands alone."""
    out: list[Run] = []
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as fault:
        raise ReportError(f"Câu mẫu '{template}' có ngoặc nhọn lẻ; hãy đóng thành {{tên}}, hoặc viết {{{{ và }}}}.") from fault
    for literal, name, _, _ in pieces:
        if literal:
            out.append(Text(literal))
        if name is None:
            continue
        if name not in values:
            raise ReportError(f"Câu mẫu '{template}' dùng {{{name}}} nhưng ở đây không có giá trị đó; hãy sửa câu mẫu.")
        out.extend(_as_runs(values[name]))
    return merged(out)


def _as_runs(value: Value) -> tuple[Run, ...]:
    if isinstance(value, str):
        return (Text(value),) if value else ()
    return value if isinstance(value, tuple) else (value,)


def merged(parts: Iterable[Run]) -> tuple[Run, ...]:
    """Join neighbouring plain texts of the same style."""
    out: list[Run] = []
    for part in parts:
        last = out[-1] if out else None
        if isinstance(part, Text) and isinstance(last, Text) and (part.bold, part.italic) == (last.bold, last.italic):
            out[-1] = Text(last.text + part.text, last.bold, last.italic)
        else:
            out.append(part)
    return tuple(out)


def without_notes(parts: Iterable[Run]) -> tuple[Text | Figure, ...]:
    """The same words with the footnotes left out, for table cells and footnotes."""
    return tuple(part for part in merged(part for part in parts if not isinstance(part, Note)) if not isinstance(part, Note))


def plain(parts: Iterable[Run]) -> str:
    """The words alone, as a reader sees them without footnotes."""
    return "".join(part.text for part in parts if not isinstance(part, Note))


def joined(items: Iterable[Iterable[Run]], separator: str) -> tuple[Run, ...]:
    """Items with a separator between them."""
    out: list[Run] = []
    for position, item in enumerate(items):
        if position:
            out.append(Text(separator))
        out.extend(item)
    return merged(out)
