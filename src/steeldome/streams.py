"""Names of chance: the frozen list of draw purposes and the 32-bit id of an entity's name."""

import hashlib
from enum import IntEnum


class Purpose(IntEnum):
    """What a draw is for; part of every key of the random number generator.

    The numbers are frozen: changing one changes every result. New purposes are appended.
    """

    AVAILABLE = 1
    RELIABILITY = 2
    SIGNATURE = 3
    DETECT = 4
    MESSAGE = 5
    IDENTIFY = 6
    COMMON = 7
    KILL = 8
    ASSESS = 9
    ACCURACY = 10
    DAMAGE = 11
    REPAIR = 12
    SOFT_KILL = 13
    INPUT_SAMPLE = 14
    SITING = 15


def stable_id(text: str) -> int:
    """32-bit id of an entity's name, the same on every machine and in every version.

    Parameters
    ----------
    text : str
        Name of the entity, such as ``"raid/mixed/group-1/7"``.

    Returns
    -------
    int, 1..2**32 - 1
        First four bytes, little-endian, of the SHA-256 of the UTF-8 text; 0 is kept for "no entity" and becomes 1.
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return int.from_bytes(digest[:4], "little") or 1
