"""`hue-dti close`, `show` and `verify` as an operator types them."""

import json
import re

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.errors import SnapshotError

QUARTER = ["--unit", "nam-dong", "--period", "2024-Q2"]


@pytest.fixture
def run(district, database, tmp_path):
    environment = {**database.environment, "HUE_DTI_HOME": str(tmp_path)}

    def type_in(*words):
        return CliRunner().invoke(cli, words, env=environment)

    return type_in


def test_close_prints_the_number_and_the_hash_and_writes_the_anchor(run, district):
    done = run("close", *QUARTER, "--by", "Thư ký")
    (head,) = district.storage.snapshot_heads("483")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Huyện Nam Đông, Quý II năm 2024: bản chốt số 1, mã {head.sha256}\n")
    assert head.sha256 in (district.home / "anchors" / "483.txt").read_text()


def test_show_gives_the_frozen_sheet_as_json(run, district):
    head = district.close()
    done = run("show", *QUARTER, "--json")
    sheet = json.loads(done.output)
    assert done.exit_code == 0
    assert (sheet["unit"], sheet["period"], sheet["snapshot_sha256"]) == ("483", "2024-Q2", head.sha256)
    assert len(sheet["criteria"]) == 53


def test_show_without_json_is_a_table_with_every_criterion(run, district):
    district.close()
    done = run("show", *QUARTER)
    assert done.exit_code == 0
    stated = re.search(
        r"Đạt (\d+)/53 tiêu chí, đang thực hiện (\d+), chưa thực hiện (\d+), không đạt (\d+)(?:, không áp dụng (\d+))?", done.output
    )
    assert stated is not None
    assert sum(int(count or 0) for count in stated.groups()) == 53
    for code in ("I.1", "III.1", "IX.6", "bản chốt số 1"):
        assert code in done.output


def test_show_says_what_to_do_when_the_quarter_is_not_closed(run):
    done = run("show", *QUARTER)
    assert isinstance(done.exception, SnapshotError)
    assert "chưa chốt; hãy chạy 'hue-dti close --unit 483 --period 2024-Q2'" in str(done.exception)
    assert json.loads(run("show", *QUARTER, "--json", "--draft").output)["snapshot_sha256"] is None


def test_a_bundle_written_to_a_file_is_verified_without_a_database(run, district, tmp_path):
    district.close()
    path = tmp_path / "quy-2.hdb"
    assert run("show", *QUARTER, "--bundle", str(path)).exit_code == 0
    alone = CliRunner().invoke(cli, ["verify", str(path)], env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert (alone.exit_code, alone.output) == (0, f"{path}: nguyên vẹn, mọi điểm tính lại đều khớp\n")
    content = bytearray(path.read_bytes())
    content[-200] ^= 1
    path.write_bytes(content)
    tampered = run("verify", str(path))
    assert tampered.exit_code == 1
    assert "Số liệu " in tampered.output


def test_verify_checks_what_is_stored(run, district):
    assert run("verify").output.splitlines()[0] == "Chưa có bản chốt nào."
    district.close()
    sound = run("verify")
    closed, *kept = sound.output.splitlines()
    assert (sound.exit_code, closed) == (0, "483: 1 bản chốt nguyên vẹn, chuỗi và tệp neo khớp")
    assert kept[0].endswith("câu trả lời gốc còn nguyên như lúc nhận")
    (district.home / "anchors" / "483.txt").write_text("")
    assert run("verify").exit_code == 1
