"""Files that persons hand in, and the sources they are of; for the tests of looking, confirming and the command."""

from __future__ import annotations

from hue_dti.services.sources import SourceSettings

CONSOLE = {
    "machine": "Tên máy",
    "unit": "Đơn vị",
    "computers": "computers",
    "filled.computers_malware": "Viettel EDR",
    "filled.computers_virus": "BKAV",
    "positive.computers_infected": "Phát hiện",
}
SOURCES = {
    "antivirus": SourceSettings("drop_folder", CONSOLE),
    "police": SourceSettings("dropped_table", {"kinds": "vneid_level2=percent", "heading.vneid_level2": "Tỷ lệ mức 2"}),
    "district": SourceSettings("dropped_table", {"kinds": "budget=amount"}),
    "super_app": SourceSettings("super_app", {"base": "https://a.example"}),
}
HEAD = "Tên máy;Đơn vị;Viettel EDR;BKAV;Phát hiện"
ROWS = f"{HEAD}\nM1;Hương Xuân;1;;0\nM2;Hương Xuân;;2;3\nM3;Thượng Nhật;1;2;0"


def counted(quarter):
    """How many answers, pulls and figures are kept."""
    with quarter.database.connect() as connection:
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("raw_answer", "pull_run", "observation")]
