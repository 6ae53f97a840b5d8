"""`hue-dti demo` with its site: a source can be asked again from the page, and nothing is left when it ends, however it ends."""

import os
import re
import signal
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.test_schedule_commands import running
from tests.conftest import TEMPLATE
from tests.patience import PATIENCE_S, lasting_port, until


def alive(mark):
    """The processes that have this in their environment: the demonstration and all that it started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes() and (path.parent / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found - {os.getpid()}


@contextmanager
def shown(server, home):
    """A demonstration whose site is open: its process, its address, and all processes that belong to it."""
    port, mark = lasting_port(), f"HUE_DTI_DEMO_MARK={home.name}-{time.time_ns()}"
    with server.temporary(TEMPLATE) as database:
        environment = {**database.environment, "HUE_DTI_HOME": str(home / "home"), **dict([mark.split("=")])}
        with running("demo", "--out", str(home / "out"), "--port", str(port), environment=environment) as process:
            said = []
            while not any("Started worker" in line for line in said):
                said.append(process.stdout.readline())
                assert said[-1], "".join(said)
            process.said = "".join(said)
            base = f"http://127.0.0.1:{port}"
            until(lambda: answers(base))
            yield process, base, lambda: alive(mark.encode())
            for left in alive(mark.encode()) - {process.pid}:  # a failing test leaves nothing behind either
                os.kill(left, signal.SIGKILL)


@pytest.fixture(scope="module")
def showing(server, tmp_path_factory):
    """Gives the demonstration that is open, or opens another once it has ended."""
    with ExitStack() as stack:
        open_now = []

        def demo():
            if not open_now or open_now[-1][0].poll() is not None:
                open_now.append(stack.enter_context(shown(server, tmp_path_factory.mktemp("demo"))))
            return open_now[-1]

        yield demo


@pytest.fixture
def demo(showing):
    return showing()


def answers(base):
    try:
        return urllib.request.urlopen(f"{base}/nguon").status == 200
    except OSError:
        return False


def test_a_source_is_asked_again_from_the_page_of_the_demonstration_by_somebody_whose_password_was_printed(demo):
    process, base, _ = demo
    password = re.search(r"^ +ioc +(\S+) ", process.said, re.MULTILINE)[1]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    door = browser.open(f"{base}/nguon").read().decode()
    told = {"csrf_token": token_of(door), "ten": "ioc", "mat-khau": password, "ve": "/nguon"}
    token = token_of(browser.open(f"{base}/dang-nhap", urlencode(told).encode()).read().decode())
    form = urlencode({"csrf_token": token, "don-vi": "483", "ky": "2024-Q2"}).encode()
    progress = browser.open(f"{base}/nguon/super_app/chay-ngay", form).geturl()
    assert "/lan-chay?" in progress
    assert until(lambda: "tốt</span> · 230 số liệu" in browser.open(progress).read().decode())


def test_everybody_finds_the_published_ranking_of_63_provinces_in_it(demo):
    page = urllib.request.urlopen(f"{demo[1]}/bang-xep-hang/tinh").read().decode()
    assert page.count('class="num rank"><strong>') == 63
    assert "QĐXB 224/QĐ-NXBTTTT" in page


def token_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_all_of_it_ends_with_it(ending, demo):
    process, base, belonging = demo
    assert len(belonging()) >= 5, "the demonstration, its site, its systems, the schedule and a worker"
    process.send_signal(ending)
    process.wait(PATIENCE_S)
    until(lambda: not belonging())
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(base)
