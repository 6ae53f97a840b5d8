"""Whatever a person changes is recorded with the change; what cannot be recorded does not happen."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from benchmarks.proofs.quarters import PERIOD
from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.errors import HueDtiError, StorageError
from hue_dti.observations.model import ListedArticle
from hue_dti.services.alerts import acknowledge
from hue_dti.services.articles import assign
from hue_dti.services.backup import back_up, restore_backup
from hue_dti.services.base import propose_one
from hue_dti.services.names import confirm_name, dismiss_name
from hue_dti.services.profiles import import_profiles
from hue_dti.services.run_now import TRY, SourceCall, ask_now
from hue_dti.services.trial import ask_trial
from hue_dti.storage import open_storage
from hue_dti.trail.chain import flaws
from hue_dti.trail.model import Hand
from tests.services.base_figures import COMMUNE, Office

HAND = Hand("an.le", "Lê Văn An", "10.1.2.3", "R-17")
CELLS = {
    "unit": COMMUNE,
    "measure": "households",
    "year": "2024",
    "value": "2.000.000",
    "as_of": "31/12/2023",
    "document": "Báo cáo 12/BC-CCTK ngày 05/01/2024",
}


@dataclass
class Acts:
    """What persons do to a district, each act ready to be done once."""

    district: object
    folder: object
    done: list[str] = field(default_factory=list)

    def __post_init__(self):
        storage, now = self.district.storage, self.district.now
        storage.note_unknown_name("super_app", "TT Khe Tre cũ", None, now())
        storage.note_unknown_name("super_app", "Tổng cộng", None, now())
        storage.alerts.settle("483", Verdict((Finding("nguon-loi", Kind.FAILED, "super_app", "Hue-S không trả lời", now()),)), now())
        run = storage.begin_pull("web_news", "483", PERIOD, now())
        listed = [ListedArticle("a.vn/1", "1", "Chủ tịch huyện kiểm tra", "https://a.vn/1", date(2024, 5, 1), "Thông báo", "")]
        storage.finish_pull(run, "ok", "", 1, 0, (), now(), listed=listed)
        self.first, self.second = (Office(self.district).propose(value) for value in (2_100_000, 2_200_000))
        (self.folder / "thong-tin.csv").write_text("Mã đơn vị,Thư điện tử\n483,dti@namdong.vn\n", encoding="utf-8")

    def close(self):
        return self.district.close()

    def propose(self):
        return propose_one(self.district.storage, self.district.catalogue, CELLS, "Lê Văn An", self.district.now(), HAND)

    def approve(self):
        return Office(self.district).approve(self.first)

    def reject(self):
        return Office(self.district).reject(self.second)

    def take_on(self):
        return acknowledge(self.district.storage, 1, "Lê Văn An", "đã gọi nhà cung cấp", self.district.now(), HAND)

    def confirm(self):
        place = self.district
        return confirm_name(place.storage, place.catalogue, {}, "super_app", "TT Khe Tre cũ", COMMUNE, "Lê Văn An", place.now, HAND)

    def dismiss(self):
        place = self.district
        return dismiss_name(place.storage, place.catalogue, "super_app", "Tổng cộng", "dòng cộng", "Lê Văn An", place.now(), HAND)

    def tell(self):
        return import_profiles(self.district.storage, self.folder / "thong-tin.csv", "Lê Văn An", self.district.now(), hand=HAND)

    def assign(self):
        place = self.district
        return assign(place.storage, place.catalogue, "1", "leader_news", "Lê Văn An", "tin về Chủ tịch", place.now, HAND)

    def ask(self):
        return ask_now(self.district.storage, SourceCall("483", PERIOD, "super_app"), [HAND.did("source.asked", self.district.now())])

    def ask_for_a_trial(self):
        call = SourceCall("483", PERIOD, "super_app", TRY)
        return ask_trial(self.district.storage, call, [HAND.did("source.tried", self.district.now())])

    def back_up(self):
        return back_up(self.district.storage, self.folder / "all.backup", self.district.home, self.district.now, HAND)


ACTS = {
    "close": ("quarter.closed", "483", "Quý II năm 2024", ""),
    "propose": ("base.proposed", COMMUNE, "households, năm 2024", "Báo cáo 12/BC-CCTK ngày 05/01/2024"),
    "approve": ("base.approved", COMMUNE, "households, năm 2024", ""),
    "reject": ("base.rejected", COMMUNE, "households, năm 2024", "sai"),
    "take_on": ("alert.taken_on", "483", "Hue-S không trả lời", "đã gọi nhà cung cấp"),
    "confirm": ("name.confirmed", COMMUNE, "super_app: TT Khe Tre cũ", ""),
    "dismiss": ("name.dismissed", "", "super_app: Tổng cộng", "dòng cộng"),
    "tell": ("profile.saved", "483", "", ""),
    "assign": ("article.assigned", "483", "Chủ tịch huyện kiểm tra", "tin về Chủ tịch"),
    "ask": ("source.asked", "", "", ""),
    "ask_for_a_trial": ("source.tried", "", "", ""),
    "back_up": ("backup.made", "", "all.backup", ""),
}


@pytest.fixture
def acts(district, tmp_path):
    return Acts(district, tmp_path)


def contents(storage):
    with storage.dumping() as dump:
        return {table.name: b"".join(dump.rows(table)) for table in dump.tables}


def test_every_act_leaves_one_event_that_says_where_what_and_why(acts):
    book = acts.district.storage.trail
    for name, expected in ACTS.items():
        getattr(acts, name)()
        (kept,) = book.page(most=1)
        assert (kept.event.act, kept.event.unit, kept.event.subject, kept.event.reason) == expected, name
    assert book.count() == len(ACTS)
    assert list(flaws(book.every())) == []


def test_an_event_says_whose_hand_it_was_and_from_where(acts):
    acts.dismiss()
    (kept,) = acts.district.storage.trail.page()
    assert (kept.event.actor, kept.event.name, kept.event.address, kept.event.request) == ("an.le", "Lê Văn An", "10.1.2.3", "R-17")


def test_what_was_before_and_what_is_now_is_told(acts):
    acts.approve()
    acts.tell()
    acts.assign()
    told = [(each.event.old, each.event.new) for each in acts.district.storage.trail.every()]
    assert told[0][1] == "2.100.000"
    assert told[1] == ("Thư điện tử: để trống", "Thư điện tử: dti@namdong.vn")
    assert told[2] == ("chưa phân loại", acts.district.catalogue.measures["leader_news"].name)


def test_what_cannot_be_recorded_does_not_happen(acts, database):
    """A sample of `benchmarks.proofs.audit_refused`."""
    with database.connect("hue_dti_owner") as owner:
        owner.execute("REVOKE INSERT ON audit_event FROM hue_dti_app")
    before = contents(acts.district.storage)
    for name in ACTS:
        with pytest.raises(StorageError):
            getattr(acts, name)()
        assert contents(acts.district.storage) == before, name
    assert not (acts.folder / "all.backup").exists()


def test_an_act_that_is_refused_leaves_no_event(acts):
    for act in (acts.take_on, acts.dismiss, acts.approve):
        act()
        with pytest.raises(HueDtiError):
            act()
    acts.close()
    acts.close()
    assert [each.event.act for each in acts.district.storage.trail.every()] == [
        "alert.taken_on",
        "name.dismissed",
        "base.approved",
        "quarter.closed",
    ]


def test_the_head_on_a_closed_quarter_s_papers_is_its_closing(acts):
    head = acts.close()
    acts.back_up()
    book = acts.district.storage.trail
    assert book.closing(head.sha256) == next(book.every()).head
    assert book.closing("0" * 64) is None


def test_a_restore_is_the_first_event_after_those_it_brought_back(acts, empty_database):
    acts.close()
    saved = acts.back_up()
    restore_backup(empty_database.settings, saved.path, acts.folder / "other", acts.district.now(), HAND)
    with open_storage(empty_database.settings) as storage:
        assert [each.event.act for each in storage.trail.every()] == ["quarter.closed", "backup.restored"]
        assert list(flaws(storage.trail.every(), [next(acts.district.storage.trail.every()).head])) == []


def test_a_restore_does_not_heal_a_trail_that_was_changed(acts, empty_database, database):
    acts.close()
    acts.dismiss()
    with database.connect("postgres") as owner:
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        owner.execute("UPDATE audit_event SET actor = 'kẻ khác' WHERE seq = 2")
        owner.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_only_takes_new_rows")
        owner.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_is_chained")
    saved = acts.back_up()
    restore_backup(empty_database.settings, saved.path, acts.folder / "other", acts.district.now(), HAND)
    with open_storage(empty_database.settings) as storage:
        assert [flaw.seq for flaw in flaws(storage.trail.every())] == [2]
