"""The smallest of many, without holding the many."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

SLACK = 100
"""So many more are held, so that they need not be sorted at each."""


class Smallest(Generic[T]):
    """Keeps the `most` smallest of what it is given.

    Args:
        most: So many are kept.
        key: What they are ordered by; equal ones stay in the order they came in.

    >>> kept = Smallest(2, key=lambda word: len(word))
    >>> for word in ("lead", "tin", "gold", "zinc"):
    ...     kept.add(word)
    >>> kept.ordered()
    ['tin', 'lead']
    """

    def __init__(self, most: int, key: Callable[[T], Any]) -> None:
        self._most = most
        self._key = key
        self._kept: list[T] = []

    def add(self, one: T) -> None:
        """Take one; it may be dropped at once or later."""
        self._kept.append(one)
        if len(self._kept) > 2 * self._most + SLACK:
            self._kept = self.ordered()

    def ordered(self) -> list[T]:
        """What is kept, smallest first."""
        return sorted(self._kept, key=self._key)[: self._most]
