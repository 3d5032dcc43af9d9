"""Numbers as the page writes them: with their error and unit, and unknown where they are not known."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from actinic.analysis.estimate import N_DRAWS, Estimate

LEAST_PROBABILITY = 1 / N_DRAWS
"""A share of the draws below this is not told from nothing."""

_THIN = "\u202f"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number in words.

    Attributes:
        text: With its error, without its unit.
        sort: What a column is sorted by; None while unknown.
        note: What else to say of it, such as its interval.
        share: Between 0 and 1, for bars and colours; None where there is none.
    """

    text: str
    sort: float | None = None
    note: str = ""
    share: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a number."""
        return self.sort is not None


UNKNOWN = Shown("unknown")
NOT_APPLYING = Shown("n/a", note="does not apply to this role")


def number(value: float, decimals: int) -> str:
    """With a true minus sign and thin spaces between thousands.

    >>> number(-5.4321, 2)
    '−5.43'
    """
    text = f"{value:,.{decimals}f}".replace(",", _THIN).replace("-", "−")
    return text.lstrip("−") if not text.strip("−0.") else text


def with_error(estimate: Estimate | None, decimals: int) -> Shown:
    """Value and standard error; unknown where no calibration stands behind it."""
    if estimate is None or not estimate.calibrated:
        return UNKNOWN
    error = estimate.standard_error
    tail = " ± unknown" if error is None else f" ± {number(error, decimals)}" if error else ""
    return Shown(f"{number(estimate.value, decimals)}{tail}", estimate.value)


def absorptivity(estimate: Estimate | None) -> Shown:
    """Two digits, the 68 % interval in the note; nothing is called zero.

    >>> absorptivity(Estimate(123.4, (30.0, 400.0))).text, absorptivity(Estimate.exact(0.0)).text
    ('120', '< 1')
    """
    if estimate is None or not estimate.calibrated:
        return UNKNOWN
    ends = estimate.interval()
    words = [] if ends is None else list(dict.fromkeys(_rounded(end) for end in ends))
    note = " to ".join(words)
    return Shown(_rounded(estimate.value), estimate.value, note)


def rounded(estimate: Estimate) -> Shown:
    """Two digits with the 68 % interval, for what spans decades."""
    ends = estimate.interval()
    tail = "" if ends is None else f" ({_rounded(ends[0])} to {_rounded(ends[1])})"
    return Shown(f"{_rounded(estimate.value)}{tail}", estimate.value)


def probability(estimate: Estimate | None) -> Shown:
    """As finely as the draws tell it.

    >>> probability(Estimate.exact(0.0)).text, probability(Estimate.exact(0.456)).text
    ('< 0.03', '0.46')
    """
    if estimate is None or not estimate.calibrated:
        return UNKNOWN
    value = estimate.value
    if value < LEAST_PROBABILITY:
        text = f"< {LEAST_PROBABILITY:.2f}"
    elif value > 1 - LEAST_PROBABILITY:
        text = f"> {1 - LEAST_PROBABILITY:.2f}"
    else:
        text = f"{value:.2f}"
    return Shown(text, value, share=value)


def desirability(value: float | None) -> Shown:
    """Between 0 and 1; unknown while its quantity is."""
    return UNKNOWN if value is None else Shown(f"{value:.2f}", value, share=value)


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table, what is missing made None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]


def _rounded(value: float) -> str:
    if value < 1:
        return "< 1"
    two_digits = float(f"{value:.2g}")
    return number(two_digits, 1 if two_digits < 10 else 0)
