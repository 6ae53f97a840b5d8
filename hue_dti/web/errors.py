"""Error pages: what happened, what is safe, what to do, with a short code."""

from __future__ import annotations

import errno
import secrets

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from hue_dti.errors import DatabaseBusy, DatabaseUnreachable, HueDtiError, NoRoom, StorageError
from hue_dti.web.access import UnreadableWords
from hue_dti.web.again import again
from hue_dti.web.guard import ForeignOrigin
from hue_dti.web.kept_form import door_page, is_from_here, sealed
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor

_LOOK = "Hãy tìm theo tên ở đầu trang, hoặc quay về trang đầu."
_STALE_FORM, _FOREIGN, _UNREADABLE = 400, 4030, 4001
_BUSY, _FULL, _CROWDED = 5031, 5032, 5033
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_WORDS = {
    0: ("Yêu cầu không thực hiện được", "Máy chủ không hiểu được yêu cầu này.", _LOOK),
    403: (
        "Trang này chỉ mở trên máy chủ",
        "Trang web chưa mở ra mạng nên chỉ trả lời tại 127.0.0.1.",
        "Hãy mở trình duyệt trên chính máy đang chạy chương trình, hoặc nhờ quản trị mở ra mạng.",
    ),
    _STALE_FORM: (
        "Chưa nhận được yêu cầu này",
        "Trang bạn mở đã cũ hoặc trình duyệt không giữ cookie của trang, nên không chắc chính bạn đã bấm nút.",
        "Chưa có gì thay đổi. Hãy quay lại, tải lại trang rồi bấm lại.",
    ),
    _UNREADABLE: (
        "Chưa nhận lời bạn gõ",
        "",
        "Chưa có gì thay đổi. Hãy bấm nút quay lại của trình duyệt, lời vừa gõ còn nguyên, rồi sửa và gửi lại.",
    ),
    _FOREIGN: (
        "Không nhận yêu cầu từ trang khác",
        "Yêu cầu này do một trang web khác gửi tới, không phải do bạn bấm trên trang này.",
        "Chưa có gì thay đổi. Hãy mở trang này trực tiếp rồi bấm lại; nếu còn gặp, hãy báo quản trị.",
    ),
    404: ("Không có trang này", "Địa chỉ có thể đã gõ sai, hoặc không có đơn vị, kỳ báo cáo hay tiêu chí như vậy.", _LOOK),
    405: ("Không mở được theo cách này", "Địa chỉ này hoặc chỉ để xem, hoặc chỉ dùng khi bấm nút trong trang.", _LOOK),
    408: (
        "Chưa nhận đủ điều bạn gửi",
        "Đường truyền quá chậm hoặc bị ngắt giữa chừng nên máy chủ thôi chờ.",
        "Chưa có gì thay đổi. Hãy kiểm tra đường truyền rồi gửi lại.",
    ),
    409: ("Chưa thực hiện được", "", "Hãy làm theo lời nhắc trên rồi tải lại trang."),
    413: (
        "Tệp quá lớn",
        "Yêu cầu gửi lên lớn hơn mức cho phép nên chưa nhận.",
        "Hãy quét lại nhẹ hơn hoặc tách thành nhiều tệp rồi gửi lại.",
    ),
    503: (
        "Chưa thực hiện được",
        "Không làm việc được với cơ sở dữ liệu.",
        "Hãy báo quản trị chạy: hue-dti doctor",
    ),
    _BUSY: (
        "Chưa thực hiện được",
        "Cơ sở dữ liệu đang bận việc khác nên chưa ghi được.",
        "Hãy đợi một phút rồi làm lại; nếu còn gặp, hãy báo quản trị.",
    ),
    _FULL: (
        "Chưa thực hiện được",
        "Đĩa của máy chủ đã đầy nên chưa ghi được.",
        "Hãy báo quản trị dọn đĩa, rồi làm lại.",
    ),
    _CROWDED: (
        "Chưa nhận được điều bạn gửi",
        "Quá nhiều người đang gửi tệp và biểu mẫu cùng lúc.",
        "Chưa có gì thay đổi. Hãy đợi nửa phút rồi gửi lại; các trang vẫn xem được.",
    ),
    500: (
        "Có lỗi ngoài dự kiến",
        "Chương trình gặp tình huống chưa lường trước khi mở trang này.",
        "Hãy thử lại; nếu còn lỗi, gửi mã này cho quản trị.",
    ),
}
"""Status → what happened, in more words, what to do."""


def register(app: Flask) -> None:
    """Catch errors at the door."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(HueDtiError, _ours)
    app.register_error_handler(OSError, _of_the_machine)
    app.register_error_handler(Exception, _unforeseen)


def _http(fault: HTTPException) -> tuple[str | Response, int]:
    status = fault.code or 500
    if isinstance(fault, UnreadableWords):
        said = translate("Lời bạn gõ %(fault)s", fault=fault.description or "")
        is_script = request.accept_mimetypes.best == "application/json"
        return jsonify(error=said) if is_script else _page(_UNREADABLE, str(status), said), status
    kind = 0 if status == _STALE_FORM or status not in _WORDS else status
    if isinstance(fault, CSRFError):
        kind = _STALE_FORM
        if actor().signed_in and is_from_here() and sealed():
            return door_page(translate(_WORDS[_STALE_FORM][1])), status
    elif isinstance(fault, ForeignOrigin):
        kind = _FOREIGN
    elif isinstance(fault, ServiceUnavailable):
        kind = _CROWDED
    return _page(kind, str(status)), status


def _ours(fault: HueDtiError) -> tuple[str, int]:
    if isinstance(fault, DatabaseUnreachable):
        g.unreachable = True  # the error's own page asks the database nothing
        current_app.logger.error("database unreachable: %s", fault)
        return _page(503, "503"), 503
    if isinstance(fault, DatabaseBusy | NoRoom):
        g.unreachable = True  # whoever holds the lock may hold it over what the page would ask, too
        current_app.logger.error("not stored: %s", fault)
        return _page(_BUSY if isinstance(fault, DatabaseBusy) else _FULL, "503"), 503
    status = 503 if isinstance(fault, StorageError) else 409
    return _page(409, str(status), str(fault)), status


def _of_the_machine(fault: OSError) -> tuple[str, int]:
    if fault.errno in _NO_ROOM:
        return _ours(NoRoom(str(fault)))
    return _unforeseen(fault)


def _unforeseen(fault: Exception) -> tuple[str, int]:
    code = secrets.token_hex(4)
    current_app.logger.error("unforeseen error %s", code, exc_info=fault)
    return _page(500, f"500-{code}"), 500


def _page(kind: int, code: str, said: str = "") -> str:
    title, words, todo = _WORDS[kind]
    told = {"title": translate(title), "words": said or translate(words), "todo": translate(todo)}
    try:
        return render_template("error.html", **told, code=code, again=again(code))
    except StorageError:
        g.unreachable = True  # the page's frame names its reader, whom the database knows
        return render_template("error.html", **told, code=code, again=again(code))
