"""The letters of a PDF: Liberation Serif 2.1.5 as shipped (SIL Open Font License), or Times New Roman from a folder."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from hue_dti.errors import ReportError

SHIPPED = Path(__file__).resolve().parent

_STYLES = ("regular", "bold", "italic", "bold_italic")
_FILES = (
    ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
    ("times_new_roman.ttf", "times_new_roman_bold.ttf", "times_new_roman_italic.ttf", "times_new_roman_bold_italic.ttf"),
    ("liberationserif-regular.ttf", "liberationserif-bold.ttf", "liberationserif-italic.ttf", "liberationserif-bolditalic.ttf"),
)
_VIETNAMESE = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
    "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ"
    "0123456789.,;:/%()–“”"
)
_lock = threading.Lock()
_loaded: dict[Path, Faces] = {}


@dataclass(frozen=True, slots=True)
class Faces:
    """Four faces under the names ReportLab knows them by; `covered` are the characters all four can draw."""

    regular: str
    bold: str
    italic: str
    bold_italic: str
    covered: frozenset[str]


def load_faces(folder: Path | None = None) -> Faces:
    """Register the four faces of a folder, once per process; raise ReportError when one is absent or lacks Vietnamese letters."""
    place = (folder or SHIPPED).resolve()
    with _lock:
        if place not in _loaded:
            _loaded[place] = _register(place)
        return _loaded[place]


def _register(folder: Path) -> Faces:
    # Names carry the folder: ReportLab mixes up two faces of one name without a word.
    prefix = f"serif-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"
    fonts = [_open(f"{prefix}-{style}", path) for style, path in zip(_STYLES, _find(folder), strict=True)]
    covered = frozenset.intersection(*(frozenset(map(chr, font.face.charToGlyph)) for font in fonts))
    missing = "".join(char for char in _VIETNAMESE if char not in covered)
    if missing:
        raise ReportError(
            f"Phông chữ trong '{folder}' thiếu chữ tiếng Việt: {missing}; hãy dùng Times New Roman hoặc Liberation Serif từ bản 2."
        )
    for font in fonts:
        pdfmetrics.registerFont(font)
    regular, bold, italic, bold_italic = (str(font.fontName) for font in fonts)
    pdfmetrics.registerFontFamily(regular, regular, bold, italic, bold_italic)
    return Faces(regular, bold, italic, bold_italic, covered)


def _find(folder: Path) -> tuple[Path, ...]:
    present = {path.name.lower(): path for path in folder.iterdir()} if folder.is_dir() else {}
    for files in _FILES:
        if all(name in present for name in files):
            return tuple(present[name] for name in files)
    raise ReportError(
        f"Thư mục phông chữ '{folder}' không có đủ bốn tệp; hãy đặt vào đó {', '.join(_FILES[0])} (Times New Roman)"
        " hoặc bỏ biến REPORT_FONT_DIR."
    )


def _open(name: str, path: Path) -> TTFont:
    try:
        return TTFont(name, str(path))
    except (TTFError, OSError) as fault:
        raise ReportError(f"Không đọc được phông chữ '{path}': {fault}; hãy thay bằng tệp TrueType (.ttf) nguyên vẹn.") from fault
