"""A chain of events is whole, or it is told where it is not; what only the outside head can show is told with it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hue_dti.trail.chain import BEFORE_ALL, LONGEST, code, flaws, keepable, link, read_code, spell
from hue_dti.trail.model import Event, Head, Kept

AT = datetime(2024, 6, 10, 1, 2, 3, tzinfo=UTC)


def event(number):
    return Event("entry.saved", "an", "Lê Văn An", "20161", f"ô số {number}", str(number), str(number + 1), 'vì "gõ nhầm"\n', AT)


def chained(events):
    """The chain that these events make."""
    chain, prev = [], BEFORE_ALL
    for seq, each in enumerate(events, start=1):
        body = spell(each)
        chain.append(Kept(seq, each, body, prev, link(prev, seq, body)))
        prev = chain[-1].hash
    return chain


@pytest.fixture
def chain():
    return chained([event(number) for number in range(20)])


def found(chain, outside=()):
    return [flaw.seq for flaw in flaws(chain, outside)]


def test_a_chain_as_it_was_written_has_no_flaw(chain):
    assert found(chain, [chain[4].head, chain[-1].head]) == []


def test_no_event_at_all_is_a_whole_chain():
    assert found([]) == []


def test_an_edited_event_is_named(chain):
    chain[6] = replace(chain[6], event=replace(chain[6].event, new="999"))
    assert found(chain) == [7]


def test_an_event_edited_with_its_text_is_named(chain):
    other = replace(chain[6].event, reason="")
    chain[6] = replace(chain[6], event=other, body=spell(other))
    assert found(chain) == [7]


def test_an_event_edited_with_its_text_and_hash_breaks_the_next(chain):
    other = replace(chain[6].event, reason="")
    chain[6] = replace(chain[6], event=other, body=spell(other), hash=link(chain[6].prev, 7, spell(other)))
    assert found(chain) == [8]


def test_a_deleted_event_is_missed(chain):
    del chain[6]
    (flaw,) = flaws(chain)
    assert str(flaw) == "sự kiện số 8: 1 sự kiện trước nó đã mất"


def test_a_deleted_first_event_is_missed(chain):
    assert found(chain[1:]) == [2]


def test_two_events_that_changed_places_are_both_named(chain):
    third, ninth = chain[2], chain[8]
    chain[2] = replace(third, event=ninth.event, body=ninth.body)
    chain[8] = replace(ninth, event=third.event, body=third.body)
    assert found(chain) == [3, 9]


def test_two_whole_rows_that_changed_numbers_are_told(chain):
    third, ninth = chain[2], chain[8]
    chain[2], chain[8] = replace(ninth, seq=3), replace(third, seq=9)
    assert {3, 9} <= set(found(chain))


def test_a_chain_that_was_cut_looks_whole_but_for_the_head_outside(chain):
    assert found(chain[:15]) == []
    (flaw,) = flaws(chain[:15], [chain[-1].head])
    assert flaw.seq == 20
    assert "không còn" in flaw.what


def test_a_chain_computed_anew_looks_whole_but_for_the_head_outside(chain):
    forged = chained([replace(kept.event, new="0") if kept.seq == 7 else kept.event for kept in chain])
    assert found(forged) == []
    (flaw,) = flaws(forged, [chain[-1].head])
    assert "tính lại" in flaw.what


def test_an_emptied_chain_is_told_by_the_head_outside(chain):
    assert found([], [chain[-1].head]) == [20]


def test_the_code_on_paper_serves_as_head_outside(chain):
    printed = code(chain[-1].head)
    assert read_code(f" {printed} ") == Head(20, chain[-1].hash[:12])
    assert found(chain, [read_code(printed)]) == []
    assert found(chained([event(number + 1) for number in range(20)]), [read_code(printed)]) == [20]


@pytest.mark.parametrize("text", ["", "000020", "20-7F3A", "abc-7F3A-7F3A-7F3A", "000020-7F3A-7F3A-7F3G"])
def test_what_is_no_code_is_told(text):
    assert read_code(text) is None


def test_the_moment_is_spelt_in_utc_wherever_it_was_told():
    here = AT.astimezone(timezone(timedelta(hours=7)))
    assert spell(replace(event(1), at=here)) == spell(event(1))


def test_what_the_database_refuses_is_replaced_and_what_is_endless_is_cut():
    kept = keepable(replace(event(1), subject="a\x00b\udc80", reason="x" * (LONGEST + 1), name="Nguye\u0302\u0303n"))
    assert (kept.subject, len(kept.reason), kept.name) == ("a\ufffdb\ufffd", LONGEST, "Nguyễn")


def test_four_hundred_tampers_are_found_with_the_head_outside(chain):
    """A sample of `benchmarks.proofs.audit_tampers`, which does it in a database as its owner."""
    chance, outside = random.Random(7), [chain[-1].head]
    for _ in range(400):
        at = chance.randrange(20)
        kind = chance.choice(["edit", "delete", "swap", "truncate", "recompute"])
        assert found(tampered(list(chain), kind, at, chance), outside), (kind, at)


def tampered(chain, kind, at, chance):
    if kind == "edit":
        word = chance.choice(["actor", "new", "reason", "unit"])
        chain[at] = replace(chain[at], event=replace(chain[at].event, **{word: "khác"}))
    elif kind == "delete":
        del chain[at]
    elif kind == "swap":
        other = (at + chance.randrange(1, 20)) % 20
        chain[at], chain[other] = replace(chain[at], event=chain[other].event), replace(chain[other], event=chain[at].event)
    elif kind == "truncate":
        del chain[at:]
    else:
        chain = chained([replace(kept.event, actor="kẻ khác") if kept.seq == at + 1 else kept.event for kept in chain])
    return chain
