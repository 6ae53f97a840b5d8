"""Events as sentences that an auditor reads who is no technician; one pattern for each act."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from hue_dti.trail.model import CLOSED, Event

NOBODY = "Người chưa đăng nhập"

SENTENCES: Mapping[str, str] = {
    "access.refused": "{who} bị từ chối khi mở {subject}{of}",
    "account.accepted": "{who} nhận lời mời và lập tài khoản {subject}",
    "account.began": "{who} lập tài khoản quản trị đầu tiên {subject}",
    "account.bound": "{who} gắn tài khoản với đăng nhập chung {subject}",
    "account.disabled": "{who} khóa tài khoản {subject}{of}",
    "account.enabled": "{who} mở lại tài khoản {subject}{of}",
    "account.first_code": "{who} tạo mã cho quản trị viên đầu tiên",
    "account.granted": "{who} trao quyền cho {subject}{of}",
    "account.handed_over": "{who} bàn giao việc của {subject}{of}",
    "account.invited": "{who} mời {subject}{of}",
    "account.password_changed": "{who} đổi mật khẩu của {subject}",
    "account.proof_failed": "{who} đổi mật khẩu hoặc mã hai lớp không thành công",
    "account.revoked": "{who} thu quyền của {subject}{of}",
    "account.second_factor_removed": "{who} tắt xác thực hai lớp của {subject}",
    "account.second_factor_reset": "{who} bỏ xác thực hai lớp của {subject}{of} để cài lại",
    "account.second_factor_set": "{who} bật xác thực hai lớp cho {subject}",
    "account.session_ended": "{who} kết thúc phiên làm việc của {subject}",
    "account.sign_in_failed": "{who} đăng nhập không thành công vào tài khoản {subject}",
    "account.signed_in": "{who} đăng nhập",
    "account.signed_out": "{who} đăng xuất",
    "alert.taken_on": "{who} nhận xử lý cảnh báo “{subject}”{of}",
    "appraisal.asked": "{who} gửi đơn vị giải trình điểm thẩm định {subject}{of}",
    "appraisal.begun": "{who} mở thẩm định {subject}{of}",
    "appraisal.decided": "{who} kết luận điểm tiêu chí {subject}{of} sau giải trình",
    "appraisal.explained": "{who} giải trình tiêu chí {subject}{of}",
    "appraisal.marked": "{who} ghi điểm thẩm định tiêu chí {subject}{of}",
    "appraisal.settled": "{who} chốt kết quả thẩm định {subject}{of}",
    "article.assigned": "{who} phân loại tin “{subject}”{of}",
    "backup.made": "{who} sao lưu toàn bộ số liệu vào tệp {subject}",
    "backup.restored": "{who} phục hồi số liệu từ tệp {subject}",
    "base.approved": "{who} duyệt số liệu nền {subject}{of}",
    "base.proposed": "{who} đề nghị số liệu nền {subject}{of}",
    "base.rejected": "{who} từ chối số liệu nền {subject}{of}",
    "cell.approved": "{who} duyệt số liệu {subject}{of}",
    "cell.cleared": "{who} bỏ đánh giá trước đó về số liệu {subject}{of}",
    "cell.commented": "{who} ghi ý kiến về số liệu {subject}{of}",
    "cell.returned": "{who} trả lại số liệu {subject}{of}",
    "change.explained": "{who} giải trình thay đổi lớn của {subject}{of}",
    "criteria.assigned": "{who} phân công {subject}{of}",
    "difference.explained": "{who} giải trình chênh lệch giữa hai nguồn của {subject}{of}",
    "entry.saved": "{who} nhập {subject}{of}",
    "evidence.added": "{who} nộp tài liệu kiểm chứng {subject}{of}",
    "evidence.downloaded": "{who} tải tài liệu kiểm chứng {subject}{of}",
    "evidence.judged": "{who} xét lại chữ ký số của tệp minh chứng {subject}",
    "evidence.scanned": "{who} quét vi-rút tệp minh chứng {subject}",
    "evidence.viewed": "{who} xem tài liệu kiểm chứng {subject}{of}",
    "evidence.withdrawn": "{who} rút tài liệu kiểm chứng {subject}{of}",
    "db.downgraded": "{who} hạ các bảng của cơ sở dữ liệu về {subject}",
    "db.upgraded": "{who} nâng các bảng của cơ sở dữ liệu lên {subject}",
    "export.made": "{who} tải về {subject}{of}",
    "figure.note_answered": "{who} trả lời phản ánh về số liệu {subject}{of}",
    "figure.noted": "{who} phản ánh số liệu chưa đúng: {subject}{of}",
    "file.imported": "{who} nộp tệp {subject}{of}",
    "lock.closed": "{who} khóa lại {subject}{of}",
    "lock.opened": "{who} mở khóa nhập lại cho {subject}{of}",
    "name.confirmed": "{who} xác nhận tên “{subject}” là{of_whom}",
    "name.dismissed": "{who} bỏ tên “{subject}” khỏi danh sách chờ xác nhận",
    "plan.saved": "{who} lưu kế hoạch cải thiện {subject}{of}",
    "plan.told": "{who} báo tình hình thực hiện kế hoạch: {subject}{of}",
    "profile.saved": "{who} cập nhật thông tin chung{of}",
    "province.given": "{who} nhập kết quả cấp tỉnh {subject}{of}",
    "province.withdrawn": "{who} rút kết quả cấp tỉnh {subject}{of}",
    "quarter.closed": "{who} chốt số liệu {subject}{of}",
    "register.counted": "{who} lấy số từ sổ {subject}{of}",
    "register.saved": "{who} ghi sổ {subject}{of}",
    "register.filling": "{who} ghi là còn đang ghi {subject}{of}",
    "register.full": "{who} xác nhận đã ghi đủ {subject}{of}",
    "register.withdrawn": "{who} rút dòng sổ {subject}{of}",
    "register.downloaded": "{who} tải sổ {subject}{of}",
    "units.applied": "{who} áp dụng sự kiện sắp xếp đơn vị {subject}",
    "units.reverted": "{who} hoàn tác sự kiện sắp xếp đơn vị {subject}",
    "report.approved": "{who} duyệt báo cáo {subject}{of}",
    "report.corrected": "{who} đính chính báo cáo {subject}{of}",
    "report.filed": "{who} lưu bản đã ký của báo cáo {subject}{of}",
    "report.issued": "{who} phát hành báo cáo {subject}{of}",
    "report.replaced": "{who} lập báo cáo thay thế cho báo cáo {subject}{of}",
    "report.returned": "{who} trả lại báo cáo {subject}{of}",
    "report.saved": "{who} lưu bản thảo báo cáo {subject}{of}",
    "report.submitted": "{who} trình ký báo cáo {subject}{of}",
    "report.withdrawn": "{who} rút báo cáo {subject}{of}",
    "secret.resealed": "{who} mã hóa lại các bí mật bằng khóa mới nhất",
    "secret.retired": "{who} bỏ khóa bí mật cũ",
    "secret.rotated": "{who} thay khóa bí mật của hệ thống",
    "secret.sealed": "{who} mã hóa các bí mật đang giữ",
    "round.extended": "{who} gia hạn riêng trong đợt đánh giá {subject}{of}",
    "round.moved": "{who} dời ngày của đợt đánh giá {subject}{of}",
    "round.marked": "{who} ghi điểm trong đợt đánh giá {subject}{of}",
    "round.opened": "{who} mở đợt đánh giá {subject}{of}",
    "round.published": "{who} công bố kết quả đợt đánh giá {subject}{of}",
    "result.kept": "{who} ghi kết quả DTI của các tỉnh {subject}{of}",
    "source.asked": "{who} cho lấy số liệu ngay từ nguồn {subject}{of}",
    "source.replayed": "{who} cho đọc lại câu trả lời đã lưu của nguồn {subject}{of}",
    "source.tried": "{who} thử hỏi nguồn {subject}{of}",
    "submission.approved": "{who} duyệt số liệu {subject}{of}",
    "submission.opened": "{who} mở xem số liệu {subject}{of}",
    "submission.returned": "{who} trả lại số liệu {subject}{of}",
    "submission.sent": "{who} gửi số liệu {subject}{of} để duyệt",
    "submission.undone": "{who} hoàn lại việc duyệt số liệu {subject}{of}",
    "submission.withdrawn": "{who} rút lại số liệu {subject}{of} đã gửi",
}
"""What a page translates; `{of}` and `{of_whom}` bring their own space and are empty where an act is about no unit."""

KINDS: Mapping[str, str] = {
    "account.": "Tài khoản và đăng nhập",
    "access.": "Truy cập bị từ chối",
    "entry.": "Nhập số liệu",
    "figure.": "Phản ánh về số liệu",
    "evidence.": "Tài liệu kiểm chứng",
    "submission.": "Gửi, duyệt, trả lại",
    "cell.": "Duyệt từng số liệu",
    "appraisal.": "Thẩm định",
    "register.": "Sổ theo dõi",
    "lock.": "Mở khóa nhập lại",
    "criteria.": "Phân công",
    "report.": "Báo cáo",
    "plan.": "Kế hoạch cải thiện",
    "round.": "Đợt đánh giá",
    "result.": "Kết quả DTI hằng năm",
    "export.": "Tải về",
    "quarter.": "Chốt số liệu",
    "province.": "DTI cấp tỉnh",
    "base.": "Số liệu nền",
    "alert.": "Cảnh báo",
    "source.": "Nguồn số liệu",
    "file.": "Nộp tệp",
    "backup.": "Sao lưu, phục hồi",
    "secret.": "Khóa bí mật",
    "units.": "Sắp xếp đơn vị",
    "db.": "Nâng, hạ các bảng",
}
"""What an auditor narrows the trail to: the beginning of acts, and its name."""

STATES: Mapping[str, str] = {
    "draft": "chưa gửi",
    "sent": "đã gửi, chờ mở",
    "under_review": "đang thẩm tra",
    "approved": "đã duyệt",
    "returned": "bị trả lại",
    "withdrawn": "đã rút lại",
    "appraising": "đang thẩm định",
    "explaining": "chờ giải trình",
    "settled": "đã chốt kết quả",
}
"""How a dossier stands, by the slug the trail keeps."""

_LONG_HASH = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_QUARTER = re.compile(r"(?<![/\w-])(?P<year>20\d\d)-Q(?P<number>[1-4])(?![/\w-])")
_MEASURE_CODE = re.compile(r" \([a-z][a-z0-9]*(?:_[a-z0-9]+)*\)$")
_ROMAN = ("", "I", "II", "III", "IV")
_NO_NAMES: Mapping[str, str] = {}
_UNKNOWN = "{who}: {act} {subject}{of}"


def _same(text: str) -> str:
    return text


def sentence(event: Event, unit: str, translate: Callable[[str], str] = _same, names: Mapping[str, str] = _NO_NAMES) -> str:
    """What happened, by whom; `unit` is the unit's name, `names` those of measures by code.

    An act that nobody gave a sentence is still told, by its own name.
    """
    pattern = translate(SENTENCES[event.act]) if event.act in SENTENCES else _UNKNOWN
    who = f"{event.name} ({event.actor})" if event.actor and event.actor != event.name else event.name or translate(NOBODY)
    told = {"who": who, "act": event.act, "subject": event.subject if event.act.startswith("account.") else plain(event.subject, names)}
    of = translate(" của {unit}").format(unit=unit) if unit else ""
    return " ".join(pattern.format(**told, of=of, of_whom=f" {unit}" if unit else "").split())


def change(event: Event, translate: Callable[[str], str] = _same) -> str:
    """What was and what is, and the reason given; empty where nothing of it was told."""
    old, new = (_in_words(event, plain(text), translate) for text in (event.old, event.new))
    moved = f"{old} → {new}" if old and new else translate("mới: {new}").format(new=new) if new else ""
    moved = moved or (translate("trước đó: {old}").format(old=old) if old else "")
    reason = translate("lý do: {reason}").format(reason=event.reason) if event.reason else ""
    return "; ".join(part for part in (moved, reason) if part)


def _in_words(event: Event, text: str, translate: Callable[[str], str]) -> str:
    """The state of a dossier and the hash of a frozen quarter as people say them; anything else as it is."""
    if event.act == CLOSED and text:
        return translate("bản chốt {hash}").format(hash=text)
    slug, comma, rest = text.partition(",")
    stands = event.act.startswith(("submission.", "appraisal.")) and slug in STATES
    return translate(STATES[slug]) + comma + rest if stands else text


def plain(text: str, names: Mapping[str, str] = _NO_NAMES) -> str:
    """The text as a person reads it: short hashes, quarters by their name, a measure's name in place of its code or without it."""
    parts = [names.get(part, _MEASURE_CODE.sub("", part)) for part in short(text).split(", ")]
    return _QUARTER.sub(lambda found: f"Quý {_ROMAN[int(found['number'])]}/{found['year']}", ", ".join(parts))


def short(text: str) -> str:
    """The text with long hashes cut to what a person compares."""
    return _LONG_HASH.sub(r"\1…", text)
