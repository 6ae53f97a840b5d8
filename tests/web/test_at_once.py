"""Bodies that never come, or come in drips, hold up nobody but other bodies."""

from threading import Event, Thread

import pytest
from werkzeug.exceptions import RequestTimeout, ServiceUnavailable
from werkzeug.test import create_environ

from hue_dti.web import at_once
from hue_dti.web.at_once import AtOnce


class Line:
    """A connection whose body comes only when it is let go, or byte by byte."""

    def __init__(self):
        self.asked, self.goes, self.came = Event(), Event(), b"ten=Nam"

    def read(self, size=-1):
        self.asked.set()
        assert self.goes.wait(60)
        return self.came


def application(environ, start_response):
    """Answers with what was sent, as a form's page would."""
    try:
        body = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b"trang"
    except (ServiceUnavailable, RequestTimeout) as refused:
        return refused(environ, start_response)
    start_response("200 OK", [])
    return [body]


def ask(served, body=None, path="/"):
    told = []
    environ = create_environ(path, method="POST" if body else "GET")
    if body:
        environ["wsgi.input"] = body
    parts = b"".join(served(environ, lambda status, headers, info=None: told.append(status)))
    return told[0], parts


@pytest.fixture
def served():
    """One request worked on at once, two bodies waited for, both of them held up."""
    made, lines, answers = AtOnce(application, 1, 2), [Line(), Line()], []
    threads = [Thread(target=lambda line=line: answers.append(ask(made, line)), daemon=True) for line in lines]
    for thread, line in zip(threads, lines, strict=True):
        thread.start()
        assert line.asked.wait(60)
    yield made, lines, answers
    for thread, line in zip(threads, lines, strict=True):
        line.goes.set()
        thread.join(60)
    assert answers == [("200 OK", b"ten=Nam")] * 2


def test_pages_are_answered_while_bodies_are_waited_for_and_a_body_too_many_is_told_to_come_back(served):
    made, lines, _ = served
    assert ask(made) == ("200 OK", b"trang")
    refused, _ = ask(made, Line())
    assert refused == "503 SERVICE UNAVAILABLE"
    assert not lines[0].goes.is_set()


def test_whoever_watches_over_the_server_is_answered_though_every_place_is_taken():
    made, answers = AtOnce(application, 1, 1), []
    with made._working:
        asking = Thread(target=lambda: answers.append(ask(made, path=at_once.ALWAYS_ANSWERED)), daemon=True)
        asking.start()
        asking.join(60)
        assert answers == [("200 OK", b"trang")]


def test_a_body_that_drips_is_given_up(monkeypatch):
    clock = iter(range(0, 1_000, at_once.GRACE_S + 1))
    monkeypatch.setattr(at_once, "monotonic", lambda: next(clock))
    line = Line()
    line.goes.set()
    assert ask(AtOnce(application, 1, 1), line)[0] == "408 REQUEST TIMEOUT"
