"""The ministry's published index of 2021 for the demonstration, so that the ranking of provinces is not empty."""

from __future__ import annotations

from datetime import date, datetime

from hue_dti.accounts.model import Actor
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.resources import folder
from hue_dti.rollup.read_values import Spelling
from hue_dti.services.accounts import province_of
from hue_dti.services.doer import Doer
from hue_dti.services.regions import text_of
from hue_dti.services.year_results import Draft, keep
from hue_dti.storage import Storage

FRAMEWORK, YEAR = "province-922", 2021
DOCUMENT, ISSUED = "Báo cáo DTI 2021 của Bộ Thông tin và Truyền thông (QĐXB 224/QĐ-NXBTTTT)", date(2022, 8, 5)


def example() -> Draft:
    """The table of 63 provinces that ships, as the first version of its year."""
    file = folder("criteria") / "frameworks" / "examples" / "dti-2021-provinces.csv"
    return Draft(FRAMEWORK, YEAR, file.name, text_of(file), Spelling(), DOCUMENT, ISSUED, "", 0)


def demo_year(storage: Storage, by: str, at: datetime) -> None:
    """Keep the example; a year that is there already stays."""
    if not storage.year_results.versions(FRAMEWORK, YEAR):
        keep_example(storage, example(), by, at)


def keep_example(storage: Storage, draft: Draft, by: str, at: datetime) -> None:
    """Keep a version of the example's year."""
    framework = load_frameworks(folder("criteria"))[FRAMEWORK]
    keep(storage, draft, framework, Doer(Actor(by, "Bản trình diễn", "", ()), at), province_of(storage.units()))
