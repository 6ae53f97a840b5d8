"""Two criteria sets beside each other, on the same closed figures, before one of them is signed; a draft is read and forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, render_template, request

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.errors import CatalogueError, Fault, PeriodError
from hue_dti.periods import Period
from hue_dti.services.criteria_diff import Chosen, Compared, chosen, compare_sets, drafted, share_of
from hue_dti.web.language import translate
from hue_dti.web.site import site


def register(app: Flask) -> None:
    """Give the page its address; what is sent to it is stored nowhere."""
    app.add_url_rule("/bo-chi-so/so-sanh", "criteria_diff", criteria_diff)
    app.add_url_rule("/bo-chi-so/so-sanh", "criteria_diff_draft", criteria_diff_draft, methods=["POST"])


def criteria_diff() -> str:
    """`cu` and `moi` are sets of the installation, `ky` the period whose closed figures both score."""
    catalogue = site().catalogue
    old, new = (chosen(catalogue, request.args.get(name, "")) for name in ("cu", "moi"))
    return _page(_compared(old, new, request.args.get("ky", "")) if old and new else None)


def criteria_diff_draft() -> str | tuple[str, int]:
    """A drafted file against an installed set; the faults of the file by line when it cannot be read."""
    old = chosen(site().catalogue, request.form.get("cu", ""))
    if old is None:
        return _page(None, [Fault("", 0, translate("Chưa chọn bộ đang dùng"), translate("hãy chọn một bộ để so sánh"))]), 400
    try:
        new = _draft(old)
    except CatalogueError as broken:
        return _page(None, broken.faults), 400
    return _page(_compared(old, new, request.form.get("ky", "")))


def _draft(old: Chosen) -> Chosen:
    """The set in the file that was sent, with the measures sent beside it where there are any."""
    texts = {name: _text(name) for name in ("tep", "so-lieu") if name in request.files and request.files[name].filename}
    if "tep" not in texts:
        raise CatalogueError([Fault("", 0, translate("Chưa chọn tệp dự thảo"), translate("hãy chọn tệp của bộ dự thảo"))])
    measures = {"measures.yaml": texts["so-lieu"]} if "so-lieu" in texts else None
    return drafted(old.catalogue, translate("tệp dự thảo") + ".yaml", texts["tep"], measures)


def _text(name: str) -> str:
    try:
        text: str = request.files[name].read().decode("utf-8-sig")
    except UnicodeDecodeError:
        remedy = translate("hãy lưu lại tệp với bảng mã UTF-8")
        raise CatalogueError([Fault(name, 1, translate("tệp không phải UTF-8"), remedy)]) from None
    return text


def _beside(sets: Sequence[CriteriaSet], old: str) -> str:
    """The set that the old one (the first where none is chosen) is most likely compared with: of its level, else any other."""
    chosen_one = next((each for each in sets if each.code == old), sets[0] if sets else None)
    others = [each for each in sets if each is not chosen_one]
    return min(others, key=lambda each: chosen_one is None or each.level is not chosen_one.level).code if others else ""


def _compared(old: Chosen, new: Chosen, period: str) -> Compared:
    try:
        asked = Period.parse(period) if period else None
    except PeriodError:
        asked = None
    return compare_sets(site().storage, old, new, asked)


def _page(compared: Compared | None, faults: Sequence[Fault] = ()) -> str:
    periods = list(dict.fromkeys(head.period for head in site().storage.newest_heads()))
    sets = list(site().catalogue.sets.values())
    asked = {name: request.values.get(name, "") for name in ("cu", "moi", "ky")}
    return render_template(
        "criteria_diff.html",
        sets=sets,
        periods=periods,
        asked=asked if asked["moi"] else {**asked, "moi": _beside(sets, asked["cu"])},
        found=compared,
        faults=faults,
        share_of=share_of,
    )
