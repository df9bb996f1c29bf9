"""A body that only falls: the product's integrator with nothing but gravity and drag."""

import numpy as np
import numpy.typing as npt

from steeldome.kernels.arcs import LONGEST
from steeldome.kernels.ballistics import AT_HEIGHT, TOLERANCE, Earth, coasting, fly

Floats = npt.NDArray[np.float64]


def fall(
    state: Floats,
    earth: Earth,
    ballistic_coefficient: float,
    end_height: float,
    tolerance: float = TOLERANCE,
    trace: Floats | None = None,
    trace_step: float = 1.0,
) -> float:
    """Fly a body without thrust until it comes down to a height; ``state`` is moved there.

    Parameters
    ----------
    state : (6,) float; m, m/s
        Earth-fixed position and velocity; changed in place.
    earth : Earth
    ballistic_coefficient : float, kg/m2
        Mass over drag coefficient and reference area; inf: no drag.
    end_height : float, m
        Over the ellipsoid.
    tolerance : float, m
        Error that a step may make.
    trace : (time, 6) float, optional
        Written: the state at each ``trace_step`` (s) from the start, as far as the array goes.

    Returns
    -------
    float, s
        Time of flight; at most two hours.
    """
    if trace is None:
        trace = np.empty((0, 6))
    else:
        trace[0] = state
    drive, work = coasting(ballistic_coefficient), np.empty((9, 6))
    time: float = fly(state, 0.0, earth, drive, AT_HEIGHT, end_height, LONGEST, tolerance, trace, trace_step, work)
    return time
