"""Error pages: what happened, what is safe, what to do, with a short code."""

from __future__ import annotations

import secrets

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from hue_dti.errors import HueDtiError, StorageError
from hue_dti.web.language import translate

_WORDS = {
    403: ("Trang này chỉ mở trên máy chủ", "Trang web chưa có đăng nhập nên chỉ trả lời tại 127.0.0.1."),
    404: ("Không có trang này", "Địa chỉ có thể đã gõ sai, hoặc đơn vị hay kỳ báo cáo này chưa có số liệu."),
    405: ("Trang này chỉ để xem", "Cách gọi này không được dùng ở đây."),
}


def register(app: Flask) -> None:
    """Catch errors at the door."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(HueDtiError, _ours)
    app.register_error_handler(Exception, _unforeseen)


def _http(fault: HTTPException) -> tuple[str, int]:
    code = fault.code or 500
    title, words = _WORDS.get(code, ("Yêu cầu không thực hiện được", "Hãy quay lại trang trước và thử lại."))
    return _page(translate(title), translate(words), str(code)), code


def _ours(fault: HueDtiError) -> tuple[str, int]:
    status = 503 if isinstance(fault, StorageError) else 409
    return _page(translate("Chưa thực hiện được"), str(fault), str(status)), status


def _unforeseen(fault: Exception) -> tuple[str, int]:
    from flask import current_app

    code = secrets.token_hex(4)
    current_app.logger.error("unforeseen error %s", code, exc_info=fault)
    words = translate("Số liệu đã lưu vẫn nguyên vẹn. Hãy thử lại; nếu còn lỗi, gửi mã này cho quản trị.")
    return _page(translate("Có lỗi ngoài dự kiến"), words, code), 500


def _page(title: str, words: str, code: str) -> str:
    return render_template("error.html", title=title, words=words, code=code)
