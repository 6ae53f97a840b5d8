"""A secretary's own words: figures are named and filled, never typed; a slip is told with what was meant."""

import pytest

from benchmarks.proofs.quarters import district_quarter
from hue_dti.reports import narrative
from hue_dti.reports.compared import GONE, NEW, SAME, compared, pieces
from hue_dti.reports.content import build
from hue_dti.reports.drafting import Desk
from hue_dti.reports.html import report_html
from hue_dti.reports.model import Figure, Heading, Paragraph, plain
from hue_dti.services.quarter import catalogue_of


@pytest.fixture(scope="module")
def quarter():
    snapshot = district_quarter()
    return snapshot, catalogue_of(snapshot)


@pytest.fixture(scope="module")
def desk(quarter):
    return Desk(*quarter)


def said_in(quarter, **own):
    """The paragraphs after each heading, by the heading's words."""
    out, heading = {}, ""
    for block in build(*quarter, own).main:
        if isinstance(block, Heading):
            heading = plain(block.runs)
        elif isinstance(block, Paragraph):
            out.setdefault(heading, []).append(block)
    return out


def test_the_program_s_words_typed_back_give_the_same_paper(quarter, desk):
    assert report_html(build(*quarter, desk.own)) == report_html(build(*quarter))
    assert desk.gathered(desk.own) == {}
    assert desk.faults(desk.own) == ()


def test_a_named_figure_is_printed_from_the_snapshot_with_its_path(quarter):
    own = {narrative.LIMITS: "Còn {III.1: còn thiếu} tài khoản,\ntổng {Tổng  Điểm}/{tổng điểm tối đa} điểm."}
    first, second = said_in(quarter, **own)["2. Tồn tại, hạn chế"]
    assert [run.path for run in (*first.runs, *second.runs) if isinstance(run, Figure)] == [
        "criteria/III.1/missing",
        "total/points",
        "total/max_points",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("đạt {III.1: điemr}", r"{III.1: điemr}; có phải {III.1: điểm}?"),
        ("đạt {tong diem}", r"{tong diem}; có phải {tổng điểm}?"),
        ("đạt {xyzw}", "hãy chọn trong danh sách số liệu"),
        ("đạt {tổng điểm", "ngoặc nhọn lẻ ở “{tổng điểm”"),
        ("a" * (narrative.LONGEST + 1), "hãy rút còn 20000"),
    ],
)
def test_a_slip_in_a_name_is_told_with_what_was_meant(desk, words, told):
    (fault,) = desk.faults({narrative.CAUSES: words})
    assert fault.part == narrative.CAUSES
    assert told in fault.words


def test_a_figure_that_is_gone_stands_there_by_its_name(quarter):
    (block,) = said_in(quarter, **{narrative.CAUSES: "còn {III.99: còn thiếu}"})["3. Nguyên nhân"]
    assert plain(block.runs) == "còn [III.99: còn thiếu]"


def test_a_figure_typed_by_hand_is_asked_about_with_its_name(quarter, desk):
    points = desk.vocabulary.figures["tổng điểm"].text
    missing = desk.vocabulary.figures["III.2: còn thiếu"].text
    asked = {
        each.number: each.names for each in desk.typed({"limits": f"Được {points} điểm, tiêu chí III.2 còn thiếu {missing} tài khoản."})
    }
    assert asked[points][0] == "tổng điểm"
    assert asked[missing][0] == "III.2: còn thiếu"


@pytest.mark.parametrize(
    "words",
    ["{n}. Rà soát", "từ ngày {n}/6/2024", "Công văn số {n}/UBND-VX", "trong tháng {n}", "tiêu chí I.{n} và II.{n}", "9 cuộc họp"],
)
def test_days_numbers_of_papers_and_small_counts_are_let_be(desk, words):
    number = desk.vocabulary.figures["số tiêu chí"].text
    assert [each.number for each in desk.typed({"tasks": f"có {number} tiêu chí"})] == [number]
    assert desk.typed({"tasks": words.replace("{n}", number)}) == ()
    assert desk.typed({"recipients": number}) == ()


def test_words_that_look_like_markup_stay_words(quarter):
    own = {narrative.TASKS: "<script>alert(1)</script> & {{ngoặc}}"}
    assert plain(said_in(quarter, **own)["IV. PHƯƠNG HƯỚNG, NHIỆM VỤ QUÝ III NĂM 2024"][0].runs) == "<script>alert(1)</script> & {ngoặc}"
    assert "<script>" not in report_html(build(*quarter, own))


def test_a_remark_follows_its_group_and_recommendations_make_a_section(quarter):
    said = said_in(quarter, **{narrative.remark("I"): "Nhận xét nhóm I.", narrative.RECOMMENDATIONS: "Đề nghị tỉnh hỗ trợ."})
    group = next(words for words in said if words.startswith("1. Nhận thức số"))
    assert plain(said[group][-1].runs) == "Nhận xét nhóm I."
    assert plain(said["V. KIẾN NGHỊ, ĐỀ XUẤT"][0].runs) == "Đề nghị tỉnh hỗ trợ."
    assert "V. KIẾN NGHỊ, ĐỀ XUẤT" not in said_in(quarter)


def test_the_signer_and_the_recipients_are_the_secretary_s_to_name(quarter):
    own = {
        narrative.ACTING_FOR: "KT. TRƯỞNG BAN",
        narrative.POST: "PHÓ TRƯỞNG BAN",
        narrative.HOST_POST: "Phó Chủ tịch UBND huyện",
        narrative.SIGNER: "Lê Văn An",
        narrative.RECIPIENTS: "- Như trên;\n- Lãnh đạo {ủy ban};",
    }
    block = build(*quarter, own).signature
    assert block.recipients == ("- Như trên;", "- Lãnh đạo UBND huyện Nam Đông;")
    assert (block.authority, block.office) == ("TM. BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ", "KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN")
    assert block.name == "PHÓ CHỦ TỊCH UBND HUYỆN\nLê Văn An"


def test_what_is_typed_is_kept_tidy():
    assert narrative.tidy(" a \r\n\r\n\tb\u200b\x07  c ") == "a\nb c"
    assert narrative.tidy("a\nb", narrative.Kind.LINE) == "a b"


def test_two_versions_are_told_apart_word_by_word(desk):
    found = pieces("đạt {tổng điểm} điểm", "đạt {tỷ lệ điểm} điểm")
    assert [(each.kind, each.words) for each in found] == [
        (SAME, "đạt "),
        (GONE, "{tổng điểm}"),
        (NEW, "{tỷ lệ điểm}"),
        (SAME, " điểm"),
    ]
    changed = compared(desk.parts, {"tasks": "a"}, {"causes": "b"}, desk.own)
    assert [(each.part.key, each.back) for each in changed] == [("causes", False), ("tasks", True)]
    old = "".join(each.words for each in changed[0].pieces if each.kind != NEW)
    assert old == desk.own["causes"]
