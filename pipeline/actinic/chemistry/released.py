"""The acid or base a generator sets free, by class, with the range of its pKa in water."""

from functools import lru_cache
from typing import NamedTuple

from rdkit import Chem

from actinic.chemistry.motif_table import pattern
from actinic.chemistry.species import KEPT
from actinic.errors import InputError

__all__ = ["ACIDS", "BASES", "ReleaseClass", "acid_class", "base_class"]


class ReleaseClass(NamedTuple):
    """A class of acids or bases.

    Attributes:
        name: What a chemist calls it.
        pka_low: Lower end of the pKa of the acid, or of the base's conjugate acid, in water.
        pka_high: Upper end.
    """

    name: str
    pka_low: float
    pka_high: float


_AMINE = "!$(N-[#6]=[O,S,N]);!$(N-[#7,#8,#16])"
"""No amide, amidine, hydrazine, hydroxylamine or sulfonamide."""

_OXYL = "[OX1v1,OX2H1]"
"""Oxygen of an acid, its anion, or the radical that takes a hydrogen to become the acid."""

ACIDS: tuple[tuple[str, ReleaseClass], ...] = (
    (f"[CX4](F)(F)-[SX4](=O)(=O)-{_OXYL}", ReleaseClass("superacid: perfluoroalkanesulfonic", -16, -10)),
    (
        "[CX4](F)(F)-[SX4](=O)(=O)-[N-,C-,NH,CH]",
        ReleaseClass("superacid: fluorinated imide or methide", -16, -8),
    ),
    ("[P-](F)(F)(F)(F)(F)F", ReleaseClass("superacid: hexafluorophosphoric", -20, -8)),
    ("[As-,Sb-](F)(F)(F)(F)(F)F", ReleaseClass("superacid: hexafluoroantimonic or -arsenic", -25, -10)),
    ("[B-]([c](c(F))c(F))([c])([c])[c]", ReleaseClass("superacid: fluorinated tetraarylborate", -25, -8)),
    ("[B-](F)(F)(F)F", ReleaseClass("superacid: tetrafluoroboric", -16, -4)),
    ("[Cl](=O)(=O)(=O)[O-,OH]", ReleaseClass("perchloric", -16, -7)),
    (f"[#6]-[SX4](=O)(=O)-{_OXYL}", ReleaseClass("sulfonic", -7, -1)),
    (f"[#8,#1]-[SX4](=O)(=O)-{_OXYL}", ReleaseClass("sulfuric or its half ester", -10, -2)),
    ("[$([I-]),$([IH1]),$([IX0])]", ReleaseClass("hydrogen iodide", -11, -8)),
    ("[$([Br-]),$([BrH1]),$([BrX0])]", ReleaseClass("hydrogen bromide", -10, -7)),
    ("[$([Cl-]),$([ClH1]),$([ClX0])]", ReleaseClass("hydrogen chloride", -8, -5)),
    ("O=[N+]([O-])[O-,OH]", ReleaseClass("nitric", -2, -1)),
    (f"[PX4](=O)-{_OXYL}", ReleaseClass("phosphoric or phosphonic", 0, 3)),
    (f"[#6]-[SX3](=O)-{_OXYL}", ReleaseClass("sulfinic", 1, 3)),
    (f"[CX4](F)(F)-[CX3](=O)-{_OXYL}", ReleaseClass("perfluorocarboxylic", -1, 1)),
    (f"[#6,#1]-[CX3](=O)-{_OXYL}", ReleaseClass("carboxylic", 2, 5)),
    ("[CX3H1](=O)-[OX1-,OX2H]", ReleaseClass("carboxylic", 2, 5)),
    (f"[c]-{_OXYL}", ReleaseClass("phenol", 7, 11)),
    ("[#6]-[SX1v1,SX2H1]", ReleaseClass("thiol", 3, 11)),
)
"""Classes of acids, strongest first; the first whose SMARTS fits counts. Ranges are textbook values, rounded
outwards; those below -2 are estimates by any method."""

BASES: tuple[tuple[str, ReleaseClass], ...] = (
    ("[#7X3,#7X2]~[CX3;!$(C=O)](~[#7X3,#7X2])~[#7X3,#7X2]", ReleaseClass("guanidine", 12, 15)),
    ("[NX2;!$(N-[#7,#8])]=[CX3;!$(C(=N)(N)N)]-[NX3]", ReleaseClass("amidine", 11, 14)),
    ("[n;X2;$(n1ccnc1),$(n1cncc1)]", ReleaseClass("imidazole", 5, 8)),
    ("[n;X2;r6]", ReleaseClass("pyridine", 4, 7)),
    (f"[NX3;{_AMINE};$(N-[c])]", ReleaseClass("aniline", 2, 6)),
    ("[NX3H3]", ReleaseClass("ammonia", 9, 10)),
    (f"[NX3H2;{_AMINE}]-[CX4]", ReleaseClass("primary amine", 9, 11)),
    (f"[NX3H1;{_AMINE}](-[CX4])-[CX4]", ReleaseClass("secondary amine", 8, 12)),
    (f"[NX3H0;{_AMINE}](-[CX4])(-[CX4])-[CX4]", ReleaseClass("tertiary amine", 7, 12)),
    ("[OX1-;!$(O-[#6]=[O,S]);!$(O-[#7,#15,#16])]-[CX4]", ReleaseClass("alkoxide", 15, 18)),
)
"""Classes of bases, strongest nitrogen bases first; the first whose SMARTS fits counts."""


def acid_class(smiles: str) -> ReleaseClass | None:
    """Class of the strongest acid that belongs to an anion, an acid, or an oxyl radical or halogen atom.

    Args:
        smiles: Also several ions joined by dots, as a candidate's counter-ions are.

    Returns:
        None when nothing in it is the anion of a known class (or `smiles` is empty).

    Raises:
        InputError: RDKit cannot read it.

    >>> acid_class("O=S(=O)([O-])C(F)(F)F").name, acid_class("[O]S(=O)(=O)c1ccc(C)cc1").name
    ('superacid: perfluoroalkanesulfonic', 'sulfonic')
    """
    return _first(smiles, ACIDS)


def base_class(smiles: str) -> ReleaseClass | None:
    """Class of the strongest base in a molecule.

    Raises:
        InputError: RDKit cannot read it.

    >>> base_class("CCNCC").name, base_class("C1CCC2=NCCCN2CC1").name
    ('secondary amine', 'amidine')
    """
    return _first(smiles, BASES)


@lru_cache(maxsize=KEPT)
def _first(smiles: str, classes: tuple[tuple[str, ReleaseClass], ...]) -> ReleaseClass | None:
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise InputError(f"SMILES {smiles!r} cannot be read")
    for smarts, found in classes:
        if molecule.HasSubstructMatch(pattern(smarts)):
            return found
    return None
