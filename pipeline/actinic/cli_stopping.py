"""What ends a computing command before its time, and the exit status that says so."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from actinic.screening.cluster import SchedulerLostError
from actinic.screening.store_health import StoreUnavailableError

EXIT_STOPPED, EXIT_SOME_FAILED = 3, 4


@contextmanager
def stoppable(console: Console) -> Iterator[None]:
    """Leave with status 3 when the user, the scheduler or a full disk stops the work; the store is complete.

    Caught here and not at the top: typer would turn Ctrl-C into its own exit status.
    """
    try:
        yield
    except (KeyboardInterrupt, SchedulerLostError, StoreUnavailableError) as error:
        console.print(str(error) or "stopped; run the same command again to resume")
        sys.exit(EXIT_STOPPED)
