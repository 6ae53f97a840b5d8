"""The board: every source a sentence, the worst first; a source asked now shows how far it has come, and is queued once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from hue_dti.observations.model import SourceFault
from hue_dti.periods import Period
from hue_dti.services.run_now import SourceCall
from hue_dti.storage import Deferred
from tests.web.board import ABOUT, BOARD, board, page_of, press, quiet_board, token

__all__ = ["board", "quiet_board"]
NOW = datetime.now(UTC)


def words(node):
    return " ".join(node.get_text(" ").split())


@pytest.fixture
def database_of():
    """Does a statement on a board's database."""
    from psycopg import connect

    def done(board, statement):
        with connect(board.settings.database_url) as connection:
            connection.execute(statement)

    return done


def line(page, source):
    return words(page.select_one(f"#nguon-{source}"))


def finish(board, source, outcome, reason="", faults=(), observed=0, at=None):
    run = board.storage.begin_pull(source, "483", "2024-Q2", at or NOW)
    if outcome:
        board.storage.finish_pull(run, outcome, reason, 1, observed, faults, at or NOW)
    return run


def test_the_worst_source_stands_first_with_its_state_in_words(board):
    finish(board, "telecom", "failed", "không kết nối được")
    finish(board, "police", "partial", "1 dòng không dùng được", [SourceFault("dòng 3", "số âm")], 1)
    finish(board, "documents", None)
    board.storage.schedule.note_stale("483", {"district": NOW - timedelta(days=9)}, NOW)
    page = page_of(board.browse(), BOARD)
    order = [each["id"].removeprefix("nguon-") for each in page.select(".sources > li")]
    assert order[:3] == ["telecom", "district", "police"]
    assert order[-1] != "documents"
    for source, word in (
        ("telecom", "nguồn lỗi"),
        ("district", "cũ"),
        ("police", "có dòng lỗi"),
        ("documents", "đang lấy"),
        ("meetings", "tốt"),
    ):
        assert word in words(page.select_one(f"#nguon-{source} .source-words"))
    assert "Lần tốt gần nhất" in line(page, "telecom")
    assert words(page.select_one(".tally-line")) == "nguồn lỗi 1 cũ 1 có dòng lỗi 1 đang lấy 1 tốt 12"


def test_a_source_never_asked_says_so(quiet_board):
    page = page_of(quiet_board.browse(), "/nguon?don-vi=483&ky=2024-Q1")
    assert "chưa lấy lần nào" in line(page, "super_app")
    assert page.select("svg.runs-chart") == []


def test_a_pull_that_was_cut_off_is_not_under_way_for_ever(board):
    finish(board, "documents", None, at=NOW - timedelta(hours=2))
    page = page_of(board.browse(), BOARD)
    assert "nguồn lỗi" in line(page, "documents")
    assert "bị dừng giữa chừng" in line(page, "documents")


@pytest.mark.parametrize("job", ["pull_source", "pull_units"])
def test_the_next_run_is_that_of_the_schedule_in_local_time(job, quiet_board, tmp_path):
    board = quiet_board
    units = board.storage.units()
    plan = tmp_path / "lich.yaml"
    plan.write_text(
        f"schedule:\n  - {{name: dem, job: {job}, when: '0 1 * * *', arguments: {{level: district, units: ['483'], sources: [police]}}}}\n"
    )
    from hue_dti.schedule.coming import next_pulls
    from hue_dti.schedule.read import load_schedule
    from hue_dti.services.workbench import installed_jobs

    entries = load_schedule(plan, installed_jobs(), board.catalogue.sources)
    unit = next(each for each in units if each.code == "483")
    evening = datetime(2024, 6, 10, 12, tzinfo=UTC)
    (found,) = next_pulls(entries, board.catalogue, unit, evening).items()
    assert (found[0], found[1].at.isoformat(), str(found[1].period)) == ("police", "2024-06-11T01:00:00+07:00", "2024-Q3")
    assert next_pulls(entries, board.catalogue, unit, datetime(2026, 1, 1, tzinfo=UTC)) == {}, "no set is in force, so nothing is asked"


def test_the_chart_tells_in_words_what_it_draws(board):
    finish(board, "telecom", "failed", "không kết nối được")
    page = page_of(board.browse(), BOARD)
    chart = page.select_one("#nguon-telecom svg.runs-chart")
    assert chart["aria-label"] == "2 lượt gần đây, mỗi cột là số liệu của một lượt; lượt mới nhất: nguồn lỗi, 0 số liệu"
    assert (len(chart.select("rect.fill-achieved")), len(chart.select("path.stroke-not-achieved"))) == (1, 1)
    rows = [words(row) for row in page.select("#nguon-telecom table tbody tr")]
    assert "nguồn lỗi" in rows[0]
    assert "không kết nối được" in rows[0]


def test_a_refused_row_leads_into_its_raw_answer_at_the_place(board):
    answer = board.storage.board.answers_of(board.storage.board.newest_run("super_app", "483", "2024-Q2").id)
    sha256 = next(iter(answer.values()))[0].sha256
    finish(board, "super_app", "partial", "1 dòng", [SourceFault("$.du_lieu[3].tai_khoan_chuan_hoa", "số âm", sha256)])
    client = board.browse()
    link = page_of(client, BOARD).select_one("#nguon-super_app .faults a")
    raw = page_of(client, link["href"])
    assert raw.select_one(".marked")["id"] == "vi-tri"
    assert "tai_khoan_chuan_hoa" in words(raw.select_one("#vi-tri"))


@pytest.mark.parametrize("act", ["chay-ngay", "thu-hoi"])
def test_nobody_at_the_queue_is_told_with_what_to_do(act, board):
    client = board.browse()
    assert "Không có tiến trình nào làm việc trong hàng đợi" in words(page_of(client, BOARD).main)
    shown = client.get(press(client, f"/nguon/police/{act}").location).text
    assert "hue-dti worker" in shown
    assert "Đang chờ đến lượt" in shown


@pytest.mark.parametrize(("act", "job"), [("chay-ngay", "pull_source"), ("thu-hoi", "try_source")])
def test_pressed_twice_it_is_queued_once_and_says_so(act, job, board):
    client = board.browse()
    first, second = (press(client, f"/nguon/police/{act}") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert board.jobs() == [(job, "police")]
    assert "không xếp thêm lượt nữa" not in client.get(first.location).text
    assert "không xếp thêm lượt nữa" in client.get(second.location).text


def test_a_run_that_the_schedule_queued_counts_as_waiting_too(board):
    board.storage.defer(Deferred("pull_source", {"source": "police", "unit": "483", "period": "2024-Q2"}))
    press(board.browse(), "/nguon/police/chay-ngay")
    assert len(board.jobs()) == 1


def test_a_pull_queued_together_with_other_units_counts_as_waiting_and_a_person_need_not_wait_for_them(board):
    board.storage.defer(Deferred("pull_units", {"source": "police", "units": "479,483", "period": "2024-Q2"}))
    page = page_of(board.browse(), BOARD)
    assert "đang trong hàng đợi" in line(page, "police")
    assert "đang trong hàng đợi" not in line(page, "meetings")
    press(board.browse(), "/nguon/police/chay-ngay")
    assert board.jobs() == [("pull_units", "police"), ("pull_source", "police")]


def test_a_run_comes_along_from_the_queue_to_its_outcome(board):
    client = board.browse()
    address = press(client, "/nguon/police/chay-ngay").location
    before = page_of(client, address + "&khung=1").select_one(".progress-part")
    assert before["data-over"] == "no"
    board.work()
    text = client.get(address + "&khung=1").text
    after = BeautifulSoup(text, "html.parser").select_one(".progress-part")
    assert "<html" not in text
    assert after["data-over"] == "yes"
    assert "1 câu trả lời đã về" in words(after)
    assert "tốt · 1 số liệu" in words(after)
    assert client.get(after.select_one(".came a")["href"]).status_code == 200


def test_a_run_that_fails_tells_why_and_opens_an_alert(board):
    client = board.browse()
    address = press(client, "/nguon/meetings/chay-ngay").location
    board.work()
    shown = page_of(client, address)
    assert "nguồn lỗi" in words(shown.select_one(".progress-part"))
    assert shown.select_one(".progress-part .note")
    assert words(shown.select_one(".badge-count")) == "1"
    assert "nguồn lỗi" in words(page_of(client, BOARD).select_one("#canh-bao"))


def test_a_job_that_ends_before_it_asks_says_where_to_look(board):
    client = board.browse()
    address = press(client, "/nguon/police/chay-ngay").location
    board.settings.sources.write_text("police: [")
    board.work()
    assert "Việc dừng trước khi có kết quả" in client.get(address).text


def test_a_trial_shows_answer_figures_and_fate_and_stores_nothing(board):
    client = board.browse()
    before = board.storage.observations(["483"], "2024-Q2"), board.storage.last_pulls("483", "2024-Q2")
    address = press(client, "/nguon/police/thu-hoi").location
    board.work()
    shown = page_of(client, address)
    assert "đọc được 1 số, sẽ ghi 1, từ chối 0" in words(shown.main)
    assert "82,00%" in words(shown.select_one(".trial-figures tbody"))
    assert shown.select_one(".sheet td")
    assert (board.storage.observations(["483"], "2024-Q2"), board.storage.last_pulls("483", "2024-Q2")) == before


def test_a_trial_of_a_dead_source_tells_why(board):
    client = board.browse()
    address = press(client, "/nguon/meetings/thu-hoi").location
    board.work()
    assert "nguồn lỗi" in words(page_of(client, address).select_one(".told"))


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("khong-co", {}),
        ("police", {"don-vi": "999"}),
        ("police", {"don-vi": "20179"}),
        ("police", {"don-vi": ""}),
        ("police", {"ky": "2024-Q9"}),
        ("police", {"ky": "9998-Q1"}),
        ("police", {"ky": ""}),
    ],
)
@pytest.mark.parametrize("act", ["chay-ngay", "thu-hoi"])
def test_what_is_not_there_cannot_be_asked(act, source, change, quiet_board):
    client = quiet_board.browse()
    answer = client.post(f"/nguon/{source}/{act}", data={"csrf_token": token(client), **ABOUT, **change})
    assert answer.status_code == 404
    assert quiet_board.jobs() == []


@pytest.mark.parametrize("numbers", ["", "viec=1", "viec=-1&sau=0", "viec=x&sau=0", "viec=1&sau=99999999999999999999", "viec=%D9%A1&sau=0"])
def test_a_progress_that_is_not_one_is_not_found(numbers, quiet_board):
    for page in ("lan-chay", "lan-thu"):
        assert quiet_board.browse().get(f"/nguon/police/{page}?don-vi=483&ky=2024-Q2&{numbers}").status_code == 404


def test_a_job_that_is_done_and_gone_says_so_and_asks_no_more(board):
    done = board.storage.board.queue_once(Deferred("heartbeat")).number
    board.work()
    shown = page_of(board.browse(), f"/nguon/police/lan-chay?don-vi=483&ky=2024-Q2&viec={done}&sau=99999")
    assert "Không còn thấy việc này" in words(shown.main)
    assert shown.select_one("[data-over=yes]")


@pytest.mark.parametrize("page", ["lan-chay", "lan-thu"])
def test_the_number_of_another_job_or_of_none_says_so_and_shows_no_pull(page, board):
    other = board.storage.board.queue_once(SourceCall("483", Period.parse("2024-Q2"), "telecom").deferred).number
    for number in (other, other + 1000):
        shown = page_of(board.browse(), f"/nguon/police/{page}?don-vi=483&ky=2024-Q2&viec={number}&sau=0")
        assert "không phải của nguồn, đơn vị và kỳ này" in words(shown.main)
        assert "câu trả lời đã về" not in words(shown.main)
        assert shown.select_one("[data-over=yes]")


def test_a_source_left_in_peace_says_until_when_and_a_person_may_ask_it_all_the_same(board):
    for _ in range(3):
        board.storage.circuits.failed("police", datetime.now(UTC) + timedelta(hours=1))
    finish(board, "police", "failed", "không kết nối được")
    finish(board, "telecom", "failed", "không kết nối được")
    client = board.browse()
    page = page_of(client, BOARD)
    assert [each["id"] for each in page.select(".sources > li")][:2] == ["nguon-telecom", "nguon-police"]
    assert "tạm ngừng hỏi đến " in line(page, "police")
    address = press(client, "/nguon/police/chay-ngay").location
    board.work()
    assert "tốt · 1 số liệu" in words(page_of(client, address).main)
    assert "tạm ngừng hỏi" not in line(page_of(client, BOARD), "police")


def test_a_pull_put_off_until_later_does_not_keep_a_person_waiting(board, database_of):
    press(board.browse(), "/nguon/police/chay-ngay")
    database_of(board, "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    press(board.browse(), "/nguon/police/chay-ngay")
    assert len(board.jobs()) == 2


@pytest.mark.parametrize("period", ["2024", "2024-06", "2024-H1"])
def test_only_quarters_are_asked_for(quiet_board, period):
    client = quiet_board.browse()
    assert press(client, "/nguon/police/chay-ngay", ky=period).status_code == 404
    assert quiet_board.storage.board.queued(SourceCall("483", Period.parse(period), "police").deferred) == (None,)
