"""Run every long proof and record its closing line in docs/proofs.md: `python -m benchmarks.proofs`."""

from __future__ import annotations

import subprocess
import sys
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


def main() -> int:
    """Run all, write the page, end with 1 when one failed."""
    rows, held = [], True
    for name, claim in PROOFS.items():
        last, good = run(name)
        held = held and good
        rows.append(f"| {claim} | `python -m benchmarks.proofs.{name}` | {'đúng' if good else 'SAI'} | {last} |")
    ran = f"Chạy lúc {format_moment(datetime.now(UTC))} bằng `make proof`, chương trình {__version__}."
    head = ["# Các phép chứng minh dài", "", ran, ""]
    table = ["| Điều được chứng minh | Lệnh | Kết quả | Dòng cuối |", "|---|---|---|---|", *rows, ""]
    TARGET.write_text("\n".join([*head, *table]), encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
