"""Whatever is proposed, approved, rejected and told by sources, in whatever order: no value counts that nobody approved or told."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.proofs.quarters import PERIOD
from hue_dti.errors import ApprovalRefused
from hue_dti.resources import folder
from hue_dti.services.quarter import draft
from hue_dti.storage import open_storage
from hue_dti.units.load import load_units
from tests.conftest import TEMPLATE
from tests.services.base_figures import CHIEF, CLERK, Office
from tests.services.conftest import District

UNITS = ("20167", "20164")
ACTS = st.one_of(
    st.tuples(st.just("propose"), st.sampled_from(UNITS), st.integers(1_000_000, 1_000_004), st.sampled_from((CLERK, CHIEF))),
    st.tuples(st.just("approve"), st.integers(0, 5), st.sampled_from((CLERK, CHIEF, "le van an"))),
    st.tuples(st.just("reject"), st.integers(0, 5), st.sampled_from((CLERK, CHIEF))),
    st.tuples(st.just("told"), st.sampled_from(UNITS), st.integers(2_000_000, 2_000_004)),
)


class Book:
    """What must count, kept by hand."""

    def __init__(self, told):
        self.told, self.approved = dict(told), {}
        self.proposals = []

    def counts(self, unit):
        return self.approved.get(unit, self.told[unit])


def play(office, district, figures, book, act):
    kind, *words = act
    if kind == "propose":
        unit, value, by = words
        book.proposals.append([office.propose(value, unit=unit, by=by), unit, value, by, True])
    elif kind == "told":
        unit, value = words
        district.pull([replace(figures[unit, "households"], value=value)])
        book.told[unit] = value
    elif words[0] < len(book.proposals):
        settle(office, book, kind, book.proposals[words[0]], words[1])


def settle(office, book, kind, proposal, by):
    number, unit, value, proposer, waiting = proposal
    own = proposer == by or (proposer == CLERK and by == "le van an")
    try:
        (office.approve if kind == "approve" else office.reject)(number, by=by)
    except ApprovalRefused:
        assert not waiting or (kind == "approve" and own)
        return
    assert waiting
    assert kind == "reject" or not own
    proposal[4] = False
    if kind == "approve":
        book.approved[unit] = value


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=3, max_size=10))
def test_only_what_was_approved_or_told_counts_in_the_figures_and_in_the_points(server, catalogue, figures, tmp_path, acts):
    units = load_units(folder("criteria"))
    with server.temporary(TEMPLATE) as database, open_storage(database.settings) as storage:
        storage.save_units(units)
        district = District(storage, catalogue, next(unit for unit in units if unit.code == "483"), tmp_path)
        district.pull(list(figures.values()))
        book = Book({unit: figures[unit, "households"].value for unit in UNITS})
        for act in acts:
            play(Office(district), district, figures, book, act)
            quarter = draft(storage, catalogue, district.unit, PERIOD, district.now())
            assert {unit: quarter.figure(unit, "households").value for unit in UNITS} == {unit: book.counts(unit) for unit in UNITS}
            assert in_points(quarter) == sum(counting(book, figures, set(quarter.sheet.criterion("VII.5").coverage.absent)))


def in_points(quarter):
    """The households that the points were reckoned with."""
    return dict(quarter.sheet.criterion("VII.5").figures)["households"]


def counting(book, figures, absent):
    """The households of every commune that must be in the points."""
    for (unit, measure), each in figures.items():
        if measure == "households" and unit not in absent:
            yield book.counts(unit) if unit in UNITS else each.value
