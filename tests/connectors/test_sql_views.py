"""A view of a real PostgreSQL: what it tells is kept and read, what is no view of figures is refused, and nothing is ever changed."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Iterator

import psycopg
import pytest

from connectors.sql_view import SqlView
from hue_dti.errors import SettingError, SourceAnswerInvalid, SourceRefused, SourceUnreachable
from hue_dti.observations.replay import ReplayingStore
from tests.connectors.conftest import MOMENT

VIEW = """
    CREATE TABLE so_dang_ky (huyen int, xa text, so_tk bigint, ty_le numeric, chi numeric, ngay date, cccd text);
    INSERT INTO so_dang_ky VALUES
        (483, 'Hương Xuân', 512, 82.5, 1950000000, '2024-06-09', '046001000001'),
        (483, 'Thị trấn Khe Tre', 640, 100, 0, '2024-06-09', '046001000002'),
        (483, 'Hương Sơn', NULL, NULL, NULL, '2024-06-09', '046001000003'),
        (482, 'Nơi khác', 7, 1, 1, '2024-06-09', '046001000004');
    CREATE SCHEMA bao_cao;
    CREATE VIEW bao_cao.tai_khoan AS SELECT * FROM so_dang_ky;
    CREATE TABLE ghi (o int);
    CREATE FUNCTION ghi_trom() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO ghi VALUES (1) RETURNING 1';
    CREATE VIEW bao_cao.ghi_trom AS SELECT 'Hương Xuân' AS xa, ghi_trom() AS so_tk;
    CREATE VIEW bao_cao.tu_mo AS
        SELECT set_config('transaction_read_only', 'off', true), 'Hương Xuân' AS xa, (SELECT ghi_trom()) AS so_tk;
    CREATE VIEW bao_cao.cham AS SELECT 'Hương Xuân' AS xa, 1 AS so_tk FROM (SELECT pg_sleep(20)) AS doi;
    CREATE VIEW bao_cao.tu_cham AS SELECT set_config('statement_timeout', '0', true) AS a, 'Hương Xuân' AS xa,
        (SELECT 1 FROM pg_sleep(20)) AS so_tk;
    CREATE VIEW bao_cao.nhieu AS SELECT 'Xã ' || n AS xa, n AS so_tk FROM generate_series(1, 50) AS n;
    CREATE VIEW bao_cao.hai_lan AS SELECT 'Hương Xuân' AS xa, n AS so_tk FROM generate_series(1, 2) AS n;
    CREATE VIEW bao_cao.trong AS SELECT 'a' AS xa, 1 AS so_tk WHERE false;
    CREATE TABLE bao_cao.le (xa text, so_tk double precision);
    CREATE TABLE bao_cao.la (xa text, so_tk text);
    CREATE ROLE doc LOGIN;
    GRANT USAGE ON SCHEMA bao_cao TO doc;
    GRANT SELECT ON ALL TABLES IN SCHEMA bao_cao TO doc;
    GRANT SELECT, INSERT ON so_dang_ky, ghi TO doc;
    CREATE VIEW bao_cao.kin AS SELECT 'a' AS xa, 1 AS so_tk;
"""


class _Line(socketserver.BaseRequestHandler):
    """Carries a connection from a port of loopback to the server's socket."""

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as far:
            far.connect(self.server.far)
            back = threading.Thread(target=self._carry, args=(far, self.request), daemon=True)
            back.start()
            self._carry(self.request, far)
            back.join(10)

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        try:
            while chunk := one.recv(65_536):
                other.sendall(chunk)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class _Lines(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close = True, False


@pytest.fixture(scope="module")
def office(server) -> Iterator[dict[str, str]]:
    """Another office's database, reached over a port as its role that reads; gives the settings of a source for it."""
    with server.temporary() as made:
        with psycopg.connect(made.superuser_url, autocommit=True) as connection:
            connection.execute(VIEW)
        with _Lines(("127.0.0.1", 0), _Line) as lines:
            lines.far = f"{server.lease.cluster.socket_folder}/.s.PGSQL.5432"
            threading.Thread(target=lines.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            yield {
                "host": "127.0.0.1",
                "port": str(lines.server_address[1]),
                "database": made.name,
                "user": "doc",
                "tls": "none",
                "network": "sandbox",
                "view": "bao_cao.tai_khoan",
                "unit": "xa",
                "figures.accounts": "so_tk",
                "superuser": made.superuser_url,
            }
            lines.shutdown()
        with psycopg.connect(made.superuser_url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY doc")
            connection.execute("DROP ROLE doc")


@pytest.fixture
def ask(office, nam_dong, store):
    """Ask the office's database with settings changed as told; None takes a setting out."""

    def run(source="super_app", **changed):
        settings = {name: value for name, value in {**office, **changed}.items() if value is not None and name != "superuser"}
        return SqlView(source).pull(nam_dong.request(source, settings), store, lambda: MOMENT)

    return run


@pytest.fixture
def by_owner(office):
    """Run a statement as the database's owner."""

    def run(statement):
        with psycopg.connect(office["superuser"], autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else None

    return run


OURS = {"where.huyen": "{unit}"}


def test_a_view_gives_its_figures_and_its_rows_are_kept_as_they_came(ask, store):
    found = ask(**OURS, as_of="ngay")
    assert {each.unit: each.value for each in found.readings} == {"Hương Xuân": 512, "Thị trấn Khe Tre": 640}
    assert found.faults == ()
    (kept,) = store.answers
    rows = json.loads(kept.body)["rows"]
    assert [row["xa"] for row in rows] == ["Hương Sơn", "Hương Xuân", "Thị trấn Khe Tre"]
    assert rows[0] == {"ngay": "2024-06-09", "so_tk": None, "xa": "Hương Sơn"}
    assert found.readings[0].place == "$.rows[1].so_tk"
    assert {str(each.as_of) for each in found.readings} == {"2024-06-09"}
    assert kept.request.endswith("bao_cao.tai_khoan (xa, ngay, so_tk) huyen=483")
    assert ask(**OURS, as_of="ngay").readings == found.readings, "the same rows are the same bytes"
    assert len({each.sha256 for each in store.answers}) == 1


def test_only_the_named_columns_leave_the_other_office(ask, store):
    ask(**OURS)
    assert b"046001" not in store.answers[0].body


def test_percentages_and_amounts_are_read_as_such(ask):
    found = ask("district", **{"figures.accounts": None, "figures.budget": "chi"}, kinds="budget=amount", **OURS)
    assert [each.value for each in found.readings] == [1_950_000_000, 0]
    found = ask("police", **{"figures.accounts": None, "figures.vneid_level2": "ty_le"}, kinds="vneid_level2=percent", **OURS)
    assert [each.value for each in found.readings] == [8_250, 10_000]


@pytest.mark.parametrize("view", ["bao_cao.ghi_trom", "bao_cao.tu_mo"])
def test_a_view_that_writes_is_stopped_by_the_transaction(view, ask, by_owner, store):
    with pytest.raises((SourceRefused, SourceAnswerInvalid)):
        ask(view=view)
    assert by_owner("SELECT count(*) FROM ghi") == [(0,)]
    assert store.answers == []


REFUSED = {
    "no such view": ({"view": "bao_cao.khac"}, SourceAnswerInvalid, "khung nhìn hoặc cột không có"),
    "no such column": ({"figures.accounts": "so_tai_khoan"}, SourceAnswerInvalid, "so_tai_khoan"),
    "no such schema": ({"view": "kho.tai_khoan"}, SourceAnswerInvalid, "kho"),
    "no right to read": ({"view": "bao_cao.kin"}, SourceRefused, "cấp quyền đọc"),
    "too many rows": ({"view": "bao_cao.nhieu", "max_rows": "49"}, SourceAnswerInvalid, "dài quá 49 dòng"),
    "too many bytes": ({"view": "bao_cao.nhieu", "max_bytes": "100"}, SourceAnswerInvalid, "dài quá 100 byte"),
    "too slow": ({"view": "bao_cao.cham", "read_timeout_s": "0.3"}, SourceUnreachable, "chạy quá lâu"),
    "slow against its own limit": ({"view": "bao_cao.tu_cham", "total_timeout_s": "0.5"}, SourceUnreachable, "bị ngắt"),
    "two rows of one unit": ({"view": "bao_cao.hai_lan"}, SourceAnswerInvalid, "nhiều dòng cho một đơn vị"),
    "many rows without a unit": ({"view": "bao_cao.hai_lan", "unit": None}, SourceAnswerInvalid, "không có cột đơn vị"),
    "no row": ({"view": "bao_cao.trong"}, SourceAnswerInvalid, "không có dòng nào"),
    "nobody of that name": ({"user": "ai_do"}, SourceUnreachable, "không kết nối được"),
    "no such database": ({"database": "khac"}, SourceUnreachable, "không kết nối được"),
    "a certificate is asked of a server that has none": ({"tls": "verify"}, SourceUnreachable, "không kết nối được"),
}


@pytest.mark.parametrize(("changed", "kind", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_view_of_figures_is_refused_and_no_zero(changed, kind, why, ask):
    with pytest.raises(kind, match=why):
        ask(**changed)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "1.5", "1e300"])
def test_a_number_that_is_no_count_is_a_fault_and_not_a_figure(value, ask, by_owner):
    by_owner(f"TRUNCATE bao_cao.le; INSERT INTO bao_cao.le VALUES ('Hương Xuân', '{value}'), ('Hương Sơn', 4), (NULL, 5)")
    found = ask(view="bao_cao.le")
    assert [(each.unit, each.value) for each in found.readings] == [("Hương Sơn", 4)]
    assert sorted(each.place for each in found.faults) == ["$.rows[1].so_tk", "$.rows[2].xa"]


@pytest.mark.parametrize("value", ["12", "nhiều", ""])
def test_a_text_is_no_count(value, ask, by_owner):
    by_owner(f"TRUNCATE bao_cao.la; INSERT INTO bao_cao.la VALUES ('Hương Xuân', '{value}')")
    found = ask(view="bao_cao.la")
    assert (found.readings, len(found.faults)) == ((), 1)


@pytest.mark.parametrize("value", ["483' OR '1'='1", "483; DROP TABLE ghi", "%s", "{unit}'--"])
def test_what_a_row_must_equal_goes_as_a_value_and_never_as_sql(value, ask, by_owner):
    with pytest.raises(SourceAnswerInvalid, match="không có dòng nào"):
        ask(**{"where.huyen": value})
    assert by_owner("SELECT count(*) FROM so_dang_ky") == [(4,)]


def test_the_platform_s_own_database_is_refused_whatever_way_leads_to_it(ask, database, server, office):
    with pytest.raises(SourceRefused, match="cơ sở dữ liệu của hệ thống này"):
        ask(database=database.name)
    with pytest.raises(SettingError, match="máy chủ cơ sở dữ liệu của hệ thống này"):
        ask(never_ask=f"127.0.0.1:{office['port']}")
    with pytest.raises(SettingError, match="chính máy này"):
        ask(network=None)


WRONG = {
    "no host": ({"host": None}, "host"),
    "an address for a host": ({"host": "https://a.example"}, "host"),
    "a socket's folder": ({"host": "/var/run/postgresql"}, "host"),
    "metadata": ({"host": "169.254.169.254"}, "host"),
    "an address written oddly": ({"host": "0x7f.1"}, "host"),
    "two hosts": ({"host": "a.example,b.example"}, "host"),
    "a port that is none": ({"port": "x"}, "port"),
    "no figures": ({"figures.accounts": None}, "figures"),
    "a statement for a view": ({"view": "(SELECT 1) AS a"}, "view"),
    "three names for a view": ({"view": "a.b.c"}, "view"),
    "an expression for a column": ({"figures.accounts": "so_tk + 1"}, "figures.accounts"),
    "a quote in a column": ({"unit": 'xa"'}, "unit"),
    "an expression for a condition": ({"where.1=1 OR huyen": "x"}, "where.1=1 OR huyen"),
    "a place that does not exist": ({"where.huyen": "{quy}"}, "where.huyen"),
    "a way of hiding that does not exist": ({"tls": "có"}, "tls"),
    "a kind that does not exist": ({"kinds": "accounts=số"}, "kinds"),
    "no rows at all": ({"max_rows": "0"}, "max_rows"),
}


@pytest.mark.parametrize(("changed", "key"), WRONG.values(), ids=WRONG)
def test_a_description_that_cannot_work_is_a_fault_of_the_file(changed, key, office):
    settings = {name: value for name, value in {**office, **changed}.items() if value is not None}
    assert [fault.key for fault in SqlView.faults_of(settings)] == [key]


def test_no_message_repeats_the_password(ask):
    with pytest.raises(SourceUnreachable) as caught:
        ask(user="chim-hoang-yen-9c", password="chim-hoang-yen-9c")
    assert "chim-hoang-yen" not in str(caught.value)


def test_kept_rows_are_read_again_without_the_database(ask, store, office, nam_dong):
    first = ask(**OURS)
    again = {**{name: value for name, value in office.items() if name != "superuser"}, **OURS}
    asked_of = SqlView("super_app").pull(
        nam_dong.request("super_app", {**again, "password": "x"}), ReplayingStore(store.answers), lambda: MOMENT
    )
    assert asked_of.readings == first.readings
