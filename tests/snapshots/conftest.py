"""One invented quarter of a real district, and its bundle."""

from __future__ import annotations

import pytest

from benchmarks.proofs.quarters import district_quarter
from hue_dti.snapshots.bundle import encode
from hue_dti.snapshots.model import Snapshot


@pytest.fixture(scope="session")
def quarter() -> Snapshot:
    """A draft of Nam Đông's second quarter with invented figures."""
    return district_quarter()


@pytest.fixture(scope="session")
def bundle(quarter: Snapshot) -> bytes:
    """The same, frozen."""
    return encode(quarter)[1]
