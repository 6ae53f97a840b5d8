"""Every route asked by every role about every kind of unit: nobody gets further than the matrix and the roles say.

Routes come from the application and their lines from the matrix, so that a page added later is asked about too; what ought to be
allowed is worked out here a second time, from who stands above whom in the list of units alone.
"""

from __future__ import annotations

from itertools import product

import pytest
from flask import g
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import NotFound
from werkzeug.routing.converters import AnyConverter, NumberConverter

from hue_dti.accounts.account import Account, Kind, Session
from hue_dti.accounts.model import Act, Grant, Role
from hue_dti.accounts.rights import ALLOWED
from hue_dti.web.access import matrix
from hue_dti.web.sessions import SignedIn
from tests.web.conftest import now

OPEN = "2024-Q3"
"""A quarter that nobody has closed."""

ABOVE = {
    "46": (),
    "483": ("46",),
    "20179": ("483", "46"),
    "20161": ("483", "46"),
    "19750": ("474", "46"),
    "483.mn-huong-phu": ("483", "46"),
}
"""Units with those above them, as the list of units has them."""

TODAY = ABOVE | {"20179": ("46",), "20161": ("46",)}
"""The same today, for addresses that name no quarter: these codes were given to communes that no district is above."""

SCORED = {"483": "483", "20179": "483", "20161": "483", "19750": "474", "483.mn-huong-phu": "483"}
"""Whose quarter tells of each; nobody's tells of the province."""

AT_PROVINCE = {Role.PROVINCE_ADMIN, Role.OPERATOR, Role.APPRAISER}
PERSONS = [
    *((role, "46") for role in AT_PROVINCE),
    *product(sorted(set(Role) - AT_PROVINCE), ("483", "20179")),
]
SAID = {"asked": "don-vi", "any": "don-vi", "district": "huyen"}
"""What follows the question mark where the unit does not stand in the address."""

READING, PUBLIC = {"GET", "HEAD"}, None


def requests(app):
    """Each route by each of its methods, about each unit: endpoint, method, unit, address."""
    for rule in app.url_map.iter_rules():
        line = matrix()[rule.endpoint]
        if line.public:
            continue
        about = ABOVE if "code" in rule.arguments or line.unit in SAID else {"": ()}
        for method, unit in product(sorted(rule.methods - {"OPTIONS", "HEAD"}), about):
            values = {name: sample(rule._converters[name], name, unit) for name in rule.arguments}
            address = app.url_map.bind("127.0.0.1").build(rule.endpoint, values, method)
            asked = f"?{SAID[line.unit]}={unit}&ky={OPEN}" if line.unit in SAID else ""
            yield (
                rule.endpoint,
                method,
                unit,
                address + ("" if "period" in rule.arguments and line.unit == "district" and not asked else asked),
            )


def sample(converter, name, unit):
    """A value for a part of an address, by its name or else by its kind."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, NumberConverter):
        return min(987_654_321, converter.max or 987_654_321)
    return {"code": unit, "period": OPEN}.get(name, "khong-co")


def covers(at, unit, address):
    return unit == at or at in (ABOVE if OPEN in address else TODAY).get(unit, ("46",))


NOT_THERE = {"plan", "obligation", "round", "round_host", "round_unit"}
"""What an address names by a number or code of its own; the sample's is nobody's, so nobody gets to its page."""


def ought(endpoint, unit, person, address):
    """Whether the person ought to get past the door; None where that hangs on something that is not there."""
    line = matrix()[endpoint]
    if person is PUBLIC:
        return False
    role, at = person
    if line.signed_in:
        return True
    if not line.acts & ALLOWED[role]:
        return False
    if line.unit in NOT_THERE:
        return False
    about = {"province": "46", "host": SCORED.get(unit, "")}.get(line.unit, unit)
    if not about:
        return False
    return covers(at, about, address)


def who_gets_in(app, method, address):
    """Each person, and whether the door lets the request through to the page; what the units are is read once for all of them."""
    with app.test_request_context(address, method=method, environ_base={"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"}):
        for person in (PUBLIC, *PERSONS):
            for name in set(g) - {"units", "lines"}:
                g.pop(name)
            if person is not PUBLIC:
                g._login_user = signed_in(*person)
            yield person, gets_in(app, method, address, person)


def gets_in(app, method, address, person):
    try:
        answer = app.preprocess_request()
    except NotFound:
        return False
    except CSRFError:
        return True  # the door is passed; the form's token is looked at next
    status = getattr(answer, "status_code", None) or (answer[1] if isinstance(answer, tuple) else None)
    assert answer is None or status in {302, 401}, (address, status)
    if answer is not None:
        assert person is PUBLIC, "who is signed in learns from 404 only"
        assert status == (302 if method in READING else 401)
    return answer is None


def signed_in(role, at):
    account = Account(f"{role}.{at}", "Người", "Chức vụ", "", Kind.DEMO, True, True, now())
    person = SignedIn("-", Session("-", account.login, now(), now(), None, "", ""), account)
    person.actor = type(person.actor)(account.login, account.name, account.post, (Grant(role, at),))
    return person


def test_no_role_gets_further_than_the_matrix_says_and_none_is_kept_from_its_own(golden):
    wrong, pairs, let_in = [], 0, 0
    for endpoint, method, unit, address in requests(golden.app):
        for person, got in who_gets_in(golden.app, method, address):
            pairs += 1
            let_in += got
            if got != ought(endpoint, unit, person, address):
                wrong.append((endpoint, method, unit, person, "vào được" if got else "không vào được"))
    assert wrong == []
    assert pairs >= 5_000
    assert let_in >= 500, "a door that lets nobody in proves nothing"


@pytest.mark.parametrize("role", [Role.PROVINCE_ADMIN, Role.OPERATOR])
def test_who_runs_the_platform_neither_types_nor_approves(role):
    assert not ALLOWED[role] & {Act.ENTER, Act.SEND, Act.APPROVE, Act.ISSUE_REPORT, Act.EDIT_REPORT}


def test_only_listed_routes_are_public():
    assert {name for name, line in matrix().items() if line.public} == {
        *("static", "bootstrap.static", "language", "healthz", "readyz", "metrics"),
        *("sign_in", "sign_in_code", "sign_out", "accept_invitation", "first_run"),
        *("shared_sign_in", "shared_return", "bind_invitation"),
        *("province_now", "province", "province_component", "two_quarters"),
        *("home", "frameworks", "framework", "search", "unit", "units_at", "unit_life"),
        *("provinces_home", "provinces", "provinces_file"),
        *("standings_home", "standings", "standings_file", "rounds", "round_result", "round_result_file"),
    }
