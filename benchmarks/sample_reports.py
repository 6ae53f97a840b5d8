"""Reports made by hand for the figures of speed and the tests: a district's quarter, and short ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from benchmarks.sample_groups import GROUPS
from hue_dti.reports.model import (
    Appendix,
    Block,
    Column,
    Figure,
    Heading,
    Letterhead,
    Note,
    Paragraph,
    Report,
    Row,
    Run,
    SignatureBlock,
    Table,
    Text,
)

_SCHOOLS = ("Trường Mầm non", "Trường Tiểu học", "Trường Trung học cơ sở", "UBND xã")
_PLACES = (
    "Thượng Long",
    "Thượng Quảng",
    "Hương Hữu",
    "Hương Sơn",
    "Hương Phú",
    "Hương Lộc",
    "Thượng Lộ",
    "Hương Xuân",
    "Thượng Nhật",
    "Khe Tre",
)
_SENTENCES = (
    "Các cơ quan, đơn vị trực thuộc và UBND các xã, thị trấn đã triển khai thực hiện theo kế hoạch của UBND huyện.",
    "Số liệu được tổng hợp tự động từ nền tảng Hue-S và từ cổng dịch vụ công, tính đến hết ngày chốt số liệu của kỳ báo cáo.",
    "Ban Chỉ đạo đề nghị các đơn vị còn thiếu khẩn trương rà soát, hoàn thành trong tháng đầu của quý sau.",
    "Tỷ lệ này được tính trên tổng số tài khoản của công chức, viên chức, người lao động trong toàn huyện.",
    "Kết quả thẩm định của Trung tâm Giám sát, điều hành đô thị thông minh được ghi tại cột kết quả của phụ lục kèm theo.",
)
_TO_DO = (
    "Các sở, ngành, địa phương ban hành quyết định thành lập, kiện toàn và phân công nhiệm vụ cho từng thành viên",
    "Tại các trang thông tin điện tử thường xuyên được cập nhật các chương trình, hoạt động diễn ra trên địa bàn thuộc phạm vi quản lý "
    "của ngành, địa phương (bao gồm các hoạt động do lãnh đạo tham dự nhưng không với vai trò chủ trì)",
    "Các huyện, thị xã, thành phố triển khai các giải pháp (bao gồm cả xã hội hóa) khuyến khích mỗi hộ gia đình có ít nhất một nhân khẩu "
    "sử dụng thiết bị thông minh (điện thoại thông minh hoặc máy tính bảng)",
)
_CONDITIONS = (
    "Tối thiểu 24 tin bài trên nền tảng Hue-S",
    "Định kỳ 1 năm 1 lần có rà soát nội dung và cập nhật biến động trước 15/11. Tổ chức 1 cuộc thì đạt 50% số điểm",
    "Điểm được tính căn cứ trên việc cài đặt Hue-S, có chuẩn hóa tài khoản trên số lượng công chức, viên chức, người lao động",
)
LETTERHEAD = Letterhead(
    superior="UBND huyện Nam Đông",
    issuer="Ban Chỉ đạo Chuyển đổi số",
    number="Số:        /BC-BCĐ",
    place_and_date="Nam Đông, ngày       tháng       năm 2024",
    title="Báo cáo",
    subject=("Đánh giá kết quả chuyển đổi số Quý II", "và triển khai phương hướng, nhiệm vụ Quý III năm 2024"),
)
SIGNATURE = SignatureBlock(
    recipients=(
        "- UBND tỉnh;",
        "- Sở Thông tin và Truyền thông;",
        "- CT và các PCT UBND huyện;",
        "- Các cơ quan, đơn vị trực thuộc UBND huyện;",
        "- UBND các xã, thị trấn;",
        "- Lưu: VT, VHTT.",
    ),
    authority="TM. Ban Chỉ đạo",
    office="Trưởng ban",
    name="",
)
REFERENCE = "(Kèm theo Báo cáo số      /BC-BCĐ ngày      tháng      năm 2024 của Ban Chỉ đạo Chuyển đổi số huyện Nam Đông)"
_CRITERIA_COLUMNS = (
    Column("TT", 0.05, "center"),
    Column("Tiêu chí", 0.14),
    Column("Thực hiện", 0.23),
    Column("Điều kiện", 0.20),
    Column("Tài liệu kiểm chứng", 0.14),
    Column("Điểm", 0.07, "center"),
    Column("Kết quả thực hiện", 0.17),
)
_DOCUMENT_COLUMNS = (
    Column("STT", 0.07, "center"),
    Column("Số ký hiệu", 0.2),
    Column("Ngày ban hành", 0.16, "center"),
    Column("Trích yếu", 0.42),
    Column("Ghi chú", 0.15),
)


def short_report(*body: Block, **changes: Any) -> Report:
    """A letterhead, this body and a signature; `changes` replace other fields of the report."""
    report = Report("483", "2024-Q2", "ab" * 32, LETTERHEAD, (), body, (Paragraph((Text("Trên đây là báo cáo."),)),), SIGNATURE, ())
    return replace(report, **changes)


def paragraph(text: str) -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph((Text(text),))


def shortfall_note(number: int, units: int) -> Note:
    """A footnote that lists so many units with what each misses."""
    names = [f"{school} {place}" for school in _SCHOOLS for place in _PLACES]
    amounts = [max(units - place, 1) for place in range(units)]
    listed = "; ".join(f"{names[place % len(names)]}: {amount}" for place, amount in enumerate(amounts))
    return Note(number, (Text("Còn "), Figure(str(sum(amounts)), "criteria/I.10/missing"), Text(f" tài khoản chưa thực hiện: {listed}.")))


def district_report() -> Report:
    """A district's quarter as long as a real one: nine groups, 53 criteria, shortfall lists of up to 40 units."""
    body: list[Block] = [
        Heading(1, (Text("I. Công tác chỉ đạo, điều hành"),)),
        Paragraph((Text("Tham mưu UBND huyện ban hành "), Figure("13", "documents/count"), Text(" văn bản (có phụ lục kèm theo)."))),
        Heading(1, (Text("II. Kết quả thực hiện"),)),
        Paragraph(
            (
                Text("Trong Quý II đã hoàn thành "),
                Figure("20/53", "total/achieved"),
                Text(" tiêu chí"),
                Note(1, (Text("; ".join(f"{code}. {name}" for code, group, names in GROUPS for name in names[:3])),)),
                Text(", đang thực hiện 28/53 tiêu chí, chưa thực hiện 5/53 tiêu chí chuyển đổi số cấp huyện (có phụ lục kèm theo)."),
            )
        ),
    ]
    number = 1
    for place, (_, group, names) in enumerate(GROUPS, start=1):
        figures = f" (Đạt 1/{len(names)} tiêu chí, đang thực hiện {len(names) - 1}/{len(names)} tiêu chí)"
        body.append(Heading(2, (Text(f"{place}. {group}{figures}"),)))
        for index, name in enumerate(names):
            runs: list[Run] = [Text(f"{name} đạt "), Figure("80,68%", f"criteria/{place}.{index}/share")]
            if index % 4 == 1:
                number += 1
                runs.append(shortfall_note(number, (24, 33, 40, 6)[number % 4]))
            runs.append(Text(". " + _SENTENCES[(place + index) % len(_SENTENCES)]))
            body.append(Paragraph(tuple(runs)))
    body += _assessment()
    return Report(
        unit="483",
        period="2024-Q2",
        snapshot_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        letterhead=LETTERHEAD,
        lead=(Paragraph((Text("Thực hiện chương trình hoạt động năm 2024, Ban Chỉ đạo báo cáo kết quả như sau:"),)),),
        body=tuple(body),
        closing=(Paragraph((Text("Trên đây là báo cáo kết quả chuyển đổi số Quý II và nhiệm vụ Quý III năm 2024 của Ban Chỉ đạo."),)),),
        signature=SIGNATURE,
        appendices=(_documents(), _criteria()),
        closed_at=datetime(2024, 6, 24, 1, 30, tzinfo=UTC),
    )


def _assessment() -> list[Block]:
    blocks: list[Block] = [Heading(1, (Text("III. Đánh giá chung"),))]
    for place, title in enumerate(("Kết quả đạt được", "Một số tồn tại, hạn chế", "Nguyên nhân", "Giải pháp"), start=1):
        blocks.append(Heading(2, (Text(f"{place}. {title}"),)))
        blocks += [Paragraph((Text(f"{_SENTENCES[(place + at) % 5]} {_SENTENCES[(place + at + 1) % 5]}"),)) for at in range(place)]
    blocks.append(Heading(1, (Text("IV. Phương hướng, nhiệm vụ Quý III"),)))
    blocks += [Paragraph((Text(f"{at + 1}. {sentence}"),)) for at, sentence in enumerate(_SENTENCES)]
    return blocks


def _documents() -> Appendix:
    rows = tuple(
        Row(
            (
                (Text(str(at)),),
                (Text(f"{120 + 37 * at}/UBND-VHTT"),),
                (Text(f"{2 + at:02d}/4/2024"),),
                (Text(f"Về {GROUPS[at % 9][2][0].lower()} trên địa bàn huyện năm 2024"),),
                (),
            )
        )
        for at in range(1, 14)
    )
    return Appendix("Phụ lục I", "Văn bản chỉ đạo trong công tác chuyển đổi số", REFERENCE, False, (Table(_DOCUMENT_COLUMNS, rows),))


def _criteria() -> Appendix:
    rows: list[Row] = []
    for place, (code, group, names) in enumerate(GROUPS):
        rows.append(Row(((Text(code),), (Text(group),), (), (), (), (Text("80"),), (Text("41,2746 điểm"),)), group=True))
        for index, name in enumerate(names):
            mix = place + index
            rows.append(
                Row(
                    (
                        (Text(str(index + 1)),),
                        (Text(name),),
                        (Text(_TO_DO[mix % 3]),),
                        (Text(_CONDITIONS[(mix + 1) % 3]),),
                        (Text("Dữ liệu được tổng hợp từ Hue-S; quyết định bằng file điện tử có ký số"),),
                        (Figure("10", f"criteria/{code}.{index + 1}/max_points"),),
                        (Text("921/968 tài khoản, đạt 95,14%. "), Text("Đang thực hiện")),
                    )
                )
            )
    table = Table(_CRITERIA_COLUMNS, tuple(rows))
    title = "Bộ chỉ số đánh giá, xếp hạng chuyển đổi số cấp huyện"
    return Appendix("Phụ lục II", title, REFERENCE, True, (table, Paragraph((Text("(*) Điểm tối đa tạm tính.", italic=True),))))
