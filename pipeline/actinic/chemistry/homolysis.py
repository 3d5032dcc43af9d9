"""Homolysis of single bonds where no motif says which: the bonds, an order to try them in, the radicals."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from rdkit import Chem

from actinic.chemistry.motif_table import pattern
from actinic.chemistry.motifs import atom_label, drawn_with_hydrogens
from actinic.chemistry.reaction_template import redrawn
from actinic.chemistry.reactions import Reaction, assembled, balanced
from actinic.chemistry.species import Species
from actinic.errors import InputError

__all__ = ["BreakableBond", "breakable_bonds", "homolysis"]

TABLE = Path(__file__).with_name("bond_types.toml")

_CUT = "[*:1]-[*:2]>>[*:1].[*:2]"
_TO_HYDROGEN = Chem.MolFromSmarts("[#8,#16,#34]-[#1]")


class _BondType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    smarts: str
    energy_kcal_mol: float
    kind: Literal["enthalpy", "electronic"]
    reference: str
    source: str


class _Stabilisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    smarts: str
    energy_kcal_mol: float
    source: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    enthalpy_shift_kcal_mol: float
    type: tuple[_BondType, ...]
    stabilisation: tuple[_Stabilisation, ...]


class BreakableBond(msgspec.Struct, frozen=True):
    """An acyclic single bond, with those that symmetry makes equal to it.

    Attributes:
        atoms: 0-based in the atom order of the species, hydrogens after the heavy atoms.
        label: As found in a drawing with atom numbers: C7-S8; hydrogens have no number.
        estimate_kcal_mol: Rough bond dissociation enthalpy from tabulated types, for the order only; None
            when no type fits.
        n_equivalent: Number of bonds equal to this one by symmetry, itself included.
    """

    atoms: tuple[int, int]
    label: str
    estimate_kcal_mol: float | None
    n_equivalent: int


@lru_cache(maxsize=64)  # asked for by the reactions of a candidate and by what heat does to it
def breakable_bonds(species: Species) -> tuple[BreakableBond, ...]:
    """All acyclic single bonds between heavy atoms, and those of O, S and Se to hydrogen, weakest first.

    Bonds of a type that is not tabulated come first: they are those of heavier elements, mostly weak, and
    nothing is known that would put them behind another.

    >>> [bond.label for bond in breakable_bonds(Species.from_smiles("CSSC", multiplicity=1))]
    ['C1-S2', 'S2-S3']
    """
    molecule = drawn_with_hydrogens(species)
    hydrogens = {frozenset(pair) for pair in molecule.GetSubstructMatches(_TO_HYDROGEN, maxMatches=10_000)}
    alike: dict[str, list[tuple[int, int]]] = {}
    for bond in molecule.GetBonds():
        pair = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        heavy = all(molecule.GetAtomWithIdx(atom).GetAtomicNum() > 1 for atom in pair)
        if bond.GetBondType() != Chem.BondType.SINGLE or bond.IsInRing() or _is_dative(bond):
            continue
        if heavy or frozenset(pair) in hydrogens:
            alike.setdefault(_marked(molecule, pair), []).append((min(pair), max(pair)))
    estimates = _estimates(molecule, {pair for pairs in alike.values() for pair in pairs})
    bonds = [
        BreakableBond(pairs[0], _label(molecule, pairs[0]), estimates.get(pairs[0]), len(pairs))
        for pairs in (sorted(pairs) for pairs in alike.values())
    ]
    return tuple(sorted(bonds, key=lambda bond: (bond.estimate_kcal_mol or 0.0, bond.atoms)))


def _is_dative(bond: Chem.Bond) -> bool:
    """Drawn with opposite charges on its ends (the second N-O bond of a nitro group): no single bond."""
    charges = bond.GetBeginAtom().GetFormalCharge(), bond.GetEndAtom().GetFormalCharge()
    return charges[0] * charges[1] < 0


def homolysis(species: Species, atoms: tuple[int, int]) -> Reaction:
    """The two radicals a single bond leaves.

    Args:
        species: A closed-shell molecule or ion.
        atoms: The bond, 0-based in the atom order of the species with hydrogens.

    Raises:
        InputError: There is no such bond, it is in a ring, it is no single bond, or the species is a radical.
    """
    molecule = drawn_with_hydrogens(species)
    _check(species, molecule, atoms)
    edit = redrawn(molecule, _CUT, {1: atoms[0], 2: atoms[1]})
    same = _marked(molecule, atoms)
    copies = sum(
        _marked(molecule, (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())) == same
        for bond in molecule.GetBonds()
    )
    return balanced(
        Reaction(
            reactants=(species,),
            products=assembled(edit, "none", 1),
            multiplicity=1,
            broken=edit.broken,
            formed=(),
            label=_label(molecule, atoms),
            motif="",
            channel="homolysis",
            step="homolysis",
            activation=("light", "heat"),
            elementary=True,
            n_equivalent=copies,
        )
    )


def _check(species: Species, molecule: Chem.Mol, atoms: tuple[int, int]) -> None:
    n_atoms = molecule.GetNumAtoms()
    bond = molecule.GetBondBetweenAtoms(*atoms) if all(0 <= atom < n_atoms for atom in atoms) else None
    if species.multiplicity != 1:
        raise InputError(
            f"{species.smiles}: multiplicity {species.multiplicity}; homolysis expects a closed shell"
        )
    if bond is None:
        raise InputError(f"{species.smiles}: no bond between atoms {atoms[0] + 1} and {atoms[1] + 1}")
    if bond.GetBondType() != Chem.BondType.SINGLE or bond.IsInRing():
        raise InputError(
            f"{species.smiles}: {_label(molecule, atoms)} is in a ring or no single bond; "
            "expected an acyclic single bond"
        )


def _label(molecule: Chem.Mol, pair: tuple[int, int]) -> str:
    return "-".join(atom_label(molecule, atom) for atom in pair)


def _marked(molecule: Chem.Mol, pair: tuple[int, int]) -> str:
    """SMILES of the molecule with the bond marked: equal for bonds equal by symmetry."""
    copy = Chem.Mol(molecule)
    for atom in pair:
        copy.GetAtomWithIdx(atom).SetAtomMapNum(1)
    smiles: str = Chem.MolToSmiles(copy)
    return smiles


def _estimates(molecule: Chem.Mol, bonds: set[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Energy of the type less the stabilisation of the radicals, in kcal/mol, of bonds that have a type."""
    table = _table()
    gain: dict[int, float] = {}
    for entry in table.stabilisation:
        for atom in {hit[0] for hit in _mapped(molecule, entry.smarts)}:
            gain[atom] = max(gain.get(atom, 0.0), entry.energy_kcal_mol)
    found: dict[tuple[int, int], float] = {}
    for kind in table.type:
        shift = table.enthalpy_shift_kcal_mol if kind.kind == "electronic" else 0.0
        for a, b in _mapped(molecule, kind.smarts):
            pair = min(a, b), max(a, b)
            if pair in bonds:
                energy = kind.energy_kcal_mol + shift - gain.get(a, 0.0) - gain.get(b, 0.0)
                found.setdefault(pair, round(energy, 1))
    return found


def _mapped(molecule: Chem.Mol, smarts: str) -> list[tuple[int, ...]]:
    hits = molecule.GetSubstructMatches(pattern(smarts), uniquify=False, maxMatches=100_000)
    return sorted({tuple(hit[index] for index in _numbered(smarts)) for hit in hits})


@cache
def _numbered(smarts: str) -> tuple[int, ...]:
    """Atoms of a pattern that bear a map number, in the order of these."""
    atoms = [(atom.GetAtomMapNum(), atom.GetIdx()) for atom in pattern(smarts).GetAtoms()]
    return tuple(index for number, index in sorted(atoms) if number)


@cache
def _table() -> _Table:
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)
