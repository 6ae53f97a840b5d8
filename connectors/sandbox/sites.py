"""The same articles as other sites offer them (a sitemap, HTML lists by category), a map server, and the consoles' exports as files."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from flask import Blueprint, Response, abort, jsonify, render_template_string, request

from connectors.articles import CATEGORIES
from connectors.sandbox import invented
from connectors.sandbox.golden import AS_OF, world
from connectors.sandbox.news import Article, articles
from hue_dti.periods import LOCAL

sites = Blueprint("sites", __name__)

FOLDERS = {"leader_news": "/hoat-dong-lanh-dao/", "unit_news": "/hoat-dong-don-vi/"}
LISTS = {"leader_news": "1132", "unit_news": "1133"}
ROWS_PER_PAGE = 20
LAYER = "DiaChi/MapServer/3"
_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<!-- nguon_goc: {{ mark }} -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{{ root }}web_sitemap/gioi-thieu</loc><lastmod>2020-01-01</lastmod></url>
{% for folder, each in listed %}<url><loc>{{ root }}web_sitemap{{ folder }}{{ each.identity }}</loc>
<lastmod>{{ each.moment.isoformat() }}</lastmod></url>
{% endfor %}</urlset>
"""
_LIST = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trang huyện</title><!-- nguon_goc: {{ mark }} -->
<script>var a = "<a href='?tc=1'>01/01/2024</a>"</script><a href="?gd=27&cn=1132">Trang chủ</a>
<ul>{% for each, day in listed %}<li><a href="/web_pages?gd=27&cn={{ cn }}&tc={{ each.identity }}"><img src="x.png"></a>
<a href="?tc={{ each.identity }}&cn={{ cn }}">{{ each.title }}</a> <i>Cập nhật: {{ day }}</i></li>{% endfor %}</ul></html>
"""


@sites.get("/web_sitemap/sitemap.xml")
def sitemap() -> Response:
    """The site's sitemap."""
    listed = [(FOLDERS[key], each) for key in FOLDERS for each in _of(key)]
    return Response(render_template_string(_SITEMAP, mark=invented.MARK, root=request.url_root, listed=listed), mimetype="application/xml")


@sites.get("/web_pages")
def category_list() -> str:
    """One category's articles, newest first, in pages."""
    category = next((key for key, number in LISTS.items() if number == request.args.get("cn")), None)
    if category is None:
        abort(404)
    page = request.args.get("trang", 1, type=int)
    shown = _of(category)[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    listed = [(each, _printed(each, at)) for at, each in enumerate(shown)]
    return render_template_string(_LIST, mark=invented.MARK, cn=LISTS[category], listed=listed)


@sites.get(f"/gis/{LAYER}/query")
def map_count() -> Response:
    """How many confirmed addresses stand in a commune."""
    code = request.args.get("where", "").partition("'")[2].rstrip("'")
    if request.args.get("returnCountOnly") != "true" or code not in world().values["addresses"]:
        return jsonify(error={"code": 400, "message": "Invalid query"}, nguon_goc=invented.MARK)
    return jsonify(count=world().values["addresses"][code], nguon_goc=invented.MARK)


def write_exports(folder: Path) -> None:
    """The antivirus consoles' exports as offices drop them: a CSV for the agencies, a workbook for the communes."""
    known = world()
    head: list[str | int] = ["Tên máy", "Đơn vị", "Viettel EDR", "BKAV", "Phát hiện"]
    rows: dict[str, list[list[str | int]]] = {"agency": [], "commune": []}
    for unit in known.offices:
        values = [known.values[key][unit.code] for key in ("computers", "computers_malware", "computers_virus", "computers_infected")]
        for at in range(values[0]):
            installed = ["15.0" if at < each else "" for each in values[1:3]]
            rows[str(unit.level)].append([f"{unit.code}-{at}", unit.name, *installed, int(at < values[3])])
    lines = [f"Số liệu đến ngày {AS_OF:%d/%m/%Y};nguon_goc: {invented.MARK}", *(";".join(map(str, row)) for row in (head, *rows["agency"]))]
    (folder / "co-quan.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    with xlsxwriter.Workbook(str(folder / "cac-xa.xlsx")) as book:
        page = book.add_worksheet("Máy trạm")
        page.write(0, 0, f"Số liệu đến ngày {AS_OF:%d/%m/%Y}")
        for at, row in enumerate((head, *rows["commune"]), start=2):
            page.write_row(at, 0, row)


def kinds(base: str) -> dict[str, dict[str, str]]:
    """How the systems here are asked, by kind of connector."""
    base, sandbox = base.rstrip("/"), {"network": "sandbox"}
    by_list = {f"category.{key}": f"?gd=27&cn={number}" for key, number in LISTS.items()}
    by_folder = {f"category.{key}": f"/web_sitemap{folder}" for key, folder in FOLDERS.items()}
    return {
        "web_sitemap": {"base": f"{base}/web_sitemap", **by_folder, **sandbox},
        "web_pages": {"base": f"{base}/web_pages", "page_parameter": "trang", **by_list, **sandbox},
        "arcgis_count": {"base": f"{base}/gis", "layers.addresses": LAYER, "where": "MA_XA='{unit}'", "level": "commune", **sandbox},
    }


def _of(category: str) -> list[Article]:
    """The articles that count for the category, each once; the one listed under both is the leaders'."""
    leaders = {each.identity for each in articles() if CATEGORIES["leader_news"] in each.categories}
    wanted = [each for each in articles() if CATEGORIES[category] in each.categories]
    return [each for each in wanted if category == "leader_news" or each.identity not in leaders]


def _printed(article: Article, at: int) -> str:
    """Every second date with a clock of twelve hours, as the province's portal prints it."""
    moment = article.moment.astimezone(LOCAL)
    hour, half = moment.hour % 12 or 12, "CH" if moment.hour >= 12 else "SA"
    return f"{moment:%d/%m/%Y}" if at % 2 else f"{moment.day}/{moment.month}/{moment.year} {hour}:{moment:%M:%S} {half}"
