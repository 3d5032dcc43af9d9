"""The part of a molecule that absorbs: saturated chains cut short, one of several equal chromophores."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rdkit import Chem

from actinic.chemistry.motifs import match, n_sites
from actinic.chemistry.species import KEPT, Species
from actinic.chemistry.trimming import closed, cut_out, near

FEWEST_CUT = 3
"""Heavy atoms from which a cut is worth the conformers that its model needs of its own."""

_CARBON, _OXYGEN = 6, 8


@dataclass(frozen=True, slots=True)
class AbsorbingPart:
    """What stands for a molecule where light is concerned.

    Attributes:
        species: The model: a part of the molecule with hydrogens where bonds were cut.
        copies: How many such parts the molecule has; its absorptivity is as many times that of the model.
        kept: Heavy atoms of the molecule that make the model, 0-based; of several copies one.
        n_heavy: Heavy atoms of the molecule.
    """

    species: Species
    copies: int
    kept: frozenset[int]
    n_heavy: int

    @property
    def n_cut(self) -> int:
        """Heavy atoms of the molecule that are not in the model."""
        return self.n_heavy - len(self.kept)

    def __str__(self) -> str:
        """The model in a cell of a table: its SMILES, and how many of it the molecule has."""
        return self.species.smiles if self.copies == 1 else f"{self.copies} x {self.species.smiles}"


@lru_cache(maxsize=KEPT)
def absorbing_part(species: Species, reach: int) -> AbsorbingPart | None:
    """The part whose spectrum stands for that of a closed-shell molecule.

    What may absorb above 200 nm, or push electrons at something that does, is kept: atoms of multiple and
    aromatic bonds, charges, all atoms of motifs, strained rings, and all elements but carbon, hydrogen and
    the oxygen of alcohols and dialkyl ethers. Of the saturated rest stays what is within `reach` bonds of
    that, whole rings and all that hangs on by another bond than a single one between carbons, and the chains
    that join what is kept. Where they join equal parts without charges, and nothing else, they are cut, too,
    and one part is the model.

    Args:
        species: The molecule.
        reach: Bonds from what may absorb, at least 1.

    Returns:
        None where fewer than `FEWEST_CUT` heavy atoms would go, where the motifs of the model would be
        others, and of ion pairs and isotopes of hydrogen.

    >>> chain = Species.from_smiles("CCCCCCCCOc1ccccc1", multiplicity=1)
    >>> absorbing_part(chain, 2).species.smiles
    'CCOc1ccccc1'
    """
    molecule = Chem.MolFromSmiles(species.smiles)
    alone = "." not in species.smiles and all(atom.GetAtomicNum() > 1 for atom in molecule.GetAtoms())
    seeds = _absorbing(molecule, species)
    if not alone or not seeds or species.multiplicity != 1:
        return None
    kept = closed(molecule, near(molecule, seeds, reach))
    pieces = [frozenset(piece) for piece in _connected(molecule, kept)]
    model = _named(molecule, pieces[0])
    if len(pieces) > 1 and (
        model.has_bare_charges or any(_named(molecule, piece) != model for piece in pieces)
    ):
        pieces = [frozenset(closed(molecule, kept | _between(molecule, seeds)))]
        model = _named(molecule, pieces[0])
    part = AbsorbingPart(model, len(pieces), pieces[0], molecule.GetNumAtoms())
    if part.n_cut < FEWEST_CUT or _motifs(species) != _motifs(model, part.copies):
        return None
    return part


def _absorbing(molecule: Chem.Mol, species: Species) -> set[int]:
    found = {atom.GetIdx() for atom in molecule.GetAtoms() if _may_absorb(atom)}
    found |= {atom for ring in molecule.GetRingInfo().AtomRings() if len(ring) < 5 for atom in ring}
    places = (place for site in match(species) for place in site.copies)
    return found | {atom for place in places for atom in place if atom < molecule.GetNumAtoms()}


def _may_absorb(atom: Chem.Atom) -> bool:
    if atom.GetFormalCharge() or not _is_saturated(atom):
        return True
    if atom.GetAtomicNum() == _OXYGEN:
        return not all(_is_saturated(n) and n.GetAtomicNum() == _CARBON for n in atom.GetNeighbors())
    return bool(atom.GetAtomicNum() != _CARBON)


def _is_saturated(atom: Chem.Atom) -> bool:
    return all(bond.GetBondType() == Chem.BondType.SINGLE for bond in atom.GetBonds())


def _connected(molecule: Chem.Mol, kept: set[int]) -> list[set[int]]:
    """`kept` taken apart where no bond joins it, in the order of the lowest atom."""
    left, pieces = set(kept), []
    while left:
        piece, rim = set[int](), {min(left)}
        while rim:
            piece |= rim
            beside = {n.GetIdx() for atom in rim for n in molecule.GetAtomWithIdx(atom).GetNeighbors()}
            rim = (beside & kept) - piece
        left -= piece
        pieces.append(piece)
    return pieces


def _between(molecule: Chem.Mol, seeds: set[int]) -> set[int]:
    """Atoms on the shortest ways from one of the seeds to another."""
    distances = Chem.GetDistanceMatrix(molecule)
    ends = sorted(seeds)
    apart = distances[np.ix_(ends, ends)]
    return {
        atom
        for atom in range(molecule.GetNumAtoms())
        if (distances[atom, ends][:, None] + distances[atom, ends][None, :] == apart).any()
    }


def _named(molecule: Chem.Mol, kept: frozenset[int]) -> Species:
    return Species.from_smiles(Chem.MolToSmiles(cut_out(molecule, kept)), multiplicity=1)


def _motifs(species: Species, copies: int = 1) -> Counter[str]:
    sites = match(species)
    names = {site.motif.name for site in sites}
    return Counter({name: copies * n_sites(sites, name) for name in names})
