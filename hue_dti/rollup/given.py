"""What somebody at the province gives for a component that no unit tells, read strictly and held against the framework."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.rollups import leaves
from hue_dti.catalogue.scalars import nearest
from hue_dti.collation import fold
from hue_dti.errors import EntryRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import POINT, format_points, parse_points

LONGEST = 300
_YES, _NO = {"co", "dat", "da co", "da ban hanh"}, {"khong", "chua", "chua co", "khong dat", "chua ban hanh"}
_PERCENT = re.compile(r"([0-9]{1,3}(?:,[0-9]{1,6})?) ?%")
_RATIO = re.compile(r"([0-9]{1,12}) ?/ ?([1-9][0-9]{0,11})")


@dataclass(frozen=True, slots=True)
class Given:
    """One value as it is handed in: for a component, a part or a main index of a framework, in a period of the province.

    `share` is None where what stood there is taken back. `client` is the form's own number, so that the same form sent twice counts
    once. `replaces` is the number of the value the form saw there, 0 for none.
    """

    client: UUID
    unit: str
    period: str
    framework: str
    code: str
    share: Fraction | None
    max_points: Fraction | None = None
    result: str = ""
    document: str = ""
    evidence: int | None = None
    reason: str = ""
    replaces: int = 0


def may_be_given(framework: Framework) -> tuple[str, ...]:
    """The codes a value may be given for: what a component's points are counted from, and whole main indices."""
    return (*leaves(framework), *(main.code for main in framework.scored))


def read_result(text: str) -> Fraction:
    """The share that a result says: `85,71%`, `6/7`, `có`, `chưa`; EntryRefused says what to write."""
    said = " ".join(text.split())
    if fold(said) in _YES:
        return Fraction(1)
    if fold(said) in _NO:
        return Fraction(0)
    percent, ratio = _PERCENT.fullmatch(said), _RATIO.fullmatch(said)
    if percent is None and ratio is None:
        raise EntryRefused(f"Kết quả '{said[:40]}' không đọc được; hãy viết 85,71%, 6/7, có hoặc chưa.")
    share = Fraction(percent[1].replace(",", ".")) / 100 if percent else Fraction(said.replace(" ", ""))
    if share > 1:
        raise EntryRefused(f"Kết quả '{said}' lớn hơn 100%; hãy viết từ 0% đến 100%.")
    return share


def read_points(text: str) -> Fraction | None:
    """Maximum points as an official writes them, None for an empty cell; NumeralError says what to write."""
    return Fraction(parse_points(text), POINT) if text.strip() else None


def check(given: Given, framework: Framework, standing: Mapping[str, Fraction | None]) -> None:
    """EntryRefused for what may not be kept; `standing` has the maxima that other values of the period tell, by code."""
    codes = may_be_given(framework)
    if given.code not in codes:
        raise EntryRefused(f"Khung {framework.code} không có chỉ số thành phần '{given.code}'; {nearest(given.code, codes)}.")
    if given.share is None:
        if not given.reason.strip():
            raise EntryRefused("Chưa nói vì sao rút; hãy viết một câu.")
    elif not given.document.strip():
        raise EntryRefused("Chưa ghi tài liệu kiểm chứng; hãy ghi số ký hiệu, ngày và tên văn bản.")
    for what, text in (("Kết quả", given.result), ("Tài liệu kiểm chứng", given.document), ("Lý do", given.reason)):
        one_line(text, what, LONGEST, EntryRefused)
    if given.max_points is not None:
        _check_maximum(given, given.max_points, framework, standing)


def _check_maximum(given: Given, most: Fraction, framework: Framework, standing: Mapping[str, Fraction | None]) -> None:
    known = {line.code: line.max_points for _, line in framework.lines()}
    if given.code not in known:
        raise EntryRefused("Điểm tối đa của chỉ số chính do khung quy định; hãy để trống.")
    if known[given.code] is not None:
        raise EntryRefused(f"Khung đã ghi điểm tối đa của {given.code}; hãy để trống.")
    main = next(main for main in framework.scored for component in main.components for line in component.lines if line.code == given.code)
    own = (line.code for each in main.components for line in (each.parts or (each,)) if line.code != given.code)
    others = (known[code] if known[code] is not None else standing.get(code) for code in own)
    total = most + sum((each for each in others if each is not None), Fraction(0))
    if main.max_points is not None and total > main.max_points:
        told = format_points(total * POINT), format_points(main.max_points * POINT)
        raise EntryRefused(f"Điểm tối đa các chỉ số thành phần của {main.name} cộng lại là {told[0]}, quá {told[1]}; hãy xem lại.")
