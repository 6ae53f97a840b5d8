"""Error pages: what happened, what is safe, what to do, with a short code."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, render_template
from werkzeug.exceptions import HTTPException

from hue_dti.errors import HueDtiError, StorageError
from hue_dti.web.language import translate

_WORDS = {
    403: ("Trang này chỉ mở trên máy chủ", "Trang web chưa có đăng nhập nên chỉ trả lời tại 127.0.0.1."),
    404: ("Không có trang này", "Địa chỉ có thể đã gõ sai, hoặc không có đơn vị, kỳ báo cáo hay tiêu chí như vậy."),
    405: ("Trang này chỉ để xem", "Cách gọi này không được dùng ở đây."),
}
_OTHER = ("Yêu cầu không thực hiện được", "Máy chủ không hiểu được yêu cầu này.")


def register(app: Flask) -> None:
    """Catch errors at the door."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(HueDtiError, _ours)
    app.register_error_handler(Exception, _unforeseen)


def _http(fault: HTTPException) -> tuple[str, int]:
    code = fault.code or 500
    title, words = _WORDS.get(code, _OTHER)
    return _page(title, translate(words), "Hãy tìm theo tên ở đầu trang, hoặc quay về trang đầu.", str(code)), code


def _ours(fault: HueDtiError) -> tuple[str, int]:
    status = 503 if isinstance(fault, StorageError) else 409
    return _page("Chưa thực hiện được", str(fault), "Hãy làm theo lời nhắc trên rồi tải lại trang.", str(status)), status


def _unforeseen(fault: Exception) -> tuple[str, int]:
    code = secrets.token_hex(4)
    current_app.logger.error("unforeseen error %s", code, exc_info=fault)
    words = translate("Chương trình gặp tình huống chưa lường trước khi mở trang này.")
    return _page("Có lỗi ngoài dự kiến", words, "Hãy thử lại; nếu còn lỗi, gửi mã này cho quản trị.", f"500-{code}"), 500


def _page(title: str, words: str, todo: str, code: str) -> str:
    return render_template("error.html", title=translate(title), words=words, todo=translate(todo), code=code)
