"""Lets a worker finish what it has begun and leave before its job ends, so that nothing is computed twice."""

from typing import Any

from distributed import Status, WorkerPlugin

LOOK_EVERY_S = 1.0


class Drain(WorkerPlugin):  # type: ignore[misc]
    """Takes no new calculation after a while, and leaves when those at work are done.

    Dask's own `--lifetime` throws away what is running. A memory limit of the worker would wake it up again.

    Args:
        after_s: From the start of the worker.
    """

    name = "actinic-drain"

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s

    def setup(self, worker: Any) -> None:
        """Set the alarm; called by Dask on each worker as it comes."""
        worker.loop.call_later(self.after_s, self._pause, worker)

    def _pause(self, worker: Any) -> None:
        """Dask sends nothing to a paused worker, and takes back what has not begun."""
        if worker.status == Status.running:
            worker.status = Status.paused
            self._leave_when_done(worker)

    def _leave_when_done(self, worker: Any) -> None:
        if worker.status != Status.paused:
            return
        if worker.state.executing or worker.data:  # or a result that the driver has not fetched
            worker.loop.call_later(LOOK_EVERY_S, self._leave_when_done, worker)
        else:
            worker.loop.add_callback(worker.close_gracefully)
