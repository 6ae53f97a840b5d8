"""Back the database up; each backup is a file of its own and the newest are kept."""

from __future__ import annotations

from hue_dti.errors import SettingError
from hue_dti.services.backup import back_up_tonight
from hue_dti.services.workbench import Workbench


def backup(bench: Workbench, keep: str = "14") -> None:
    """Write a backup into HUE_DTI_BACKUPS, `backups/` under the home folder where that is not set, and leave the newest `keep`."""
    if not keep.isdecimal() or int(keep) < 1:
        raise SettingError(f"Lịch chạy ghi keep là '{keep}'; hãy viết số bản sao lưu cần giữ, từ 1 trở lên.")
    back_up_tonight(bench.storage, bench.settings.backups or bench.home / "backups", int(keep), bench.home, bench.now)
