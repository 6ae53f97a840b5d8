"""A declared table (one row per unit, one column per measure) that an office drops into a folder, or only hands in by `hue-dti import`.

Settings: those of `connectors.spreadsheet` but for the address, and `folder`, `files`, `max_bytes` as in `connectors.drop_folder`. All
files of the folder are read; a unit in two of them gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from connectors.files import FOLDER, dropped, folder_faults, only_handed_in
from connectors.spreadsheet import Spreadsheet
from hue_dti.observations.model import Pulled, PullRequest, RawStore, SettingFault


class DroppedTable(Spreadsheet):
    """Reads a declared table from files."""

    settings = (*Spreadsheet.settings, *FOLDER)
    asks_over_http = False
    only_handed_in = staticmethod(only_handed_in)

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        return folder_faults(settings)

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per filled cell of every file; raise SourceError when there is no file or one is not the declared one."""
        found = [self.read(answer, request, now()) for answer in dropped(self.source, request.settings, store, now)]
        return Pulled(tuple(each for part in found for each in part.readings), faults=tuple(each for part in found for each in part.faults))
