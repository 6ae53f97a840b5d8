"""The process that draws pages of PDF files as pictures; nothing in a file acts: the library has no JavaScript, no form comes alive.

    python -I -m hue_dti.evidence.draw

A line that comes in is `{"path": …, "page": …, "within_s": …}`; one goes out: `{"picture": …}`, a JPEG in base64, empty where nothing
could be drawn.
"""

from __future__ import annotations

import resource
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image

from hue_dti.evidence.apart import each_apart

WIDTH, HIGHEST = 1000, 3000
"""Pixels of a picture; a page in another shape than a sheet is drawn smaller."""

QUALITY = 80


def main() -> None:
    """Answer line by line until the asker closes."""
    Image.preinit()  # the forks may load nothing any more
    each_apart(draw, {"picture": ""})


def draw(body: bytes, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The page as a picture; from here on the process opens neither file nor line."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    with pypdfium2.PdfDocument(body) as document:
        page = document[int(asked["page"]) - 1]
        width, height = page.get_size()
        drawn = page.render(scale=min(WIDTH / width, HIGHEST / height), may_draw_forms=False)
        picture = BytesIO()
        drawn.to_pil().convert("RGB").save(picture, "JPEG", quality=QUALITY)
    return {"picture": b64encode(picture.getvalue()).decode()}


if __name__ == "__main__":
    main()
