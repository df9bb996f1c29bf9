"""What a user asks of a study, and the study as it is asked."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.study import Study

QUICK_SAMPLES: Final = 5
QUICK_REPLICATIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user wants other than the study says; None and empty leave it to the study."""

    laydowns: tuple[str, ...] = ()
    raids: tuple[str, ...] = ()
    replications: int | None = None
    samples: int | None = None
    seed: int | None = None
    everything: bool = False
    what_ifs: tuple[str, ...] = ()

    def quick(self) -> "Asked":
        """The same, for a first look."""
        return replace(
            self,
            replications=self.replications or QUICK_REPLICATIONS,
            samples=self.samples or QUICK_SAMPLES,
        )


def spaced(text: str) -> str:
    """A quantity as files write it, ``3 km``, from one typed without a space, ``3km``."""
    return re.sub(r"^([0-9.]+)(?=[a-z])", r"\1 ", text.strip())


def load_asked(name: str, what_ifs: tuple[str, ...]) -> tuple["Study", "Catalogue"]:
    """A study with what-ifs, and the catalogue with the study's assumptions laid over its priors.

    Parameters
    ----------
    name : str
        Id of a shipped study, or its folder.
    what_ifs : tuple of str
        As `steeldome.inputs.what_if.with_what_ifs` reads them.

    Raises
    ------
    SteeldomeError
        With every fault of the study, of the what-ifs or of the assumptions.
    """
    from steeldome.inputs.catalogue import load_catalogue
    from steeldome.inputs.study import load_study
    from steeldome.inputs.what_if import with_what_ifs

    catalogue = load_catalogue()
    known = catalogue.known_ids()
    study = with_what_ifs(load_study(name, known), what_ifs, known)
    return study, load_catalogue(study) if study.assumptions else catalogue
