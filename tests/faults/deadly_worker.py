"""Loaded into a Dask worker, which copies it, or into a driver: its children run $UNRULY_CHILD instead."""

import os
import sys

from actinic.screening import worker

COMMAND = (sys.executable, os.environ["UNRULY_CHILD"])


class UnrulyChild(worker.Child):
    """A child that may do anything."""

    def __init__(self, threads: int, command: tuple[str, ...] = COMMAND) -> None:
        super().__init__(threads, command)


setattr(worker, "Child", UnrulyChild)  # noqa: B010 - mypy forbids to assign to a type
