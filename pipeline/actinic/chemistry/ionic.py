"""Salts drawn without their charges, turned into the ions they are."""

from collections import Counter

from rdkit import Chem

ALKALI_METALS = frozenset({"Li", "Na", "K", "Rb", "Cs"})

_ANIONIC = frozenset({"N", "O", "F", "S", "Cl", "Se", "Br", "I"})

HYDROGEN_HALIDES = {"F": "[F-]", "Cl": "[Cl-]", "Br": "[Br-]", "I": "[I-]"}

AMINE = Chem.MolFromSmarts("[NX3;!$(N-[#6]=[#7,#8,#16]);!$(N-[a,#7,#8,#15,#16]);!$(N-C=C);!$(N-C#[#6,#7])]")
"""Nitrogen of an aliphatic amine: no amide, aniline, enamine, hydrazine, sulfonamide."""


def separated(molecule: Chem.Mol) -> Chem.Mol:
    """A copy in which alkali metals drawn with a bond are cations.

    Bonds to carbon and hydrogen stay: organolithium compounds and hydrides are no salts. So does a drawing
    that has no ions of sound valence.

    >>> Chem.MolToSmiles(separated(Chem.MolFromSmiles("CC(=O)O[Na]")))
    'CC(=O)[O-].[Na+]'
    """
    copy = Chem.RWMol(molecule)
    for bond in molecule.GetBonds():
        ends = bond.GetBeginAtom(), bond.GetEndAtom()
        for metal, partner in (ends, ends[::-1]):
            if metal.GetSymbol() in ALKALI_METALS and partner.GetSymbol() in _ANIONIC:
                copy.RemoveBond(metal.GetIdx(), partner.GetIdx())
                _charge(copy.GetAtomWithIdx(metal.GetIdx()), 1)
                _charge(copy.GetAtomWithIdx(partner.GetIdx()), -1)
    failed = Chem.SanitizeMol(copy, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE
    return molecule if failed else copy.GetMol()


def _charge(atom: Chem.Atom, change: int) -> None:
    atom.SetFormalCharge(atom.GetFormalCharge() + change)


def protonated(parts: Counter[str]) -> Counter[str]:
    """The ions of a hydrohalide when HX and amine nitrogens are equal in number; anything else as it is.

    Args:
        parts: How often each canonical SMILES is drawn.

    >>> protonated(Counter({"CCN": 1, "Cl": 1}))
    Counter({'CC[NH3+]': 1, '[Cl-]': 1})
    """
    acids = [smiles for smiles in parts if smiles in HYDROGEN_HALIDES]
    others = [smiles for smiles in parts if smiles not in HYDROGEN_HALIDES]
    if len(acids) != 1 or len(others) != 1:
        return parts
    amine = Chem.MolFromSmiles(others[0])
    sites = [match[0] for match in amine.GetSubstructMatches(AMINE)]
    n_acid, n_amine = parts[acids[0]], parts[others[0]]
    if Chem.GetFormalCharge(amine) != 0 or n_acid != n_amine * len(sites):
        return parts
    return Counter({_cation(amine, sites): n_amine, HYDROGEN_HALIDES[acids[0]]: n_acid})


def _cation(amine: Chem.Mol, sites: list[int]) -> str:
    """SMILES of the molecule with a proton on each of `sites`."""
    for site in sites:
        nitrogen = amine.GetAtomWithIdx(site)
        nitrogen.SetNumExplicitHs(nitrogen.GetTotalNumHs() + 1)
        nitrogen.SetNoImplicit(True)
        _charge(nitrogen, 1)
    Chem.SanitizeMol(amine)
    return str(Chem.MolToSmiles(amine))
