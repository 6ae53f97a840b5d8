"""Asks an outside system over HTTP, keeps every answer before anybody reads it, and trusts nothing.

Settings every connector shares (all written as text):

- `base`: address of the system, `https://may-chu/duong-dan` (`http` is allowed without a secret, or on this machine);
- `token`: secret of the system, sent in a header only; `token_header` (`Authorization`) and `token_scheme` (`Bearer`) say how;
- `user`, `password`: basic authentication instead; `certificate_file`, `key_file`: a certificate of our own;
- `header.<name>`: any other header, as a gateway (LGSP, NDXP) wants it; `transaction_header`: the header of the answer that carries the
  gateway's transaction id, which is kept with the request;
- `ca_file`: file of the certificate authorities to trust, where the system's certificate comes from the government's own;
- `connect_timeout_s` (5), `read_timeout_s` (20), `total_timeout_s` (120): for a connection, for a silence, for one whole answer;
- `max_bytes` (20000000): the longest answer taken, counted after unpacking;
- `attempts` (4), `backoff_s` (0.5), `retry_after_max_s` (60): how often, and how long between, one address is tried;
- `pause_s` (0): the least time between two requests; `max_pages` (200): the most pages of one list.

At most `REQUESTS_PER_HOST` requests of this process are under way at one host, `REQUESTS_AT_ONCE` at all of them. Only the hosts of
`hue_dti.addresses` are asked, only with GET, and a secret that an answer repeats is blotted out before the answer is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import DecodeError, HTTPError, InvalidHeader, MaxRetryError
from urllib3.util import Retry

from connectors.outgoing import gate, is_address, origin_of, printable, session_for
from connectors.settings import Limits, checked_base, checked_headers, checked_path, client_certificate, trusted_authorities
from hue_dti.addresses import AddressRefused, Network
from hue_dti.errors import SourceAnswerInvalid, SourceError, SourceRefused, SourceUnreachable
from hue_dti.observations.model import RawAnswer, RawStore, RecordedAnswers
from hue_dti.secrecy import hiding

RETRIED = frozenset({429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
CHUNK = 65_536
LONGEST_TRANSACTION = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """A kept answer of the right content type; `request` is its address without secrets."""

    source: str
    request: str
    sha256: str
    body: bytes = field(repr=False)
    name: str = ""

    @property
    def file_name(self) -> str:
        """The name of a file; the address where nobody gave one."""
        return self.name or self.request.partition(" ")[2]

    @property
    def host(self) -> str:
        """The machine that was asked; empty for a file."""
        return urlsplit(self.request.partition(" ")[2].partition(" ")[0]).hostname or ""

    def invalid(self, what: str, remedy: str) -> SourceAnswerInvalid:
        """The error that says where in which answer something is wrong, and what to do."""
        return SourceAnswerInvalid(f"Nguồn {self.source}, {self.request}: {what}; {remedy}.")


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: Mapping[str, str]
    sha256: str
    body: bytes = field(repr=False)


class _Interrupted(OSError):
    """One try failed; `final` when trying again would not help, `cut` when an answer came but not to its end."""

    def __init__(self, what: str, *, final: bool = False, cut: bool = False) -> None:
        super().__init__(what)
        self.what, self.final, self.cut = what, final, cut


class Asker:
    """Asks one source; every answer, error statuses too, goes to the raw store before it is looked at.

    A store of recorded answers is read in place of the network.
    """

    def __init__(
        self,
        source: str,
        settings: Mapping[str, str],
        store: RawStore,
        now: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
        clean: Callable[[bytes], bytes] = bytes,
    ) -> None:
        """`clean` takes out of every answer what may not even be kept."""
        self.source = source
        self._base = checked_base(source, settings)
        self._headers = {"User-Agent": "hue-dti", "Accept-Encoding": "gzip", **checked_headers(source, settings)}
        self.limits = Limits.from_settings(source, settings)
        self._network = Network.from_settings(settings)
        self._hide = hiding(settings)
        self._transaction = settings.get("transaction_header", "")
        self._verify = trusted_authorities(source, settings)
        self._cert = client_certificate(source, settings)
        self._store, self._now, self._pause, self._clean = store, now, pause, clean
        self._asked_at = -math.inf

    def get(self, path: str, params: Mapping[str, str], content_types: Collection[str]) -> Answer:
        """Return the answer to a GET; raise SourceUnreachable, SourceRefused or SourceAnswerInvalid."""
        address = self._prepared(self._base, f"{self._base}/{checked_path(self.source, path)}".rstrip("/"), params)
        return self._ask(address, content_types)

    def follow(self, answer: Answer, link: str, content_types: Collection[str]) -> Answer:
        """Return the answer to a link that an answer gives; one that leaves the source's base address is refused."""
        known = answer.request.partition(" ")[2].partition(" ")[0]
        address = self._prepared(known, urljoin(known, link) if is_address(link) else "", {})
        # Of answers kept elsewhere, the links lead where they were kept; nobody is asked there.
        kept = isinstance(self._store, RecordedAnswers)
        if not kept and (origin_of(address) != origin_of(self._base) or not address.startswith(f"{self._base}/")):
            raise self._refused(known, "có đường dẫn tiếp theo ra ngoài địa chỉ của nguồn", "hỏi đơn vị quản lý hệ thống")
        return self._ask(self._unless_it_tells(known, address), content_types)

    def _unless_it_tells(self, known: str, address: str) -> str:
        """An address that a system gives us, refused when it repeats a secret: it would be written into logs on the way."""
        if self._hide.text(address) != address:
            raise self._refused(known, "dẫn tới một địa chỉ có mã bí mật", "báo cho đơn vị quản lý hệ thống và đổi mã")
        return address

    def _ask(self, address: str, content_types: Collection[str]) -> Answer:
        if isinstance(self._store, RecordedAnswers):
            return self._again(address, self._store.recorded(self._hide.text(f"GET {address}")), content_types)
        for _ in range(MOST_REDIRECTS + 1):
            raw = self._persist(address)
            if raw.status not in REDIRECTS:
                return self._accept(address, raw, content_types)
            address = self._redirected(address, raw)
        raise self._refused(address, "chuyển hướng vòng quanh", "kiểm tra lại địa chỉ của nguồn")

    def _again(self, address: str, kept: RawAnswer, content_types: Collection[str]) -> Answer:
        """A kept answer, looked at as if it had just come from where it was found then, at the system's address of today."""
        found = urlsplit(kept.request.partition(" ")[2].partition(" [")[0])
        raw = _Raw(kept.status, {"Content-Type": kept.content_type}, kept.sha256, kept.body)
        return self._accept(urljoin(address, found._replace(scheme="", netloc="").geturl()), raw, content_types)

    def _persist(self, address: str) -> _Raw:
        """Try until an answer comes that another try would not change."""
        retry = self.limits.retry()
        while True:
            headers: Mapping[str, str] = {}
            failure: _Interrupted | None = None
            try:
                raw = self._once(address)
            except _Interrupted as interrupted:
                failure, what = interrupted, interrupted.what
            else:
                if raw.status not in RETRIED:
                    return raw
                headers, what = raw.headers, f"trả về mã lỗi {raw.status}"
            if failure is not None and failure.final:
                raise self._given_up(address, what, failure) from failure.__cause__
            try:
                retry = retry.increment("GET", address)
            except MaxRetryError:
                raise self._given_up(address, f"{what} sau {self.limits.attempts} lần thử", failure) from failure
            self._pause(_wait(retry, headers))

    def _once(self, address: str) -> _Raw:
        self._keep_pace()
        with gate(address):
            try:
                with self._send(address) as response:
                    return self._keep_body(address, response)
            except AddressRefused as error:
                raise self._refused(address, error.what, error.remedy) from error
            except requests.Timeout as error:
                raise _Interrupted("không trả lời trong thời gian chờ") from error
            except requests.ConnectionError as error:
                raise _Interrupted("không kết nối được hoặc kết nối bị ngắt") from error
            except requests.RequestException as error:
                raise _Interrupted(f"không gửi được yêu cầu ({type(error).__name__})", final=True) from error

    def _send(self, address: str) -> requests.Response:
        """Send through the adapter: a session would read the whole body of a redirect to look where it leads."""
        session = session_for(self._network)
        prepared = session.prepare_request(requests.Request("GET", address, headers=self._headers))
        timeout = (self.limits.connect_timeout_s, self.limits.read_timeout_s)
        return session.get_adapter(address).send(prepared, stream=True, timeout=timeout, verify=self._verify, cert=self._cert)

    def _keep_pace(self) -> None:
        """Wait until the source's own least time since our last request has passed."""
        rest = self._asked_at + self.limits.pause_s - time.monotonic()
        if rest > 0:
            self._pause(rest)
        self._asked_at = time.monotonic()

    def _keep_body(self, address: str, response: requests.Response) -> _Raw:
        """Read the body within the limits and store it, as far as it came, before any error is raised."""
        body, interruption = _read(response, self.limits)
        body = self._clean(self._hide.bytes(body))
        content_type = self._hide.text(printable(response.headers.get("Content-Type", "")[:200]))
        request = self._hide.text(f"GET {address}{self._transaction_of(response)}")
        answer = RawAnswer(hashlib.sha256(body).hexdigest(), request, response.status_code, content_type, self._now(), body)
        sha256 = self._store.keep(answer)
        if interruption is not None:
            raise interruption
        return _Raw(response.status_code, response.headers, sha256, body)

    def _transaction_of(self, response: requests.Response) -> str:
        named = response.headers.get(self._transaction, "") if self._transaction else ""
        return f" [{self._transaction}: {printable(named[:LONGEST_TRANSACTION])}]" if named else ""

    def _accept(self, address: str, raw: _Raw, content_types: Collection[str]) -> Answer:
        if raw.status in (401, 403):
            raise self._refused(address, f"từ chối truy cập (mã {raw.status})", "kiểm tra mã truy cập (token) của nguồn này")
        if raw.status != 200:
            raise self._refused(address, f"trả về mã {raw.status}", "kiểm tra địa chỉ và hỏi đơn vị quản lý hệ thống")
        answer = Answer(self.source, self._hide.text(f"GET {address}"), raw.sha256, raw.body)
        content_type = raw.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type not in content_types:
            expected = " hoặc ".join(sorted(content_types))
            raise answer.invalid(
                f"kiểu nội dung là '{self._hide.text(content_type[:100])}', không phải {expected}",
                "có thể đây là trang đăng nhập hay trang báo lỗi; hãy mở địa chỉ này để xem",
            )
        return answer

    def _redirected(self, address: str, raw: _Raw) -> str:
        location = raw.headers.get("Location", "")
        target = self._prepared(address, urljoin(address, location) if is_address(location) else "", {})
        if origin_of(target) != origin_of(address):
            raise self._refused(address, "chuyển hướng sang máy khác", "sửa địa chỉ của nguồn nếu hệ thống đã dời đi")
        return self._unless_it_tells(address, target)

    def _prepared(self, known: str, address: str, params: Mapping[str, str]) -> str:
        """The address as it will be sent, quoted; `known` is named when there is no sending it."""
        try:
            return requests.Request("GET", address, params=dict(params)).prepare().url or known
        except requests.RequestException as error:
            raise self._refused(known, "dẫn tới một địa chỉ không đúng", "kiểm tra lại địa chỉ của nguồn") from error

    def _refused(self, address: str, what: str, remedy: str) -> SourceRefused:
        return SourceRefused(self._hide.text(f"Nguồn {self.source}, GET {address}: {what}; {remedy}."))

    def _given_up(self, address: str, what: str, failure: _Interrupted | None) -> SourceError:
        kind = SourceAnswerInvalid if failure is not None and failure.cut else SourceUnreachable
        return kind(self._hide.text(f"Nguồn {self.source}, GET {address}: {what}; thử lại sau hoặc báo cho đơn vị quản lý hệ thống."))


def _read(response: requests.Response, limits: Limits) -> tuple[bytes, _Interrupted | None]:
    """Return what came of the body and, when that is not all of it, why; a timer ends answers that only drip."""
    body = bytearray()
    expired = threading.Event()

    def end() -> None:
        expired.set()
        with contextlib.suppress(ValueError, RuntimeError, OSError):
            response.raw.shutdown()

    timer = threading.Timer(limits.total_timeout_s, end)
    timer.daemon = True
    timer.start()
    interruption: _Interrupted | None = None
    try:
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > limits.max_bytes:
                interruption = _Interrupted(f"câu trả lời dài quá {limits.max_bytes} byte", final=True, cut=True)
                break
    except DecodeError:
        interruption = _Interrupted("câu trả lời nén bị hỏng", final=True, cut=True)
    except (HTTPError, HTTPException, OSError):
        interruption = _Interrupted("câu trả lời bị cắt giữa chừng", cut=True)
    finally:
        timer.cancel()
    if expired.is_set():
        interruption = _Interrupted(f"trả lời nhỏ giọt, quá {limits.total_timeout_s:g} giây chưa xong", final=True)
    return bytes(body[:CHUNK] if len(body) > limits.max_bytes else body), interruption


def _wait(retry: Retry, headers: Mapping[str, str]) -> float:
    """Seconds to wait: what the source asks for (bounded), else growing pauses with chance in them."""
    asked = headers.get("Retry-After")
    if asked is not None:
        with contextlib.suppress(InvalidHeader, OverflowError):
            return retry.parse_retry_after(asked)
    base = float(retry.backoff_factor) * 2 ** (len(retry.history) - 1)
    return float(min(retry.backoff_max, base * random.uniform(0.5, 1.5)))  # noqa: S311 - chance spreads clients, it guards nothing
