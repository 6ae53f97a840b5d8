"""The head outside the database shows what its owner did to the trail, and says so at the command line."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from benchmarks.proofs.quarters import PERIOD
from hue_dti.cli import cli
from hue_dti.config import Settings
from hue_dti.errors import MailUnsent, SettingError, TrailError
from hue_dti.services.close import close_quarter
from hue_dti.services.trail_anchors import anchor_trail, mail_head, read_anchors, trail_anchors, verify_trail
from hue_dti.services.workbench import Workbench
from hue_dti.trail.chain import BEFORE_ALL, code, link
from hue_dti.trail.model import Hand
from jobs.trail import anchor_the_trail
from tests.services.post_office import Box, post_office

AT = datetime(2024, 6, 10, 17, 15, tzinfo=UTC)
HAND = Hand("an.le", "Lê Văn An")


@pytest.fixture
def trail(storage):
    """Ten events."""
    storage.trail.note(*(HAND.did("export.made", AT, unit="483", subject=f"báo cáo số {number}") for number in range(10)))
    return storage.trail


@pytest.fixture
def file(tmp_path):
    return tmp_path / "outside" / "nhat-ky.log"


@pytest.fixture
def by_force(database):
    """Statements of whoever owns the tables."""

    def run(*statements):
        with database.connect("hue_dti_owner") as owner:
            owner.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
            for statement in statements:
                owner.execute(statement)
            owner.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_only_takes_new_rows")
            owner.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_is_chained")

    return run


@pytest.fixture
def audit(database, tmp_path):
    outside = tmp_path / "outside" / "nhat-ky.log"
    environment = {**database.environment, "HUE_DTI_HOME": str(tmp_path), "HUE_DTI_TRAIL_ANCHORS": str(outside)}
    return lambda *words: CliRunner().invoke(cli, ["audit", *words], env=environment)


def test_the_head_is_added_once_and_what_the_file_says_stays(storage, trail, file):
    first = anchor_trail(storage, file, AT)
    assert anchor_trail(storage, file, AT) == first
    trail.note(HAND.did("export.made", AT))
    second = anchor_trail(storage, file, AT)
    assert read_anchors(file) == (first, second)
    assert (first.seq, second.seq) == (10, 11)
    assert verify_trail(storage, file).flaws == ()


def test_before_the_first_event_there_is_nothing_to_keep(storage, file):
    assert anchor_trail(storage, file, AT) is None
    assert verify_trail(storage, file).head is None


def test_a_line_that_a_crash_tore_is_named_for_ever_and_hides_no_head(storage, trail, file):
    file.parent.mkdir()
    file.write_text("3 0abc")
    head = anchor_trail(storage, file, AT)
    assert read_anchors(file) == (head,)
    assert [flaw.partition(": ")[0] for flaw in verify_trail(storage, file).flaws] == [f"{file}:1"]


def test_a_chain_that_lost_the_head_told_last_is_not_vouched_for_again(storage, trail, file, by_force):
    anchor_trail(storage, file, AT)
    by_force("DELETE FROM audit_event WHERE seq > 7")
    trail.note(HAND.did("export.made", AT))
    with pytest.raises(TrailError, match="sự kiện số 10"):
        anchor_trail(storage, file, AT)
    assert len(read_anchors(file)) == 1


def test_a_file_that_cannot_be_written_is_told_with_what_to_mend(storage, trail, tmp_path):
    (tmp_path / "outside").write_text("")
    with pytest.raises(TrailError, match="HUE_DTI_TRAIL_ANCHORS"):
        anchor_trail(storage, tmp_path / "outside" / "nhat-ky.log", AT)


def test_every_closing_leaves_its_head_outside(district, file, tmp_path):
    head = close_quarter(district.storage, district.catalogue, district.unit, PERIOD, district.now, "Thư ký", trail_anchors=file)
    assert read_anchors(file) == (district.storage.trail.closing(head.sha256),)


def test_the_nightly_job_keeps_the_head_and_mails_it(storage, trail, database, file):
    box = Box()
    with post_office(box) as smtp:
        settings = replace(database.settings, trail_anchors=file, trail_mail="thanh-tra@tinh.example", smtp=smtp)
        anchor_the_trail(Workbench(settings, None, storage, lambda: AT))
    head = storage.trail.head()
    (letter,) = box.letters
    assert (letter["To"], letter["Subject"]) == ("thanh-tra@tinh.example", f"Mã nhật ký {code(head)}")
    assert f"{head.seq} {head.hash}" in letter.get_content()
    assert read_anchors(file) == (head,)


def test_without_an_address_or_a_server_nothing_is_mailed_and_a_mail_that_failed_is_told(storage, trail, database):
    head = storage.trail.head()
    assert not mail_head(replace(database.settings, trail_mail="a@b.vn"), head, AT)
    with post_office(Box(RCPT="550 no")) as smtp:
        assert not mail_head(replace(database.settings, smtp=smtp), head, AT)
        with pytest.raises(MailUnsent):
            mail_head(replace(database.settings, smtp=smtp, trail_mail="a@b.vn"), head, AT)


def test_the_settings_say_where_the_heads_go(tmp_path):
    assert trail_anchors(Settings(home=tmp_path)) == tmp_path / "anchors" / "nhat-ky.log"
    set_apart = Settings.from_environment({"HUE_DTI_TRAIL_ANCHORS": str(tmp_path / "x"), "HUE_DTI_TRAIL_MAIL": "a@b.vn"})
    assert (trail_anchors(set_apart), set_apart.trail_mail) == (tmp_path / "x", "a@b.vn")
    with pytest.raises(SettingError, match="HUE_DTI_TRAIL_MAIL"):
        Settings.from_environment({"HUE_DTI_TRAIL_MAIL": "không phải"})


def test_a_whole_trail_ends_well_and_says_against_what_it_was_held(storage, trail, file, audit):
    before = audit("verify")
    assert before.exit_code == 0
    assert "chưa có mã nào giữ bên ngoài" in before.stderr
    head = anchor_trail(storage, file, AT)
    after = audit("verify", "--code", code(head))
    assert (after.exit_code, after.stderr) == (0, "")
    assert after.stdout == f"Nhật ký nguyên vẹn: 10 sự kiện, mã {code(head)}.\nKhớp với 2 mã giữ bên ngoài.\n"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_event SET reason = 'khác' WHERE seq = 4", "sự kiện số 4: các cột không khớp"),
        ("DELETE FROM audit_event WHERE seq = 4", "sự kiện số 5: 1 sự kiện trước nó đã mất"),
        ("DELETE FROM audit_event WHERE seq > 8", "sự kiện số 10: không còn trong nhật ký"),
        ("TRUNCATE audit_event", "sự kiện số 10: không còn trong nhật ký"),
    ],
)
def test_what_the_owner_of_the_tables_did_is_named_and_ends_with_1(storage, trail, file, audit, by_force, statement, said):
    anchor_trail(storage, file, AT)
    by_force(statement)
    checked = audit("verify")
    assert checked.exit_code == 1
    assert said in checked.stderr


def test_a_chain_computed_anew_is_found_with_the_file_or_the_code_on_paper_alone(storage, trail, file, audit, by_force):
    head = anchor_trail(storage, file, AT)
    prev, statements = BEFORE_ALL, []
    for kept in list(trail.every()):
        body = kept.body.replace("Lê Văn An", "Lê Văn Anh")
        own = link(prev, kept.seq, body)
        told = f"name = 'Lê Văn Anh', body = $x${body}$x$, prev_hash = '{prev}', hash = '{own}'"
        statements.append(f"UPDATE audit_event SET {told} WHERE seq = {kept.seq}")
        prev = own
    by_force(*statements)
    assert "tính lại" in audit("verify").stderr
    file.unlink()
    assert audit("verify").exit_code == 0
    assert "tính lại" in audit("verify", "--code", code(head)).stderr


def test_what_is_no_code_or_no_file_is_wrong_use(audit):
    assert audit("verify", "--code", "123").exit_code == 2
    assert audit("verify", "--anchors", "/none").exit_code == 2


def test_events_are_printed_as_sentences_newest_first_and_narrowed(storage, trail, audit):
    trail.note(HAND.did("base.approved", AT, unit="483", subject="households, năm 2024", old="1", new="2", reason="đúng niên giám"))
    shown = audit("show", "--limit", "2")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    first = next(number for number, line in enumerate(lines) if "duyệt số liệu nền households" in line)
    assert any("báo cáo số 9" in line for line in lines[first:])
    assert "1 → 2; lý do: đúng niên giám" in shown.stdout
    assert '"act": "base.approved"' in audit("show", "--act", "base.", "--json").stdout
    assert "export.made" not in audit("show", "--act", "base.", "--json").stdout
    assert audit("show", "--since", "12/06/2024").stdout == "Không có sự kiện nào như vậy.\n"
    assert "báo cáo số 3" in audit("show", "--since", "11/06/2024", "--until", "2024-06-11").stdout
    assert audit("show", "--since", "hôm qua").exit_code == 2
