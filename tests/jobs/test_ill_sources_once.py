"""Each way a source falls ill, once: no zero, no wrong figure, one alert, and well again; the proof does it twenty times."""

import pytest

from benchmarks.proofs.fault_proxy import FAULTS
from benchmarks.proofs.ill_sources import fall_ill, ward
from benchmarks.proofs.installation import installation


@pytest.fixture(scope="module")
def behind_the_proxy():
    with installation() as place, ward(place) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_an_ill_source_spoils_no_figure_and_is_told_once(fault, behind_the_proxy):
    told = fall_ill(behind_the_proxy, fault, 1)
    assert told.alerts == 1
