"""`hue-dti`: one click group; exits 0 on success, 1 when what it checks fails, 2 on wrong use."""

from __future__ import annotations

import sys

import click

from hue_dti import __version__
from hue_dti.cli.alerts import COMMANDS as ALERTS
from hue_dti.cli.articles import COMMANDS as ARTICLES
from hue_dti.cli.audit import COMMANDS as AUDIT
from hue_dti.cli.backup import COMMANDS as BACKUP
from hue_dti.cli.base import COMMANDS as BASE
from hue_dti.cli.check import COMMANDS as CHECK
from hue_dti.cli.click_words import name_parts, speak_vietnamese
from hue_dti.cli.criteria_diff import COMMANDS as CRITERIA
from hue_dti.cli.db import COMMANDS as DATABASE
from hue_dti.cli.demo import COMMANDS as DEMO
from hue_dti.cli.dti import COMMANDS as DTI
from hue_dti.cli.dti_year import COMMANDS as DTI_YEAR
from hue_dti.cli.evidence import COMMANDS as EVIDENCE
from hue_dti.cli.framework import COMMANDS as FRAMEWORK
from hue_dti.cli.import_file import COMMANDS as IMPORT
from hue_dti.cli.names import COMMANDS as NAMES
from hue_dti.cli.next_steps import COMMANDS as NEXT
from hue_dti.cli.plan import COMMANDS as PLAN
from hue_dti.cli.profile import COMMANDS as PROFILE
from hue_dti.cli.pull import COMMANDS as PULL
from hue_dti.cli.rank import COMMANDS as RANK
from hue_dti.cli.reconcile import COMMANDS as RECONCILE
from hue_dti.cli.reminders import COMMANDS as REMINDERS
from hue_dti.cli.report import COMMANDS as REPORT
from hue_dti.cli.rollup import COMMANDS as ROLLUP
from hue_dti.cli.round import COMMANDS as ROUND
from hue_dti.cli.round_fill import COMMANDS as ROUND_FILL
from hue_dti.cli.schedule import COMMANDS as SCHEDULE
from hue_dti.cli.secret import COMMANDS as SECRET
from hue_dti.cli.serve import COMMANDS as SERVE
from hue_dti.cli.snapshot import COMMANDS as SNAPSHOT
from hue_dti.cli.source import COMMANDS as SOURCE
from hue_dti.cli.template import COMMANDS as TEMPLATE
from hue_dti.cli.units import COMMANDS as UNITS
from hue_dti.cli.user import COMMANDS as USER
from hue_dti.errors import HueDtiError, UnitError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="hue-dti", help="In số phiên bản rồi thôi.")
def cli() -> None:
    """Nền tảng chỉ số chuyển đổi số: lấy số liệu, chấm điểm, chốt quý, lập báo cáo."""


_FAMILIES = (
    *(DEMO, SERVE, USER, SCHEDULE, ALERTS, PULL, SOURCE, IMPORT, ARTICLES, NAMES, BASE, PROFILE, UNITS),
    *(TEMPLATE, SNAPSHOT, CHECK, RECONCILE, REPORT, CRITERIA, FRAMEWORK, DTI, DTI_YEAR, ROLLUP),
    *(RANK, NEXT, PLAN, ROUND, ROUND_FILL, DATABASE, SECRET, BACKUP, REMINDERS, AUDIT, EVIDENCE),
)
for command in (each for family in _FAMILIES for each in family):
    cli.add_command(command)
name_parts(cli)


def main() -> None:
    """Run the command; an error the user can mend is printed in one piece and ends with 1, with 2 where the command was typed wrong."""
    speak_vietnamese()
    try:
        cli()
    except HueDtiError as fault:
        click.echo(str(fault), err=True)
        sys.exit(2 if isinstance(fault, UnitError) else 1)
