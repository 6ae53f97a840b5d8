"""YAML text → nodes that know their line; every scalar stays text, so `no` and `10:30` are what the author wrote.

Built from the parser's events, not from PyYAML's nodes: aliases, tags and a second document are seen and refused,
so nothing in a file is larger or stranger than it looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml
from yaml import events

from hue_dti.errors import Fault

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 20
_LONGEST = 300
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""The control characters (Unicode category Cc) but tabs and new lines."""


_LOOK_AROUND = "hãy xem lại thụt dòng, dấu ngoặc, dấu nháy và dấu hai chấm quanh dòng này"
_YAML_WORDS = (
    ("mapping values are not allowed", "dấu hai chấm ở chỗ không được", "hãy cho cả câu vào dấu nháy kép nếu đó là câu chữ"),
    ("expected '-' indicator", "thụt dòng lệch với các mục của danh sách", "hãy thụt dòng bằng mục trên"),
    ("did not find expected key", "thụt dòng lệch với các khóa phía trên", "hãy thụt dòng bằng khóa trên, hoặc đóng dấu nháy"),
    (
        "cannot start any token",
        "giá trị mở đầu bằng dấu tab hoặc dấu @ ` %",
        "hãy thay tab bằng dấu cách, hoặc cho giá trị vào dấu nháy kép",
    ),
    ("unexpected end of stream", "thiếu dấu nháy đóng", "hãy đóng dấu nháy của câu mở ở trên"),
    ("expected ',' or '}'", "thiếu dấu phẩy hoặc dấu } đóng", "hãy thêm dấu phẩy giữa các khóa hoặc đóng }"),
    ("expected ',' or ']'", "thiếu dấu phẩy hoặc dấu ] đóng", "hãy thêm dấu phẩy giữa các mục hoặc đóng ]"),
    ("could not find expected ':'", "thiếu dấu hai chấm sau khóa", "hãy viết 'khóa: giá trị'"),
)
"""What the parser says, what it means to an official, what to do."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written; `text` is None for null."""

    line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML list."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A YAML mapping; `key_lines` has the line of every key."""

    line: int
    values: Mapping[str, Node]
    key_lines: Mapping[str, int]


Node = Scalar | Listing | Table


class Faults:
    """What is wrong in one file, gathered while it is read; all files of a load may share `found`."""

    def __init__(self, path: str, found: list[Fault] | None = None) -> None:
        self.path = path
        self.found: list[Fault] = [] if found is None else found

    def add(self, line: int, what: str, remedy: str) -> None:
        """Note a fault, on one line however the author's text was broken; reading goes on."""
        self.found.append(Fault(self.path, line, _short(what, _LONGEST), _short(remedy, _LONGEST)))

    def __len__(self) -> int:
        return len(self.found)


class _UnreadableError(Exception):
    """The text cannot be read on from here."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy


def read_nodes(text: str, faults: Faults) -> Table | None:
    """Read one file into nodes; None, with the fault noted, when it is not YAML or not a mapping."""
    hidden = _CONTROL.search(text)
    if hidden is not None:
        line = text.count("\n", 0, hidden.start()) + 1
        faults.add(line, f"có ký tự điều khiển U+{ord(hidden[0]):04X} không đọc được", "hãy xóa ký tự đó")
        return None
    try:
        root = _Builder(text, faults).document()
    except _UnreadableError as refused:
        faults.add(refused.line, refused.what, refused.remedy)
        return None
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        line = min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else 1
        problem = broken.problem or ""
        seen = next((words for words in _YAML_WORDS if words[0] in problem), ("", problem, _LOOK_AROUND))
        faults.add(line, f"không phải YAML đúng cách viết: {seen[1]}", seen[2])
        return None
    if not isinstance(root, Table):
        faults.add(
            min(root.line, text.count("\n") + 1),
            "cả tệp phải là một bảng 'khóa: giá trị'",
            "hãy bắt đầu tệp bằng một khóa, chẳng hạn 'code: …'",
        )
        return None
    return root


class _Builder:
    """Turns the events of one document into nodes."""

    def __init__(self, text: str, faults: Faults) -> None:
        self._events: Iterator[events.Event] = yaml.parse(text, Loader=_LOADER)
        self._faults = faults

    def document(self) -> Node:
        """The only document of the text; an empty text is a null."""
        next(self._events)  # start of the stream
        if isinstance(next(self._events), events.StreamEndEvent):
            return Scalar(1, None)
        root = self._node(next(self._events), 0)
        next(self._events)  # end of the document
        after = next(self._events)
        if not isinstance(after, events.StreamEndEvent):
            raise _UnreadableError(_line(after), "có tài liệu YAML thứ hai trong cùng tệp", "hãy bỏ dòng '---' hoặc tách thành tệp khác")
        return root

    def _node(self, event: events.Event, depth: int) -> Node:
        line = _line(event)
        if depth > _MAX_DEPTH:
            raise _UnreadableError(line, f"lồng nhau quá {_MAX_DEPTH} tầng", "hãy viết phẳng hơn theo tài liệu cách viết bộ chỉ số")
        match event:
            case events.AliasEvent():
                raise _UnreadableError(line, f"dùng bí danh '*{event.anchor}'", "hãy viết lại đầy đủ nội dung tại đây")
            case events.ScalarEvent() | events.CollectionStartEvent() if event.anchor or event.tag not in (None, "!"):
                sign = f"&{event.anchor}" if event.anchor else event.tag
                raise _UnreadableError(line, f"dùng dấu '{sign}'", "hãy bỏ dấu đó, chỉ viết chữ và số thường")
            case events.ScalarEvent():
                return self._scalar(event, line)
            case events.SequenceStartEvent():
                return self._listing(line, depth)
            case _:
                return self._table(line, depth)

    def _scalar(self, event: events.ScalarEvent, line: int) -> Scalar:
        text: str = event.value
        if event.implicit[0] and text in _NULLS:
            return Scalar(line, None)
        if not unicodedata.is_normalized("NFC", text):
            self._faults.add(
                line, f"'{_short(text, 60)}' viết bằng dấu tổ hợp (không phải Unicode dựng sẵn NFC)", "hãy gõ lại bằng Unicode dựng sẵn"
            )
        if _NOT_TEXT.search(text) is not None:
            self._faults.add(line, "chữ có ký tự điều khiển", "hãy xóa ký tự đó")
        return Scalar(line, text)

    def _listing(self, line: int, depth: int) -> Listing:
        items: list[Node] = []
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Listing(line, tuple(items))

    def _table(self, line: int, depth: int) -> Table:
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar) or key.text is None:
                self._faults.add(key.line, "khóa không phải là chữ", "hãy viết 'khóa: giá trị'")
            elif key.text in values:
                self._faults.add(key.line, f"khóa '{key.text}' viết hai lần, lần đầu ở dòng {lines[key.text]}", "hãy bỏ một lần")
            else:
                values[key.text], lines[key.text] = value, key.line
        return Table(line, values, lines)


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
