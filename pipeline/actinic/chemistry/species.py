"""A species: one molecule or ion with its charge and multiplicity, named by canonical SMILES."""

import msgspec
from rdkit import Chem, rdBase

from actinic.errors import InputError


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
        mol = _read(smiles)
        for atom in mol.GetAtoms():
            atom.SetAtomMapNum(0)
        # Canonical SMILES can change once re-read (aromaticity, implicit H); the second pass is stable.
        canonical = Chem.MolToSmiles(_read(Chem.MolToSmiles(mol)))
        species = cls(canonical, Chem.GetFormalCharge(mol), multiplicity)
        if (species.n_electrons + multiplicity) % 2 == 0:
            raise InputError(
                f"{canonical}: {species.n_electrons} electrons do not allow multiplicity {multiplicity}"
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
        """RDKit molecule with explicit hydrogens, in the atom order of the species' geometries."""
        return Chem.AddHs(_read(self.smiles))

    @property
    def has_bare_charges(self) -> bool:
        """Whether it is an ion, a zwitterion or an ion pair: something that needs a solvent to stay itself.

        Opposite charges on neighbours (nitro, azide, diazo, N-oxide, ylide) are a way of drawing, not bare.

        >>> [Species.from_smiles(s, multiplicity=1).has_bare_charges for s in ("C[N+](=O)[O-]", "C[S-]")]
        [False, True]
        """
        mol = _read(self.smiles)
        charged = {atom.GetIdx(): atom.GetFormalCharge() for atom in mol.GetAtoms() if atom.GetFormalCharge()}
        for bond in mol.GetBonds():
            pair = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
            if charged.get(pair[0], 0) * charged.get(pair[1], 0) < 0:
                for atom in pair:
                    charged.pop(atom)
        return bool(charged)

    @property
    def n_electrons(self) -> int:
        """Number of electrons, core electrons included."""
        protons: int = sum(atom.GetAtomicNum() for atom in self.molecule().GetAtoms())
        return protons - self.charge


def _read(smiles: str) -> Chem.Mol:
    with rdBase.BlockLogs():  # RDKit remarks on every lone hydrogen atom
        mol = Chem.MolFromSmiles(smiles)
    if mol is None or mol.GetNumAtoms() == 0:
        raise InputError(f"SMILES {smiles!r} cannot be read")
    return mol
