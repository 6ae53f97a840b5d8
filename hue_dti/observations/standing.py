"""Typed figures when a source is let in: a machine's figure takes their place, an office's table that is merely fetched does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hue_dti.observations.entered import ENTERED
from hue_dti.observations.intake import Admission
from hue_dti.observations.model import Observation, State

_Key = tuple[str, str]


def typed_values(current: Iterable[Observation]) -> Mapping[_Key, int]:
    """The figures that stand because a person typed them, by unit and measure."""
    return {(each.unit, each.measure): each.value for each in current if each.origin.source == ENTERED and each.value is not None}


def beside_typed(admission: Admission, typed: Mapping[_Key, int], by_machine: bool) -> Admission:
    """The admission with what may not take a typed figure's place put beside it.

    A machine's figure may; its silence may not. What outgrew a new whole has left its place already. A table that the office filled in
    before is no newer than what a person typed since.
    """
    told = {State.MEASURED, State.REPORTED, State.NOT_APPLICABLE} if by_machine else set()
    aside = [
        each
        for each in admission.observations
        if (each.unit, each.measure) in typed and each.state not in told and each.origin.source != ENTERED
    ]
    if not aside:
        return admission
    kept = tuple(each for each in admission.observations if each not in aside)
    return replace(admission, observations=kept, second=(*admission.second, *aside))
