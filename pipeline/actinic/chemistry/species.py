"""A species: one molecule or ion with its charge and multiplicity, named by canonical SMILES."""

from collections import Counter
from functools import lru_cache

import msgspec
from rdkit import Chem, rdBase

from actinic.errors import InputError

KEPT = 512
"""Species of which small things are kept: candidates in flight with their fragments, and those all share."""

KEPT_MOLECULES = 128
"""Species whose molecule with hydrogens is kept, 20 kB each."""


class Species(msgspec.Struct, frozen=True):
    """One molecule or ion. Charge and multiplicity have no default anywhere.

    Attributes:
        smiles: RDKit canonical isomeric SMILES without atom maps. Atom order of every geometry of the
            species: the atoms of this SMILES as parsed, then hydrogens as `Chem.AddHs` appends them.
        charge: Total charge in e.
        multiplicity: 2S + 1.
    """

    smiles: str
    charge: int
    multiplicity: int

    @classmethod
    def from_smiles(cls, smiles: str, *, multiplicity: int) -> "Species":
        """Canonicalise; equal molecules drawn differently become equal species.

        Raises:
            InputError: RDKit cannot read `smiles`, or the electron count does not allow `multiplicity`.

        >>> Species.from_smiles("C(C)O", multiplicity=1) == Species.from_smiles("OCC", multiplicity=1)
        True
        """
        species = cls(*_canonical(smiles), multiplicity)
        if (species.n_electrons + multiplicity) % 2 == 0:
            raise InputError(
                f"{species.smiles}: {species.n_electrons} electrons do not allow multiplicity {multiplicity}"
            )
        return species

    @classmethod
    def high_spin(cls, smiles: str) -> "Species":
        """The species with all the unpaired electrons of its SMILES parallel.

        Raises:
            InputError: As `from_smiles`.

        >>> [Species.high_spin(s).multiplicity for s in ("C", "[CH3]", "[CH2]")]
        [1, 2, 3]
        """
        unpaired = sum(atom.GetNumRadicalElectrons() for atom in _read(smiles).GetAtoms())
        return cls.from_smiles(smiles, multiplicity=unpaired + 1)

    def molecule(self) -> Chem.Mol:
        """RDKit molecule with explicit hydrogens, in the atom order of the species' geometries; a new one."""
        return Chem.Mol(_explicit(self.smiles))

    def shared_molecule(self) -> Chem.Mol:
        """As `molecule`, one for all who ask: to be read, never changed. A copy takes as long as a match."""
        return _explicit(self.smiles)

    @property
    def mass_g_mol(self) -> float:
        """Molar mass of the natural mixture of isotopes.

        >>> round(Species.from_smiles("O", multiplicity=1).mass_g_mol, 3)
        18.015
        """
        weight = Chem.GetPeriodicTable().GetAtomicWeight
        return float(sum(weight(atom.GetAtomicNum()) for atom in self.shared_molecule().GetAtoms()))

    @property
    def has_bare_charges(self) -> bool:
        """Whether it is an ion, a zwitterion or an ion pair: something that needs a solvent to stay itself.

        Opposite charges on neighbours (nitro, azide, diazo, N-oxide, ylide) are a way of drawing, not bare.

        >>> [Species.from_smiles(s, multiplicity=1).has_bare_charges for s in ("C[N+](=O)[O-]", "C[S-]")]
        [False, True]
        """
        return _has_bare_charges(self.smiles)

    @property
    def formula(self) -> dict[str, int]:
        """Number of atoms of each element.

        >>> Species.from_smiles("O", multiplicity=1).formula
        {'O': 1, 'H': 2}
        """
        return dict(_formula(self.smiles))

    @property
    def n_electrons(self) -> int:
        """Number of electrons, core electrons included."""
        return _protons(self.smiles) - self.charge


# What follows from a SMILES alone is asked again and again while a list is assessed.
@lru_cache(maxsize=KEPT)
def _canonical(smiles: str) -> tuple[str, int]:
    """Canonical SMILES without atom maps, and the charge."""
    mol = _read(smiles)
    for atom in mol.GetAtoms() if ":" in smiles else ():
        atom.SetAtomMapNum(0)
    # Canonical SMILES can change once re-read (aromaticity, implicit H); the second pass is stable.
    return Chem.MolToSmiles(_read(Chem.MolToSmiles(mol))), Chem.GetFormalCharge(mol)


@lru_cache(maxsize=KEPT_MOLECULES)
def _explicit(smiles: str) -> Chem.Mol:
    return Chem.AddHs(_read(smiles))


@lru_cache(maxsize=KEPT)
def _formula(smiles: str) -> Counter[str]:
    molecule = _explicit(smiles)
    return Counter(molecule.GetAtomWithIdx(i).GetSymbol() for i in range(molecule.GetNumAtoms()))


@lru_cache(maxsize=KEPT)
def _protons(smiles: str) -> int:
    number = Chem.GetPeriodicTable().GetAtomicNumber
    return sum(int(number(symbol)) * n for symbol, n in _formula(smiles).items())


@lru_cache(maxsize=KEPT)
def _has_bare_charges(smiles: str) -> bool:
    if "[" not in smiles:  # a charge is written in brackets
        return False
    mol = _read(smiles)
    charged = {atom.GetIdx(): atom.GetFormalCharge() for atom in mol.GetAtoms() if atom.GetFormalCharge()}
    for bond in mol.GetBonds():
        pair = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if charged.get(pair[0], 0) * charged.get(pair[1], 0) < 0:
            for atom in pair:
                charged.pop(atom)
    return bool(charged)


def _read(smiles: str) -> Chem.Mol:
    with rdBase.BlockLogs():  # RDKit remarks on every lone hydrogen atom
        mol = Chem.MolFromSmiles(smiles)
    if mol is None or mol.GetNumAtoms() == 0:
        raise InputError(f"SMILES {smiles!r} cannot be read")
    return mol
