"""How many calls of a process are under way at one host, and at all of them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from connectors.http import Asker
from connectors.outgoing import REQUESTS_AT_ONCE, REQUESTS_PER_HOST

NOW = datetime(2024, 6, 10, 1, tzinfo=UTC)
JSON = ("application/json",)


class Crowded:
    """A system that answers once `together` calls are under way, and counts them."""

    def __init__(self, together):
        self.lock, self.together, self.met = threading.Lock(), together, threading.Event()
        self.most, self.under_way = [], []

    def __call__(self, environ, start_response):
        with self.lock:
            self.under_way.append(1)
            self.most.append(len(self.under_way))
            if len(self.under_way) == self.together:
                self.met.set()
        assert self.met.wait(60)
        time.sleep(0.03)
        with self.lock:
            self.under_way.pop()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]


def asked_often(bases, store):
    def ask_once(number):
        settings = {"base": bases[number % len(bases)], "network": "sandbox"}
        return Asker("super_app", settings, store, lambda: NOW).get("", {"so": str(number)}, JSON)

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(ask_once, range(24)))


def test_at_most_two_requests_are_under_way_at_one_host(serve, store):
    crowded = Crowded(REQUESTS_PER_HOST)
    asked_often([serve(crowded)], store)
    assert max(crowded.most) == REQUESTS_PER_HOST
    assert len(store.answers) == 24


def test_at_most_four_requests_are_under_way_at_all_hosts_together(serve, store):
    crowded = Crowded(REQUESTS_AT_ONCE)
    asked_often([serve(crowded) for _ in range(3)], store)
    assert max(crowded.most) == REQUESTS_AT_ONCE
    assert len(store.answers) == 24
