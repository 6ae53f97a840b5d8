"""The commands as an operator types them: exit codes, words that say what to do, and nothing left behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from hue_dti import cli
from tests.golden.papers import pdf_words, squeezed
from tests.golden_quarter import written_sources

DEMO = [sys.executable, "-m", "hue_dti", "demo", "--no-serve"]


@pytest.fixture
def type_in(monkeypatch, capsys):
    """Type words after `hue-dti` through its real door; gives exit code, what was said, and what was said of errors."""

    def run(environment, *words):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["hue-dti", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def environment(another_quarter):
    """The pulled quarter, not closed."""
    return another_quarter().environment


def test_a_wrong_period_is_wrong_use_and_the_words_show_how_to_write_it(type_in, golden):
    code, out, err = type_in(golden.environment, "report", "--unit", "483", "--period", "2024-Q5")
    assert (code, out) == (2, "")
    assert "Kỳ báo cáo '2024-Q5' không đúng cách viết; hãy viết như 2024-Q2" in err


@pytest.mark.parametrize("command", ["report", "close", "show", "pull"])
def test_a_command_without_its_unit_or_with_a_word_too_many_is_wrong_use(command, type_in, golden):
    assert type_in(golden.environment, command, "--period", "2024-Q2")[0] == 2
    assert type_in(golden.environment, command, "--period", "2024-Q2", "--unit", "483", "thừa")[0] == 2


def test_a_known_unit_that_no_criteria_set_scores_is_no_wrong_use_but_something_to_mend(type_in, golden):
    code, out, err = type_in(golden.environment, "close", "--period", "2024-Q2", "--unit", "483.van-phong")
    assert (code, out) == (1, "")
    assert "hãy thêm tệp vào criteria/" in err


def test_an_unknown_command_is_wrong_use(type_in, golden):
    assert type_in(golden.environment, "chốt")[0] == 2


def test_an_unknown_unit_is_wrong_use_and_the_likeliest_is_named(type_in, golden):
    code, out, err = type_in(golden.environment, "report", "--unit", "Nam Dong Huyen", "--period", "2024-Q2")
    assert (code, out) == (2, "")
    assert err.startswith("Không có đơn vị nào mang tên hoặc mã 'Nam Dong Huyen'. Ý bạn là Huyện Nam Đông (483)")


def test_a_unit_of_another_time_is_named_with_its_days(type_in, golden):
    code, _, err = type_in(golden.environment, "report", "--unit", "483", "--period", "2030-Q1")
    assert code == 2
    assert err.startswith("Huyện Nam Đông (483) chỉ có từ 01/01/2020 đến 31/12/2024, không có vào cuối Quý I năm 2030; ")


@pytest.mark.parametrize("words", ["483", "nam-dong", "Nam Đông", "huyện nam đông"])
def test_a_unit_is_known_by_its_code_and_by_its_name_with_or_without_marks(words, type_in, golden, sheet):
    code, out, _ = type_in(golden.environment, "show", "--unit", words, "--period", "2024-q2")
    assert code == 0
    assert sheet["snapshot_sha256"] in out


def test_report_refuses_a_quarter_that_is_not_closed_and_the_command_it_names_closes_it(type_in, environment, tmp_path):
    asked = ("report", "--unit", "nam-dong", "--period", "2024-Q2", "--out", str(tmp_path))
    code, out, err = type_in(environment, *asked)
    assert (code, out) == (1, "")
    assert err.startswith("Quý II năm 2024 của Huyện Nam Đông chưa chốt; ")
    assert list(tmp_path.glob("*.pdf")) == []
    closing = re.search(r"'hue-dti (close [^']*)'", err)[1].split()
    assert type_in(environment, *closing)[0] == 0
    code, out, _ = type_in(environment, *asked)
    assert code == 0
    assert all(Path(line).stat().st_size > 10_000 for line in out.splitlines())


def test_a_draft_may_be_seen_and_says_on_paper_and_in_its_name_that_it_is_one(type_in, environment, tmp_path):
    asked = ("report", "--unit", "483", "--period", "2024-Q2", "--out", str(tmp_path), "--format", "pdf", "--draft")
    code, out, _ = type_in(environment, *asked)
    assert (code, Path(out.strip()).name) == (0, "bao-cao-nam-dong-2024-Q2-du-thao.pdf")
    paper = pdf_words(Path(out.strip()))
    assert squeezed("Số liệu chưa chốt; báo cáo này chỉ để xem trước.") in paper
    assert paper.endswith(squeezed("Dự thảo: số liệu chưa chốt"))


def test_the_bundle_of_a_draft_cannot_be_had(type_in, environment, tmp_path):
    asked = ("report", "--unit", "483", "--period", "2024-Q2", "--out", str(tmp_path), "--format", "bundle", "--draft")
    code, _, err = type_in(environment, *asked)
    assert code == 1
    assert "chưa chốt nên chưa có bản chốt để xuất" in err


@pytest.mark.parametrize("formats", ["doc", "pdf,doc", ","])
def test_an_unknown_format_or_none_is_wrong_use(formats, type_in, golden, tmp_path):
    asked = ("report", "--unit", "483", "--period", "2024-Q2", "--out", str(tmp_path), "--format", formats)
    code, _, err = type_in(golden.environment, *asked)
    assert code == 2
    assert "hãy chọn trong pdf, docx, xlsx" in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(type_in, golden, tmp_path):
    (tmp_path / "tệp").touch()
    code, _, err = type_in(golden.environment, "report", "--unit", "483", "--period", "2024-Q2", "--out", str(tmp_path / "tệp" / "con"))
    assert code == 1
    assert err.startswith(f"Không tạo được thư mục '{tmp_path}/tệp/con'")


def test_a_bundle_in_a_file_is_verified_with_no_database_and_a_changed_one_is_refused(type_in, golden, tmp_path):
    asked = ("report", "--unit", "483", "--period", "2024-Q2", "--out", str(tmp_path), "--format", "bundle")
    path = type_in(golden.environment, *asked)[1].strip()
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert type_in(nowhere, "verify", path)[0] == 0
    content = bytearray(Path(path).read_bytes())
    content[len(content) // 2] ^= 1
    Path(path).write_bytes(content)
    assert type_in(nowhere, "verify", path)[0] == 1


def test_pull_without_a_sources_file_says_which_variable_to_set(type_in, environment):
    code, out, err = type_in({**environment, "HUE_DTI_SOURCES": ""}, "pull", "--unit", "483", "--period", "2024-Q2")
    assert (code, out) == (1, "")
    assert "hãy đặt HUE_DTI_SOURCES" in err
    code, _, err = type_in({**environment, "HUE_DTI_SOURCES": "/khong/co"}, "pull", "--unit", "483", "--period", "2024-Q2")
    assert code == 1
    assert "HUE_DTI_SOURCES" in err
    assert "/khong/co" in err


def test_a_token_that_is_not_set_costs_only_its_own_source_and_is_named(type_in, environment, sandbox, tmp_path):
    entries, secrets = written_sources(sandbox[0])
    entries["super_app"]["token_env"] = "KHONG_CO_DAU"
    path = tmp_path / "nguon.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    code, out, _ = type_in({**environment, **secrets, "HUE_DTI_SOURCES": str(path)}, "pull", "--unit", "483", "--period", "2024-Q2")
    assert code == 0
    assert out.partition("Kết quả lấy số liệu")[2].count("tốt") == 15
    assert "cần biến môi trường KHONG_CO_DAU, chưa được đặt" in " ".join(out.replace("│", " ").split())


def test_a_source_or_key_spelt_wrong_is_told_before_anybody_is_asked(type_in, environment, tmp_path):
    path = tmp_path / "nguon.yaml"
    path.write_text("super_ap:\n  connector: super_app\n  bas: https://a.example\n", encoding="utf-8")
    code, out, err = type_in({**environment, "HUE_DTI_SOURCES": str(path)}, "pull", "--unit", "483", "--period", "2024-Q2")
    assert (code, out) == (1, "")
    assert f"{path}:1: không có nguồn 'super_ap' trong measures.yaml; hãy viết 'super_app'" in err
    assert f"{path}:3: 'bas' của nguồn super_ap không phải là cài đặt của nguồn này; hãy viết 'base'" in err


def test_an_unknown_connector_costs_only_its_own_source(type_in, environment, sandbox, tmp_path):
    entries, secrets = written_sources(sandbox[0])
    entries["police"] = {"connector": "khong_co"}
    path = tmp_path / "nguon.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    code, out, _ = type_in({**environment, **secrets, "HUE_DTI_SOURCES": str(path)}, "pull", "--unit", "483", "--period", "2024-Q2")
    assert code == 0
    assert out.partition("Kết quả lấy số liệu")[2].count("tốt") == 15
    assert "chưa cài connector nào tên đó" in " ".join(out.replace("│", " ").split())


def test_an_unknown_source_is_refused_with_the_names_of_those_there_are(type_in, environment, sandbox, tmp_path):
    path = tmp_path / "nguon.yaml"
    entries, secrets = written_sources(sandbox[0])
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    asked = ("pull", "--unit", "483", "--period", "2024-Q2", "--source", "cong_an")
    code, _, err = type_in({**environment, **secrets, "HUE_DTI_SOURCES": str(path)}, *asked)
    assert code != 0
    assert "Không có nguồn 'cong_an'; các nguồn: super_app" in err


@pytest.fixture
def home():
    """A home of its own that the server's system account may enter, under a name nobody else has."""
    path = Path(tempfile.gettempdir()) / f"hue-dti-demo-{uuid4().hex}"
    path.mkdir(mode=0o755)
    yield path
    shutil.rmtree(path)


def processes_of(home):
    """Command lines of living processes that know this home, from their own words or from their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = place.joinpath("cmdline").read_bytes()
            if words and os.fsencode(home) in words + place.joinpath("environ").read_bytes():
                found.append(words.replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it ended while we looked
            continue
    return found


def test_the_demo_ends_by_itself_names_its_files_and_leaves_no_process_behind(home):
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("HUE_DTI_", "DATABASE_URL"))}
    done = subprocess.run(
        [*DEMO, "--out", str(home / "out")],
        env={**bare, "HUE_DTI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert processes_of(home) == []
    told = [line.strip() for line in done.stdout.splitlines() if line.strip().startswith(str(home))]
    assert sorted(Path(line).suffix for line in told) == [".bundle", ".docx", ".pdf", ".xlsx"]
    assert all(Path(line).stat().st_size > 10_000 for line in told)
    assert "20/53 tiêu chí đạt, 28 đang thực hiện, 5 chưa thực hiện; 384,04/665 điểm" in done.stdout
    assert done.stdout.partition("Kết quả lấy số liệu")[2].count("tốt") == 16
    assert re.search(r"Xong trong \d+,\d giây\.", done.stdout)


def test_a_demo_that_is_told_to_stop_while_it_pulls_leaves_no_sandbox_behind(database, home):
    environment = {**os.environ, **database.environment, "HUE_DTI_HOME": str(home)}
    demo = subprocess.Popen([*DEMO, "--out", str(home / "out")], env=environment, stdout=subprocess.PIPE, text=True)
    with demo:
        while not any(" sandbox " in words for words in processes_of(home)):
            assert demo.poll() is None
            time.sleep(0.05)
        demo.send_signal(signal.SIGTERM)
    assert demo.returncode == 128 + signal.SIGTERM
    assert processes_of(home) == []
