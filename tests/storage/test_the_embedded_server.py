"""The embedded server's life: one for all who ask, gone when the last has left."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.storage import embedded, open_storage, roles, upgrade
from hue_dti.storage.account import SystemAccount

USER = """
import sys, time
from pathlib import Path
from hue_dti.config import Settings
from hue_dti.storage import embedded
held = embedded.lease(Settings(home=Path(sys.argv[1])))
print(held.cluster.data.joinpath("postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.readline()
"""


@contextmanager
def installation():
    """A folder of an installation, outside pytest's own, which is closed to the account that runs the server."""
    place = Path(tempfile.mkdtemp(prefix="hue-dti-home-"))
    place.chmod(0o755)
    yield place
    embedded.stop(Settings(home=place))
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def shared_home():
    with installation() as place:
        yield place


@pytest.fixture
def home(shared_home):
    """An installation with its data, whose server does not run."""
    yield shared_home
    embedded.stop(Settings(home=shared_home))


@pytest.fixture
def new_home():
    """An installation of the test's own."""
    with installation() as place:
        yield place


def begin(home):
    return subprocess.Popen([sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def server_pid(process):
    return int(process.stdout.readline())


def end(process, number=None):
    if number is None:
        process.stdin.write("\n")
    else:
        process.send_signal(number)
    process.communicate(timeout=60)
    return process.returncode


def runs(pid):
    """Whether the process does anything; one that ended and was not buried by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(held):
    """Whether the server that is held lets the application in."""
    with psycopg.connect(held.url(roles.APP).set(drivername="postgresql").render_as_string()) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_one_server_serves_all_who_ask_and_the_last_to_leave_stops_it(home):
    users = [begin(home) for _ in range(4)]
    pids = {server_pid(user) for user in users}
    assert len(pids) == 1
    (pid,) = pids
    for user in users[:-1]:
        assert end(user) == 0
        assert runs(pid)
    assert end(users[-1]) == 0
    assert not runs(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_user_asked_to_end_takes_the_server_along(home, number):
    user = begin(home)
    pid = server_pid(user)
    end(user, number)
    assert not runs(pid)


def test_a_killed_user_is_not_counted_when_the_next_one_leaves(home):
    killed, other = begin(home), begin(home)
    pid = server_pid(killed)
    assert server_pid(other) == pid
    end(killed, signal.SIGKILL)
    assert runs(pid)
    assert end(other) == 0
    assert not runs(pid)


def test_a_server_left_by_a_killed_user_is_used_again(home):
    killed = begin(home)
    pid = server_pid(killed)
    end(killed, signal.SIGKILL)
    assert runs(pid)
    again = begin(home)
    assert server_pid(again) == pid
    end(again)
    assert not runs(pid)


def test_a_server_killed_with_its_user_starts_again_with_all_it_had(home):
    settings = Settings(home=home)
    upgrade(settings)
    with open_storage(settings) as storage:
        storage.note_unknown_name("super_app", "Trường TTKT", None, datetime(2024, 6, 10, tzinfo=UTC))
    killed = begin(home)
    pid = server_pid(killed)
    os.kill(pid, signal.SIGKILL)
    end(killed, signal.SIGKILL)
    with open_storage(settings) as storage:
        assert [name.name for name in storage.unknown_names()] == ["Trường TTKT"]


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(home):
    held = embedded.lease(Settings(home=home))
    pid_file = held.cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    held.release()
    stranger = subprocess.Popen(["sleep", "60"], user=held.cluster.account.uid if held.cluster.account.switch else None)
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        held.cluster.account.own(pid_file)
        again = embedded.lease(Settings(home=home))
        assert int(pid_file.read_text().split()[0]) != stranger.pid
        assert answers(again)
        again.release()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_leaving_twice_does_nothing(home):
    other, held = embedded.lease(Settings(home=home)), embedded.lease(Settings(home=home))
    held.release()
    held.release()
    assert answers(other), "who left twice is one who left"
    other.release()


def test_two_holds_in_one_process_count_as_two(home):
    first, second = embedded.lease(Settings(home=home)), embedded.lease(Settings(home=home))
    pid = int((first.cluster.data / "postmaster.pid").read_text().split()[0])
    first.release()
    assert answers(second)
    second.release()
    assert not runs(pid)


def test_stopping_ends_the_server_whoever_uses_it(home):
    user = begin(home)
    pid = server_pid(user)
    embedded.stop(Settings(home=home))
    assert not runs(pid)
    end(user)


def test_stopping_a_server_that_was_killed_does_nothing(home):
    held = embedded.lease(Settings(home=home))
    pid_file = held.cluster.data / "postmaster.pid"
    left_behind = pid_file.read_text()
    held.release()
    pid_file.write_text(left_behind)
    held.cluster.stop()
    assert pid_file.read_text() == left_behind
    pid_file.unlink()


def test_nobody_else_on_the_machine_may_enter_the_server_s_folder(home):
    held = embedded.lease(Settings(home=home))
    assert held.cluster.own_folder.stat().st_mode & 0o077 == 0
    assert (held.cluster.data / "hue_dti.conf").read_text().splitlines()[0] == "listen_addresses = ''"
    held.release()


def test_text_sorts_by_code_point_and_knows_vietnamese_capitals(home):
    held = embedded.lease(Settings(home=home))
    with psycopg.connect(held.url(roles.APP).set(drivername="postgresql").render_as_string()) as connection:
        assert connection.execute("SELECT upper('đặng ưng'), 'Đ' > 'Z', current_setting('server_encoding')").fetchone() == (
            "ĐẶNG ƯNG",
            True,
            "UTF8",
        )
    held.release()


def test_a_path_too_long_for_a_socket_still_works(new_home):
    deep = new_home / ("nhà-" * 20)
    held = embedded.lease(Settings(home=deep))
    socket_folder = held.cluster.socket_folder
    assert deep not in socket_folder.parents
    assert answers(held)
    held.release()
    assert not socket_folder.exists()


def test_data_of_another_major_version_is_left_alone(new_home):
    held = embedded.lease(Settings(home=new_home))
    held.release()
    (held.cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(StorageError, match="PostgreSQL 17"):
        embedded.lease(Settings(home=new_home))


def test_an_unfinished_beginning_is_begun_again(new_home):
    held = embedded.lease(Settings(home=new_home))
    held.release()
    held.cluster.data.rename(held.cluster.own_folder / "data.unfinished")
    again = embedded.lease(Settings(home=new_home))
    assert answers(again)
    again.release()
    assert not (held.cluster.own_folder / "data.unfinished").exists()


def test_a_folder_closed_to_the_server_s_account_is_named(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = SystemAccount("hue_dti_pg", os.getuid() + 1, os.getgid() + 1, switch=True)
    with pytest.raises(StorageError, match=f"{closed}.*HUE_DTI_HOME"):
        stranger.check_reach(closed / "inside")
