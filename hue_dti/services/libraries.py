"""Whether the installed libraries are those the program asks for in its own metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?P<bounds>[^;]*)(?P<marker>;.*)?")
_BOUND = re.compile(r"(?P<sign>>=|<|==)(?P<version>[0-9.]+)")


def unfit_libraries() -> tuple[str, ...]:
    """One phrase for each required library that is absent, too old or too new; extras are not looked at."""
    return tuple(_unfit())


def _unfit() -> Iterator[str]:
    for text in metadata.requires("hue-dti") or ():
        match = _REQUIREMENT.fullmatch(text)
        if match is not None and "extra" not in (match["marker"] or ""):
            fault = fault_of(match["name"], match["bounds"])
            if fault:
                yield fault


def fault_of(name: str, bounds: str) -> str:
    """What is wrong with an installed library given bounds such as `>=3.1.3,<4`; empty when nothing is."""
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"thiếu {name} {bounds}".strip()
    fits = all(_within(_numbers(version), bound["sign"], _numbers(bound["version"])) for bound in _BOUND.finditer(bounds))
    return "" if fits else f"{name} {version}, cần {bounds}"


def _within(version: tuple[int, ...], sign: str, limit: tuple[int, ...]) -> bool:
    if sign == ">=":
        return version >= limit
    return version < limit if sign == "<" else version == limit


def _numbers(version: str) -> tuple[int, ...]:
    leading = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    return tuple(int(part) for part in leading[0].split(".")) if leading else ()
