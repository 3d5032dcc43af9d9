"""Vertical excitation energies against the best estimates of QUEST: `python benchmarks/quest.py`.

Computes the singlets of the molecules in `pipeline/actinic/reference/excitations_quest`, matches them to the
reference states by symmetry, and prints every pair, a table of errors, and one JSON line.

Matching. Every computed root gets its sign under the mirror planes, twofold axes and inversion that the
molecule has, and whether it is one of a degenerate pair. Of a reference state these follow from its symmetry
label; B1 against B2 (a matter of axes) follows from its kind in planar molecules (pi-pi* is even in the
plane of the molecule, n-pi* odd). Within one class the order of energy decides. Double excitations, which
linear response has not got, and states without a kind are left out and counted. The set has no triplets.
"""

import argparse
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyscf import symm

from actinic.chemistry.geometry import Geometry
from actinic.engines.dft import GroundState, ScfSettings, ground_state
from actinic.engines.response import ResponseSettings, singlet_roots
from actinic.errors import ActinicError
from actinic.level import Level

Real = NDArray[np.float64]
Signs = dict[str, int]

REFERENCE = Path(__file__).parents[1] / "pipeline" / "actinic" / "reference" / "excitations_quest"
OPERATIONS = {
    "inversion": (-1, -1, -1),
    "mirror x": (-1, 1, 1),
    "mirror y": (1, -1, 1),
    "mirror z": (1, 1, -1),
    "axis x": (1, -1, -1),
    "axis y": (-1, 1, -1),
    "axis z": (-1, -1, 1),
}
CHARGED = {"Streptocyanine-C5": 1}
WITH_PAIRS = ("D3h", "D6h", "Dooh")
PAIR_EV = 0.005
KINDS = {"npi": "n-pi*", "ppi": "pi-pi*"}


@dataclass(frozen=True)
class Molecule:
    """One molecule in the standard frame of its point group.

    Attributes:
        geometry: Rotated so that symmetry operations are changes of sign of x, y and z.
        group: Point group.
        images: For each operation the molecule has, where it sends each atom.
        plane: The mirror plane that holds all atoms; None for a molecule that is not planar.
    """

    geometry: Geometry
    group: str
    images: dict[str, NDArray[np.intp]]
    plane: str | None


def molecule(path: Path) -> Molecule:
    """Read an XYZ file, find its point group and turn it into the standard frame."""
    cells = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[2:] if line.strip()]
    symbols = [cell[0] for cell in cells]
    positions = np.array([[float(x) for x in cell[1:4]] for cell in cells])
    group, origin, axes = symm.detect_symm(list(zip(symbols, positions, strict=True)))
    turned = (positions - origin) @ np.asarray(axes).T
    images = {}
    for name, signs in OPERATIONS.items():
        distances = np.linalg.norm((turned * signs)[:, None] - turned[None], axis=2)
        if distances.min(axis=1).max() < 0.01:
            images[name] = distances.argmin(axis=1)
    flat = [
        name for name in images if name.startswith("mirror") and (images[name] == range(len(cells))).all()
    ]
    return Molecule(Geometry.from_angstrom(symbols, turned), str(group), images, flat[0] if flat else None)


def orbital_signs(ground: GroundState, operation: str) -> Real:
    """Sign of each basis function under a change of sign of x, y, z, shape (nao,)."""
    flips = OPERATIONS[operation]
    signs = []
    for shell in range(ground.mol.nbas):
        l = ground.mol.bas_angular(shell)  # noqa: E741 - its name
        orders = (1, -1, 0) if l == 1 else tuple(range(-l, l + 1))
        for m in orders * ground.mol.bas_nctr(shell):
            odd_z, odd_y = (l + m) % 2, int(m < 0)
            odd_x = (l + odd_z + odd_y) % 2
            signs.append(flips[0] ** odd_x * flips[1] ** odd_y * flips[2] ** odd_z)
    return np.array(signs, dtype=float)


def root_signs(ground: GroundState, shape: Molecule, vectors: Real) -> list[dict[str, float]]:
    """Expectation value of each operation for each root: 1 even, -1 odd."""
    occupied = ground.mo_coeff[:, ground.mo_occ > 0][:, -vectors.shape[1] :]
    virtual = ground.mo_coeff[:, ground.mo_occ == 0][:, : vectors.shape[2]]
    overlap, slices = ground.mol.intor("int1e_ovlp"), ground.mol.aoslice_by_atom()
    found: list[dict[str, float]] = [{} for _ in vectors]
    for name, image in shape.images.items():
        target = np.concatenate([np.arange(*slices[atom, 2:]) for atom in image])
        signs = orbital_signs(ground, name)[:, None]
        moved = [np.zeros_like(block) for block in (occupied, virtual)]
        moved[0][target], moved[1][target] = signs * occupied, signs * virtual
        left, right = occupied.T @ overlap @ moved[0], virtual.T @ overlap @ moved[1]
        for values, vector in zip(found, vectors, strict=True):
            values[name] = float((vector * (left @ vector @ right.T)).sum() / (vector**2).sum())
    return found


def wanted_signs(shape: Molecule, label: str, kind: str) -> Signs:
    """Signs that the symmetry label and the kind of a reference state ask for."""
    signs: Signs = {}
    letter = label.removeprefix("^1").replace("\\", "")[0]
    if shape.group == "D3h":
        signs["mirror z"] = -1 if label.endswith("''") else 1
        if letter == "A":
            across = next(axis for axis in ("axis x", "axis y") if axis in shape.images)
            signs[across] = 1 if "_1" in label else -1
        return signs
    parity = re.search(r"([gu])}?(\^-)?$", label)
    if parity:
        signs["inversion"] = 1 if parity[1] == "g" else -1
    if shape.group == "Dooh":
        return signs | ({"mirror x": -1} if label.endswith("^-") else {})
    if shape.group == "Cs":
        return {"mirror z": -1 if label.endswith("''") else 1}
    if shape.group in ("C2", "C2v", "C2h"):
        signs["axis z"] = 1 if letter == "A" else -1
    if shape.group == "C2v" and letter == "A":
        signs |= dict.fromkeys(("mirror x", "mirror y"), 1 if label.endswith("_1") else -1)
    elif shape.group == "D2h" and letter == "A":
        signs |= dict.fromkeys(("axis x", "axis y", "axis z"), 1)
    elif shape.plane is not None:
        signs[shape.plane] = 1 if kind == "ppi" else -1
    return signs


def in_class(signs: list[dict[str, float]], energies_ev: Real, shape: Molecule, row: pd.Series) -> list[int]:
    """Roots of the class of a reference state, ascending; of a degenerate pair the first."""
    wanted = wanted_signs(shape, str(row["state"]), str(row["type"]))
    paired = any(letter in str(row["state"]) for letter in ("E", "Delta"))
    chosen: list[int] = []
    for root, values in enumerate(signs):
        if any(abs(values[name] - sign) > 0.3 for name, sign in wanted.items()):
            continue
        gaps_ev = np.abs(np.delete(energies_ev, root) - energies_ev[root])
        is_pair = shape.group in WITH_PAIRS and bool((gaps_ev < PAIR_EV).any())
        second = is_pair and bool(chosen) and energies_ev[root] - energies_ev[chosen[-1]] < PAIR_EV
        if is_pair == paired and not second:
            chosen.append(root)
    return chosen


def compared(name: str, rows: pd.DataFrame, level: Level, settings: ResponseSettings) -> pd.DataFrame:
    """Reference and computed energy of each state of one molecule; NaN where no root matches."""
    shape = molecule(REFERENCE / str(rows["geometry"].iloc[0]))
    ground = ground_state(
        shape.geometry, charge=CHARGED.get(name, 0), multiplicity=1, level=level, settings=ScfSettings()
    )
    cover_ev = float(rows["TBE_AVTZ_eV"].max()) + 1.0
    found = singlet_roots(ground, msgspec.structs.replace(settings, cover_ev=cover_ev))
    energies_ev = np.array([root.energy_ev for root in found.roots])
    signs = root_signs(ground, shape, found.vectors)
    taken: dict[tuple[int, ...], int] = {}
    computed = []
    for _, row in rows.sort_values("TBE_AVTZ_eV").iterrows():
        roots = in_class(signs, energies_ev, shape, row)
        place = taken.get(tuple(roots), 0)
        taken[tuple(roots)] = place + 1
        computed.append(float(energies_ev[roots[place]]) if place < len(roots) else np.nan)
    ordered = rows.sort_values("TBE_AVTZ_eV")[["molecule", "state", "type", "TBE_AVTZ_eV"]]
    return ordered.assign(computed_ev=computed)


def errors(table: pd.DataFrame) -> dict[str, float | int]:
    """Mean signed, mean absolute and largest absolute deviation in eV of the matched states."""
    deviations = (table["computed_ev"] - table["TBE_AVTZ_eV"]).dropna().to_numpy(float)
    sizes = np.abs(deviations)
    mean_ev, absolute_ev, worst_ev = (
        round(float(x), 3) for x in (deviations.mean(), sizes.mean(), sizes.max())
    )
    return {"states": len(sizes), "mean_ev": mean_ev, "mean_absolute_ev": absolute_ev, "largest_ev": worst_ev}


def main() -> None:
    """Compute, match, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--functionals", nargs="+", default=["b3lyp", "cam-b3lyp", "pbe0"])
    parser.add_argument("--basis", default="def2-svp")
    parser.add_argument("--method", default="tda")
    parser.add_argument("--tier", default="full")
    parser.add_argument("--molecules", nargs="+", help="only these, by their name in the table")
    arguments = parser.parse_args()
    reference = pd.read_csv(REFERENCE / "excitations_quest.csv")
    if arguments.molecules:
        reference = reference[reference["molecule"].isin(arguments.molecules)]
    usable = reference[reference["type"].isin(list(KINDS))]
    settings = ResponseSettings(method=arguments.method, tier=arguments.tier)
    record: dict[str, object] = {
        "basis": arguments.basis,
        "method": arguments.method,
        "tier": arguments.tier,
        "left_out": len(reference) - len(usable),
    }
    lines = [
        "| functional | states | kind | mean / eV | mean absolute / eV | largest / eV |",
        "|---" * 6 + "|",
    ]
    for functional in arguments.functionals:
        summary = _summary(usable, Level.parse(f"{functional}/{arguments.basis}"), settings)
        record[functional] = summary
        lines += [_line(functional, kind, summary[kind]) for kind in ("all", *KINDS)]
    print("\n".join(lines))
    print(json.dumps(record))


def _line(functional: str, kind: str, found: dict[str, float]) -> str:
    numbers = " | ".join(f"{found[name]:.2f}" for name in ("mean_ev", "mean_absolute_ev", "largest_ev"))
    return f"| {functional} | {found['states']} | {KINDS.get(kind, kind)} | {numbers} |"


def _summary(usable: pd.DataFrame, level: Level, settings: ResponseSettings) -> dict[str, Any]:
    """Errors of all matched states and by kind, what found no match, and what failed and why."""
    parts, failed = [], {}
    for name, rows in usable.groupby("molecule"):
        try:
            parts.append(compared(str(name), rows, level, settings))
        except ActinicError as error:
            failed[str(name)] = error.message
    table = pd.concat(parts)
    print(level, table.to_string(index=False), sep="\n", flush=True)
    kinds = {kind: errors(table[table["type"] == kind]) for kind in KINDS}
    unmatched = int(table["computed_ev"].isna().sum())
    return {"all": errors(table), **kinds, "unmatched": unmatched, "failed": failed}


if __name__ == "__main__":
    main()
