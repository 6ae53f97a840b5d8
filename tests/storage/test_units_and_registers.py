"""Units in time and registers of documents."""

from dataclasses import replace
from datetime import date

from hue_dti.observations.model import RegisteredDocument
from hue_dti.periods import Window
from hue_dti.storage import open_storage
from hue_dti.units.model import Level, OrgUnit

NAM_DONG = OrgUnit("483", "Huyện Nam Đông", Level.DISTRICT, "46", date(1990, 9, 29), aliases=("Nam Đông", "H. Nam Đông"))
HUONG_XUAN = OrgUnit("20179", "Xã Hương Xuân", Level.COMMUNE, "483", date(2020, 1, 1))
NAM_DONG_COMMUNE = OrgUnit("20179", "Xã Nam Đông", Level.COMMUNE, "46", date(2025, 7, 1))
PLAN = RegisteredDocument("483", "issued", "13/KH-UBND", date(2024, 1, 8), "Kế hoạch", "Chuyển đổi số năm 2024", "UBND huyện", "II.1")
YEAR = Window(date(2024, 1, 1), date(2024, 6, 10))


def test_units_come_back_as_they_went_in_however_often_they_are_saved(storage):
    for _ in range(3):
        storage.save_units([NAM_DONG, HUONG_XUAN])
    assert storage.units() == (HUONG_XUAN, NAM_DONG)


def test_a_code_used_again_closes_the_span_before_it(storage):
    storage.save_units([HUONG_XUAN])
    storage.save_units([NAM_DONG_COMMUNE])
    earlier, later = storage.units()
    assert earlier.valid_to == date(2025, 6, 30)
    assert later == NAM_DONG_COMMUNE


def test_a_corrected_name_and_other_aliases_replace_the_old(storage):
    storage.save_units([NAM_DONG])
    corrected = OrgUnit("483", "Huyện Nam Đông (cũ)", Level.DISTRICT, "46", date(1990, 9, 29), date(2025, 6, 30), aliases=("NĐ",))
    storage.save_units([corrected])
    assert storage.units() == (corrected,)


def test_units_not_given_stay(storage):
    storage.save_units([NAM_DONG])
    storage.save_units([HUONG_XUAN])
    assert len(storage.units()) == 2


def test_the_newest_register_replaces_the_one_before_even_when_it_is_shorter(storage, run, make):
    other = RegisteredDocument("483", "issued", "14/KH-UBND", date(2024, 2, 1), "Kế hoạch", "Bị rút", "UBND huyện")
    storage.save_documents(run, "483", make.period, [PLAN, other])
    again = storage.begin_pull("documents", "483", make.period, make.at)
    storage.save_documents(again, "483", make.period, [PLAN])
    assert storage.documents("483", YEAR) == (PLAN,)


def test_an_empty_register_is_a_register(storage, run, make):
    storage.save_documents(run, "483", make.period, [PLAN])
    again = storage.begin_pull("documents", "483", make.period, make.at)
    storage.save_documents(again, "483", make.period, [])
    assert storage.documents("483", YEAR) == ()


def test_the_history_of_registers_is_kept(storage, database, run, make):
    storage.save_documents(run, "483", make.period, [PLAN])
    again = storage.begin_pull("documents", "483", make.period, make.at)
    storage.save_documents(again, "483", make.period, [])
    with database.connect() as connection:
        assert connection.execute("SELECT number FROM registered_document").fetchall() == [("13/KH-UBND",)]


def test_a_document_in_two_periods_registers_is_read_once_from_the_newer(storage, run, make):
    storage.save_documents(run, "483", "2024-Q1", [PLAN])
    again = storage.begin_pull("documents", "483", make.period, make.at)
    retitled = RegisteredDocument(**{name: getattr(PLAN, name) for name in PLAN.__slots__} | {"title": "Kế hoạch chuyển đổi số"})
    storage.save_documents(again, "483", make.period, [retitled])
    assert storage.documents("483", YEAR) == (retitled,)


def test_documents_are_those_of_the_unit_in_the_window_oldest_first(storage, run, make):
    def dated(day, unit="483"):
        return RegisteredDocument(unit, "issued", f"{day}/UBND", date(2024, 5, day), "Công văn", "Về", "UBND huyện")

    storage.save_documents(run, "483", make.period, [dated(9), dated(3), dated(3, "20179"), dated(1), dated(10)])
    found = storage.documents("483", Window(date(2024, 5, 2), date(2024, 5, 9)))
    assert [document.number for document in found] == ["3/UBND", "9/UBND"]


def test_two_documents_alike_in_one_register_are_both_kept(storage, run, make):
    unnumbered = RegisteredDocument("483", "received", "", date(2024, 5, 2), "Giấy mời", "Họp", "UBND tỉnh")
    storage.save_documents(run, "483", make.period, [unnumbered, unnumbered])
    assert storage.documents("483", YEAR) == (unnumbered, unnumbered)


def test_units_that_another_process_changed_are_seen_at_once(storage, database):
    storage.save_units([NAM_DONG])
    with open_storage(database.settings) as another:
        assert another.units() == (NAM_DONG,)
        storage.save_units([replace(NAM_DONG, name="Huyện khác")])
        assert [each.name for each in another.units()] == ["Huyện khác"]
        with database.connect() as connection:
            connection.execute("DELETE FROM unit_alias")
        assert [each.aliases for each in another.units()] == [()]
