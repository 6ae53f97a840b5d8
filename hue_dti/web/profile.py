"""General information of a unit, at the foot of its pages."""

from __future__ import annotations

from hue_dti.units.model import OrgUnit
from hue_dti.units.profile import ProfileVersion
from hue_dti.web.site import site


def profile_of(unit: OrgUnit) -> ProfileVersion | None:
    """What was told last of the unit, with who told it and when."""
    versions = site().storage.profiles.history(unit)
    return versions[-1] if versions else None
