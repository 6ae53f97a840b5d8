"""The files of Huế as they ship."""

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.resources import folder


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(folder("criteria"))


@pytest.fixture(scope="session")
def district(catalogue: Catalogue) -> CriteriaSet:
    return catalogue.sets["hue-district-2024"]


@pytest.fixture(scope="session")
def commune(catalogue: Catalogue) -> CriteriaSet:
    return catalogue.sets["hue-commune-2024"]
