"""Twenty changes that cannot be recorded, in four ways, are not made: `python -m benchmarks.proofs.audit_refused`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.proofs.audit_trail import AT
from benchmarks.proofs.installation import CLOSED_UNIT, installation
from benchmarks.proofs.quarters import PERIOD
from hue_dti.catalogue.load import load_catalogue
from hue_dti.errors import StorageError
from hue_dti.resources import folder
from hue_dti.services.backup import back_up
from hue_dti.services.base import propose_one
from hue_dti.services.close import close_quarter
from hue_dti.services.names import dismiss_name
from hue_dti.services.profiles import import_profiles
from hue_dti.storage import Storage, open_storage
from hue_dti.units.model import OrgUnit

BY = "Lê Văn An"
CELLS = {"unit": "20167", "measure": "households", "year": "2024", "value": "2000000", "as_of": "31/12/2023", "document": "12/BC-CCTK"}

WAYS = {
    "không có quyền ghi": ("REVOKE INSERT ON audit_event FROM hue_dti_app",),
    "bảng đã mất": ("ALTER TABLE audit_event RENAME TO audit_event_gone",),
    "đĩa đầy": (
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER z_full_disk BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION full_disk()",
    ),
    "chuỗi bị khóa chết": ("ALTER TABLE audit_event ADD CONSTRAINT nothing_more CHECK (seq < 0) NOT VALID",),
}


def acts(storage: Storage, home: Path) -> dict[str, Callable[[], object]]:
    """Five things that persons do."""
    catalogue = load_catalogue(folder("criteria"))
    unit: OrgUnit = next(each for each in storage.units() if each.code == CLOSED_UNIT)
    profile = home / "thong-tin.csv"
    profile.write_text("Mã đơn vị,Thư điện tử\n483,dti@namdong.vn\n", encoding="utf-8")
    return {
        "chốt quý": lambda: close_quarter(storage, catalogue, unit, PERIOD, lambda: AT.replace(day=11), BY),
        "đề nghị số nền": lambda: propose_one(storage, catalogue, CELLS, BY, AT),
        "bỏ tên lạ": lambda: dismiss_name(storage, catalogue, "super_app", "Tổng cộng", "dòng cộng", BY, AT),
        "cập nhật thông tin": lambda: import_profiles(storage, profile, BY, AT),
        "sao lưu": lambda: back_up(storage, home / "all.backup", home, lambda: AT),
    }


def contents(storage: Storage) -> dict[str, bytes]:
    """Every table but the trail itself, which one of the ways takes away."""
    with storage.dumping() as dump:
        return {table.name: b"".join(dump.rows(table)) for table in dump.tables if table.name != "audit_event"}


@contextmanager
def made_impossible(url: str, way: str) -> Iterator[None]:
    """Nothing can be recorded while the block lasts, and ever after in this copy."""
    with psycopg.connect(url, autocommit=True) as owner:
        for statement in WAYS[way]:
            owner.execute(statement)
    yield


def main() -> int:
    """Try every act in every way, and count those that left no trace."""
    refused, asked = 0, 0
    with installation() as place:
        place.fill()
        with open_storage(place.settings()) as storage:
            storage.note_unknown_name("super_app", "Tổng cộng", None, AT)
        for way in WAYS:
            with place.copy() as settings, TemporaryDirectory() as folder_, open_storage(replace(settings, home=Path(folder_))) as storage:
                tried = acts(storage, Path(folder_))
                with made_impossible(settings.owner_url or "", way):
                    before = contents(storage)
                    for name, act in tried.items():
                        asked += 1
                        with suppress(StorageError):
                            act()
                            print(f"{name} đã xảy ra dù {way}")
                            continue
                        refused += contents(storage) == before and not (Path(folder_) / "all.backup").exists()
    print(f"{refused}/{asked} việc không ghi được vào nhật ký thì không xảy ra ({', '.join(WAYS)})")
    return 0 if refused == asked == len(WAYS) * 5 else 1


if __name__ == "__main__":
    sys.exit(main())
