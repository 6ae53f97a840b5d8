"""What several commands share: the installation's settings, catalogue and storage, and the usual options."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.errors import PeriodError, UnknownUnit
from hue_dti.numerals import format_date
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.setup import prepare
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex


class PeriodParam(click.ParamType[Period]):
    """A period on the command line."""

    name = "kỳ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except PeriodError as fault:
            self.fail(str(fault), param, ctx)


def unit_option(required: bool = True) -> Callable[[Any], Any]:
    """`--unit CODE or folded name`."""
    return click.option("--unit", "unit_text", required=required, metavar="MÃ|TÊN", help="Mã đơn vị (483) hoặc tên không dấu (nam-dong).")


def out_option(what: str) -> Callable[[Any], Any]:
    """`--out FOLDER` for `what` is written."""
    return click.option(
        "--out",
        metavar="THƯ_MỤC",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("out"),
        show_default=True,
        help=f"Thư mục ghi {what}.",
    )


def period_option(required: bool = True) -> Callable[[Any], Any]:
    """`--period 2024-Q2`."""
    return click.option(
        "--period", type=PeriodParam(), required=required, metavar="KỲ", help="Kỳ báo cáo: 2024-Q2, 2024, 2024-06, 2024-H1."
    )


@dataclass(frozen=True, slots=True)
class Workplace:
    """One command's installation: where settings point, what the criteria say, what is stored."""

    settings: Settings
    catalogue: Catalogue
    storage: Storage

    def told(self, act: str, unit: str = "", subject: str = "") -> None:
        """Record what the machine's account does here, before it is done: what cannot be recorded is not done."""
        self.storage.trail.note(hand().did(act, now(), unit=unit, subject=subject))

    def unit(self, text: str, period: Period) -> OrgUnit:
        """The unit by code or unique folded name, as of the period's end; UnitError otherwise, also for a unit of another time."""
        units = self.storage.units()
        try:
            return NameIndex(unit for unit in units if unit.exists_on(period.end)).resolve(text)
        except UnknownUnit:
            other = next((unit for unit in reversed(units) if unit.code == text.strip()), None)
            if other is None:
                raise
            until = f"đến {format_date(other.valid_to)}" if other.valid_to is not None else "đến nay"
            span = f"{other.name} ({other.code}) chỉ có từ {format_date(other.valid_from)} {until}"
            raise UnknownUnit(f"{span}, không có vào cuối {period.label}; hãy chọn kỳ khác hoặc đơn vị khác.") from None


@contextmanager
def workplace(settings: Settings | None = None) -> Iterator[Workplace]:
    """Open the installation; the embedded server this process started stops with it."""
    chosen = settings or Settings.from_environment(os.environ)
    catalogue = load_catalogue(chosen.criteria or folder("criteria"))
    storage = prepare(chosen)
    try:
        yield Workplace(chosen, catalogue, storage)
    finally:
        storage.close()


def hand(by: str = "") -> Hand:
    """Whose hand a command is: the name given, and from where, so that the machine's account is told beside it."""
    account = machine_account()
    name = by.strip() or account
    return Hand(name, name, f"lệnh trên máy chủ: {account}")


def machine_account() -> str:
    """The machine's account that runs this, as the machine itself knows it: what the environment says could be anybody's."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def now() -> datetime:
    """The clock of the command line."""
    return datetime.now(UTC)


def console() -> Console:
    """Rich on a terminal, plain lines elsewhere; what sources and files say is never read as markup."""
    terminal = sys.stdout.isatty()
    return Console(width=None if terminal else 120, markup=False, emoji=False, highlight=False, soft_wrap=not terminal)
