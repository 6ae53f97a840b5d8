"""A pull's answers at hand while its figures are weighed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from hue_dti.observations.model import RawAnswer, SourceFault


class RememberingStore:
    """A raw store that also keeps this pull's answers at hand, to name each figure's request and time."""

    def __init__(self, keep: Callable[[RawAnswer], str]) -> None:
        self._keep = keep
        self.answers: dict[str, RawAnswer] = {}
        self.requests = 0

    def keep(self, answer: RawAnswer) -> str:
        """Store durably first, then remember."""
        sha256 = self._keep(answer)
        self.answers[sha256] = answer
        self.requests += 1
        return sha256


def placed(answers: Collection[str], faults: Iterable[SourceFault]) -> tuple[SourceFault, ...]:
    """The faults with the answer they stand in, where they name none and there was only one."""
    only = next(iter(answers)) if len(answers) == 1 else ""
    return tuple(fault if fault.raw_sha256 else replace(fault, raw_sha256=only) for fault in faults)
