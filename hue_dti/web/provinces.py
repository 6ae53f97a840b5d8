"""Provinces ranked by the ministry's index: years that were handed in and rounds that were published, for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, abort, current_app, make_response, render_template, request, send_file, url_for

from hue_dti.catalogue.frameworks import Framework
from hue_dti.numerals import format_percent
from hue_dti.plans.excerpt import shown_places
from hue_dti.reports.provinces_table import cell_text, cells, columns, provinces_book
from hue_dti.rollup.assess import printed_text
from hue_dti.rollup.model import INDEX, Assessment, Standing, Summary
from hue_dti.rollup.read_regions import Lists
from hue_dti.rollup.year_results import Row, YearResult, keys_of, rows_by, standing_of, summary_of
from hue_dti.services.regions import official_regions
from hue_dti.services.table_file import table_text
from hue_dti.services.trail_table import harmless
from hue_dti.services.year_results import Source, earlier, province_names, ranking_of, sources
from hue_dti.web.filled_book import XLSX
from hue_dti.web.frameworks import of_provinces
from hue_dti.web.site import site, units

ADDRESS = "/bang-xep-hang/tinh"
EXTENSION = "hue_dti_regions"


@dataclass(frozen=True)
class Table:
    """A ranking as it was asked for."""

    framework: Framework
    source: Source
    known: tuple[Source, ...]
    before: Source | None
    found: Assessment
    key: str
    region: str
    versions: tuple[YearResult, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The units that are shown."""
        return rows_by(self.found, self.key, own_names(), self.region)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions all of whose units are there."""
        return tuple(sorted({each.regions[0].region for each in self.found.results if each.regions}))

    def near(self) -> list[Row | None]:
        """The first, the last and those beside the own province; None where units are left out, nothing where it is not among them."""
        rows = self.rows
        at = next((place for place, row in enumerate(rows) if row.own), None)
        return [] if at is None else [None if place is None else rows[place] for place in shown_places(len(rows), at)]


def register(app: Flask, criteria: Path) -> None:
    """Read the regions once and give the pages their addresses."""
    app.extensions[EXTENSION] = official_regions(criteria)
    app.add_url_rule(ADDRESS, "provinces_home", home)
    app.add_url_rule(f"{ADDRESS}/<framework>/<int(max=9999):year>", "provinces", provinces)
    app.add_url_rule(f"{ADDRESS}/<framework>/<int(max=9999):year>.<any(csv, xlsx):kind>", "provinces_file", provinces_file)
    app.context_processor(lambda: {"value_words": printed_text, "growth_words": growth_words})


def regions() -> tuple[Lists, ...]:
    """The official regions of the installation's criteria folder, a list for each time."""
    return cast(tuple[Lists, ...], current_app.extensions[EXTENSION])


def home() -> str | Response:
    """The newest year there is."""
    newest = next(iter(sources(site().storage, of_provinces())), None)
    if newest is None:
        return render_template("provinces.html", t=None)
    return _page(_table(newest.framework, newest.year))


def provinces(framework: str, year: int) -> str:
    """A year ranked by `theo`, in `vung`; `dot` is a published round, `ban` an older version of what was handed in."""
    return _page(_table(framework, year))


def provinces_file(framework: str, year: int, kind: str) -> Response:
    """The same as a file."""
    table = _table(framework, year)
    name = f"xep-hang-tinh-{framework}-{year}.{kind}"
    if kind == "xlsx":
        body = provinces_book(table.found, table.rows, f"Xếp hạng các tỉnh, DTI {year}")
        return send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=name)
    heads = {title: title for title, _ in columns(table.found)}
    rows = (dict(zip(heads, (harmless(cell_text(cell)) for cell in row), strict=True)) for row in cells(table.found, table.rows))
    answer = make_response(table_text(heads, rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def own_names() -> tuple[str, ...]:
    """Every name the own province ever had."""
    return province_names(units())


def growth_words(standing: Standing | Summary) -> str:
    """How much more than the year before: `+35,8%`, a dash where nothing is there to compare."""
    if standing.growth is None:
        return "–"
    sign = "+" if standing.growth > 0 else "−" if standing.growth < 0 else ""
    return f"{sign}{format_percent(abs(standing.growth), 1)}"


def _table(code: str, year: int) -> Table:
    """What the address asks for; 404 for a year, framework, round, key or region there is not."""
    known = sources(site().storage, of_provinces())
    code_of_round = request.args.get("dot")
    of_year = [each for each in known if (each.framework, each.year) == (code, year)]
    source = next((each for each in of_year if code_of_round in (None, each.round)), None) or abort(404)
    framework = of_provinces()[code]
    versions = site().storage.year_results.versions(code, year) if not source.round else ()
    source = _version(source, versions)
    before = earlier(source, known)
    found = ranking_of(site().storage, source, before, framework, regions())
    key, region = request.args.get("theo") or INDEX, request.args.get("vung", "")
    table = Table(framework, source, known, before, found, key, region, versions)
    if key not in keys_of(found) or (region and region not in table.regions):
        abort(404)
    return table


def _version(source: Source, versions: Sequence[YearResult]) -> Source:
    asked = request.args.get("ban")
    if asked is None:
        return source
    older = next((each for each in versions if str(each.number) == asked), None) or abort(404)
    return replace(source, number=older.number, title=older.document)


def _page(table: Table) -> str:
    kept = next((each for each in table.versions if each.number == table.source.number), None)
    return render_template(
        "provinces.html",
        t=table,
        kept=kept,
        keys=keys_of(table.found),
        summary=summary_of(table.found, table.key),
        near=table.near(),
        link=link,
        standing_of=standing_of,
        index=INDEX,
    )


def link(source: Source, kind: str = "", **more: Any) -> str:
    """Where a year's ranking is, or its file."""
    values = {"framework": source.framework, "year": source.year, "dot": source.round or None, **more}
    return url_for("provinces_file", kind=kind, **values) if kind else url_for("provinces", **values)
