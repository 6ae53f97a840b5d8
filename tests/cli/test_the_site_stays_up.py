"""`hue-dti serve`: a process of the site that falls is started again, a hang-up without a terminal reloads, and nothing outlives it."""

import os
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.cli.test_schedule_commands import running
from tests.patience import PATIENCE_S, lasting_port, until


def below(parent):
    """The web processes of the server that run."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, owner = path.read_text().rsplit(")", 1)[1].split()[:2]
            command = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(owner) == parent and state != "Z" and b"resource_tracker" not in command:
            found.add(int(path.parent.name))
    return found


def answers(base):
    try:
        return urllib.request.urlopen(f"{base}/healthz", timeout=2).status == 200
    except OSError:
        return False


@pytest.fixture
def site(database, tmp_path):
    port = lasting_port()
    environment = {**database.environment, "HUE_DTI_HOME": str(tmp_path / "home")}
    with running("serve", "--no-scheduler", "--no-worker", "--workers", "1", "--port", str(port), environment=environment) as process:
        base = f"http://127.0.0.1:{port}"
        until(lambda: answers(base))
        yield process, base


def test_a_web_process_that_is_killed_is_started_again_and_none_outlives_the_server(site):
    process, base = site
    (first,) = below(process.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: below(process.pid) - {first} and answers(base))
    (second,) = below(process.pid)
    process.send_signal(signal.SIGHUP)
    until(lambda: below(process.pid) - {second} and second not in below(process.pid) and answers(base))
    (third,) = below(process.pid)
    process.kill()
    process.wait(PATIENCE_S)
    until(lambda: not Path(f"/proc/{third}").exists())
    assert not answers(base)
