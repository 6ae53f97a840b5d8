"""One view of a PostgreSQL database, read by a connection that can change nothing; no SQL is written in the sources file.

Settings:

- `host`, `port` (5432), `database`, `user`, `password`; `tls`: `verify` (default, against `ca_file` or the machine's authorities),
  `encrypt` (without looking who answers) or `none`;
- `view`: the view, with its schema where it is not in the user's search path: `bao_cao.tai_khoan`;
- `figures.<measure>`: the column of the figure; `kinds` as in `connectors.spreadsheet`; NULL is no figure;
- `unit`: the column of the unit, without it the unit asked for; `as_of`: the column of the day, without it the cut-off;
- `where.<column>`: only rows whose column, as text, equals this; `{unit}` `{unit_name}` `{period}` `{year}` `{cutoff}` stand in it and go
  as values, never as SQL;
- `max_rows` (10000), `max_bytes`, `connect_timeout_s` (5), `read_timeout_s` (20, for one statement), `total_timeout_s` (120).

Only the named columns are asked for. The rows are kept as canonical JSON before anybody reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from connectors.cells import KINDS, read
from connectors.fields import Unreadable, count, json_object, shown, stated_day, text
from connectors.http import Answer
from connectors.postgres import NAME, Question, answered
from hue_dti.addresses import AddressRefused, Network, check_host
from hue_dti.collation import spelling
from hue_dti.errors import SettingError
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SettingFault, SourceFault

FIGURES, WHERE = "figures.", "where."
PLACES = ("unit", "unit_name", "period", "year", "cutoff")
DONG = "đồng"
"""What amounts are in."""
TLS = ("verify", "encrypt", "none")
_PLACE = re.compile(r"\{([^{}]*)\}")
_LIMITS = ("connect_timeout_s", "read_timeout_s", "total_timeout_s")


class SqlView:
    """Reads the columns that the sources file maps."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file maps."""
    settings = (
        *("host", "port", "database", "user", "tls", "ca_file", "view", "unit", "as_of", "kinds", "max_rows", *_LIMITS),
        *("figures.*", "where.*"),
    )
    asks_over_http = False

    def __init__(self, source: str = "sql_view") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        yield from _address_faults(settings)
        yield from _column_faults(settings)

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per row and figure; raise SourceError when the view does not answer as described."""
        for fault in self.faults_of(request.settings):
            raise SettingError(f"Nguồn {self.source}, cài đặt '{fault.key}': {fault.what}; {fault.remedy}.")
        answer = answered(self.source, _question(request), request.settings, store, now)
        rows = json_object(answer)["rows"]
        _refuse_duplicates(answer, rows, request.settings)
        readings: list[Reading] = []
        faults: list[SourceFault] = []
        for at, row in enumerate(rows):
            readings += _readings(answer, f"$.rows[{at}]", row, request, now(), faults)
        if not rows:
            raise answer.invalid("không có dòng nào", "kiểm tra 'where', hoặc báo cho đơn vị quản lý cơ sở dữ liệu")
        return Pulled(tuple(readings), faults=tuple(faults))


def _question(request: PullRequest) -> Question:
    settings = request.settings
    words = {
        "unit": request.unit.code,
        "unit_name": request.unit.name,
        "period": str(request.period),
        "year": str(request.cutoff.year),
        "cutoff": request.cutoff.isoformat(),
    }
    columns = [settings[name] for name in ("unit", "as_of") if name in settings]
    columns += [value for name, value in settings.items() if name.startswith(FIGURES)]
    where = {
        name.removeprefix(WHERE): _PLACE.sub(lambda found: words[found[1]], value)
        for name, value in settings.items()
        if name.startswith(WHERE)
    }
    return Question(settings["view"], tuple(dict.fromkeys(columns)), where, int(settings.get("max_rows", "10000")))


def _refuse_duplicates(answer: Answer, rows: list[dict[str, object]], settings: Mapping[str, str]) -> None:
    """Two rows of one unit mean that the view is not one row per unit; nobody knows which is right."""
    column = settings.get("unit")
    times = Counter("" if column is None else spelling(str(row[column])) for row in rows if column is None or row[column] is not None)
    twice = sorted(unit for unit, number in times.items() if number > 1)
    if twice:
        what = f"có nhiều dòng cho một đơn vị ({shown(twice[0])})" if "unit" in settings else f"có {len(rows)} dòng mà không có cột đơn vị"
        raise answer.invalid(what, "ghi 'unit', 'where' để mỗi đơn vị còn một dòng")


def _readings(
    answer: Answer, place: str, row: Mapping[str, object], request: PullRequest, now: datetime, faults: list[SourceFault]
) -> Iterator[Reading]:
    settings = request.settings
    try:
        unit = _unit(row[settings["unit"]]) if "unit" in settings else request.unit.code
    except Unreadable as error:
        faults.append(SourceFault(f"{place}.{settings['unit']}", f"đơn vị {error}; bỏ qua dòng này"))
        return
    day = row[settings["as_of"]] if "as_of" in settings else None
    stated = stated_day(answer, day[: len("2024-06-10")] if isinstance(day, str) else day, request, now)
    kinds = dict(pair.partition("=")[::2] for pair in settings.get("kinds", "").split())
    for name, column in settings.items():
        value = row.get(column) if name.startswith(FIGURES) else None
        if value is None:
            continue
        measure, at = name.removeprefix(FIGURES), f"{place}.{column}"
        try:
            figure = count(value) if kinds.get(measure, "count") == "count" else read(kinds[measure], value, DONG)  # type: ignore[arg-type]
        except Unreadable as error:
            faults.append(SourceFault(at, f"{unit}: {error}; không dùng số này"))
        else:
            yield Reading(unit, measure, figure, stated, answer.sha256, at)


def _unit(value: object) -> str:
    return text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)


def _address_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    for name in ("host", "database", "user", "view"):
        if not settings.get(name):
            yield SettingFault(name, "chưa được ghi", f"hãy thêm '{name}: …'")
    for name in ("port", "max_rows"):
        if name in settings and not (settings[name].isdecimal() and 0 < int(settings[name][:9]) < 1_000_000):
            yield SettingFault(name, f"là '{settings[name]}', không phải số nguyên dương", "hãy viết một số, chẳng hạn 5432")
    if settings.get("tls", "verify") not in TLS:
        yield SettingFault("tls", f"là '{settings['tls']}'", f"hãy viết một trong: {', '.join(TLS)}")
    if settings.get("host") and settings.get("port", "5432").isdecimal():
        try:
            check_host(settings["host"], int(settings.get("port", "5432")[:9]), Network.from_settings(settings))
        except AddressRefused as refused:
            yield SettingFault("host", refused.what, f"hãy {refused.remedy}")


def _column_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    figures = [name for name in settings if name.startswith(FIGURES)]
    if not figures:
        yield SettingFault("figures", "chưa ghi số liệu nào", "hãy thêm bảng 'figures', mỗi dòng 'số liệu: tên cột'")
    if settings.get("view") and not (1 <= len(settings["view"].split(".")) <= 2 and all(map(NAME.fullmatch, settings["view"].split(".")))):
        yield SettingFault(
            "view", f"là '{settings['view']}', không phải tên khung nhìn", "hãy viết như bao_cao.tai_khoan; không viết câu SQL"
        )
    columns = {name: settings[name] for name in (*figures, "unit", "as_of") if name in settings}
    columns |= {name: name.removeprefix(WHERE) for name in settings if name.startswith(WHERE)}
    for name, column in columns.items():
        if not NAME.fullmatch(column):
            yield SettingFault(name, f"là '{column}', không phải tên cột", "hãy viết đúng tên một cột, không viết biểu thức SQL")
    for name, value in settings.items():
        unknown = [place for place in _PLACE.findall(value) if place not in PLACES] if name.startswith(WHERE) else []
        if unknown:
            yield SettingFault(name, f"có '{{{unknown[0]}}}', không có chỗ điền này", f"hãy dùng một trong: {', '.join(PLACES)}")
    for measure, kind in (pair.partition("=")[::2] for pair in settings.get("kinds", "").split()):
        if kind not in KINDS or f"{FIGURES}{measure}" not in settings:
            remedy = f"hãy viết số liệu của 'figures' và một trong: {', '.join(KINDS)}"
            yield SettingFault("kinds", f"có '{measure}={kind}' không hiểu được", remedy)
