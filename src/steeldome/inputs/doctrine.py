"""Shot doctrine and the policy that assigns fire units to threats."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from steeldome.inputs.base import Count, Example, Flag, Id, Input, Money, count_between, describe

POLICIES: Final = ("nearest", "layered")
DEFAULT_CLASS: Final = "default"
ANY_THREAT: Final = "any"


def _policy(found: object) -> str:
    if not isinstance(found, str) or found not in POLICIES:
        raise ValueError(
            f"{describe(found)} is not a policy; allowed: {', '.join(POLICIES)}; "
            "a study names a known policy and never points to code"
        )
    return found


Policy = Annotated[str, BeforeValidator(_policy), Example("layered")]


class EngagementRule(Input):
    """How fire units of one class engage threats of one group.

    Attributes
    ----------
    applies_to : str
        Class of system, or ``default``.
    threat : str
        Group of threats, or ``any``.
    salvo : int
        Rounds fired with no look between them.
    looks : int
        Salvoes allowed against one threat, each after a kill assessment.
    reserve : int
        Ready rounds of the fire unit that this rule may not use.
    cost_cap : float or None, USD
        Dearest single round that may be fired.
    hold : bool
        True if this class does not engage this group.
    """

    applies_to: Id
    threat: Id = ANY_THREAT
    salvo: Annotated[int, count_between(1, 16), Example("2")] = 1
    looks: Annotated[int, count_between(1, 16), Example("2")] = 1
    reserve: Count = 0
    cost_cap: Money | None = None
    hold: Flag = False


class Doctrine(Input):
    """The policy and its rules; the most specific rule holds.

    Order of precedence: class and group; class and ``any``; ``default`` and group; ``default`` and ``any``, which must
    be there.

    Attributes
    ----------
    stand_alone : str
        Rule of engagement of units that are members of no network: ``tight`` holds fire at anything that they declare
        an aircraft, ``free`` engages what they believe hostile.
    """

    policy: Policy
    rules: tuple[EngagementRule, ...]
    stand_alone: Literal["tight", "free"] = "free"
