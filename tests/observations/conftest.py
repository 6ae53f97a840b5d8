"""A gate with the real criteria and units behind it."""

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.observations.intake import Gatekeeper
from hue_dti.observations.model import Pulled
from hue_dti.resources import folder
from hue_dti.units.load import load_units
from hue_dti.units.names import NameIndex
from hue_dti.units.tree import build_tree
from tests.observations.gate import ANSWER, CUTOFF, DISTRICT, Q2


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(folder("criteria"))


@pytest.fixture(scope="module")
def names():
    return NameIndex(build_tree(load_units(folder("criteria")), CUTOFF, DISTRICT).units)


@pytest.fixture
def admit(catalogue, names):
    """Let one source's readings through a gate that knows the figures so far."""

    def run(*readings, current=(), source="super_app", faults=(), to_come=(), approved=None):
        def resolve(printed):
            return names.resolve(printed) if names.find(printed) else None

        gate = Gatekeeper(catalogue, source, Q2, CUTOFF, resolve, current, {ANSWER.sha256: ANSWER}, to_come, None, approved)
        return gate.admit(Pulled(readings, faults=faults))

    return run
