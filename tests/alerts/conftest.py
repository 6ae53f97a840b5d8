"""The criteria that ship, for rules to be read and judged against."""

from __future__ import annotations

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.resources import folder


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The criteria that ship."""
    return load_catalogue(folder("criteria"))
