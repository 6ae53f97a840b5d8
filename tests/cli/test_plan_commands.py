"""Plans kept from the command line: nothing without --confirm, then a version, a list and a paper."""

from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.resources import folder
from hue_dti.units.load import load_units

FILE = folder("criteria") / "frameworks" / "examples" / "dong-thap-2023-plan.csv"


def test_a_plan_is_kept_only_when_confirmed_and_prints(storage, database, tmp_path):
    storage.save_units(load_units(folder("criteria")))

    def run(*args):
        return CliRunner().invoke(cli, ["plan", *map(str, args)], env=database.environment)

    given = ("import", FILE, "--unit", "46", "--year", "2023")
    looked = run(*given)
    assert (looked.exit_code, "96 chỉ tiêu mới" in looked.output, "Chưa lưu gì" in looked.output) == (0, True, True)
    assert storage.plans.newest() == ()
    assert "Đã lưu bản 1" in run(*given, "--confirm").output
    assert "bản 1" in run("list").output
    done = run("print", "--unit", "46", "--year", "2023", "--out", tmp_path / "ke-hoach.docx")
    assert (done.exit_code, (tmp_path / "ke-hoach.docx").stat().st_size > 10_000) == (0, True)
    assert run("print", "--unit", "46", "--year", "2024", "--out", tmp_path / "x.pdf").exit_code == 1
