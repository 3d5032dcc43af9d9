"""The price list of levels of theory: how accurate each is on the reference sets, and what it costs."""

from collections.abc import Sequence

import numpy as np
from rdkit import Chem

from actinic.validation import BondValidation
from actinic.validation_absorption import AbsorptionValidation
from actinic.validation_levels import LevelValidation
from actinic.validation_text import TextTable

HEADS = ("quantity", "level", "n", "MAE", "unit", "left out", "core-seconds per heavy atom")


def price_list(bonds: BondValidation, absorption: AbsorptionValidation, levels: LevelValidation) -> TextTable:
    """Every level the reference sets were computed with; MAE of what was left out of the fit.

    The cost is that of everything the quantity needs, conformers included, on one core, over the heavy atoms
    of the reference molecules; of a bond over those of what breaks, its fragments included. It grows faster
    than their number (docs/benchmarks.md).
    """
    rows = [row for one in (absorption, absorption.beside) if one is not None for row in _absorption(one)]
    rows += [
        (
            "film HOMO" if found is levels.film_rows else "vertical ionisation, gas",
            row.predictor,
            str(row.scaffold_out.n),
            f"{row.scaffold_out.mean_absolute:.3f}",
            "eV",
            f"scaffold ({row.fit})",
            _per_atom([(point.cpu_s[row.predictor], point.heavy_atoms) for point in points]),
        )
        for found, points in ((levels.film_rows, levels.films), (levels.gas_rows, levels.gas))
        for row in found
        if row.fit == ("shift" if found is levels.film_rows else "line")
    ]
    rows += [
        (
            "bond enthalpy",
            table.name,
            str(table.raw.n),
            f"{table.family_left_out.mean_absolute:.1f}",
            "kcal/mol",
            "family",
            f"{bonds.cost_s[table.name]:.2f}",
        )
        for table in bonds.tables
    ]
    seconds = ", ".join(f"{kind} {value:.0f}" for kind, value in bonds.cpu_s.items())
    note = f"Core-seconds per reference bond, both levels together: {seconds}."
    return TextTable("Levels of theory: accuracy on the reference sets and cost", HEADS, tuple(rows), (note,))


def _absorption(found: AbsorptionValidation) -> list[tuple[str, ...]]:
    """The rows of one level: maxima, and edges where there are enough."""
    line = next(row for row in found.models if row.name == "line").scaffold_out
    behind = [(point.cpu_s, _heavy(point.smiles)) for point in found.points]
    errors = (str(line.n), f"{line.mean_absolute:.3f}", "eV", "scaffold")
    rows: list[tuple[str, ...]] = [("lowest maximum", found.maxima_level, *errors, _per_atom(behind))]
    if found.edges is not None:
        edges = found.edges.shifted
        behind = [(one.point.cpu_s, _heavy(one.point.smiles)) for one in found.spectra]
        errors = (str(edges.n), f"{edges.mean_absolute:.3f}", "eV", "scaffold")
        rows.append(("red edge", found.level, *errors, _per_atom(behind)))
    return rows


def _per_atom(pairs: Sequence[tuple[float, int]]) -> str:
    seconds, atoms = np.array(pairs).sum(axis=0)
    return f"{seconds / atoms:.2f}"


def _heavy(smiles: str) -> int:
    count: int = Chem.MolFromSmiles(smiles).GetNumHeavyAtoms()
    return count
