"""What is laid over the stored figures of a period must not contradict them: parts beyond their whole, figures taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from hue_dti.observations.model import State
from hue_dti.scoring.model import with_value
from hue_dti.storage import MeasureFigures

_NONE = -1


def beyond_whole(measures: Mapping[str, MeasureFigures], part: str, whole: str, units: int) -> npt.NDArray[np.bool_]:
    """Where both figures stand and the part is greater than its whole: bool[units]; nowhere where one measure has no figures."""
    if part not in measures or whole not in measures:
        return np.zeros(units, np.bool_)
    below, above = _values(measures[part], units), _values(measures[whole], units)
    beyond: npt.NDArray[np.bool_] = (below > above) & (above != _NONE)
    return beyond


def without(measure: MeasureFigures, units: npt.NDArray[np.integer], reason: str = "") -> MeasureFigures:
    """The measure with the figures of these units missing, for this reason or for the one they have."""
    gone = np.isin(measure.unit, units)
    if not gone.any():
        return measure
    return replace(
        measure,
        value=np.where(gone, 0, measure.value),
        state=np.where(gone, np.int8(State.MISSING), measure.state).astype(np.int8),
        reason=[(reason or told) if wrong else told for wrong, told in zip(gone.tolist(), measure.reason, strict=True)],
    )


def _values(measure: MeasureFigures, units: int) -> npt.NDArray[np.int64]:
    """The value at each unit, -1 without one: int64[units]."""
    values = np.full(units, _NONE, np.int64)
    present = with_value(measure.state)
    values[measure.unit[present]] = measure.value[present]
    return values
