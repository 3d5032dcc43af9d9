"""A smaller molecule that reacts in the same way: chains and remote groups cut off, hydrogens put there."""

from collections.abc import Collection, Iterable

from rdkit import Chem

from actinic.chemistry.species import Species


def trimmed(species: Species, site: Iterable[int], reach: int) -> Species:
    """The part of a molecule around its reacting atoms.

    Kept are the atoms within `reach` bonds of the site, whole rings they belong to with what is bonded to
    those rings directly, and whatever hangs on by a multiple or a charged bond. Only single bonds between
    carbons outside rings are cut.

    Args:
        species: A closed-shell molecule.
        site: Atoms that react, 0-based as in its geometries; hydrogens count as the atom they are on.
        reach: Bonds from the site, at least 1.

    Returns:
        The model; the species itself where nothing can be cut.

    >>> chain = Species.from_smiles("CCCCCCCCN=[N+]=[N-]", multiplicity=1)
    >>> trimmed(chain, (8, 9, 10), 2).smiles
    'CCN=[N+]=[N-]'
    """
    molecule = Chem.MolFromSmiles(species.smiles)
    kept = kept_atoms(species, site, reach)
    if len(kept) == molecule.GetNumAtoms():
        return species
    Chem.RemoveStereochemistry(molecule)
    return Species.from_smiles(Chem.MolToSmiles(cut_out(molecule, kept)), multiplicity=species.multiplicity)


def cut_out(molecule: Chem.Mol, kept: Collection[int]) -> Chem.Mol:
    """The atoms kept, 0-based, hydrogens where bonds were cut; what stereochemistry is whole stays."""
    editable = Chem.RWMol(molecule)
    for atom in editable.GetAtoms():
        lost = sum(other.GetIdx() not in kept for other in atom.GetNeighbors())
        if atom.GetIdx() in kept and lost:
            atom.SetNumExplicitHs(atom.GetTotalNumHs() + lost)
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    for index in sorted(set(range(molecule.GetNumAtoms())) - set(kept), reverse=True):
        editable.RemoveAtom(index)
    Chem.SanitizeMol(editable)
    Chem.AssignStereochemistry(editable, cleanIt=True, force=True)
    return editable.GetMol()


def kept_atoms(species: Species, site: Iterable[int], reach: int) -> frozenset[int]:
    """Heavy atoms that `trimmed` keeps of a species, 0-based; arguments as there.

    >>> chain = Species.from_smiles("CCCCCCCCN=[N+]=[N-]", multiplicity=1)
    >>> sorted(kept_atoms(chain, (8, 9, 10), 2))
    [6, 7, 8, 9, 10]
    """
    molecule = Chem.MolFromSmiles(species.smiles)
    hydrogens = species.molecule()
    heavy = {_heavy(hydrogens.GetAtomWithIdx(atom)) for atom in site}
    return frozenset(closed(molecule, near(molecule, heavy, reach)))


def _heavy(atom: Chem.Atom) -> int:
    return int(atom.GetNeighbors()[0].GetIdx()) if atom.GetAtomicNum() == 1 else int(atom.GetIdx())


def near(molecule: Chem.Mol, site: Collection[int], reach: int) -> set[int]:
    """Atoms within so many bonds of a site."""
    distances = Chem.GetDistanceMatrix(molecule)
    return {atom for atom in range(molecule.GetNumAtoms()) if distances[atom, sorted(site)].min() <= reach}


def closed(molecule: Chem.Mol, kept: set[int]) -> set[int]:
    """`kept` with its rings and their neighbours, grown until every cut goes through a C-C single bond."""
    rings = [set(ring) for ring in molecule.GetRingInfo().AtomRings()]
    for ring in rings:
        if ring & kept:
            kept |= ring | {n.GetIdx() for a in ring for n in molecule.GetAtomWithIdx(a).GetNeighbors()}
    while True:
        grown = {atom for bond in molecule.GetBonds() for atom in _across(bond, kept)}
        grown |= {atom for ring in rings if len(ring & kept) > 1 for atom in ring - kept}
        if not grown:
            return kept
        kept |= grown


def _across(bond: Chem.Bond, kept: set[int]) -> set[int]:
    """The end that is missing of a bond that must not be cut."""
    ends = bond.GetBeginAtom(), bond.GetEndAtom()
    inside = [atom.GetIdx() in kept for atom in ends]
    if inside[0] == inside[1]:
        return set()
    single = bond.GetBondType() == Chem.BondType.SINGLE
    if (
        single
        and not bond.IsInRing()
        and all(a.GetAtomicNum() == 6 and not a.GetFormalCharge() for a in ends)
    ):
        return set()
    return {atom.GetIdx() for atom, is_in in zip(ends, inside, strict=True) if not is_in}
