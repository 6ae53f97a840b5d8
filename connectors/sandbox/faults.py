"""A switch that makes a system ill, so that real HTTP faults can be tried on loopback.

`create_app(faults={"super_app": "500x2"})`, or `HUE_DTI_SANDBOX_FAULTS=super_app=500x2,antivirus=html`; the mapping may be changed while
the sandbox runs (`app.config["FAULTS"]`). Faults:

- `403`, `404` …: always that status; `500x2`: that status twice, then well; `503x1;7`: the same with `Retry-After: 7`;
- `hang`: no answer until the sandbox is released; `drip`: a byte at a time; `redirect`: to another host;
- `html`: a log-in page with status 200; `html_as_promised`: the same under the promised content type; `text`: the right body as text/plain;
- `truncated`: less body than announced; `gzip_bomb`: a small answer that unpacks to 30 MB; `broken`: half of the body; `other_json`;
- in JSON lists and objects: `negative`, `nan`, `words` (figures), `empty` (rows), `repeated` (one unit in all rows), `endless` (pages).
"""

from __future__ import annotations

import json
import threading
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, request

LOGIN_PAGE = "<!doctype html><html><title>Đăng nhập</title><form>Tên đăng nhập, mật khẩu</form></html>"
HANG_AT_MOST_S, DRIP_PAUSE_S, DRIPS = 30.0, 0.05, 400
BOMB_BYTES = 30_000_000
PAGES_WITHOUT_END = 1_000_000


def install(app: Flask, faults: Mapping[str, str]) -> None:
    """Let the switch see every request and every answer of the app."""
    app.config["FAULTS"] = dict(faults)
    app.config["SERVED"] = Counter()
    app.config["RELEASE"] = threading.Event()
    app.before_request(_before)
    app.after_request(_after)


def parse(text: str) -> dict[str, str]:
    """Read `source=fault,source=fault`."""
    return dict(pair.partition("=")[::2] for pair in text.split(",") if pair.strip())


def _fault() -> str:
    faults: Mapping[str, str] = current_app.config["FAULTS"]
    return faults.get(_source(), "")


def _source() -> str:
    return request.path.strip("/").partition("/")[0]


def _before() -> Response | None:
    """Answer instead of the system, where the fault is that it never gets that far."""
    fault = _fault()
    served: Counter[str] = current_app.config["SERVED"]
    served[_source()] += 1
    status, _, rest = fault.partition("x")
    if status.isdigit():
        times, _, retry_after = rest.partition(";")
        if not times or served[_source()] <= int(times):
            return Response("lỗi", int(status), {"Retry-After": retry_after} if retry_after else {})
    if fault == "hang":
        current_app.config["RELEASE"].wait(HANG_AT_MOST_S)
    if fault == "html":
        return Response(LOGIN_PAGE)
    if fault == "redirect":
        return Response(status=302, headers={"Location": "http://192.0.2.1/dang-nhap"})
    return None


def _after(response: Response) -> Response:
    """Spoil the system's own answer."""
    fault = _fault()
    if fault in _ON_JSON and response.is_json:
        response.set_data(json.dumps(_ON_JSON[fault](json.loads(response.get_data())), ensure_ascii=False))
    elif fault == "html_as_promised":
        response.set_data(LOGIN_PAGE)
    elif fault == "other_json":
        response.set_data('[{"xin_chao": 1}]')
    elif fault == "text":
        response.mimetype = "text/plain"
    elif fault == "broken":
        response.set_data(response.get_data()[: len(response.get_data()) // 2])
    elif fault == "truncated":
        response.headers["Content-Length"] = str(len(response.get_data()) + 1000)
    elif fault == "gzip_bomb":
        response.set_data(_bomb())
        response.headers["Content-Encoding"] = "gzip"
    elif fault == "drip":
        response.response = _drip(response.get_data(), current_app.config["RELEASE"])
        response.headers.pop("Content-Length", None)
    return response


def _drip(body: bytes, release: threading.Event) -> Iterator[bytes]:
    for at in range(DRIPS):
        if release.wait(DRIP_PAUSE_S):
            return
        yield body[at % len(body) : at % len(body) + 1]


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    million = bytes(1_000_000)
    packed = b"".join(packer.compress(million) for _ in range(BOMB_BYTES // len(million)))
    return packed + packer.flush()


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a list, or the sections of a report, or the report itself."""
    listed = next((value for value in answer.values() if isinstance(value, list)), None)
    return listed if listed is not None else [value for value in answer.values() if isinstance(value, dict)] or [answer]


def _with_figures(answer: dict[str, Any], figure: object) -> dict[str, Any]:
    for row in _rows(answer):
        row.update({key: figure for key, value in row.items() if isinstance(value, int)})
    return answer


def _empty(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: [] if isinstance(value, list) else value for key, value in answer.items()}


def _repeated(answer: dict[str, Any]) -> dict[str, Any]:
    rows = _rows(answer)
    for row in rows:
        row.update({key: rows[0][key] for key, value in row.items() if isinstance(value, str)})
    return answer


def _endless(answer: dict[str, Any]) -> dict[str, Any]:
    rows = [row for row in _rows(answer)[:1] if row is not answer] or [{"don_vi": "Đơn vị", "commune": "Đơn vị"}]
    page = next(value for value in answer.values() if isinstance(value, int))
    for row in rows:
        row.update({key: f"{value} {page}" for key, value in row.items() if isinstance(value, str)})
    spoilt = {key: rows if isinstance(value, list) else value for key, value in answer.items()}
    return {key: PAGES_WITHOUT_END if key in ("tong_so", "totalItems") else value for key, value in spoilt.items()}


_ON_JSON = {
    "negative": lambda answer: _with_figures(answer, -1),
    "nan": lambda answer: _with_figures(answer, float("nan")),
    "words": lambda answer: _with_figures(answer, "nhiều"),
    "empty": _empty,
    "repeated": _repeated,
    "endless": _endless,
}
