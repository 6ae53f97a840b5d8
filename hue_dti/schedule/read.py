"""A schedule file → its entries; CatalogueError with every fault, each with file and line."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from hue_dti.catalogue.entry_names import EntryNames
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.nodes import Faults, Scalar, read_nodes
from hue_dti.catalogue.shapes import Shape
from hue_dti.errors import CatalogueError, SettingError
from hue_dti.schedule.due import trigger
from hue_dti.schedule.model import DECLARED, AtCutoff, BeforeCutoff, Cron, Entry, When
from hue_dti.services.workbench import JobFunction
from hue_dti.units.model import Level

GIVEN = ("unit", "units", "period", "source", "days_before")
"""What the schedule gives a job that has a parameter of the name."""

_FILE = Shape("lịch chạy", ("schedule",))
_ENTRY = Shape("việc", ("name", "job", "when"), ("arguments",))
_AT_CUTOFF = re.compile(r"at_cutoff ([01]\d|2[0-3]):([0-5]\d)")
_BEFORE_CUTOFF = re.compile(r"before_cutoff (\d{1,2}(?:, ?\d{1,2})*) ([01]\d|2[0-3]):([0-5]\d)")
_LONGEST_BEFORE = 60
"""Days before a cut-off; farther back lies the quarter before."""
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_WEEKDAYS = re.compile(rf"\*|{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*")
_CRON_WORDS = (("minute", "phút"), ("hour", "giờ"), ("day", "ngày"), ("month", "tháng"))
_HOW = "hãy viết 5 ô \"phút giờ ngày tháng thứ\" như \"0 1 * * *\", hoặc 'at_cutoff 06:00', hoặc 'before_cutoff 14,7,3,1 08:00'"
_UNREAD = Cron("*", "*", "*", "*", "*")
_LEAP_CYCLE = datetime(2096, 3, 1, tzinfo=UTC)
"""The longest wait there is begins here: 29 February is left out in 2100."""


def load_schedule(path: Path, jobs: Mapping[str, JobFunction], sources: Collection[str]) -> tuple[Entry, ...]:
    """Read a schedule; `jobs` are the installed ones, `sources` those the catalogue knows. SettingError when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingError(f"{path}: không đọc được lịch chạy ({fault}); hãy sửa HUE_DTI_SCHEDULE hoặc lưu tệp bằng UTF-8.") from fault
    return read_schedule(text, str(path), jobs, sources)


def read_schedule(text: str, path: str, jobs: Mapping[str, JobFunction], sources: Collection[str]) -> tuple[Entry, ...]:
    """The entries of a schedule's text, in the order written."""
    faults = Faults(path)
    root = read_nodes(text, faults)
    entries: list[Entry] = []
    if root is not None:
        reader = _Reader(faults, jobs, tuple(sources))
        for node in Fields(root, _FILE, faults, "lịch chạy").listing("schedule"):
            fields = Fields.open(node, _ENTRY, faults, "một việc")
            if fields is not None:
                entries.append(reader.entry(fields))
    if faults.found:
        raise CatalogueError(faults.found)
    return tuple(entries)


class _Reader:
    """Reads entry after entry; notes what is wrong and goes on."""

    def __init__(self, faults: Faults, jobs: Mapping[str, JobFunction], sources: tuple[str, ...]) -> None:
        self._faults, self._jobs, self._sources = faults, jobs, sources
        self._names = EntryNames("nightly-pull")

    def entry(self, fields: Fields) -> Entry:
        name = self._names.read(fields)
        fields.owner = f"việc {name}"
        job = fields.name("job", tuple(sorted(self._jobs)), noun="việc đã cài")
        when = _when(fields)
        parameters = list(inspect.signature(self._jobs[job]).parameters.values())[1:] if job else []
        wants = frozenset(each.name for each in parameters if each.name in GIVEN)
        own = [each for each in parameters if each.name not in GIVEN]
        if "days_before" in wants and not isinstance(when, BeforeCutoff) and when is not _UNREAD:
            fields.fault("when", f"là '{when}', nhưng việc {job} chạy trước ngày chốt", "hãy viết như 'before_cutoff 14,7,3,1 08:00'")
        of_units = bool(wants & {"unit", "units"})
        needs_level = not isinstance(when, Cron) or of_units or "period" in wants
        needed = (("level",) if needs_level else ()) + (("sources",) if "source" in wants else ())
        required = (*needed, *(each.name for each in own if each.default is inspect.Parameter.empty))
        optional = (
            *(("units", "hosting") if of_units else ()),
            *(each.name for each in own if each.default is not inspect.Parameter.empty),
        )
        if not job:
            return Entry(name, job, when, wants)
        under = fields.under("arguments", Shape("arguments", required, optional))
        if under is None:
            if required and not fields.has("arguments"):
                fields.faults.add(fields.line, f"việc {name} thiếu 'arguments'", f"hãy thêm 'arguments: {{{', '.join(required)}: …}}'")
            return Entry(name, job, when, wants)
        return Entry(
            name,
            job,
            when,
            wants,
            level=under.choice("level", Level) if needs_level else None,
            units=tuple(text for text, _ in under.texts("units", needed=False)) if of_units else (),
            sources=self._chosen(under) if "source" in wants else None,
            arguments={each.name: under.text(each.name) for each in own if under.has(each.name)},
            hosting=under.truth("hosting") if of_units else False,
            line=fields.line,
        )

    def _chosen(self, fields: Fields) -> tuple[str, ...] | None:
        node = fields.node("sources")
        if node is None or (isinstance(node, Scalar) and node.text == DECLARED):
            return None
        if isinstance(node, Scalar):
            fields.fault("sources", f"là '{node.text}'", f"hãy viết '{DECLARED}' (mọi nguồn đã khai báo) hoặc danh sách mã nguồn")
            return None
        return fields.names("sources", self._sources, "nguồn")


def _when(fields: Fields) -> When:
    text = " ".join(fields.text("when").split())
    cutoff = _AT_CUTOFF.fullmatch(text)
    if cutoff is not None:
        return AtCutoff(int(cutoff[1]), int(cutoff[2]))
    before = _BEFORE_CUTOFF.fullmatch(text)
    if before is not None:
        return _before_cutoff(fields, before)
    parts = text.split(" ")
    if len(parts) != 5:
        if text:
            fields.fault("when", f"là '{text}'", _HOW)
        return _UNREAD
    cron = Cron(*parts)
    return cron if _check_cron(fields, cron) else _UNREAD


def _before_cutoff(fields: Fields, written: re.Match[str]) -> BeforeCutoff:
    days = [int(day) for day in written[1].split(",")]
    if len(set(days)) < len(days):
        fields.fault("when", f"ghi '{written[1]}', có ngày viết hai lần", "hãy bỏ bớt ngày trùng")
    if max(days) > _LONGEST_BEFORE:
        fields.fault("when", f"ghi {max(days)} ngày trước ngày chốt, quá xa", f"hãy viết từ 0 đến {_LONGEST_BEFORE} ngày")
    return BeforeCutoff(tuple(sorted(set(days), reverse=True)), int(written[2]), int(written[3]))


def _check_cron(fields: Fields, cron: Cron) -> bool:
    before = len(fields.faults)
    for key, word in _CRON_WORDS:
        written = getattr(cron, key)
        try:
            trigger(Cron(**{"minute": "*", "hour": "*", "day": "*", "month": "*", "weekday": "*", key: written}))
        except ValueError:
            fields.fault("when", f"có ô {word} là '{written}'", f"hãy sửa ô {word}; {_HOW}")
    if _WEEKDAYS.fullmatch(cron.weekday) is None:
        remedy = "hãy viết * hoặc tên ngày mon, tue, wed, thu, fri, sat, sun, như mon-fri"
        fields.fault("when", f"có ô thứ là '{cron.weekday}'", remedy)
    elif cron.weekday != "*" and cron.day != "*":
        fields.fault("when", "ghi cả ngày lẫn thứ nên hiểu được hai cách", "hãy để * ở một trong hai ô, hoặc tách thành hai việc")
    elif len(fields.faults) == before and trigger(cron).get_next_fire_time(None, _LEAP_CYCLE) is None:
        fields.fault("when", f"là '{cron}', ngày không bao giờ tới", "hãy sửa ô ngày và ô tháng")
    return len(fields.faults) == before
