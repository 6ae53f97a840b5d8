"""The stored answers of one pull, given to a connector in place of the network."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.model import RawAnswer

_REDIRECTS = range(300, 400)


class ReplayingStore:
    """Answers a connector's requests from what a pull kept; keeps nothing and asks nobody.

    `hashes` are those of all kept answers, `answers` the ones handed out so far by hash, `requests` how many times one was asked for.
    """

    def __init__(self, kept: Sequence[RawAnswer]) -> None:
        """`kept` in the order they came; of several answers to one request (tries) the last counts."""
        self._kept = tuple(kept)
        self._exact = {_asked(answer.request): place for place, answer in enumerate(self._kept)}
        self._elsewhere = {_without_host(answer.request): place for place, answer in enumerate(self._kept)}
        self.hashes = frozenset(answer.sha256 for answer in self._kept)
        self.answers: dict[str, RawAnswer] = {}
        self.requests = 0

    def keep(self, answer: RawAnswer) -> str:
        """Refuse: a connector that asks the source again is not reading what is stored."""
        raise SourceAnswerInvalid(
            f"Khi đọc lại, connector vẫn hỏi nguồn ({answer.request}); connector phải lấy câu trả lời qua kho đã lưu, "
            "hãy báo người viết connector hoặc lấy lại: hue-dti pull."
        )

    def asked(self) -> tuple[str, ...]:
        """The requests that have an answer here, in the order they were asked."""
        return tuple(self._exact)

    def recorded(self, request: str) -> RawAnswer:
        """The answer this request got then, wherever the system has moved since; raise SourceAnswerInvalid when it was not asked."""
        place = self._exact.get(request, self._elsewhere.get(_without_host(request)))
        if place is None:
            raise SourceAnswerInvalid(f"Lần lấy trước không hỏi {request} nên không có gì để đọc lại; hãy lấy lại: hue-dti pull.")
        while self._kept[place].status in _REDIRECTS and place + 1 < len(self._kept):
            place += 1
        answer = self._kept[place]
        self.answers[answer.sha256] = answer
        self.requests += 1
        return answer


def _asked(request: str) -> str:
    """`GET https://a/b?c [X-Id: 7]`, with what a gateway noted of it → `GET https://a/b?c`; an address has no space in it."""
    return request.partition(" [")[0] if request.startswith("GET ") else request


def _without_host(request: str) -> str:
    """`GET https://a/b?c` → `GET /b?c`."""
    method, _, address = _asked(request).partition(" ")
    parts = urlsplit(address)
    return f"{method} {parts.path}?{parts.query}"
