"""Names of the entries of one file: lower case without marks, digits and hyphens, each given once."""

from __future__ import annotations

import re

from hue_dti.catalogue.fields import Fields

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class EntryNames:
    """Reads the `name` of entry after entry; notes what is wrong and goes on. `example` is shown to who wrote a wrong one."""

    def __init__(self, example: str) -> None:
        self._example = example
        self._lines: dict[str, int] = {}

    def read(self, fields: Fields) -> str:
        """The entry's name as written."""
        name = fields.text("name")
        if name and _NAME.fullmatch(name) is None:
            fields.fault("name", f"là '{name}', không hợp lệ", f"hãy dùng chữ thường không dấu, số và gạch nối, như {self._example}")
        if name in self._lines:
            fields.fault("name", f"là '{name}', đã dùng ở dòng {self._lines[name]}", "hãy đặt tên khác")
        self._lines.setdefault(name, fields.line_of("name"))
        return name
