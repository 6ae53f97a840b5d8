"""How one source is asked, and the installed connectors it may be asked with."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from hue_dti.errors import SettingError
from hue_dti.observations.model import Connector

GROUP = "hue_dti.connectors"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How one source is asked: the connector's entry-point name and what it needs; never printed, it may hold a secret.

    `owner` is who to tell; figures older than `fresh_days` before the cut-off are stale; `expected[measure]` are the least and the most
    that are believed; `units` leads a unit as the source prints it to its code. `lacks` says what this machine must have before the
    source can be asked, such as a secret; empty where nothing is lacking. One that is `handed_in` is never asked: its files come from
    persons.
    """

    connector: str
    settings: Mapping[str, str] = field(repr=False)
    owner: str = ""
    fresh_days: int | None = None
    expected: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    lacks: str = ""
    handed_in: bool = False


def installed_connectors() -> Mapping[str, EntryPoint]:
    """The connector classes of this installation by name, not yet loaded; what is installed later is known after a restart."""
    return _installed(tuple(sys.path))


@cache
def _installed(_path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def find_connector(name: str, source: str) -> Connector:
    """The installed connector of that name; SettingError names the installed ones when there is none."""
    installed = installed_connectors()
    if name not in installed:
        raise SettingError(
            f"Nguồn '{source}' dùng connector '{name}' nhưng chưa cài connector nào tên đó; đang có: {', '.join(sorted(installed))}."
        )
    connector: Connector = installed[name].load()(source)
    return connector
