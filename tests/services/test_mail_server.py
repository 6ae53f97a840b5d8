"""The e-mail itself: nothing in it comes from a hostile name, and it goes to the mail server safely or not at all."""

import ssl
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from hue_dti.config import Settings, Smtp
from hue_dti.errors import MailUnsent, SettingError
from hue_dti.reports.reminder import digest
from hue_dti.services.mail import send
from hue_dti.services.remind import message
from hue_dti.storage import ReminderKey
from tests.services.late_figures import A_WEEK_BEFORE, made_late, owed_by
from tests.services.post_office import Box, asks_for, certificate, hangs_up, post_office

KEY = ReminderKey("483", "2024-Q2", 7)
MAILBOX = "vhtt@namdong.example"


@pytest.fixture(scope="module")
def owed(copy_quarter, tmp_path_factory):
    """What a late quarter owes."""
    with copy_quarter(tmp_path_factory.mktemp("late")) as quarter:
        yield owed_by(made_late(quarter))


def hostile(owed, name):
    """The same debt where the unit, a criterion, a source's fault and its owner are called so."""
    first, *others = owed.criteria
    measure = replace(first.measures[0], reason=name, owner=name, units=(name, "Xã A"))
    return replace(owed, unit=replace(owed.unit, name=name), criteria=(replace(first, name=name, measures=(measure,)), *others))


@pytest.mark.parametrize(
    "name",
    [
        "Xã A\r\nBcc: kho@xau.example\r\n\r\nthân",
        "Xã\u2028B\x00\x85C",
        "<script>alert(1)</script>",
        "Xã \u202egnoĐ",
        "X" * 3000,
        "{unit} %s",
    ],
)
def test_a_hostile_name_adds_no_header_and_no_markup(owed, name):
    smtp = Smtp("127.0.0.1", 25, "a@b.vn", "none")
    mail = message(hostile(owed, name), KEY, smtp, MAILBOX, A_WEEK_BEFORE)
    box = Box()
    with post_office(box) as there:
        send(there, mail, MAILBOX)
    (letter,) = box.letters
    assert sorted(letter.keys()) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version"]
        + [key for key in letter if key in {"X-Peer", "X-MailFrom", "X-RcptTo"}]
    )
    assert "\n" not in letter["Subject"]
    html = BeautifulSoup(letter.get_body(("html",)).get_content(), "html.parser")
    assert {tag.name for tag in html.find_all(True)} <= {"html", "head", "meta", "body", "p", "ul", "li", "strong"}


def test_the_mail_is_handed_over_encrypted_and_logged_in_or_not_at_all(owed, tmp_path, monkeypatch, caplog):
    key, cert = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    mail = message(owed, KEY, Smtp("127.0.0.1", 25, "a@b.vn", "none"), MAILBOX, A_WEEK_BEFORE)
    box = Box()
    options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": asks_for("nhac", "bi-mat-dai")}
    with post_office(box, "starttls", **options) as smtp:
        known = replace(smtp, user="nhac", password="bi-mat-dai")
        with pytest.raises(MailUnsent, match=r"không mở được đường truyền.*certificate"):
            send(known, mail, MAILBOX)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        with pytest.raises(MailUnsent, match=r"không cho đăng nhập \(mã 535\)") as refused:
            send(replace(known, password="sai-mat"), mail, MAILBOX)
        assert box.letters == []
        send(known, mail, MAILBOX)
    assert len(box.letters) == 1
    told = f"{refused.value} {caplog.text} {known!r} {Settings(smtp=known)!r}"
    assert "sai-mat" not in told
    assert "bi-mat" not in told


def test_a_mail_server_that_goes_away_at_the_login_is_told_so(owed):
    mail = message(owed, KEY, Smtp("127.0.0.1", 25, "a@b.vn", "none"), MAILBOX, A_WEEK_BEFORE)
    box, told = Box(), r"không cho đăng nhập.*hãy kiểm tra máy chủ thư"
    with post_office(box, auth_require_tls=False, authenticator=hangs_up) as smtp, pytest.raises(MailUnsent, match=told) as refused:
        send(replace(smtp, user="nhac", password="bi-mat-dai"), mail, MAILBOX)
    assert box.letters == []
    assert "bi-mat" not in str(refused.value)


SOUND = {"HUE_DTI_SMTP_HOST": "thu.example", "HUE_DTI_SMTP_FROM": "dti@tinh.example"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"HUE_DTI_SMTP_TLS": "none"}, "không ở trên máy này"),
        ({"HUE_DTI_SMTP_TLS": "ssl"}, "hãy viết starttls, tls hoặc none"),
        ({"HUE_DTI_SMTP_PORT": "70000"}, "số cổng"),
        ({"HUE_DTI_SMTP_FROM": "dti"}, "chưa phải địa chỉ thư"),
        ({"HUE_DTI_SMTP_FROM": "a@b.vn\r\nBcc: x@y.vn"}, "chưa phải địa chỉ thư"),
        ({"HUE_DTI_SMTP_USER": "a"}, "phải đặt cả hai"),
        ({"HUE_DTI_SMTP_USER": "a", "HUE_DTI_SMTP_PASSWORD": "mật khẩu"}, "chữ không dấu"),
        ({"HUE_DTI_SMTP_USER": "a", "HUE_DTI_SMTP_PASSWORD_FILE": "/khong/co"}, "không đọc được"),
    ],
)
def test_a_mail_server_that_cannot_be_one_is_told_by_the_name_of_the_setting(told, expected):
    with pytest.raises(SettingError, match=expected):
        Settings.from_environment({**SOUND, **told})


def test_the_mail_server_is_read_from_the_environment_and_its_password_from_a_file(tmp_path):
    (tmp_path / "mat-khau").write_text("bi mat\n", encoding="utf-8")
    told = {**SOUND, "HUE_DTI_SMTP_USER": "nhac", "HUE_DTI_SMTP_PASSWORD_FILE": str(tmp_path / "mat-khau")}
    assert Settings.from_environment(told).smtp == Smtp("thu.example", 587, "dti@tinh.example", "starttls", "nhac", "bi mat")
    assert Settings.from_environment({**SOUND, "HUE_DTI_SMTP_TLS": "tls"}).smtp.port == 465
    assert Settings.from_environment({**SOUND, "HUE_DTI_SMTP_HOST": "::1", "HUE_DTI_SMTP_TLS": "none"}).smtp.port == 25
    assert Settings.from_environment({}).smtp is None


def test_many_units_at_one_figure_are_counted_where_not_named(owed):
    (criterion,) = [each for each in owed.criteria if each.code == "VII.3"]
    many = replace(criterion.measures[0], units=tuple(f"Xã {number}" for number in range(30)))
    written = digest(replace(owed, criteria=(replace(criterion, measures=(many,)),)), A_WEEK_BEFORE.date())
    assert "(30 đơn vị: Xã 0, " in written.plain
    assert "Xã 11 và 18 đơn vị khác)" in written.plain
