"""The sentences of a criterion and what they may name; a text that could not be filled is a fault here, not in a report."""

from __future__ import annotations

from collections.abc import Mapping

from hue_dti.catalogue import placeholders, shapes
from hue_dti.catalogue.fields import Fields
from hue_dti.catalogue.model import Sentences, ShortfallSpec
from hue_dti.catalogue.rules import Rule
from hue_dti.catalogue.scalars import nearest

_NOTE = "{" + placeholders.NOTE + "}"


def read_sentences(criterion: Fields, rule: Rule | None, shortfall: ShortfallSpec | None) -> Sentences:
    """The texts of one criterion; with `rule` None (its own faults noted) placeholders of figures are not checked."""
    fields = criterion.under("sentences", shapes.SENTENCES)
    if fields is None:
        return Sentences({}, {})
    report = _by_status(fields, "report", _known(rule, shortfall, placeholders.NOTE))
    result = _by_status(fields, "result", _known(rule, shortfall))
    _check_note(fields, report, criterion, shortfall)
    return Sentences(report, result, _shortfall_text(fields, rule, criterion, shortfall))


def _known(rule: Rule | None, shortfall: ShortfallSpec | None, *more: str) -> frozenset[str] | None:
    if rule is None:
        return None
    return (placeholders.allowed(rule, shortfall) - {placeholders.NOTE}) | ({*more} if shortfall else frozenset())


def _by_status(fields: Fields, key: str, known: frozenset[str] | None) -> Mapping[str, str]:
    texts = fields.under(key, shapes.BY_STATUS)
    if texts is None:
        return {}
    found = {}
    for status in shapes.SENTENCE_KEYS:
        if texts.has(status):
            found[status] = texts.text(status)
            _check_placeholders(texts, status, found[status], known)
    figures = [name for name in placeholders.used(found.get("any", "")) if name in _figures(known)]
    if figures and "no_figures" not in found:
        what = f"dùng {{{figures[0]}}} nhưng không có câu cho lúc chưa có số liệu"
        texts.fault("any", what, "hãy thêm 'no_figures: \"Chưa có số liệu.\"'")
    return found


def _figures(known: frozenset[str] | None) -> frozenset[str]:
    return frozenset() if known is None else known - placeholders.ALWAYS - {placeholders.NOTE}


def _check_placeholders(fields: Fields, key: str, text: str, known: frozenset[str] | None) -> None:
    stray = placeholders.stray_brace(text)
    if stray:
        fields.fault(key, f"có dấu ngoặc nhọn lẻ ở '{stray}'", "hãy đóng thành {tên}, hoặc viết {{ và }} nếu muốn in ngoặc nhọn")
    if known is None:
        return
    for name in dict.fromkeys(placeholders.used(text)):
        if name in known and (key not in shapes.WITHOUT_FIGURES or name not in _figures(known)):
            continue
        if name in known:
            fields.fault(key, f"dùng {{{name}}}, câu này dùng cả khi chưa có số liệu", f"hãy viết câu không có {{{name}}}")
        elif name == placeholders.NOTE:
            fields.fault(
                key,
                f"dùng {_NOTE} nhưng ở đây không có danh sách còn thiếu",
                f"hãy bỏ {_NOTE}, hoặc khai báo shortfall và đặt {_NOTE} trong report",
            )
        else:
            fields.fault(key, f"dùng chỗ điền {{{name}}} không có ở đây", nearest(name, sorted(known)))


def _check_note(fields: Fields, report: Mapping[str, str], criterion: Fields, shortfall: ShortfallSpec | None) -> None:
    if shortfall is not None and "any" in report and not any(placeholders.NOTE in placeholders.used(text) for text in report.values()):
        remedy = f"hãy đặt {_NOTE} vào câu report, ngay sau con số mà danh sách giải thích"
        criterion.fault("shortfall", f"không có chỗ treo: không câu report nào có {_NOTE}", remedy)
    for status, text in report.items():
        if placeholders.used(text).count(placeholders.NOTE) > 1:
            fields.fault("report", f"có câu '{status}' dùng {_NOTE} hai lần", f"hãy để lại một {_NOTE}")


def _shortfall_text(fields: Fields, rule: Rule | None, criterion: Fields, shortfall: ShortfallSpec | None) -> str:
    text = fields.text("shortfall")
    if text and criterion.is_null("shortfall"):
        fields.fault("shortfall", "có câu nhưng tiêu chí không khai báo shortfall", "hãy khai báo 'shortfall: {levels: …}' hoặc bỏ câu này")
        return text
    if shortfall is not None and not fields.has("shortfall"):
        fields.fault("shortfall", "chưa có", "hãy thêm câu mở đầu cước chú, chẳng hạn 'Còn {missing} …'")
    known = _known(rule, shortfall)
    _check_placeholders(fields, "shortfall", text, None if known is None else known | placeholders.IN_SHORTFALL)
    return text
