"""INVENTED figures: what no document gives (staff per school, households per commune, days of articles), made up once and for all.

Everything here follows from a fixed seed and from totals that documents do give, and adds up to these totals exactly. None of it is a
fact about a real unit; every answer of the sandbox that holds such a figure says `mô phỏng`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

SEED = 20240610
MARK = "mô phỏng"


def chance(*what: object) -> Random:
    """A source of chance of its own for each thing invented, so that adding one thing does not change the others."""
    return Random(f"{SEED}:{':'.join(map(str, what))}")  # noqa: S311 - invented figures need repeatable chance, not secrecy


def weights(what: str, codes: Sequence[str], like: Mapping[str, int]) -> dict[str, int]:
    """How much of a total each unit takes: in proportion to `like`, moved by chance up to a tenth either way."""
    return {code: like[code] * chance(what, code).randint(90, 110) for code in codes}


def spread(total: int, weight: Mapping[str, int], at_least: Mapping[str, int], at_most: Mapping[str, int]) -> dict[str, int]:
    """Whole numbers per unit that add up to the total exactly, within both bounds; raise ValueError when that cannot be."""
    parts = {code: at_least.get(code, 0) for code in weight}
    while rest := total - sum(parts.values()):
        room = {code: at_most.get(code, total) - parts[code] for code in weight}
        able = sorted((code for code in weight if room[code] > 0), key=lambda code: (-weight[code], code))
        whole = sum(weight[code] for code in able)
        if rest < 0 or whole == 0:
            raise ValueError(f"{total} cannot be spread over {len(weight)} units within the bounds")
        shares = {code: min(room[code], rest * weight[code] // whole) for code in able}
        if not any(shares.values()):
            shares = dict.fromkeys(able[:rest], 1)
        for code, share in shares.items():
            parts[code] += share
    return parts


def staff_weights(codes: Sequence[str]) -> dict[str, int]:
    """Schools and commune offices have more staff than the district's divisions and centres."""
    small = ("phong-", "tt-")
    return {code: chance("staff", code).randint(*((8, 14) if code.partition(".")[2].startswith(small) else (17, 27))) for code in codes}


def days(what: str, count: int, first: date, last: date) -> list[date]:
    """That many days between two days, both included, in order; several things may happen on one day."""
    pick = chance(what, first, last)
    return sorted(first + timedelta(days=pick.randint(0, (last - first).days)) for _ in range(count))
