"""One row in every table that only takes new rows, for the tests that try to change them."""

from datetime import date
from fractions import Fraction
from uuid import UUID

from hue_dti.appraisal.model import AppraisalMark, Case, Comment, LockException, Mark, Move, Signed, Stage, Verdict, Workflow
from hue_dti.appraisal.rounds import Extension, Participant, Phase, Round, RoundLine, SelfMark, UnitSheet, Window
from hue_dti.appraisal.windows import Fixed
from hue_dti.evidence.model import Checked, Kind
from hue_dti.evidence.pieces import Draft, Form, Scan
from hue_dti.observations.base import Draft as BaseDraft
from hue_dti.observations.entered import Choice, Typed, Writer, record
from hue_dti.plans.model import Plan, PlanKey, PlanLine, PlanVersion
from hue_dti.plans.progress import Doing, Told
from hue_dti.plans.targets import target_of
from hue_dti.rollup.given import Given
from hue_dti.rollup.read_values import Spelling
from hue_dti.rollup.rounds import Publication, freeze
from hue_dti.rollup.year_results import YearResult
from hue_dti.storage.entries import Weighed
from hue_dti.storage.evidence import LookedAt
from hue_dti.storage.notes import FigureNote
from hue_dti.storage.registers import Change, RegisterWord
from hue_dti.storage.reviews import Step
from hue_dti.storage.round_notices import Addressee
from hue_dti.trail.model import Event
from hue_dti.units.events import Resolution, UnitEvent
from hue_dti.units.profile import UnitProfile
from tests.storage import reports


def fill(storage, database, make):
    """A row in every table that only takes new rows."""
    run = storage.begin_pull("super_app", "483", make.period, make.at)
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    storage.save_observations(run, [make.observation(raw)])
    storage.finish_pull(run, "ok", "", 1, 1, (), make.at, second=[make.observation(raw)])
    storage.save_snapshot(make.head(), b"bundle", ["20161"])
    storage.save_units([make.unit("483")])
    storage.profiles.save(UnitProfile("483", email="a@b.vn"), "Trần Thị Bình", make.at)
    storage.base.propose([BaseDraft("483", date(2020, 1, 1), "households", 2024, 7258, date(2023, 12, 31), "12/BC")], "Lê Văn An", make.at)
    storage.base.reject(storage.base.proposals(), "Trần Thị Bình", make.at, "sai")
    storage.articles.say("web_news", "a.example/1", "leader_news", "Thư ký", "tin về lãnh đạo", make.at)
    storage.trail.note(Event("name.confirmed", "an", "Lê Văn An", "483", "TTKT", "", "", "đúng tên cũ", make.at))
    reports.issued(storage, make.head().sha256, make.at)
    reports.corrected(storage, make.head().sha256, make.at)
    by = Writer("an", "Lê Văn An", "")
    number = storage.notes.add(FigureNote(0, "483", "shops", "2024-Q2", 5, "super_app", raw.sha256, "thiếu hai chợ", by, make.at))
    storage.notes.answer(number, "đã lấy lại", by, make.at)
    one = Typed(UUID(int=1), "483", "shops", "2024-Q2", Choice.VALUE, 5, "", "an")
    kept, event = record(one, by, make.at), Event("entry.saved", "an", "", "483", "shops", "", "5", "", make.at)
    storage.entries.save(one, by, make.at, "483", (), lambda *_: Weighed(make.observation(kept), kept, None, None, event))
    review(storage, raw, make)
    prove(storage, make)
    plan(storage, make)
    assess(storage, make)
    event = UnitEvent("2025-01", date(2025, 1, 1), "Đổi tên", Resolution("1/NQ", date(2024, 12, 1), "Quốc hội"))
    storage.unit_events.learn([event])
    storage.unit_events.apply(event, (), "an", make.at)
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO article (run_id, source, key, identity, title, link, categories, measure) "
            "VALUES (%s, 's', 'k', 'i', 't', '', '', '')",
            (run,),
        )
        connection.execute("INSERT INTO document_register VALUES (%s, '483', '2024-Q2')", (run,))
        connection.execute(
            "INSERT INTO registered_document VALUES (%s, 0, '483', 'issued', '1', '2024-01-01', 'k', 't', 'i', '', '', NULL, '')", (run,)
        )


def review(storage, raw, make):
    """Figures sent and opened, one returned with a comment, a lock exception, an appraiser's mark."""
    hoa, binh, day = Signed("hoa", "Hồ Thị Hoa", "Cán bộ"), Signed("binh", "Trần Thị Bình", "Uỷ viên"), date(2024, 6, 30)
    sent = storage.reviews.move(Case("483", "2024-Q2", Workflow.FIGURES), Step(Move.SEND, hoa, make.at, code="A", told=[]))
    opened = storage.reviews.move(sent, Step(Move.OPEN, binh, make.at, until=day))
    cell = ("483", "staff_standardised", "2024-Q2")
    storage.reviews.mark(opened, [Mark(*cell, Verdict.RETURNED, 921, raw.sha256, "hoa", "sai", binh, make.at)])
    storage.reviews.comment(Comment(*cell, "Hỏi lại Phòng Nội vụ.", binh, make.at))
    storage.reviews.open_locks([LockException("483", "2024-Q2", "III.1", day, "sai số hộ", binh, make.at)])
    begun = storage.reviews.move(Case("483", "2024-Q2", Workflow.APPRAISAL), Step(Move.BEGIN, binh, make.at))
    storage.appraisals.write(begun, [AppraisalMark("483", "2024-Q2", "III.1", Stage.APPRAISED, 9, 5, "thiếu văn bản", binh, make.at)])


def prove(storage, make):
    """A file put beside a criterion and taken back."""
    draft = Draft(UUID(int=2), "483", "2024-Q2", "I.1", "signed_file", Form.FILE, sha256="a" * 64, name="a.pdf")
    file = LookedAt("a" * 64, 5, Checked(Kind.PDF, 1), Scan.NONE)
    piece, _ = storage.evidence.add(draft, file, "an", "Lê Văn An", make.at, 100)
    storage.registers.save("483", "van-ban", [Change(UUID(int=3), UUID(int=4), {})], "an", "Lê Văn An", make.at)
    storage.registers.say(RegisterWord("van-ban", "483", "2024-Q2", False, "chờ xã gửi", "an", "Lê Văn An", make.at))
    storage.evidence.withdraw(piece.number, "an", "Lê Văn An", "nhầm tệp", make.at)


def assess(storage, make):
    """A round with its days moved, a mark, a word on it, more time for its unit, a published result, and a year's."""
    by, day = Signed("an", "Lê Văn An", ""), date(2024, 6, 1)
    unit, line = Participant("483", "Nam Đông"), RoundLine("I.1", "Quyết định", "I", 50_000)
    windows = {phase: Window(day, day) for phase in Phase}
    given = Round("thu", "Thử", "hue-district-2024", "46", 2024, (unit,), (line,), windows, by, make.at)
    storage.rounds.open(given)
    storage.rounds.move("thu", Fixed(1, windows, "bão", by, make.at), (0, 0, 0), tell=[Addressee("an", "an@hue.example")])
    storage.rounds.extend("thu", Extension("483", Phase.ENTRY, day, "mất điện", by, make.at))
    storage.rounds.enter("thu", [SelfMark("483", "I.1", 9, "", "", by, make.at)], [None], moved=1)
    other = Signed("binh", "Trần Thị Bình", "")
    storage.rounds.mark("thu", [AppraisalMark("483", "thu", "I.1", Stage.APPRAISED, 9, 5, "thiếu", other, make.at)], moved=1)
    told = ("province-922", 2021, 1, "unit", Spelling(), "Báo cáo DTI 2021", day, "", "an", "Lê Văn An", "", make.at)
    storage.year_results.keep(YearResult(*told))
    digest, bundle = freeze(given, [UnitSheet(given, unit)], None, 1, "")
    storage.rounds.publish(Publication("thu", 1, digest, "", "an", "", "", make.at), bundle, by, moved=1)


def plan(storage, make):
    """A plan, and a word of one of its lead units."""
    provincial = Given(UUID(int=77), "46", "2024-Q2", "province-922", "3.4", Fraction(1), document="12/BC")
    storage.provincial.give(provincial, "an", "Lê Văn An", make.at)
    key, who = PlanKey("46", "province-922", 2024), ("an", "Lê Văn An", "")
    line = PlanLine("1", "awareness", "Họp", "", target_of("100%"), lead=("Văn phòng",))
    storage.plans.keep(PlanVersion(key, 1, "Kế hoạch", Plan("province-922", (line,)), "", *who, make.at, {"Văn phòng": ("483",)}))
    storage.plans.tell(key, Told(line.key, "Văn phòng", date(2024, 6, 1), Doing.DOING, "", "", *who, make.at))
