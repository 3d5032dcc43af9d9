"""Identifiers that are unique in a list and safe as file names."""

import re
import unicodedata

from actinic.chemistry.seen import Seen

MAX_CHARACTERS = 80
SAFE_ID = (
    f"letters, digits, dots, hyphens and underscores, at most {MAX_CHARACTERS}, not led by a dot or hyphen"
)
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}")


def safe_id(text: str) -> str:
    """`text` in [A-Za-z0-9._-], without leading dot or hyphen, at most 80 characters; may be empty.

    >>> safe_id("../../etc/passwd"), safe_id("=cmd()")
    ('etc-passwd', 'cmd')
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    safe = re.sub(r"[^A-Za-z0-9._]+", "-", ascii_text)
    safe = re.sub(r"[-.]*-[-.]*", "-", safe)
    return safe.lstrip(".-")[:MAX_CHARACTERS].rstrip(".-")


def is_safe_id(text: str) -> bool:
    """Whether a file may be named by `text`.

    >>> is_safe_id("phenyl-azide"), is_safe_id("../x"), is_safe_id("")
    (True, False, False)
    """
    return _SAFE.fullmatch(text) is not None


class Identifiers:
    """The identifiers given out so far; upper and lower case count as equal, as some file systems have it.

    Two that are taken for one (`Seen`) only cost the later one a suffix.
    """

    def __init__(self) -> None:
        self._taken = Seen()
        self._next: dict[str, int] = {}

    def claim(self, wanted: str) -> str:
        """`wanted`, or with the first free suffix -2, -3, ... when it is taken.

        >>> ids = Identifiers()
        >>> ids.claim("a"), ids.claim("A"), ids.claim("a")
        ('a', 'A-2', 'a-3')
        """
        identifier = wanted
        while not self._taken.add(identifier.lower()):
            number = self._next.get(wanted.lower(), 2)
            self._next[wanted.lower()] = number + 1
            suffix = f"-{number}"
            identifier = wanted[: MAX_CHARACTERS - len(suffix)] + suffix
        return identifier
