"""What waits for whoever asks, each with the page where it is done: on the first screen and above the progress of a quarter."""

from __future__ import annotations

from flask import Flask, url_for

from hue_dti.services.awaiting import Awaited, What, awaiting
from hue_dti.web.access import can, can_anywhere
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import site, today

_PAGES = {
    What.EXPLAIN: "appraisal",
    What.MENDED: "review",
    What.SIGN: "report_issue",
    What.ISSUE: "report_issue",
    What.WRITE: "report_desk",
    What.APPROVE: "approving",
    What.OPEN: "review",
    What.REVIEW: "review",
    What.APPRAISE: "appraisal",
}
WORDS = {
    What.EXPLAIN: "cần giải trình %(n)s tiêu chí của %(period)s",
    What.MENDED: "đã sửa %(n)s ô bị trả lại của %(period)s, chờ xem lại",
    What.SIGN: "trình ký báo cáo %(period)s",
    What.ISSUE: "đã duyệt báo cáo %(period)s, chờ lấy số và phát hành",
    What.WRITE: "đã chốt %(period)s, chờ soạn và trình ký báo cáo",
    What.APPROVE: "đã gửi số liệu %(period)s, chờ duyệt",
    What.OPEN: "đã gửi số liệu %(period)s, chờ mở thẩm tra",
    What.REVIEW: "đang được thẩm tra số liệu %(period)s",
    What.APPRAISE: "đang được thẩm định điểm %(period)s",
}
UNDER_REVIEW = "đang được thẩm tra số liệu %(period)s, chờ duyệt"
ACTS = {
    What.EXPLAIN: "Giải trình",
    What.MENDED: "Xem ô đã sửa",
    What.SIGN: "Xem và ký báo cáo",
    What.ISSUE: "Phát hành báo cáo",
    What.WRITE: "Soạn báo cáo",
    What.APPROVE: "Xem và duyệt",
    What.OPEN: "Mở thẩm tra",
    What.REVIEW: "Thẩm tra tiếp",
    What.APPRAISE: "Thẩm định tiếp",
}


def register(app: Flask) -> None:
    """Give templates what waits."""
    app.context_processor(lambda: {"awaited_page": page_of, "awaited_words": words_of, "awaited_act": act_of, "judges": judges})


def judges() -> bool:
    """Whether whoever asks looks at figures of others, so that something may wait for them."""
    return can_anywhere("review") or can_anywhere("appraise")


def waits() -> tuple[Awaited, ...]:
    """What waits for whoever asks."""
    return awaiting(site().storage, site().catalogue, actor().login, today(), can)


def page_of(each: Awaited) -> str:
    """Where it is done."""
    return url_for(_PAGES[each.what], code=each.unit.code, period=each.period)


def words_of(each: Awaited, period: str) -> str:
    """What the unit did or waits for, to stand after its name; `period` as the page names it."""
    words = UNDER_REVIEW if each.what is What.APPROVE and each.under_review else WORDS[each.what]
    return translate(words, period=period, n=each.mended or each.count)


def act_of(each: Awaited) -> str:
    """The verb on the button that leads there."""
    return translate(ACTS[each.what])
