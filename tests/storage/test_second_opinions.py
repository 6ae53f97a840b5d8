"""What other sources tell is kept beside the figures that count and never among them."""

from dataclasses import replace

from hue_dti.observations.model import State
from hue_dti.storage import DifferenceReason


def told(storage, make, source, value, state=State.REPORTED, outcome="ok", unit="483"):
    """A pull in which the source tells one figure that is only compared."""
    run = storage.begin_pull(source, "483", make.period, make.at)
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    seen = make.observation(raw, value, unit=unit, state=state)
    seen = replace(seen, origin=replace(seen.origin, source=source))
    storage.finish_pull(run, outcome, "", 1, 1, (), make.at, second=[seen])
    return seen


def test_what_another_source_tells_is_no_current_figure_and_no_history_of_it(storage, make):
    seen = told(storage, make, "forms", 950)
    assert storage.second_opinions(["483"], make.period) == [seen]
    assert storage.observations(["483"], make.period) == []
    assert storage.figure_history("483", "staff_standardised") == []
    assert storage.figures(["483"], make.period).measures == {}


def test_the_newest_of_each_source_is_its_opinion(storage, make):
    told(storage, make, "forms", 950)
    other = told(storage, make, "meetings", 930)
    gone = told(storage, make, "forms", None, State.MISSING)
    assert storage.second_opinions(["483"], make.period) == [gone, other]
    assert storage.second_opinions(["484"], make.period) == storage.second_opinions(["483"], "2024-Q1") == []


def test_a_reason_is_kept_with_the_two_values_it_is_for(storage, make):
    first = DifferenceReason("483", "staff_standardised", "2024-Q2", "forms", 921, 950, "đơn vị tính cả hợp đồng", "Thư ký", make.at)
    second = replace(first, reason="đã đối chiếu")
    for each in (first, second):
        storage.explain_difference(each)
    assert storage.explained_differences("2024-Q2") == (first, second)
    assert storage.explained_differences("2024-Q1") == ()
