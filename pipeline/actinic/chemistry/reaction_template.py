"""Applies a reaction SMARTS to a molecule with explicit hydrogens, at one place."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rdkit import Chem

from actinic.chemistry.motif_table import pattern
from actinic.errors import EngineError

Pair = tuple[int, int]


class Edited(NamedTuple):
    """What a template makes of the atoms of the reactants.

    Attributes:
        molecule: All products in one, atoms in the order of the reactants.
        broken: Atom pairs bonded before and not after.
        formed: Atom pairs bonded after and not before.
    """

    molecule: Chem.Mol
    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]

    @property
    def fragments(self) -> tuple[Chem.Mol, ...]:
        """The products, by their lowest atom."""
        parts: tuple[Chem.Mol, ...] = Chem.GetMolFrags(self.molecule, asMols=True)
        return parts


def placements(
    template: str, reactants: Sequence[Chem.Mol], fixed: dict[int, int]
) -> Iterator[dict[int, int]]:
    """Every way to lay the left side of a template over the reactants.

    Args:
        template: Reaction SMARTS.
        reactants: One molecule, or two; the last component of the left side is then laid over the second.
        fixed: Atom of each map number that is given beforehand.

    Yields:
        Atom of each map number, counted through the reactants.
    """
    components = template.partition(">>")[0].split(".")
    split = len(components) - (len(reactants) - 1)
    first = [
        atoms
        for atoms in _maps(".".join(components[:split]), reactants[0], 0)
        if all(atoms.get(number, atom) == atom for number, atom in fixed.items())
    ]
    if len(reactants) == 1:
        yield from first
        return
    offset = reactants[0].GetNumAtoms()
    second = list(_maps(components[split], reactants[1], offset))
    yield from ({**atoms, **others} for atoms in first for others in second)


def _maps(smarts: str, molecule: Chem.Mol, offset: int) -> Iterator[dict[int, int]]:
    query = pattern(smarts)
    numbers = [atom.GetAtomMapNum() for atom in query.GetAtoms()]
    for hit in molecule.GetSubstructMatches(query, uniquify=False, maxMatches=100_000):
        yield {number: atom + offset for number, atom in zip(numbers, hit, strict=True) if number}


def redrawn(molecule: Chem.Mol, template: str, atoms: dict[int, int], kekule: Sequence[Pair] = ()) -> Edited:
    """Draw the bonds of the template's right side between the atoms it maps.

    A charge changes where the two sides draw it differently, and stays as it is elsewhere.

    Args:
        molecule: All reactants in one; hydrogens explicit where the template moves them or leaves a radical.
        template: Reaction SMARTS.
        atoms: Atom of each map number.
        kekule: Map numbers of aromatic bonds to be taken as double before.

    Raises:
        EngineError: What comes out is no molecule of sound valence.
    """
    before, after = (pattern(side) for side in template.split(">>"))
    drawn_charge = {a.GetAtomMapNum(): a.GetFormalCharge() for a in before.GetAtoms()}
    copy = _kekule_form(molecule, [(atoms[a], atoms[b]) for a, b in kekule])
    target = {atoms[atom.GetAtomMapNum()]: atom for atom in after.GetAtoms() if atom.GetAtomMapNum()}
    broken, formed = _redraw_bonds(copy, after, target)
    for index, wanted in target.items():
        atom = copy.GetAtomWithIdx(index)
        if wanted.GetFormalCharge() != drawn_charge[wanted.GetAtomMapNum()]:
            atom.SetFormalCharge(wanted.GetFormalCharge())
        atom.SetNumRadicalElectrons(0)
        atom.SetNoImplicit(True)
    _forget_stereo(copy, {atom for pair in (*broken, *formed) for atom in pair})
    _sanitise(copy, template)
    return Edited(copy.GetMol(), tuple(broken), tuple(formed))


def _redraw_bonds(
    copy: Chem.RWMol, after: Chem.Mol, target: dict[int, Chem.Atom]
) -> tuple[list[Pair], list[Pair]]:
    broken, formed = [], []
    indices = sorted(target)
    for position, a in enumerate(indices):
        for b in indices[position + 1 :]:
            old = copy.GetBondBetweenAtoms(a, b)
            new = after.GetBondBetweenAtoms(target[a].GetIdx(), target[b].GetIdx())
            if old and not new:
                copy.RemoveBond(a, b)
                broken.append((a, b))
            elif new and not old:
                copy.AddBond(a, b, new.GetBondType())
                formed.append((a, b))
            elif new and new.GetBondType() != Chem.BondType.AROMATIC:
                old.SetBondType(new.GetBondType())
    return broken, formed


def _forget_stereo(copy: Chem.RWMol, changed: set[int]) -> None:
    """A centre or double bond that lost or won a neighbour has no configuration any more."""
    for index in changed:
        atom = copy.GetAtomWithIdx(index)
        atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
        for bond in atom.GetBonds():
            bond.SetStereo(Chem.BondStereo.STEREONONE)
            bond.SetBondDir(Chem.BondDir.NONE)


def _sanitise(copy: Chem.RWMol, template: str) -> None:
    try:
        Chem.SanitizeMol(copy)
    except (Chem.MolSanitizeException, RuntimeError) as error:
        raise EngineError(f"template {template} makes no sound molecule: {error}") from error


def _kekule_form(molecule: Chem.Mol, double: Sequence[Pair]) -> Chem.RWMol:
    """A copy without aromatic bonds, in which those aromatic bonds that are in `double` are double.

    Raises:
        EngineError: No resonance structure has them all double.
    """
    copy = Chem.RWMol(molecule)
    Chem.Kekulize(copy, clearAromaticFlags=True)
    wanted = [pair for pair in double if molecule.GetBondBetweenAtoms(*pair).GetIsAromatic()]
    if not wanted:
        return copy
    fixed = {atom for pair in wanted for atom in pair}
    partners = _aromatic_neighbours(molecule, fixed)
    unsaturated = {atom for atom in partners if _has_double_bond(copy, atom, partners)}
    rest = _perfect_matching(unsaturated - fixed, partners) if fixed <= unsaturated else None
    if rest is None:
        raise EngineError(f"no resonance structure of {Chem.MolToSmiles(molecule)} has the bonds asked for")
    pairs = {frozenset(pair) for pair in (*rest, *wanted)}
    for a, neighbours in partners.items():
        for b in neighbours:
            order = Chem.BondType.DOUBLE if frozenset((a, b)) in pairs else Chem.BondType.SINGLE
            copy.GetBondBetweenAtoms(a, b).SetBondType(order)
    return copy


def _aromatic_neighbours(molecule: Chem.Mol, seeds: set[int]) -> dict[int, list[int]]:
    """Neighbours along aromatic bonds, of each atom of the aromatic systems that hold `seeds`."""
    partners: dict[int, list[int]] = {}
    waiting = sorted(seeds)
    while waiting:
        atom = waiting.pop()
        if atom not in partners:
            bonds = molecule.GetAtomWithIdx(atom).GetBonds()
            partners[atom] = [b.GetOtherAtomIdx(atom) for b in bonds if b.GetIsAromatic()]
            waiting += partners[atom]
    return partners


def _has_double_bond(kekulised: Chem.Mol, atom: int, partners: dict[int, list[int]]) -> bool:
    bonds = (kekulised.GetBondBetweenAtoms(atom, other) for other in partners[atom])
    return any(bond.GetBondType() == Chem.BondType.DOUBLE for bond in bonds)


def _perfect_matching(free: set[int], partners: dict[int, list[int]]) -> list[Pair] | None:
    """Neighbours paired so that none is left over; None when that cannot be done."""
    if not free:
        return []
    atom = min(free, key=lambda a: (sum(b in free for b in partners[a]), a))
    for other in partners[atom]:
        if other in free:
            rest = _perfect_matching(free - {atom, other}, partners)
            if rest is not None:
                return [(atom, other), *rest]
    return None
