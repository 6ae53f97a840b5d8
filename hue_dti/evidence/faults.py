"""Why a file is not taken."""

from __future__ import annotations


class Refused(Exception):
    """The file is not taken; the message is Vietnamese: what is wrong, and what to do."""
