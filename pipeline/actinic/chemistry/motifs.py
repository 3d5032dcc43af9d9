"""Which motifs of the table a species carries, and where."""

from dataclasses import dataclass
from functools import lru_cache

from rdkit import Chem

from actinic.chemistry.motif_table import Motif, map_numbers, motif_table, pattern
from actinic.chemistry.reaction_template import placements, redrawn
from actinic.chemistry.species import Species

__all__ = [
    "Site",
    "atom_label",
    "drawn_alike",
    "drawn_with_hydrogens",
    "match",
    "n_crosslinking_sites",
    "n_sites",
]

MAX_MATCHES = 100_000

_QUINONE_DIAZIDE = "[O-:1]-[c:2]:[c:3]-[N+:4]#[N:5]>>[O:1]=[C:2]-[C:3]=[N+:4]=[N-:5]"
_DIAZONIUM_YLIDE = Chem.MolFromSmarts("[#6-,#7-]-[N+]#[NX1]")


@dataclass(frozen=True, slots=True)
class Site:
    """A motif at its place, with the places that symmetry makes equal to it.

    Attributes:
        motif: The motif.
        atoms: Its mapped atoms in the order of the map numbers, 0-based in the atom order of the species.
        copies: `atoms` of every site equal by symmetry, this one first.
    """

    motif: Motif
    atoms: tuple[int, ...]
    copies: tuple[tuple[int, ...], ...]

    @property
    def n_equivalent(self) -> int:
        """Number of bonds equal to this one by symmetry, itself included."""
        return len(self.copies)


@lru_cache(maxsize=1024)
def match(species: Species) -> tuple[Site, ...]:
    """The motifs of a species, one site per set of symmetry-equal ones, in the order of the table.

    A motif gives way to a more specific one (see `beats` in the table) that claims an atom of it.
    """
    molecule = _drawn(species.smiles)
    found = {motif: places for motif in motif_table() if (places := _places(molecule, motif))}
    sites: list[Site] = []
    for motif, places in found.items():
        claimed = {
            atom
            for other, others in found.items()
            if motif.name in other.beats
            for place in others
            for atom in place
        }
        free = [place for place in places if claimed.isdisjoint(place)]
        sites += (Site(motif, copies[0], copies) for copies in _alike(molecule, free))
    return tuple(sites)


def n_sites(sites: tuple[Site, ...], name: str) -> int:
    """Number of reactive groups of the motif `name`, counted by their atom mapped 1.

    >>> sites = match(Species.from_smiles("ClC(Cl)(Cl)c1ncnc(n1)C(Cl)(Cl)Cl", multiplicity=1))
    >>> [(site.n_equivalent, n_sites(sites, site.motif.name)) for site in sites]
    [(6, 2)]
    """
    return len({place[0] for site in sites if site.motif.name == name for place in site.copies})


def n_crosslinking_sites(sites: tuple[Site, ...]) -> int:
    """Number of reactive groups that can join two molecules; a cross-linker has two or more.

    >>> n_crosslinking_sites(match(Species.from_smiles("SCCc1ccc(C(=O)c2ccccc2)cc1", multiplicity=1)))
    2
    """
    return sum(n_sites(sites, name) for name in {site.motif.name for site in sites if site.motif.crosslinks})


def atom_label(molecule: Chem.Mol, atom: int) -> str:
    """Element and number counted from 1, as in a drawing with atom numbers; hydrogens without a number."""
    symbol: str = molecule.GetAtomWithIdx(atom).GetSymbol()
    return symbol if symbol == "H" else f"{symbol}{atom + 1}"


def drawn_alike(molecule: Chem.Mol) -> Chem.Mol:
    """A copy, atoms in the same order, in which azides and diazo groups are drawn with two double bonds.

    So are o-quinone diazides drawn as diazonium phenolates.

    >>> Chem.MolToSmiles(drawn_alike(Chem.MolFromSmiles("C[N-][N+]#N")))
    'CN=[N+]=[N-]'
    """
    copy = Chem.RWMol(molecule)
    for inner, middle, outer in molecule.GetSubstructMatches(_DIAZONIUM_YLIDE):
        for pair in ((inner, middle), (middle, outer)):
            copy.GetBondBetweenAtoms(*pair).SetBondType(Chem.BondType.DOUBLE)
        copy.GetAtomWithIdx(inner).SetFormalCharge(0)
        copy.GetAtomWithIdx(outer).SetFormalCharge(-1)
    Chem.SanitizeMol(copy)
    phenolate = next(placements(_QUINONE_DIAZIDE, [copy], {}), None)
    if phenolate is None:
        return copy.GetMol()
    return drawn_alike(redrawn(copy, _QUINONE_DIAZIDE, phenolate, [(2, 3)]).molecule)


def drawn_with_hydrogens(species: Species) -> Chem.Mol:
    """A species as `drawn_alike` draws it, hydrogens explicit; shared by all who ask, and never changed."""
    return _with_hydrogens(species.smiles)


@lru_cache(maxsize=64)
def _drawn(smiles: str) -> Chem.Mol:
    return drawn_alike(Chem.MolFromSmiles(smiles))


@lru_cache(maxsize=64)
def _with_hydrogens(smiles: str) -> Chem.Mol:
    return Chem.AddHs(_drawn(smiles))


def _places(molecule: Chem.Mol, motif: Motif) -> list[tuple[int, ...]]:
    """The mapped atoms of every match, each set of atoms once."""
    query = pattern(motif.smarts)
    hits = molecule.GetSubstructMatches(query, uniquify=False, maxMatches=MAX_MATCHES)
    if not hits:
        return []
    order = {atom.GetAtomMapNum(): atom.GetIdx() for atom in query.GetAtoms() if atom.GetAtomMapNum()}
    mapped = [order[number] for number in map_numbers(motif.smarts)]
    ranks = list(Chem.CanonicalRankAtoms(molecule, breakTies=False))
    places: dict[frozenset[int], tuple[int, ...]] = {}
    # Of the two ways round a symmetric pattern, the same one is taken at every copy.
    for place in sorted(
        {tuple(hit[index] for index in mapped) for hit in hits},
        key=lambda place: ([ranks[atom] for atom in place], place),
    ):
        places.setdefault(frozenset(place), place)
    return sorted(places.values())


def _alike(molecule: Chem.Mol, places: list[tuple[int, ...]]) -> list[tuple[tuple[int, ...], ...]]:
    """The places, grouped by symmetry: equal when the molecule with the place marked is the same."""
    groups: dict[str, list[tuple[int, ...]]] = {}
    for place in places:
        marked = Chem.Mol(molecule)
        for number, atom in enumerate(place, start=1):
            marked.GetAtomWithIdx(atom).SetAtomMapNum(number)
        groups.setdefault(Chem.MolToSmiles(marked), []).append(place)
    return [tuple(group) for group in groups.values()]
