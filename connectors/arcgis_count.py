"""ArcGIS REST services: how many features of a layer meet a condition, asked with `returnCountOnly` so that no feature travels.

Settings beside those of `connectors.http`:

- `layers.<measure>`: the layer below `base`, such as `DiaChi/MapServer/3`;
- `where`: the condition, `{unit}` (code) and `{unit_name}` stand in it (default `1=1`);
- `level`: `district`, `commune` or `agency`: ask once for each such unit of the subtree; without it once for the unit asked for.

`GET {base}/{layer}/query?where=…&returnCountOnly=true&f=json` → `{"count": 12}`. ArcGIS reports errors with status 200, as `{"error": …}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from connectors.fields import Unreadable, count, json_object, shown
from connectors.http import Asker
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SettingFault, SourceFault
from hue_dti.units.model import Level, OrgUnit

TYPES = frozenset({"application/json", "text/plain"})
LAYERS, EVERYTHING = "layers.", "1=1"
_LAYER = re.compile(r"[\w.-]+(?:/[\w.-]+)*/(?:MapServer|FeatureServer)/[0-9]+")
_PLACE = re.compile(r"\{([^{}]*)\}")


class ArcGisCount:
    """Asks a map platform for counts."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file names."""
    settings = ("layers.*", "where", "level")

    def __init__(self, source: str = "arcgis_count") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        layers = {name: layer for name, layer in settings.items() if name.startswith(LAYERS)}
        if not layers:
            yield SettingFault("layers", "chưa ghi lớp dữ liệu nào", "hãy thêm bảng 'layers', mỗi dòng 'số liệu: dịch vụ/MapServer/số'")
        for name, layer in layers.items():
            if not _LAYER.fullmatch(layer):
                yield SettingFault(name, f"là '{layer}', không phải một lớp dữ liệu", "hãy viết như DiaChi/MapServer/3")
        for place in _PLACE.findall(settings.get("where", "")):
            if place not in ("unit", "unit_name"):
                yield SettingFault("where", f"có '{{{place}}}', không có chỗ điền này", "hãy dùng {unit} hoặc {unit_name}")
        if settings.get("level", "commune") not in tuple(Level):
            yield SettingFault("level", f"là '{settings['level']}', không có cấp này", "hãy viết district, commune hoặc agency")

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per layer and unit; a layer that gives no count is a fault, and a dead server a SourceError."""
        asker = Asker(self.source, request.settings, store, now)
        level = request.settings.get("level")
        units = [unit for unit in request.units if unit.level == level] if level else [request.unit]
        readings: list[Reading] = []
        faults: list[SourceFault] = []
        for name, layer in request.settings.items():
            for unit in units if name.startswith(LAYERS) else ():
                answer = asker.get(f"{layer}/query", _params(request, unit), TYPES)
                place = f"{layer}, {unit.name}"
                try:
                    value = _count(json_object(answer))
                except Unreadable as error:
                    faults.append(SourceFault(place, f"{error}; không dùng số này"))
                else:
                    readings.append(Reading(unit.code, name.removeprefix(LAYERS), value, request.cutoff, answer.sha256, place))
        return Pulled(tuple(readings), faults=tuple(faults))


def _params(request: PullRequest, unit: OrgUnit) -> dict[str, str]:
    words = {"unit": unit.code, "unit_name": unit.name.replace("'", "''")}
    where = _PLACE.sub(lambda found: words[found[1]], request.settings.get("where", EVERYTHING))
    return {"where": where, "returnCountOnly": "true", "f": "json"}


def _count(found: Mapping[str, object]) -> int:
    if "error" in found:
        raise Unreadable(f"máy chủ bản đồ báo lỗi {shown(found['error'])}")
    return count(found.get("count"))
