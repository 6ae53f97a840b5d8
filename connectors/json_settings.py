"""What cannot work in the description of a JSON system; see `connectors.json_api` for what each setting means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from connectors.cells import KINDS
from hue_dti.observations.model import SettingFault

PAGES = ("number", "offset", "next")
PLACES = ("unit", "unit_name", "period", "year", "cutoff", "start", "end")
EXPRESSIONS = ("rows", "unit", "total", "as_of", "pages.next")
FIGURES = "figures."
PLACE = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"\w+(?:\[[0-9]+\])?(?:\.\w+(?:\[[0-9]+\])?)*")


def kinds_of(settings: Mapping[str, str]) -> dict[str, str]:
    """What figures are where they are no counts, by measure."""
    return dict(pair.partition("=")[::2] for pair in settings.get("kinds", "").split())


def path_in(place: str, expression: str) -> str:
    """Where the value of an expression stands below a place: `$.du_lieu[3].so`; a computed value names its expression."""
    if expression == "@":
        return place
    return f"{place}.{expression}" if _PATH.fullmatch(expression) else f"{place}: {expression}"


def setting_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    """Every setting that cannot work, with what to write."""
    figures = [name for name in settings if name.startswith(FIGURES)]
    if not figures:
        yield SettingFault("figures", "chưa ghi số liệu nào", "hãy thêm bảng 'figures', mỗi dòng 'số liệu: biểu thức JMESPath'")
    for name in (*EXPRESSIONS, *figures):
        try:
            jmespath.compile(settings.get(name, "@"))
        except JMESPathError:
            yield SettingFault(name, f"là '{settings[name]}', không phải biểu thức JMESPath", "hãy viết như du_lieu hoặc data.rows")
    for name, value in settings.items():
        unknown = [place for place in PLACE.findall(value) if place not in PLACES] if name.startswith("params.") or name == "path" else []
        if unknown:
            yield SettingFault(name, f"có '{{{unknown[0]}}}', không có chỗ điền này", f"hãy dùng một trong: {', '.join(PLACES)}")
    for measure, kind in kinds_of(settings).items():
        if kind not in KINDS or f"{FIGURES}{measure}" not in settings:
            yield SettingFault(
                "kinds", f"có '{measure}={kind}' không hiểu được", f"hãy viết số liệu của 'figures' và một trong: {', '.join(KINDS)}"
            )
    if settings.get("dates", "iso") not in ("iso", "dmy"):
        yield SettingFault("dates", f"là '{settings['dates']}'", "hãy viết iso (2024-06-10) hoặc dmy (10/06/2024)")
    yield from _page_faults(settings)
    yield from _keeping_faults(settings)


def _page_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    written = {name for name in settings if name.startswith("pages.")}
    kind = settings.get("pages.kind", "")
    known = {"pages.kind", "pages.parameter", "pages.first", "pages.size_parameter", "pages.size", "pages.next"}
    for name in sorted(written - known):
        yield SettingFault(name, "không phải là cài đặt của 'pages'", f"hãy viết một trong: {', '.join(sorted(known))}")
    if written and kind not in PAGES:
        yield SettingFault("pages.kind" if kind else "pages", f"có kind là '{kind}'", f"hãy viết kind là một trong: {', '.join(PAGES)}")
    needed = {"number": "pages.parameter", "offset": "pages.parameter", "next": "pages.next"}.get(kind)
    if needed and not settings.get(needed):
        yield SettingFault("pages", f"thiếu '{needed.partition('.')[2]}'", f"hãy thêm '{needed.partition('.')[2]}: …'")
    for name in ("pages.first", "pages.size"):
        if name in settings and not settings[name].isdecimal():
            yield SettingFault(name, f"là '{settings[name]}', không phải số nguyên", "hãy viết một số, chẳng hạn 100")
    if bool(settings.get("pages.size_parameter")) != bool(settings.get("pages.size")):
        yield SettingFault("pages", "chỉ có một trong hai 'size' và 'size_parameter'", "hãy ghi cả hai hoặc bỏ cả hai")


def _keeping_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    """A field that a figure is read from must be among those kept."""
    if "keeps" not in settings:
        return
    kept = frozenset(settings["keeps"].split())
    if not kept:
        yield SettingFault("keeps", "để trống", "hãy ghi tên các mục được giữ, cách nhau bằng dấu cách")
    for name, expression in settings.items():
        if name != "rows" and (name in EXPRESSIONS or name.startswith(FIGURES)):
            try:
                last = _last_fields(jmespath.compile(expression).parsed)
            except JMESPathError:
                continue
            for each in sorted(last - kept):
                yield SettingFault("keeps", f"thiếu '{each}' mà '{name}' đọc", f"hãy thêm '{each}' vào 'keeps'")


def _last_fields(node: Any) -> set[str]:
    """The fields an expression ends in: of `a.b` it is b, since only values are blotted and not what holds them."""
    if not node["children"]:
        return {node["value"]} if node["type"] == "field" else set()
    ends = node["children"][-1:] if node["type"] in ("subexpression", "projection", "flatten") else node["children"]
    return {each for child in ends if isinstance(child, dict) for each in _last_fields(child)}
