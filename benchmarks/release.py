"""Where a carbamate gives back CO2: `python benchmarks/release.py [SMILES ...] [--store FILE] [--ship FILE]`.

Carbamic acid, ion pair and separate ions of methylamine, unless told otherwise, by the reactions and levels
of the `photo-ligand` workflow, in this process; what the store has is not computed again. One JSON line per
molecule and form: reaction enthalpy at 298 K, and the temperature at which dG = 0 with CO2 at 1 and 0.01 bar
and everything else at 1 mol/L, with its standard error. `--ship` writes the calculations behind it as the
package ships them.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.barriers import computed
from benchmarks.measurement import TOP, Record, report

from actinic.screening.release_references import PRESSURES_BAR, RELEASES, Release, release_standing, releases
from actinic.screening.store import Store
from actinic.screening.store_export import Noting, export


def main() -> None:
    """Compute what is missing and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("smiles", nargs="*", default=RELEASES)
    parser.add_argument("--store", type=Path, default=TOP / "results" / "barriers.sqlite")
    parser.add_argument("--ship", type=Path)
    options = parser.parse_args()
    with Store(options.store) as store:
        noting = Noting(store)
        for one in (one for smiles in options.smiles for one in releases(smiles)):
            while missing := release_standing(one, noting).missing:
                for request in missing:
                    store.add(request, computed(request))
            report(record(release_standing(one, noting)))
        if options.ship is not None:
            export(store, options.ship, noting.keys)


def record(found: Release) -> Record:
    """One line."""
    enthalpy = found.known.enthalpy_kcal_mol()
    temperatures = {
        f"{bar:g}_bar_c": None if one is None else [round(one.value, 1), round(one.standard_error or 0.0, 1)]
        for bar, one in zip(PRESSURES_BAR, found.temperatures_c, strict=True)
    }
    reaction = found.known.reaction
    return {
        "smiles": reaction.reactants[0].smiles,
        "motif": reaction.motif,
        "products": [product.species.smiles for product in reaction.products],
        "reason": found.known.reason,
        "enthalpy_kcal_mol": None if enthalpy is None else round(enthalpy.value, 2),
        **temperatures,
    }


if __name__ == "__main__":
    main()
