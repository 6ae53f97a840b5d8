"""Close a province-size quarter against the floor: the same figures copied out and the same results copied in by PostgreSQL alone.

9 districts, 141 communes, 3,500 agencies, 30 measures each, 53 criteria; figures are random with a fixed seed.
`python -m benchmarks.close` prints both times and their ratio, taken in one run on one server.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from hue_dti.catalogue.load import load_texts
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.storage import Storage, embedded, kept_running, open_storage, roles, upgrade
from hue_dti.units.model import Level, OrgUnit

PERIOD = Period.parse("2024-Q2")
START = date(2024, 1, 1)
MEASURES = [f"m{number:02d}" for number in range(30)]
ROUNDS = 5


def measures_text() -> str:
    """Thirty counts, observed at every level."""
    lines = ["sources:", '  s: {name: "Nguồn", entry: connector, owner: "IOC"}', "measures:"]
    axes = "kind: count, levels: [agency, commune, district], over_units: sum, over_time: last, source: s"
    return "\n".join([*lines, *(f'  {code}: {{name: "Số liệu {code}", noun: "mục", {axes}}}' for code in MEASURES)]) + "\n"


def set_text(code: str, level: str) -> str:
    """53 ratios over neighbouring measures, each with its shortfall list."""
    head = f"""code: {code}
title: "Bộ đo"
short_title: "Bộ đo"
level: {level}
official: false
decision: {{number: 1/QĐ, issued_on: 2024-01-01, issuer: UBND, title: "Bộ đo", checked_on: 2024-01-01}}
in_force: {{from: 2024-01-01, to: null}}
replaces: []
calendar: {{cutoffs: {{}}}}
unopened_leave_the_maximum: false
enough_data: 65%
note: "Chỉ để đo"
groups:
  - {{code: I, name: "Nhóm", max_points: 530, criteria: [
"""
    return head + ",\n".join(_criterion(number) for number in range(53)) + "]}\n"


def _criterion(number: int) -> str:
    part, whole = MEASURES[number % 30], MEASURES[(number * 7 + 1) % 30]
    if part == whole:
        whole = MEASURES[(number * 7 + 2) % 30]
    return f"""      {{code: I.{number + 1}, name: "Tiêu chí {number + 1}", to_do: "Làm", condition: "Đủ", evidence: "Có",
       max_points: 10, source: s, verifying_unit: "IOC", responsible_unit: "IOC", deadline: 12-31, legal: "Mục {number + 1}",
       rule: {{kind: ratio, part: {part}, whole: {whole}, when_none: not_applicable, subset: false}},
       shortfall: {{levels: [agency], shows: missing, noun: mục}},
       sentences: {{report: {{any: "{{part}}/{{whole}}{{note}}", no_figures: "Chưa có"}},
         result: {{any: "{{part}}/{{whole}}", no_figures: "Chưa có"}},
         shortfall: "Còn {{missing}}"}}}}"""


def units() -> list[OrgUnit]:
    """A province: 9 districts, 141 communes, 3,500 agencies under the districts."""
    out = [OrgUnit("46", "Tỉnh", Level.PROVINCE, None, START)]
    out += [OrgUnit(f"d{number}", f"Huyện {number}", Level.DISTRICT, "46", START) for number in range(9)]
    out += [OrgUnit(f"c{number}", f"Xã {number}", Level.COMMUNE, f"d{number % 9}", START) for number in range(141)]
    out += [OrgUnit(f"a{number}", f"Trường {number}", Level.AGENCY, f"d{number % 9}", START) for number in range(3500)]
    return out


def fill(storage: Storage) -> int:
    """Give every unit below the province its thirty figures; return how many."""
    chance = random.Random(7)
    at = datetime(2024, 6, 10, tzinfo=UTC)
    run = storage.begin_pull("s", "46", PERIOD, at)
    origin = Origin("s", "GET /figures", at, "", "dòng 1")
    figures = [
        Observation(unit.code, code, PERIOD, _value(chance), State.REPORTED, date(2024, 6, 10), origin)
        for unit in units()[1:]
        for code in MEASURES
    ]
    return storage.save_observations(run, figures)


def _value(chance: random.Random) -> int:
    """Mostly the whole; one figure in twenty-five falls short, so that about one agency in fourteen is on each list."""
    return chance.randint(0, 499) if chance.random() < 0.04 else 500


def floor(url: str, results: int, bundle_bytes: int) -> float:
    """Seconds PostgreSQL alone needs: current figures out by binary COPY, one row per unit and criterion and the bundle's bytes in."""
    started = time.perf_counter()
    with psycopg.connect(url) as connection:
        current = "newest_observation AS newest JOIN observation AS o ON o.id = newest.observation_id"
        query = f"COPY (SELECT o.unit, o.measure, o.value, o.state, o.as_of FROM {current}) TO STDOUT (FORMAT binary)"
        with connection.cursor().copy(query) as copy:
            for _ in copy:
                pass
        connection.execute(
            "CREATE TEMP TABLE result (unit int, criterion int, part bigint, whole bigint, points bigint, PRIMARY KEY (unit, criterion))"
        )
        rows = "".join(f"{number // 53}\t{number % 53}\t1\t2\t5000\n" for number in range(results))
        with connection.cursor().copy("COPY result FROM STDIN") as copy:
            copy.write(rows)
        connection.execute("CREATE TEMP TABLE kept (body bytea)")
        connection.execute("INSERT INTO kept VALUES (%s)", (b"\0" * bundle_bytes,))
    return time.perf_counter() - started


def median(act: Callable[[], float]) -> float:
    """The middle of several runs, in seconds."""
    return statistics.median(act() for _ in range(ROUNDS))


def measure() -> dict[str, float]:
    """Run both and give seconds, the ratio and the sizes."""
    texts = {
        "p/measures.yaml": measures_text(),
        "p/province.yaml": set_text("p-set", "province"),
        "p/district.yaml": set_text("d-set", "district"),
    }
    catalogue = load_texts(texts)
    with tempfile.TemporaryDirectory(prefix="hue-dti-bench-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(home=Path(folder) / "home")
        storage = _opened(settings)
        try:
            storage.save_units(units())
            figures = fill(storage)
            return _measured(storage, catalogue, settings, figures)
        finally:
            storage.close()


def _opened(settings: Settings) -> Storage:
    with kept_running(settings):
        upgrade(settings)
        return open_storage(settings)


def _measured(storage: Storage, catalogue: Catalogue, settings: Settings, figures: int) -> dict[str, float]:
    province = units()[0]
    reasons = iter(range(1_000))
    bundles: list[int] = []

    def close() -> float:
        number = next(reasons)
        at = datetime(2024, 7, 1, tzinfo=UTC)
        if number:
            run = storage.begin_pull("s", "46", PERIOD, at)
            changed = Observation("d0", "m00", PERIOD, 1000 + number, State.REPORTED, date(2024, 6, 10), Origin("s", "GET /", at, "", "x"))
            storage.save_observations(run, [changed])
        started = time.perf_counter()
        head = close_quarter(storage, catalogue, province, PERIOD, lambda: at, "đo", reason=f"lần {number}" if number else "")
        taken = time.perf_counter() - started
        bundles.append(len(storage.bundle(head.sha256) or b""))
        return taken

    close_s = median(close)
    with_lease = embedded.lease(settings)
    try:
        url = with_lease.url(roles.APP).set(drivername="postgresql").render_as_string(hide_password=False)
        floor_s = median(lambda: floor(url, 10 * 53, bundles[-1]))
    finally:
        with_lease.release()
    return {"figures": figures, "close_s": close_s, "floor_s": floor_s, "ratio": close_s / floor_s, "bundle_mb": bundles[-1] / 1e6}


if __name__ == "__main__":
    found = measure()
    print(f"số liệu: {found['figures']:,.0f}; bản chốt {found['bundle_mb']:.1f} MB")
    print(f"chốt quý toàn tỉnh: {found['close_s']:.2f} s; sàn COPY của PostgreSQL: {found['floor_s']:.3f} s; gấp {found['ratio']:.1f} lần")
