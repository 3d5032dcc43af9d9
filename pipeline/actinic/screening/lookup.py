"""How the plan asks what is known; the store answers, and so may an export of one."""

from collections.abc import Callable

from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome

Lookup = Callable[[Request], Outcome | None]
"""What is known of a request; None when it was never computed."""
