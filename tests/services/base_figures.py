"""Who proposes and who approves, and a short way to do it, for the tests of base figures."""

from dataclasses import dataclass
from datetime import date

from hue_dti.observations.base import Draft
from hue_dti.services.base import approve, reject

CLERK, CHIEF = "Lê Văn An", "Trần Thị Bình"
DOCUMENT = "Báo cáo 12/BC-CCTK ngày 05/01/2024"
FIRST = date(2020, 1, 1)
COMMUNE, OFFICE = "20167", "483.van-phong"


@dataclass(frozen=True)
class Office:
    """The people who keep a district's base figures."""

    district: object

    def propose(self, value, unit=COMMUNE, measure="households", year=2024, by=CLERK, document=DOCUMENT):
        """The number of a new proposal."""
        draft = Draft(unit, FIRST, measure, year, value, date(2023, 12, 31), document, "theo niên giám")
        return self.district.storage.base.propose([draft], by, self.district.now())[0]

    def approve(self, *numbers, by=CHIEF, reason=""):
        return approve(self.district.storage, self.district.catalogue, numbers, by, self.district.now, reason)

    def reject(self, *numbers, by=CHIEF, reason="sai"):
        return reject(self.district.storage, numbers, by, self.district.now, reason)

    def settled(self, value, **of):
        """Propose and approve at once."""
        return self.approve(self.propose(value, **of))
