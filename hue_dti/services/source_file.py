"""The sources file, line by line: every fault is noted with file:line, what is wrong and what to write; no fault repeats a secret."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hue_dti.addresses import AddressRefused, Network, check_path, read_address
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.nodes import Faults, Node, Scalar, Table, read_nodes
from hue_dti.catalogue.scalars import Wrong, nearest
from hue_dti.certificates import belong_together, holds_authorities
from hue_dti.errors import SourcesError
from hue_dti.services import secrets
from hue_dti.services.secrets import Absent
from hue_dti.services.source_model import SourceSettings, installed_connectors

NUMBERS = (
    *("connect_timeout_s", "read_timeout_s", "total_timeout_s", "max_bytes", "attempts"),
    *("backoff_s", "retry_after_max_s", "max_pages", "pause_s"),
)
MAY_BE_ZERO = ("backoff_s", "retry_after_max_s", "pause_s")
SECRETS = ("token", "password")
PAIR = ("certificate_file", "key_file")
FILES = ("ca_file", *PAIR)
OVER_HTTP = ("base", "path", *FILES, "token_header", "token_scheme", "user", "transaction_header", *NUMBERS)
OURS = ("connector", "owner", "fresh_days")
TABLES = ("header", "expected", "units")
OF_MEASURES = ("expected", "figures", "heading", "category", "layers", "filled", "positive", "proof")
"""Tables whose keys are measures of the source."""
NAMES_MEASURES = ("computers", "kinds")
"""Keys whose values name measures of the source, `budget=amount shops` or one alone."""

_RANGE = re.compile(r"([0-9]{1,18})\.\.([0-9]{1,18})")
_HEADER = "header."


@dataclass(slots=True)
class _Entry:
    """One source while it is read: its values by dotted key, the lines they stand on, and what has been made of them."""

    code: str
    line: int
    faults: Faults
    complete: bool = True
    values: dict[str, str] = field(default_factory=dict, repr=False)
    lines: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict, repr=False)
    lacks: list[str] = field(default_factory=list)

    def wrong(self, key: str, found: Wrong) -> None:
        """Note what is wrong with a key; what only this machine lacks is no fault of a file that need not be complete."""
        if isinstance(found, Absent) and not self.complete:
            self.lacks.append(f"'{key}' {found.what}; {found.remedy} (dòng {self.lines.get(key, self.line)} của tệp nguồn)")
        else:
            self.fault(key, found.what, found.remedy)

    def fault(self, key: str, what: str, remedy: str) -> None:
        """Note what is wrong with a key; without it, with the source."""
        near = (line for name, line in self.lines.items() if name.startswith(f"{key}."))
        line = self.lines.get(key) or next(near, self.line)
        self.faults.add(line, f"'{key}' của nguồn {self.code} {what}", remedy)


def read_sources(
    text: str,
    path: Path,
    environ: Mapping[str, str],
    network: Network,
    catalogue: Catalogue | None,
    complete: bool = True,
    units: Collection[str] | None = None,
) -> dict[str, SourceSettings]:
    """Read the whole file; SourcesError has every fault of every source.

    Where the file need not be `complete`, an address that this installation may not ask, and a connector, secret or certificate that this
    machine lacks, is no fault: it costs only its own source, when that is asked.
    """
    faults = Faults(str(path))
    root = read_nodes(text, faults)
    read: dict[str, SourceSettings] = {}
    for code, node in root.values.items() if root is not None else ():
        line = root.key_lines[code] if root is not None else 1
        if catalogue is not None and code not in catalogue.sources:
            faults.add(line, f"không có nguồn '{code}' trong measures.yaml", nearest(code, tuple(catalogue.sources)))
        entry = _Entry(code, line, faults, complete)
        if _flatten(entry, node):
            read[code] = _source(entry, path.parent, environ, network, catalogue)
            _check_units(entry, units)
    if faults.found:
        raise SourcesError(faults.found)
    return read


def _flatten(entry: _Entry, node: Node) -> bool:
    """Bring a source's mapping into dotted keys; False when it is no mapping."""
    if not isinstance(node, Table):
        entry.faults.add(entry.line, f"nguồn {entry.code} không phải một bảng", "hãy viết các khóa thụt vào dưới mã nguồn: 'connector: …'")
        return False
    for key, value in node.values.items():
        line = node.key_lines[key]
        inner = (
            ((f"{key}.{name}", value.key_lines[name], each) for name, each in value.values.items()) if isinstance(value, Table) else None
        )
        for name, at, each in inner if inner is not None else ((key, line, value),):
            entry.lines[name] = at
            if isinstance(each, Scalar) and each.text is not None:
                entry.values[name] = each.text.strip()
            else:
                entry.fault(name, "để trống hoặc không phải một dòng chữ", f"hãy viết '{name.rpartition('.')[2]}: …' trên một dòng")
    return True


def _source(entry: _Entry, folder: Path, environ: Mapping[str, str], network: Network, catalogue: Catalogue | None) -> SourceSettings:
    kind = _kind(entry)
    _check_keys(entry, kind)
    _read_settings(entry, folder, environ)
    if kind is not None and getattr(kind, "asks_over_http", True):
        _check_address(entry, network)
    if catalogue is not None and entry.code in catalogue.sources:
        _check_measures(entry, catalogue)
    installed = {**entry.settings, **network.as_settings()}
    for fault in getattr(kind, "faults_of", lambda settings: ())(installed) if kind is not None else ():
        entry.fault(fault.key, fault.what, fault.remedy)
    return SourceSettings(
        connector=entry.values.get("connector", ""),
        settings=installed,
        owner=entry.values.get("owner", ""),
        fresh_days=_fresh_days(entry),
        expected=dict(_expected(entry)),
        units={key.partition(".")[2]: code for key, code in entry.values.items() if key.startswith("units.")},
        lacks="; ".join(entry.lacks),
        handed_in=getattr(kind, "only_handed_in", lambda settings: False)(installed),
    )


def _kind(entry: _Entry) -> Any:
    """The connector's class; None, with the fault noted, when it is not named or not installed."""
    installed = installed_connectors()
    name = entry.values.get("connector")
    if name is None:
        if "connector" not in entry.lines:
            entry.fault("connector", "chưa được ghi", f"hãy thêm 'connector: …', một trong: {', '.join(sorted(installed))}")
        return None
    if name not in installed:
        if entry.complete:
            entry.fault("connector", f"là '{name}', chưa cài kết nối nào tên đó", nearest(name, tuple(sorted(installed))))
        return None
    return installed[name].load()


def _check_keys(entry: _Entry, kind: Any) -> None:
    """Note every key that neither all sources nor this connector have; a connector that names no keys takes any of its own."""
    own: Iterable[str] | None = getattr(kind, "settings", None)
    over_http = OVER_HTTP if getattr(kind, "asks_over_http", True) else ("max_bytes",)
    known = (*OURS, *over_http, *(f"{name}{end}" for name in SECRETS for end in (secrets.ENV, secrets.FILE)), *(own or ()))
    tables = {*TABLES, *(key.removesuffix(".*") for key in known if key.endswith(".*"))}
    for key in entry.lines:
        if key in SECRETS:
            entry.fault(key, "ghi mã bí mật ngay trong tệp", f"hãy xóa đi, đổi mã đó, và ghi '{key}_env: TÊN_BIẾN' hoặc '{key}_file: tệp'")
        elif key in ("network", "never_ask", "secret_header") or (
            kind is not None and own is not None and not _is_known(key, known, tables)
        ):
            entry.fault(key, "không phải là cài đặt của nguồn này", nearest(key, (*known, *sorted(tables))))


def _is_known(key: str, known: tuple[str, ...], tables: set[str]) -> bool:
    return key in known or (key.partition(".")[0] in tables and "." in key)


def _read_settings(entry: _Entry, folder: Path, environ: Mapping[str, str]) -> None:
    """Make the connector's settings of what is written, with the secrets in them."""
    for key, value in entry.values.items():
        stem = key.removesuffix(secrets.ENV).removesuffix(secrets.FILE)
        if stem != key and (stem in SECRETS or key.startswith(_HEADER)):
            found = secrets.from_environment(value, environ) if key.endswith(secrets.ENV) else secrets.from_file(folder / value)
            _take(entry, key, f"secret_{stem}" if key.startswith(_HEADER) else stem, found)
        elif key.startswith(_HEADER) and secrets.tells_secret(key.removeprefix(_HEADER)):
            entry.fault(key, "ghi mã bí mật ngay trong tệp", f"hãy xóa đi, đổi mã đó, và ghi '{key.removeprefix(_HEADER)}_env: TÊN_BIẾN'")
        elif key in FILES:
            _take(entry, key, key, _usable(key, folder / value))
        elif key in NUMBERS:
            _take(entry, key, key, _number(value, 0 if key in MAY_BE_ZERO else 0.001))
        elif key not in OURS and key not in SECRETS and key.partition(".")[0] not in ("expected", "units"):
            entry.settings[key] = value
    _check_pair(entry)


def _usable(key: str, path: Path) -> str | Wrong:
    """The path of a certificate file that can be used as what it is for."""
    if not path.is_file():
        return Absent("chỉ tới một tệp không có", "hãy sửa đường dẫn; đường dẫn tương đối tính từ tệp nguồn")
    if key == "ca_file" and not holds_authorities(path):
        return Absent("chỉ tới một tệp không có chứng thư gốc nào đọc được", "hãy chép chứng thư gốc dạng PEM vào tệp này")
    problem = secrets.closed_file(path) if key == "key_file" else None
    return problem or str(path)


def _check_pair(entry: _Entry) -> None:
    """Our own certificate needs its own key."""
    written = [key for key in PAIR if key in entry.lines]
    usable = [Path(entry.settings[key]) for key in PAIR if key in entry.settings]
    if len(written) == len(usable) == 1:
        entry.fault(written[0], "đi một mình", f"hãy ghi cả {' và '.join(PAIR)}")
    elif len(usable) == len(PAIR) and not belong_together(*usable):
        entry.wrong(
            "key_file", Absent("không phải khóa của 'certificate_file', hoặc đòi mật khẩu", "hãy dùng một cặp PEM không đặt mật khẩu")
        )


def _take(entry: _Entry, key: str, name: str, found: str | Wrong) -> None:
    if isinstance(found, Wrong):
        entry.wrong(key, found)
    elif name in entry.settings:
        entry.fault(key, "được cho hai lần", "hãy giữ một trong hai cách: …_env hoặc …_file")
    else:
        entry.settings[name] = found


def _number(text: str, least: float) -> str | Wrong:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    return (
        text if math.isfinite(number) and number >= least else Wrong(f"là '{text}', không phải một số dương", "hãy sửa lại, chẳng hạn 20")
    )


def _check_address(entry: _Entry, network: Network) -> None:
    for key, check in (
        ("base", lambda text: read_address(text, network)),
        ("path", lambda text: check_path(text.lstrip("/").partition("?")[0])),
    ):
        try:
            if key in entry.values or (key == "base" and key not in entry.lines):
                check(entry.values.get(key, ""))
        except AddressRefused as refused:
            entry.wrong(key, Absent(refused.what, f"hãy {refused.remedy}"))


def _check_measures(entry: _Entry, catalogue: Catalogue) -> None:
    known = tuple(measure.code for measure in catalogue.measures.values() if entry.code in (measure.source, *measure.also_from))
    for key in entry.lines:
        table, _, measure = key.partition(".")
        if table in OF_MEASURES and measure and measure not in known:
            entry.fault(key, f"không phải số liệu lấy từ nguồn {entry.code}", nearest(measure, known))
    _check_proofs(entry, catalogue)
    for key in NAMES_MEASURES:
        for measure in (pair.partition("=")[0] for pair in entry.values.get(key, "").split()):
            if measure not in known:
                entry.fault(key, f"có '{measure}', không phải số liệu lấy từ nguồn {entry.code}", nearest(measure, known))


def _check_proofs(entry: _Entry, catalogue: Catalogue) -> None:
    """What a document proves is a criterion of one of the sets."""
    known = tuple(dict.fromkeys(each.code for criteria_set in catalogue.sets.values() for each in criteria_set.criteria))
    for key, code in entry.values.items():
        if key.startswith("proof.") and code not in known:
            entry.fault(key, f"là '{code}', không có tiêu chí nào mã đó", nearest(code, known))


def _check_units(entry: _Entry, units: Collection[str] | None) -> None:
    """A name leads to a unit that there is; without a list of units nobody knows."""
    for key, code in entry.values.items():
        if units is not None and key.startswith("units.") and code not in units:
            entry.fault(key, f"là '{code}', không có đơn vị nào mã đó", nearest(code, sorted(units)))


def _fresh_days(entry: _Entry) -> int | None:
    text = entry.values.get("fresh_days")
    if text is not None and not (text.isdecimal() and 0 < int(text) < 10_000):
        entry.fault("fresh_days", f"là '{text}', không phải số ngày", "hãy viết số ngày, chẳng hạn 45")
        return None
    return int(text) if text is not None else None


def _expected(entry: _Entry) -> Iterator[tuple[str, tuple[int, int]]]:
    for key, text in entry.values.items():
        if not key.startswith("expected."):
            continue
        found = _RANGE.fullmatch(text)
        if found is None or int(found[1]) > int(found[2]):
            entry.fault(key, f"là '{text}', không phải một khoảng", "hãy viết 'ít nhất..nhiều nhất', chẳng hạn 0..40000")
        else:
            yield key.partition(".")[2], (int(found[1]), int(found[2]))
