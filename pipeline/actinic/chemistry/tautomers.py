"""Tautomers of a molecule: RDKit's enumeration, cut down to those whose energy is worth computing.

Kept are forms that differ from the drawing in which nitrogen, oxygen or sulfur bears a hydrogen, and enols
of 1,3-dicarbonyl compounds (one of the two may be an imine); charges and configurations stay. `FAR` names
classes that lie so far above the usual form that nobody has to compute them.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize import rdMolStandardize

from actinic.chemistry.species import KEPT, Species

MAX_FORMS = 6
"""So many tautomers of a molecule are considered, the drawn one among them."""

MAX_ENUMERATED = 100
"""RDKit stops at so many: oligomers of heterocycles have thousands, and 100 take it a second in 300 atoms."""

QUOTED = 100
"""So many characters of what RDKit says are kept."""

SCORE_WINDOW = 4
"""A form whose RDKit score is lower than the best one's by more is left out: an enol of a ketone beside an
ester loses 3, a lactim 2, an aromatic ring 100 or more."""

UNSCORED = (
    "[OX1]=[#6]1[#6]=[#6]~[#6](=[#7]-[#7;!H0])[#6]=,:[#6]1",
    "[OX1]=[#6;R]-,:[#6;R]=[#7]-[#7;!H0]",
    "[OX1]=[#6;R]-,:[#6;R]=[#6;!R;!$([#6][#8,#16])]-[#7;!H0]",
    "[CX4;!H0;R]([CX3;R](=[OX1,SX1])[#7,#8;R])[CX3;R]=[OX1,SX1,NX2]",
)
"""Forms that lose an aromatic ring and are found all the same, so that the score does not count: hydrazones
of azophenols, keto forms of salicylidene anilines, CH forms of pyrazolones and barbituric acids."""

FAR = {
    "imidic acid": "[NX2]=[CX3]-[OX2H,SX2H]",
    "imine of an aminoheteroarene": "[NX2;!R]=c",
}
"""Forms left out unless drawn: an imidic acid lies some 12 kcal/mol above its amide (formamide), the imine
of 2-aminopyridine about as far above the amine; beside a carbonyl group (cytosine) it may be close."""

_OXO_RING = "[OX1,SX1]=[#6;r]"
_MIDDLE = "[CX4;!H0]([CX3]=[OX1,SX1])[CX3]=[OX1,SX1,NX2]"

_DONOR = "[#7,#8,#16;!H0]"
_MAY = (
    # 1,3: everything but acids, amides and thioamides, whose other forms are the same or left out.
    f"{_DONOR}[#6,#7;!$([#6;!a](=[OX1])[#7,#8]);!$([#6;!a](=[SX1])[#7])]=,:[#7,#8,#16]",
    # 1,5 along two double bonds
    f"{_DONOR}[#6,#7]=,:[#6,#7]-,:[#6,#7]=,:[#7,#8,#16]",
    _MIDDLE,
    "[n;!H0].[nX2]",
    "[OX2H,SX2H]c.[nX2]",
    "[OX1,SX1]=c.[n;!H0]",
    "[OX2H]c.[$([NX2]=[#6,#7])]",
    "[OX1]=[#6;R].[#7;!H0]-[#7X2]=[#6;R]",
)
"""Groups without which no kept tautomer exists; those with a dot are two that may be anywhere."""


@dataclass(frozen=True, slots=True)
class Tautomers:
    """The forms of one molecule.

    Attributes:
        species: The one drawn first, the others by falling RDKit score, then by SMILES; unscored ones last.
        note: What was left out for their number; empty otherwise.
    """

    species: tuple[Species, ...]
    note: str = ""


def may_tautomerise(species: Species) -> bool:
    """Whether `tautomers` has to be asked; quick, and never False where it finds another form.

    >>> [may_tautomerise(Species.from_smiles(s, multiplicity=1)) for s in ("Sc1ccccn1", "CC(=O)Nc1ccccc1")]
    [True, False]
    """
    molecule = species.molecule()
    return any(molecule.HasSubstructMatch(pattern) for pattern in _patterns(_MAY))


@lru_cache(maxsize=KEPT)
def tautomers(species: Species) -> Tautomers:
    """The species as drawn and its other tautomers worth computing; always the same ones in the same order.

    >>> [s.smiles for s in tautomers(Species.from_smiles("Oc1ccccn1", multiplicity=1)).species]
    ['Oc1ccccn1', 'O=c1cccc[nH]1']
    """
    if not may_tautomerise(species):
        return Tautomers((species,))
    drawn = Chem.MolFromSmiles(species.smiles)
    try:
        with rdBase.BlockLogs():
            found = _enumerator().Enumerate(drawn)
    except (RuntimeError, ValueError) as error:  # a broken precondition inside RDKit; the row can be computed
        return Tautomers((species,), f"RDKit could not enumerate: {' '.join(str(error).split())[:QUOTED]}")
    forms = {}
    for molecule in found.tautomers:
        form = _kept(molecule, drawn, species)
        if form is not None:
            forms[form] = _score(molecule)
    best = max((score for score in [*forms.values(), _score(drawn)] if score is not None), default=0)
    near = {form: score for form, score in forms.items() if score is None or score >= best - SCORE_WINDOW}
    others = sorted(near, key=lambda form: (-(near[form] or 0), form.smiles))
    return Tautomers((species, *others[: MAX_FORMS - 1]), _note(found.status, len(others)))


def _kept(molecule: Chem.Mol, drawn: Chem.Mol, species: Species) -> Species | None:
    """The form, when it is another one and only what may move has moved."""
    if not _only_labile_moved(molecule, drawn) or _is_far(molecule, drawn):
        return None
    # An enol that RDKit draws anew has no configuration; it is the one drawn.
    if Chem.MolToSmiles(molecule, isomericSmiles=False) == Chem.MolToSmiles(drawn, isomericSmiles=False):
        return None
    return Species.from_smiles(Chem.MolToSmiles(molecule), multiplicity=species.multiplicity)


def _only_labile_moved(molecule: Chem.Mol, drawn: Chem.Mol) -> bool:
    """Whether hydrogens stay on all but N, O, S and the middle of diketones; the order of atoms is kept."""
    middle: set[int] | None = None
    for before, after in zip(drawn.GetAtoms(), molecule.GetAtoms(), strict=True):
        if before.GetFormalCharge() != after.GetFormalCharge():
            return False
        moved = before.GetTotalNumHs() != after.GetTotalNumHs()
        if moved and before.GetSymbol() not in {"N", "O", "S"}:
            if middle is None:
                middle = _diketone_middles(molecule) | _diketone_middles(drawn)
            if before.GetIdx() not in middle:
                return False
    return True


def _diketone_middles(molecule: Chem.Mol) -> set[int]:
    (pattern,) = _patterns((_MIDDLE,))
    return {match[0] for match in molecule.GetSubstructMatches(pattern)}


def _is_far(molecule: Chem.Mol, drawn: Chem.Mol) -> bool:
    """Whether it has more of a group of `FAR` than the drawing."""
    (oxo,) = _patterns((_OXO_RING,))
    for name, pattern in zip(FAR, _patterns(tuple(FAR.values())), strict=True):
        more = len(molecule.GetSubstructMatches(pattern)) > len(drawn.GetSubstructMatches(pattern))
        if more and not (name.startswith("imine") and molecule.HasSubstructMatch(oxo)):
            return True
    return False


def _score(molecule: Chem.Mol) -> int | None:
    """RDKit's; None where it does not count."""
    if any(molecule.HasSubstructMatch(pattern) for pattern in _patterns(UNSCORED)):
        return None
    return int(rdMolStandardize.TautomerEnumerator.ScoreTautomer(molecule))


def _note(status: object, n_others: int) -> str:
    left = n_others - (MAX_FORMS - 1)
    parts = [f"{left} more tautomers left out"] if left > 0 else []
    if status != rdMolStandardize.TautomerEnumeratorStatus.Completed:
        parts.append(f"RDKit's enumeration stopped at {MAX_ENUMERATED}")
    return "; ".join(parts)


@cache
def _enumerator() -> rdMolStandardize.TautomerEnumerator:
    enumerator = rdMolStandardize.TautomerEnumerator()
    enumerator.SetMaxTautomers(MAX_ENUMERATED)
    enumerator.SetMaxTransforms(MAX_ENUMERATED)
    enumerator.SetRemoveSp3Stereo(False)
    enumerator.SetRemoveBondStereo(False)
    return enumerator


@cache
def _patterns(smarts: tuple[str, ...]) -> tuple[Chem.Mol, ...]:
    return tuple(Chem.MolFromSmarts(one) for one in smarts)
