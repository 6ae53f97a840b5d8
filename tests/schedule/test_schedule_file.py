"""The schedule's file: what ships is sound, and every mistake is told with file, line and remedy."""

from importlib.metadata import entry_points

import pytest

from hue_dti.errors import CatalogueError, SettingError
from hue_dti.resources import folder
from hue_dti.schedule.model import AtCutoff, BeforeCutoff, Cron
from hue_dti.schedule.read import load_schedule, read_schedule
from hue_dti.services.workbench import installed_jobs
from hue_dti.units.model import Level

SOURCES = ("super_app", "meetings")
SOUND = """\
schedule:
  - name: nightly-pull
    job: pull_source
    when: "0 1 * * mon-fri"
    arguments:
      level: district
      units: ["483", "484"]
      sources: [super_app]
  - name: watch
    job: watch_freshness
    when: at_cutoff 06:30
    arguments: {level: commune, days: 3}
  - name: heartbeat
    job: heartbeat
    when: "*/5 * * * *"
"""


def read(text):
    return read_schedule(text, "lich.yaml", installed_jobs(), SOURCES)


def test_the_schedule_that_ships_is_sound_and_calls_installed_jobs_only(catalogue):
    entries = load_schedule(folder("jobs") / "schedule.yaml", installed_jobs(), catalogue.sources)
    assert {entry.job for entry in entries if "pull" in entry.name} == {"pull_units"}, "sources are asked for many units together"
    assert {entry.name for entry in entries} >= {"nightly-pull", "close-of-the-quarter", "freshness-watch", "heartbeat"}
    assert {entry.job for entry in entries} <= {entry.name for entry in entry_points(group="hue_dti.jobs")}


def test_an_entry_is_read_as_it_is_written():
    pull, watch, beat = read(SOUND)
    assert (pull.when, pull.level, pull.units, pull.sources) == (
        Cron("0", "1", "*", "*", "mon-fri"),
        Level.DISTRICT,
        ("483", "484"),
        ("super_app",),
    )
    assert (watch.when, watch.level, watch.arguments, watch.wants) == (AtCutoff(6, 30), Level.COMMUNE, {"days": "3"}, {"unit"})
    assert (beat.level, beat.wants, beat.arguments) == (None, frozenset(), {})


def test_days_before_the_cut_off_are_read_in_any_order_and_kept_most_first():
    entry = read(SOUND.replace("at_cutoff 06:30", "before_cutoff 1, 14,3 08:05"))[1]
    assert entry.when == BeforeCutoff((14, 3, 1), 8, 5)
    assert str(entry.when) == "before_cutoff 14,3,1 08:05"


BROKEN = {
    "no entry": ("schedule: []\n", "lich.yaml:1: schedule của lịch chạy là danh sách rỗng; "),
    "a text for an entry": ("schedule:\n  - nightly\n", "lich.yaml:2: một việc là 'nightly'; hãy viết một bảng"),
    "key that nobody knows": (SOUND.replace("    when: at", "    wen: at"), "lich.yaml:11: khóa 'wen' không có trong một việc"),
    "no time": (SOUND.replace("    when: at_cutoff 06:30\n", ""), "lich.yaml:9: một việc thiếu khóa 'when'; "),
    "name twice": (
        SOUND.replace("name: watch", "name: nightly-pull"),
        "lich.yaml:9: name của một việc là 'nightly-pull', đã dùng ở dòng 2",
    ),
    "name with capitals": (SOUND.replace("name: watch", "name: Watch"), "lich.yaml:9: name của một việc là 'Watch', không hợp lệ; "),
    "job that is not installed": (
        SOUND.replace("job: pull_source", "job: pull_sources"),
        "không có việc đã cài này; hãy viết 'pull_source'",
    ),
    "minute 61": (SOUND.replace('"0 1', '"61 1'), "lich.yaml:4: when của việc nightly-pull có ô phút là '61'; hãy sửa ô phút"),
    "hour in words": (SOUND.replace('"0 1', '"0 một'), "lich.yaml:4: when của việc nightly-pull có ô giờ là 'một'; "),
    "weekday as a number": (
        SOUND.replace("mon-fri", "1-5"),
        "lich.yaml:4: when của việc nightly-pull có ô thứ là '1-5'; hãy viết * hoặc tên ngày",
    ),
    "day and weekday": (SOUND.replace("* * mon-fri", "1 * mon"), "ghi cả ngày lẫn thứ nên hiểu được hai cách"),
    "a day that never comes": (
        SOUND.replace("* * mon-fri", "30 2 *"),
        "lich.yaml:4: when của việc nightly-pull là '0 1 30 2 *', ngày không bao giờ tới",
    ),
    "four fields": (
        SOUND.replace("* * mon-fri", "* *"),
        "lich.yaml:4: when của việc nightly-pull là '0 1 * *'; hãy viết 5 ô \"phút giờ ngày tháng thứ\"",
    ),
    "cut-off at 25 o'clock": (SOUND.replace("06:30", "25:30"), "lich.yaml:11: when của việc watch là 'at_cutoff 25:30'; "),
    "no level": (SOUND.replace("{level: commune, days: 3}", "{days: 3}"), "lich.yaml:12: arguments của việc watch thiếu khóa 'level'"),
    "unknown level": (SOUND.replace("level: commune", "level: communes"), "lich.yaml:12: arguments.level của việc watch là 'communes'"),
    "no arguments": (
        SOUND.replace("    arguments: {level: commune, days: 3}\n", ""),
        "lich.yaml:9: việc watch thiếu 'arguments'; hãy thêm",
    ),
    "an argument the job does not have": (
        SOUND.replace("days: 3", "days: 3, hours: 2"),
        "lich.yaml:12: khóa 'hours' không có trong arguments",
    ),
    "an argument left out": (SOUND.replace(", days: 3", ""), "lich.yaml:12: arguments của việc watch thiếu khóa 'days'"),
    "unknown source": (SOUND.replace("[super_app]", "[super_ap]"), "không có nguồn này; hãy viết 'super_app'"),
    "sources as one word": (
        SOUND.replace("[super_app]", "super_app"),
        "lich.yaml:8: arguments.sources của việc nightly-pull là 'super_app'; hãy viết 'declared'",
    ),
    "no days before the cut-off": (
        SOUND.replace("at_cutoff", "before_cutoff"),
        "lich.yaml:11: when của việc watch là 'before_cutoff 06:30'; ",
    ),
    "a day before the cut-off twice": (
        SOUND.replace("at_cutoff", "before_cutoff 7,3,7"),
        "lich.yaml:11: when của việc watch ghi '7,3,7', có ngày viết hai lần; ",
    ),
    "a day before the quarter": (
        SOUND.replace("at_cutoff", "before_cutoff 90"),
        "lich.yaml:11: when của việc watch ghi 90 ngày trước ngày chốt, quá xa; ",
    ),
    "a reminder at a crontab's time": (
        SOUND.replace("job: watch_freshness", "job: remind").replace("at_cutoff 06:30", '"0 8 * * *"').replace(", days: 3", ""),
        "lich.yaml:11: when của việc watch là '0 8 * * *', nhưng việc remind chạy trước ngày chốt; ",
    ),
    "not YAML": ("schedule: [\n", "không phải YAML đúng cách viết"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_with_its_line_and_what_to_write(name):
    text, expected = BROKEN[name]
    with pytest.raises(CatalogueError) as refused:
        read(text)
    assert expected in str(refused.value)


def test_all_mistakes_of_a_file_are_told_at_once():
    with pytest.raises(CatalogueError) as refused:
        read(SOUND.replace("*/5 *", "*/5 99").replace("mon-fri", "8").replace("days: 3", "days: 3, x: 1"))
    assert [fault.line for fault in refused.value.faults] == [4, 12, 15]


def test_a_schedule_that_cannot_be_read_says_where(tmp_path):
    path = tmp_path / "lich.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match=r"lich\.yaml: không đọc được lịch chạy"):
        load_schedule(path, installed_jobs(), SOURCES)
