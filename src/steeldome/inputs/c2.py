"""Command and control: who shares a picture with whom."""

from typing import Annotated

from steeldome.inputs.base import EACH_ONCE, NOT_EMPTY, Id, Input, LocalText, count_between


class Network(Input):
    """Systems on one common picture under one coordinating node.

    A system is a member of one network at most; one that is a member of none stands alone: it sees with its own sensors
    and decides by itself.

    Attributes
    ----------
    coordinator : str
        Catalogue id of the command node.
    operators : int
        Operators who can release engagements at the same time.
    members : tuple of str
        Catalogue ids of the systems on the picture.
    """

    id: Id
    name: LocalText
    coordinator: Id
    operators: Annotated[int, count_between(1, 1000)]
    members: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
