"""Which connector asks which source, from the province's sources file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from hue_dti.addresses import Network
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.errors import Fault, SettingError, SourcesError
from hue_dti.resources import folder
from hue_dti.services.source_file import read_sources
from hue_dti.services.source_model import SourceSettings, find_connector
from hue_dti.units.load import load_units

__all__ = ["SourceSettings", "find_connector", "load_sources", "network_of", "sources_of"]

EXAMPLE = "connectors/sources.yaml"
DATABASE_PORT = 5432


def load_sources(
    path: Path,
    environ: Mapping[str, str],
    network: Network | None = None,
    catalogue: Catalogue | None = None,
    complete: bool = True,
    units: Collection[str] | None = None,
) -> dict[str, SourceSettings]:
    """Read a sources file: source code → how it is asked; SourcesError has every fault as file:line.

    With a catalogue, codes of sources, measures and criteria are checked too, with `units` those of units. Without a `network`, nothing but
    the network outside may be asked.
    A file is `complete` when this machine has all that it names: connectors, secrets, certificates. When it need not be, what is lacking
    costs only its own source.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise SourcesError([Fault(str(path), line, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")]) from None
    except OSError as fault:
        raise SourcesError([Fault(str(path), 1, f"không đọc được tệp ({fault.strerror})", f"hãy xem {EXAMPLE}")]) from None
    return read_sources(text, path, environ, network or Network(), catalogue, complete, units)


def sources_of(
    settings: Settings, environ: Mapping[str, str], catalogue: Catalogue | None = None, complete: bool = True
) -> dict[str, SourceSettings]:
    """The sources of the installation; SettingError when it names no file."""
    if settings.sources is None:
        raise SettingError(f"Chưa khai báo nguồn số liệu; hãy đặt HUE_DTI_SOURCES chỉ tới tệp như {EXAMPLE}.")
    units = None if catalogue is None else {unit.code for unit in load_units(settings.criteria or folder("criteria"))}
    return load_sources(settings.sources, environ, network_of(settings), catalogue, complete, units)


def network_of(settings: Settings) -> Network:
    """Where the installation's calls may go: never to its own database, to this machine only with HUE_DTI_SANDBOX=1."""
    never = set()
    for url in (settings.database_url, settings.owner_url):
        parts = urlsplit(url or "")
        if parts.hostname:
            never.add((parts.hostname, parts.port or DATABASE_PORT))
    return Network(settings.sandbox, frozenset(never))
