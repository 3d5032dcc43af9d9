"""Fits the shipped timings to recorded ones: `python workflows/fit_timings.py FILE [FILE ...] [--out CSV]`.

A FILE is a store (`*.sqlite`) or an export (`*.jsonl.gz`): the processor time of every result in them goes
into the table that `actinic estimate` starts from. The calculations of the reference bonds and of the
searches for measured barriers that come with the package are always among them. With `--keep` rows of kind,
level and shell that no FILE has stay as they are, and the package's own calculations are left alone. With
`--check` nothing is fitted: what the shipped table foretells of the results in the files is printed next to
what they took.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from actinic.calculations import kinds
from actinic.calculations.outcome import Provenance
from actinic.screening.store import Record, Store
from actinic.screening.store_export import import_results
from actinic.screening.timings import SHIPPED, Point, Timings, fit, point, shipped_rows, write_rows

REFERENCE = Path(__file__).parents[1] / "pipeline" / "actinic" / "reference"
SHIPPED_RESULTS = (REFERENCE / "bonds" / "bonds.jsonl.gz", REFERENCE / "barriers" / "paths.jsonl.gz")


def main() -> None:
    """Read, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        check(arguments.files)
        return
    points: dict[str, Point] = {}
    for file in (*arguments.files, *(() if arguments.keep else SHIPPED_RESULTS)):
        for record in records(file):
            core_s = msgspec.json.decode(record.provenance, type=Provenance).cpu_s
            points[record.key] = point(kinds.decode_request(bytes(record.request)), core_s)
    kept = {row.of: row for row in (shipped_rows() if arguments.keep else ())}
    known = {row.of.sort: row.exponent for row in kept.values()}
    made = {row.of: row for row in fit(points.values(), known)}
    write_rows((row for _, row in sorted((kept | made).items())), arguments.out)
    print(arguments.out.read_text(encoding="utf-8"), end="")


def check(files: list[Path]) -> None:
    """Print core-seconds by kind: number of results, taken, foretold, and from where to where."""
    timings = Timings(shipped_rows())
    sums: dict[str, list[float]] = {}
    for record in (one for file in files for one in records(file)):
        taken_s = msgspec.json.decode(record.provenance, type=Provenance).cpu_s
        low_s, middle_s, high_s = timings.core_seconds(kinds.decode_request(bytes(record.request)))
        for name in (record.kind, "all"):
            before = sums.get(name, [0.0] * 5)
            row = (1, taken_s, middle_s, low_s, high_s)
            sums[name] = [total + one for total, one in zip(before, row, strict=True)]
    print("kind        number   taken  foretold  from   to")
    for name, (number, *seconds) in sorted(sums.items(), key=lambda item: item[0] == "all"):
        print(
            f"{name:<12}{number:>6.0f}{seconds[0]:>8.1f}{seconds[1]:>10.1f}{seconds[2]:>6.0f}{seconds[3]:>5.0f}"
        )


def records(file: Path) -> Iterator[Record]:
    """The results in a store or an export."""
    if file.suffix != ".gz":
        with Store(file, read_only=True) as store:
            yield from store.records()
        return
    with Store(Path(":memory:")) as store:
        import_results(store, file)
        yield from store.records()


if __name__ == "__main__":
    main()
