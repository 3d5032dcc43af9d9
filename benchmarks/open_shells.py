"""What the second start of open shells is worth: `python benchmarks/open_shells.py [--level L]`.

Radicals and triplets are converged from atoms alone and from the better of two starts, as the package does;
open-shell singlets from each of their two starts alone. GFN2 minima of the spin in question. One JSON line.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measurement import Record, machine, report

from actinic.chemistry.geometry import Geometry
from actinic.chemistry.species import Species
from actinic.engines import dft, dft_broken, dft_starts
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.embedding import embed
from actinic.engines.optimisation import Stop, optimise
from actinic.engines.tight_binding import Theory
from actinic.errors import ActinicError
from actinic.level import Level
from actinic.units import HARTREE_EV

RADICALS = (
    "[CH3]", "[NH2]", "C[O]", "C[S]", "C[CH2]", "C=C[CH2]", "[c]1ccccc1", "[CH2]c1ccccc1", "[O]c1ccccc1",
    "[NH]c1ccccc1", "[S]c1ccccc1", "C[C]=O", "C[N]C", "F[C](F)F", "CS(=O)[O]", "CC(=O)[O]", "CC(C)=[N]",
    "[CH2]I", "C[Si](C)C", "[O]N=C",
)  # fmt: skip
TRIPLETS = (
    "C=C", "C=O", "CC(C)=O", "C=CC=O", "c1ccccc1", "CN=[N+]=[N-]", "C[N+](=O)[O-]", "C=CC=C", "N=N",
    "O=Cc1ccccc1", "C1N=N1",
)  # fmt: skip
SINGLETS = (
    "[NH]",
    "C[N]",
    "[CH2]",
    "[CH]c1ccccc1",
    "[N]c1ccccc1",
    "FC(F)(F)[C]c1ccccc1",
    "[CH2][CH2]",
    "[O][O]",
)
LOWER_EV = 0.01
"""A solution this much below another is another state."""


def main() -> None:
    """Converge all of them twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--level", default="wb97x-d3/def2-svp", help="default: %(default)s")
    level = Level.parse(parser.parse_args().level)
    rows = [_tried(_lowered, smiles, 2, level) for smiles in RADICALS]
    rows += [_tried(_lowered, smiles, 3, level) for smiles in TRIPLETS]
    broken = [_tried(_broken, smiles, 1, level) for smiles in SINGLETS]
    report(
        {
            "benchmark": "open_shells",
            "level": str(level),
            "radicals_lowered": [sum(_is_lower(row, 2) for row in rows), len(RADICALS)],
            "triplets_lowered": [sum(_is_lower(row, 3) for row in rows), len(TRIPLETS)],
            "singlets_by_start": {
                name: sum(row.get("lowest") == name for row in broken)
                for name in ("parted", "crossed", "none")
            },
            "rows": rows + broken,
            "machine": machine(),
        }
    )


def _is_lower(row: Record, multiplicity: int) -> bool:
    return bool(row["multiplicity"] == multiplicity and row.get("lowered_by_ev", 0.0) > LOWER_EV)


def _tried(
    compute: Callable[[Geometry, int, Level], Record], smiles: str, multiplicity: int, level: Level
) -> Record:
    row: Record = {"smiles": smiles, "multiplicity": multiplicity}
    try:
        return row | compute(_minimum(smiles, multiplicity), multiplicity, level)
    except ActinicError as error:
        return row | {"error": str(error)}


def _minimum(smiles: str, multiplicity: int) -> Geometry:
    """GFN2 minimum; that of the triplet for open-shell singlets, which tight binding lacks."""
    spin = 3 if multiplicity == 1 else multiplicity
    (start,) = embed(
        Species.from_smiles(smiles, multiplicity=spin), n_conformers=1, seed=1, rmsd_angstrom=0.1
    )
    theory = Theory(0, spin, Level.parse("gfn2-xtb"), "tblite")
    return optimise(start, theory, Stop(fmax_ev_angstrom=0.01, max_steps=500)).geometry


def _lowered(geometry: Geometry, multiplicity: int, level: Level) -> Record:
    both = _state(geometry, multiplicity, level)
    with patch.object(dft, "best_start", lambda builder, _: dft_starts.start_orbitals(builder)):
        alone = _state(geometry, multiplicity, level)
    return {"lowered_by_ev": round((alone.energy_hartree - both.energy_hartree) * HARTREE_EV, 3)}


def _broken(geometry: Geometry, multiplicity: int, level: Level) -> Record:
    starts = dft_broken.broken_starts
    energies: dict[str, float] = {}
    for index, name in enumerate(("parted", "crossed")):
        with patch.object(dft_broken, "broken_starts", lambda *given, i=index: (starts(*given)[i],)):
            state = _state(geometry, multiplicity, level, broken_symmetry=True)
        energies[name] = state.energy_hartree if not state.is_closed_shell else float("inf")
    lowest = min(energies, key=energies.__getitem__)
    return {"lowest": "none" if energies[lowest] == float("inf") else lowest}


def _state(
    geometry: Geometry, multiplicity: int, level: Level, *, broken_symmetry: bool = False
) -> GroundState:
    return ground_state(
        geometry,
        charge=0,
        multiplicity=multiplicity,
        level=level,
        settings=ScfSettings(),
        broken_symmetry=broken_symmetry,
    )


if __name__ == "__main__":
    main()
