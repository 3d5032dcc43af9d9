"""What a drawing leaves open about the arrangement in space."""

from rdkit import Chem


def stereo_notes(molecule: Chem.Mol) -> list[str]:
    """Stereocentres and double bonds without a stated configuration, in words; atoms counted from 1.

    >>> stereo_notes(Chem.MolFromSmiles("CC(O)(CC)C=C"))
    ['stereocentre at atom C2 not specified: one isomer computed']
    """
    opened = [
        info
        for info in Chem.FindPotentialStereo(_without_cumulated_bonds(molecule))
        if info.specified == Chem.StereoSpecified.Unspecified
    ]
    atoms = [i.centeredOn for i in opened if i.type == Chem.StereoType.Atom_Tetrahedral]
    bonds = [molecule.GetBondWithIdx(i.centeredOn) for i in opened if i.type == Chem.StereoType.Bond_Double]
    ends = [f"{_label(bond.GetBeginAtom())}-{_label(bond.GetEndAtom())}" for bond in bonds]
    return [
        *_note("stereocentre{} at atom{}", [_label(molecule.GetAtomWithIdx(atom)) for atom in atoms]),
        *_note("double bond{}", ends),
    ]


def _note(what: str, places: list[str]) -> list[str]:
    if not places:
        return []
    named = what.replace("{}", "s" if len(places) > 1 else "")
    return [f"{named} {', '.join(places)} not specified: one isomer computed"]


def _label(atom: Chem.Atom) -> str:
    return f"{atom.GetSymbol()}{atom.GetIdx() + 1}"


def _without_cumulated_bonds(molecule: Chem.Mol) -> Chem.Mol:
    """A copy in which =N= and =C= are linear: RDKit takes azides and diazo groups for E/Z otherwise."""
    copy = Chem.RWMol(molecule)
    for atom in copy.GetAtoms():
        double = [bond for bond in atom.GetBonds() if bond.GetBondType() == Chem.BondType.DOUBLE]
        if atom.GetAtomicNum() in {6, 7} and len(double) == 2:
            for bond in double:
                bond.SetBondType(Chem.BondType.TRIPLE)
    copy.UpdatePropertyCache(strict=False)
    return copy
