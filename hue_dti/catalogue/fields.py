"""The keys of one mapping, read one by one by their types; every fault is noted and reading goes on.

What could not be read is replaced by a value of the right type, so that the rest can still be checked. The loader
gives nothing out when a fault was noted, so these stand-ins are never used.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from hue_dti.catalogue.nodes import Faults, Listing, Node, Scalar, Table
from hue_dti.catalogue.scalars import Wrong, nearest, to_count, to_date, to_month_day, to_points, to_share, to_truth
from hue_dti.catalogue.shapes import Shape
from hue_dti.periods import MonthDay

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

UNREAD_DAY = MonthDay(0, 0)
"""Stands for a day of the year that could not be read."""

UNREAD_SHARE = Fraction(-1)
"""Stands for a share that could not be read."""


class Fields:
    """One mapping and its shape; `owner` names who it belongs to in messages (`tiêu chí III.1`), `path` where in it (`rule.`)."""

    def __init__(self, table: Table, shape: Shape, faults: Faults, owner: str, path: str = "") -> None:
        self.line, self.faults, self.owner, self.path = table.line, faults, owner, path
        self._table = table
        place = _place(owner, path)
        for key, line in table.key_lines.items():
            if key not in shape.keys:
                faults.add(line, f"khóa '{key}' không có trong {place}", nearest(key, shape.keys))
        for key in shape.required:
            if key not in table.values:
                faults.add(table.line, f"{place} thiếu khóa '{key}'", f"hãy thêm '{key}: …'")

    @classmethod
    def open(cls, node: Node, shape: Shape, faults: Faults, owner: str, path: str = "") -> Fields | None:
        """The fields of a node; None, with the fault noted, when it is not a mapping."""
        if isinstance(node, Table):
            return cls(node, shape, faults, owner, path)
        remedy = f"hãy viết một bảng có các khóa {', '.join(shape.required or shape.keys)}"
        faults.add(node.line, f"{_place(owner, path)} là {kind_of(node)}", remedy)
        return None

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self._table.values

    def is_null(self, key: str) -> bool:
        """Whether the key is left out or explicitly null, where both mean none."""
        node = self._table.values.get(key)
        return node is None or (isinstance(node, Scalar) and node.text is None)

    def node(self, key: str) -> Node | None:
        """What stands at the key."""
        return self._table.values.get(key)

    def line_of(self, key: str) -> int:
        """The line of the key, or of the mapping where it is left out."""
        return self._table.key_lines.get(key, self.line)

    def fault(self, key: str, what: str, remedy: str) -> None:
        """Note that the value of a key is wrong."""
        node = self._table.values.get(key)
        line = node.line if isinstance(node, Scalar) else self.line_of(key)
        self.faults.add(line, f"{self.path}{key} của {self.owner} {what}", remedy)

    def under(self, key: str, shape: Shape) -> Fields | None:
        """The mapping at a key; None when it is left out, or is not one (noted)."""
        node = self.node(key)
        return None if node is None else Fields.open(node, shape, self.faults, self.owner, f"{self.path}{key}.")

    def text(self, key: str, *, blank: bool = False, default: str = "") -> str:
        """A text; blank ones only where the decision may leave a cell empty."""
        text = self._scalar(key, "chữ")
        if text is None:
            return default
        if not text.strip() and not blank:
            self.fault(key, "để trống", "hãy điền nội dung")
        return text.strip()

    def name(self, key: str, known: tuple[str, ...], default: str = "", noun: str = "giá trị", trusted: bool = True) -> str:
        """One of the known words; an unknown one is noted and the default returned. With `trusted` False any word may be meant."""
        text = self._scalar(key, "chữ")
        if text is None:
            return default
        if trusted and text not in known:
            self.fault(key, f"là '{text}', không có {noun} này", nearest(text, known))
            return default
        return text

    def choice(self, key: str, kind: type[E]) -> E | None:
        """A member of an enumeration; None when left out or unknown (noted)."""
        text = self.name(key, tuple(member.value for member in kind))
        return kind(text) if text else None

    def points(self, key: str) -> Fraction:
        """Points; 0 stands for what could not be read."""
        return self._value(key, "số điểm", to_points, Fraction(0))

    def share(self, key: str, default: Fraction = UNREAD_SHARE) -> Fraction:
        """A share from 0 to 1."""
        return self._value(key, "tỷ lệ", to_share, default)

    def count(self, key: str) -> int:
        """A whole number from 1; 0 stands for what could not be read."""
        return self._value(key, "số nguyên", to_count, 0)

    def truth(self, key: str, default: bool = False) -> bool:
        """True or false."""
        return self._value(key, "true hoặc false", to_truth, default)

    def date(self, key: str) -> date:
        """A date; date.min stands for what could not be read."""
        return self._value(key, "ngày", to_date, date.min)

    def month_day(self, key: str) -> MonthDay | None:
        """A day of the year, None where the key is left out or null."""
        return None if self.is_null(key) else self._value(key, "tháng-ngày", to_month_day, UNREAD_DAY)

    def listing(self, key: str, *, needed: bool = True) -> tuple[Node, ...]:
        """The items of a list; an empty one is noted where something is needed."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Listing):
            self.fault(key, f"là {kind_of(node)}, không phải danh sách", "hãy viết danh sách, mỗi mục một dòng bắt đầu bằng '- '")
            return ()
        if needed and not node.items:
            self.fault(key, "là danh sách rỗng", "hãy ghi ít nhất một mục")
        return node.items

    def texts(self, key: str, *, needed: bool = True) -> tuple[tuple[str, int], ...]:
        """A list of different texts, each with its line."""
        found: dict[str, int] = {}
        for item in self.listing(key, needed=needed):
            if not isinstance(item, Scalar) or item.text is None or not item.text.strip():
                self.faults.add(item.line, f"một mục của {self.path}{key} của {self.owner} là {kind_of(item)}", "hãy viết chữ")
            elif item.text.strip() in found:
                self.faults.add(item.line, f"'{item.text.strip()}' viết hai lần trong {self.path}{key} của {self.owner}", "hãy bỏ một lần")
            else:
                found[item.text.strip()] = item.line
        return tuple(found.items())

    def names(self, key: str, known: tuple[str, ...], noun: str) -> tuple[str, ...]:
        """A list of different known words; unknown ones are noted and left out."""
        written = self.texts(key)
        for text, line in written:
            if text not in known:
                self.faults.add(line, f"{self.path}{key} của {self.owner} có '{text}', không có {noun} này", nearest(text, known))
        return tuple(text for text, _ in written if text in known)

    def _value(self, key: str, expected: str, convert: Callable[[str], T | Wrong], default: T) -> T:
        text = self._scalar(key, expected)
        if text is None:
            return default
        value = convert(text)
        if isinstance(value, Wrong):
            self.fault(key, value.what, value.remedy)
            return default
        return value

    def _scalar(self, key: str, expected: str) -> str | None:
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text is not None:
            return node.text
        self.fault(key, f"là {kind_of(node)}, cần {expected}", f"hãy viết '{key}: …' với {expected} trên cùng dòng")
        return None


def _place(owner: str, path: str) -> str:
    return f"{path.rstrip('.')} của {owner}" if path else owner


def kind_of(node: Node) -> str:
    """What a node is, in an official's words."""
    if isinstance(node, Scalar):
        return "giá trị trống (null)" if not (node.text or "").strip() else f"'{node.text}'"
    return "một danh sách" if isinstance(node, Listing) else "một bảng"
