"""A password's hash is dear on purpose; in tests it is of the same kind and cheap. What the program's own cost is told by a test."""

from __future__ import annotations

from argon2 import PasswordHasher

from hue_dti.accounts import passwords

OWN = passwords._HASHER
"""What the program hashes with; processes that a test starts do, too."""

passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
