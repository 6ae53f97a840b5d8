"""Run every long proof, or those named, and record their closing lines in docs/proofs.md: `python -m benchmarks.proofs [NAME…]`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from hue_dti import __version__
from hue_dti.numerals import format_moment

PROOFS = {
    "flips": "Mỗi lần đổi một byte trong bản chốt đều bị phát hiện và gọi tên",
    "footnotes": "Bố cục chú thích chân trang trên tài liệu ngẫu nhiên: không mất chữ, không chồng lấn",
    "schedulers": "Nhiều tiến trình cùng giữ lịch: mỗi giờ hẹn được gọi đúng một lần",
    "away": "Tắt máy qua giờ hẹn: chạy bù đúng một lượt, giờ hẹn luôn là giờ Việt Nam",
    "killed_closes": "Tiến trình bị kill -9 giữa lúc chốt: quý trọn hoặc vắng, không bao giờ dở dang",
    "restarted": "PostgreSQL khởi động lại giữa lúc chốt: việc được làm lại và quý trọn",
    "wall": "Màn hình lớn chạy mãi trong trình duyệt thật: bộ nhớ đứng yên",
    "ill_sources": "Nguồn hỏng theo 15 kiểu: không số 0, không số sai, một cảnh báo, trang vẫn nhanh, nguồn khỏi thì chạy tiếp",
    "approvals": "Hai người cùng duyệt một lúc: đúng một người được, người kia được báo",
    "audit_tampers": "Chủ sở hữu bảng sửa nhật ký theo 5 cách: có mã giữ bên ngoài thì lần nào cũng bị phát hiện",
    "audit_million": "Một triệu sự kiện của nhật ký được kiểm hết dưới một phút",
    "audit_refused": "Việc không ghi được vào nhật ký thì không xảy ra",
    "killed_acts": "Tiến trình bị kill -9 giữa lúc nhập, nộp tài liệu, duyệt: không mất gì đã báo lưu, không số nào thiếu sự kiện",
    "hostile_files": "Tệp cố ý gây hại: không gì được chạy, không gì được mở ra ngoài, trong giới hạn bộ nhớ và thời gian",
    "killed_evidence": "Tiến trình bị kill -9 khi nhận minh chứng: đã báo nhận thì còn đủ tệp, dòng và vết",
    "no_room": "Đĩa đầy, bảng bị khóa, máy chủ dừng giữa lúc gửi: không báo đã lưu sai, giữ điều đã gõ, gửi lại đúng một lần",
    "accessibility": "Mọi trang trước mọi vai trò, hai cỡ màn hình: không lỗi tiếp cận nặng, liên kết hỏng, trang quá 150 KB",
    "by_keys": "Trọn một quý chỉ bằng bàn phím: tiêu điểm luôn thấy được, không mất, không kẹt, trang nào cũng bỏ qua được phần đầu",
    "without_scripts": "Trọn một quý trên điện thoại không chạy JavaScript: nhập, minh chứng, gửi, thẩm tra, duyệt",
    "taken_over": "Việc của tiến trình bị kill -9 được làm lại trong 15 giây",
}
TARGET = Path(__file__).resolve().parents[2] / "docs" / "proofs.md"


def run(name: str) -> tuple[str, bool]:
    """A proof's last line and whether it held."""
    done = subprocess.run([sys.executable, "-m", f"benchmarks.proofs.{name}"], capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return (lines[-1] if lines else "không có kết quả"), done.returncode == 0


def main(names: Collection[str]) -> int:
    """Run them, write the page, end with 1 when one failed; lines of proofs that are not run stay as they are."""
    known = {command: line for line in _lines() if (command := _command_in(line))}
    held = True
    for name in names:
        last, good = run(name)
        held = held and good
        when = format_moment(datetime.now(UTC))
        known[_command(name)] = f"| {PROOFS[name]} | `{_command(name)}` | {'đúng' if good else 'SAI'} | {last} | {when}, {__version__} |"
        _write([known[_command(each)] for each in PROOFS if _command(each) in known])
    return 0 if held else 1


def _command(name: str) -> str:
    return f"python -m benchmarks.proofs.{name}"


def _command_in(line: str) -> str:
    return line.split("`")[1] if line.startswith("|") and "`" in line else ""


def _lines() -> list[str]:
    return TARGET.read_text(encoding="utf-8").splitlines() if TARGET.exists() else []


def _write(rows: list[str]) -> None:
    head = ["# Các phép chứng minh dài", "", 'Chạy bằng `make proof`; chạy riêng vài phép: `make proof ARGS="restarted away"`.', ""]
    table = ["| Điều được chứng minh | Lệnh | Kết quả | Dòng cuối | Lúc, bản chương trình |", "|---|---|---|---|---|", *rows, ""]
    TARGET.write_text("\n".join([*head, *table]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PROOFS))
