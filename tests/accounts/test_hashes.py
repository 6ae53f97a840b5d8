"""What a password's hash costs whoever tries many."""

from argon2 import Type

from hue_dti.accounts.passwords import hashed, matches
from tests.cheap_hashes import OWN


def test_the_program_s_own_hashes_cost_what_is_recommended():
    """RFC 9106, the second choice: three passes over 64 MiB in four lanes."""
    assert (OWN.type, OWN.time_cost, OWN.memory_cost, OWN.parallelism) == (Type.ID, 3, 65536, 4)
    assert OWN.salt_len >= 16


def test_a_hash_made_at_the_program_s_own_cost_is_matched():
    kept = OWN.hash("con trâu ăn cỏ non")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert matches(kept, "con trâu ăn cỏ non")
    assert not matches(kept, "con trâu ăn cỏ nom")
    assert hashed("con trâu ăn cỏ non") != hashed("con trâu ăn cỏ non")
