"""What one source tells at the gate, and what was known before, in few words."""

import hashlib
from datetime import UTC, date, datetime

from hue_dti.observations.model import Observation, Origin, RawAnswer, Reading, State
from hue_dti.periods import Period

Q2, CUTOFF = Period.parse("2024-Q2"), date(2024, 6, 10)
BODY = b'{"so_lieu": 21}'
ANSWER = RawAnswer(hashlib.sha256(BODY).hexdigest(), "GET /so-lieu", 200, "application/json", datetime(2024, 6, 11, 1, tzinfo=UTC), BODY)
OFFICE, COMMUNE, DISTRICT = "483.van-phong", "20182", "483"


def reading(measure, value, unit=OFFICE, **other):
    return Reading(
        **{"unit": unit, "measure": measure, "value": value, "as_of": CUTOFF, "raw_sha256": ANSWER.sha256, "place": "$[0]", **other}
    )


def known(measure, value, unit=OFFICE, source="super_app", state=State.MEASURED, as_of=CUTOFF):
    origin = Origin(source, "GET /truoc", datetime(2024, 6, 1, tzinfo=UTC), "", "$[1]")
    return Observation(unit, measure, Q2, value, state, as_of, origin)


def values(admission):
    return {(each.unit, each.measure): (each.value, each.state) for each in admission.observations}
