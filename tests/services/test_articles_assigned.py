"""From the review list to the figure: a person's word counts from the next pull, is remembered, and leaves closed quarters alone."""

from __future__ import annotations

import json
import threading
from datetime import date

import pytest
from click.testing import CliRunner
from flask import Flask, Response

from hue_dti.cli import cli
from hue_dti.errors import SettingError
from hue_dti.services.articles import assign, counted_articles
from hue_dti.services.replay import replay_quarter
from hue_dti.services.source_model import SourceSettings
from tests.golden_quarter import PERIOD, UNIT, described, serving

CUTOFF = date(2024, 6, 10)


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def pull_news(quarter, sandbox):
    """Pull the site's news again."""
    return lambda: quarter.pull(described(sandbox[0]), "web_news")["web_news"]


def figure(quarter, measure="leader_news"):
    (found,) = [each for each in quarter.storage.observations([UNIT], "2024-Q2") if each.measure == measure]
    return found


def say(quarter, name, measure, reason="tin về Chủ tịch huyện"):
    return assign(quarter.storage, quarter.catalogue, name, measure, "Trần Thị Bình", reason, quarter.now)


def test_the_review_list_has_the_articles_of_other_categories_and_not_those_that_count(quarter):
    waiting = quarter.storage.articles.waiting()
    assert {each.listed.categories for each in waiting} == {"Thông báo", "Văn bản mới"}
    assert len(waiting) == 18
    assert [each.listed.day for each in waiting] == sorted((each.listed.day for each in waiting), reverse=True)
    assert all(each.unit == UNIT and each.listed.key == f"127.0.0.1/{each.listed.identity}" for each in waiting)


def test_an_assigned_article_counts_from_the_next_pull_on_and_leaves_the_list(quarter, pull_news):
    article = next(each for each in quarter.storage.articles.waiting() if each.listed.day <= CUTOFF)
    say(quarter, str(article.number), "leader_news")
    assert figure(quarter).value == 104
    assert article.number not in {each.number for each in quarter.storage.articles.waiting()}
    assert pull_news().outcome == "ok"
    assert figure(quarter).value == 105
    say(quarter, article.listed.key, "none", "nhầm")
    pull_news()
    assert figure(quarter).value == 104
    assert len(quarter.storage.articles.waiting()) == 17


def test_assigning_changes_nothing_in_a_closed_quarter(quarter, pull_news):
    head = quarter.close()
    before = quarter.read().figure(UNIT, "leader_news")
    counted = counted_articles(quarter.storage, "leader_news", before.origin)
    taken = next(each for each in counted if each.kept)
    say(quarter, taken.kept.listed.key, "none")
    pull_news()
    assert figure(quarter).value == 103
    assert quarter.read().head.sha256 == head.sha256
    again = counted_articles(quarter.storage, "leader_news", quarter.read().figure(UNIT, "leader_news").origin)
    assert [each.identity for each in again] == [each.identity for each in counted]
    assert len(again) == 104


def test_the_articles_behind_a_figure_are_as_many_as_it_says_each_once_with_its_day_title_and_answer(quarter):
    for measure in ("leader_news", "unit_news"):
        found = figure(quarter, measure)
        counted = counted_articles(quarter.storage, measure, found.origin)
        assert len({each.identity for each in counted}) == len(counted) == found.value
        assert all(each.kept.listed.title and each.kept.listed.raw_sha256 == found.origin.raw_sha256 for each in counted)
        assert [each.day for each in counted] == sorted((each.day for each in counted), reverse=True)
    assert counted_articles(quarter.storage, "accounts", figure(quarter, "notices").origin) is None


def test_pulling_again_keeps_no_second_row_of_what_did_not_change(quarter, pull_news):
    def rows():
        with quarter.database.connect() as connection:
            return connection.execute("SELECT count(*) FROM article").fetchone()[0]

    before = rows()
    pull_news()
    assert rows() == before


@pytest.mark.parametrize(
    ("name", "measure", "by", "reason", "why"),
    [
        ("999999999", "leader_news", "A", "b", "Không có tin '999999999'"),
        ("9" * 40, "leader_news", "A", "b", "Không có tin"),
        ("khac.example/1", "leader_news", "A", "b", "Không có tin"),
        ("", "leader_news", "A", "b", "Không có tin"),
        (None, "accounts", "A", "b", "không tính vào 'accounts' được"),
        (None, "", "A", "b", "leader_news, unit_news, none"),
        (None, "none", " ", "b", "--by để trống"),
        (None, "none", "A", "\x1b[2J", "--reason có ký tự điều khiển"),
    ],
)
def test_a_word_that_cannot_be_kept_says_why(name, measure, by, reason, why, quarter):
    waiting = quarter.storage.articles.waiting()
    with pytest.raises(SettingError, match=why):
        assign(quarter.storage, quarter.catalogue, waiting[0].listed.key if name is None else name, measure, by, reason, quarter.now)
    assert quarter.storage.articles.waiting() == waiting


def test_a_key_that_two_sites_share_asks_for_the_number(quarter):
    article = quarter.storage.articles.waiting()[0]
    with quarter.database.connect() as connection:
        connection.execute(
            "INSERT INTO article (run_id, source, key, identity, title, link, day, categories, measure) "
            "SELECT run_id, 'telecom', key, identity, title, link, day, categories, measure FROM article WHERE id = %s",
            (article.number,),
        )
    with pytest.raises(SettingError, match=r"nhiều nguồn; hãy viết số thứ tự: \d+ \(telecom\), \d+ \(web_news\)"):
        say(quarter, article.listed.key, "none")
    say(quarter, str(article.number), "none")


def test_a_retitled_article_is_told_as_it_was_listed_when_it_was_counted(quarter, sandbox):
    found = figure(quarter)
    feed = quarter.storage.raw_answer(found.origin.raw_sha256).body
    first = counted_articles(quarter.storage, "leader_news", found.origin)[0]
    renamed = feed.replace(first.kept.listed.title.encode(), "Tên mới".encode())
    with serving_bytes(renamed) as base:
        settings = {**described(sandbox[0])["web_news"].settings, "base": base}
        assert quarter.pull({"web_news": SourceSettings("web_news", settings)}, "web_news")["web_news"].outcome == "ok"
    then = counted_articles(quarter.storage, "leader_news", found.origin)[0]
    now = counted_articles(quarter.storage, "leader_news", figure(quarter).origin)[0]
    assert (then.kept.listed.title, now.kept.listed.title) == (first.kept.listed.title, "Tên mới")


def serving_bytes(body):
    """Serve one feed."""
    app = Flask("feed")
    app.config["RELEASE"] = threading.Event()
    app.add_url_rule("/<path:path>", view_func=lambda path: Response(body, mimetype="application/rss+xml"))
    return serving(app)


def test_the_commands_list_and_assign(quarter):
    run = CliRunner().invoke(cli, ["articles", "review", "--json"], env=quarter.environment)
    assert run.exit_code == 0, run.output
    rows = json.loads(run.output)
    assert len(rows) == 18
    assert rows[0]["categories"] in ("Thông báo", "Văn bản mới")
    word = ["articles", "assign", str(rows[0]["number"]), "--as", "unit_news", "--by", "Bình", "--reason", "tin của huyện"]
    run = CliRunner().invoke(cli, word, env=quarter.environment)
    assert "tính vào 'Tin hoạt động của đơn vị' từ lần lấy số liệu sau." in run.output
    run = CliRunner().invoke(cli, ["articles", "review"], env=quarter.environment)
    assert "17 tin chờ phân loại." in run.output


def test_a_word_counts_from_a_replay_too_without_asking_the_site_again(quarter):
    article = next(each for each in quarter.storage.articles.waiting() if each.listed.day <= CUTOFF)
    say(quarter, str(article.number), "leader_news")
    base = "http://127.0.0.1:1"
    outcome = replay_quarter(quarter.storage, quarter.catalogue, described(base), quarter.unit, PERIOD, quarter.now, ["web_news"])
    assert [each.outcome for each in outcome] == ["ok"]
    found = figure(quarter)
    assert found.value == 105
    counted = counted_articles(quarter.storage, "leader_news", found.origin)
    (mine,) = [each for each in counted if each.said]
    assert (mine.identity, mine.said.by) == (article.listed.identity, "Trần Thị Bình")
