"""Fits what the pre-screen guesses with: `python workflows/fit_prescreen.py`.

From the calculations shipped with the package, in seconds. Writes `prescreen.toml` and prints it.
"""

import msgspec

from actinic.analysis.prescreen import TABLE
from actinic.screening.prescreen_fit import fitted_lines


def main() -> None:
    """Fit and write."""
    parts = ["# Written by workflows/fit_prescreen.py; docs/use.md says what it is for.\n"]
    for name, line in fitted_lines().items():
        values = "".join(f"{key} = {value}\n" for key, value in msgspec.structs.asdict(line).items())
        parts.append(f"[{name}]\n{values}")
    TABLE.write_text("\n".join(parts), encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
