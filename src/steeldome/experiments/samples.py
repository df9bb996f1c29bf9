"""Outer samples: where in its range each uncertain input lies, as a Latin hypercube keyed by the input's name.

Source: [McKay1979]. Keyed draws mean that a new input never moves the values of another, and that one sample number
stands for the same values in every laydown and raid: their differences are paired.
"""

from dataclasses import dataclass

from steeldome.kernels.philox import rank_and_word
from steeldome.streams import Purpose, stable_id

CENTRE = 0.5
_WORD = 2.0**32


@dataclass(frozen=True, slots=True)
class OuterSample:
    """One point of the hypercube.

    Attributes
    ----------
    number : int, 0..count - 1
        Number of the sample; also the number of the siting layout.
    count : int, >= 1
        Samples in the hypercube; with one, every input takes its middle.
    seed : int, 0..2**63 - 1
        Seed of the run.
    """

    number: int
    count: int
    seed: int

    @property
    def layout(self) -> int:
        """Number of the siting layout."""
        return self.number

    def quantile(self, name: str) -> float:
        """Quantile at which an input is read, 0 <= q < 1.

        Parameters
        ----------
        name : str
            Name of the input, the same in every study that uses it.

        Notes
        -----
        Over the samples 0..count - 1 each of the ``count`` equal strata of 0..1 is met exactly once. The stratum of
        sample i is the rank of i's own word among the words of all samples.
        """
        if self.count == 1:
            return CENTRE
        rank, word = rank_and_word(
            self.seed, self.number, self.count, stable_id(name), Purpose.INPUT_SAMPLE.value << 24
        )
        return (rank + word / _WORD) / self.count
