"""Surface groups of a ligand, and whether they suit the surface of a nanocrystal.

Groups and rules are data, `anchors.toml`, each rule with its source; this module only applies them. A rule of
thumb of coordination chemistry (soft sulfur on soft metals, hard oxygen on oxides), no binding energy.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from rdkit import Chem

from actinic.chemistry.species import Species
from actinic.errors import InputError


class Affinity(StrEnum):
    """What is on record about a group on a surface, from the best to the worst."""

    BINDS = "binds"
    LABILE = "labile"
    UNKNOWN = "unknown"
    NONE = "none"
    HARMS = "harms"


SURFACES = ("II-VI", "III-V", "IV-VI", "gold", "oxide", "halide perovskite")
"""Classes of surfaces the rules know."""

_OXIDE_NAMES = frozenset({"ITO", "FTO", "AZO", "IZO", "IGZO"})
_CHALCOGENS, _PNICTOGENS = {"S", "Se", "Te"}, {"P", "As", "Sb", "N"}
_HALOGENS = {"F", "Cl", "Br", "I"}
_ORGANIC_CATIONS = re.compile("(FA|MA)(?![a-z])[0-9.]*")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One surface group of a molecule.

    Attributes:
        group: Its name in `anchors.toml`.
        atoms: The atoms that bind (of a phosphonate the phosphorus), in the order of `Species.molecule`.
    """

    group: str
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a molecule fits a surface.

    Attributes:
        affinity: That of the group that decides: one that harms the nanocrystal, else the best binder.
        group: That group; empty when the molecule has none.
        reason: Why, for the chemist.
        source: Where it is from; "general knowledge" where no paper stands behind it.
    """

    affinity: Affinity
    group: str
    reason: str
    source: str

    @property
    def suits(self) -> bool | None:
        """Whether the molecule can stay on the surface; None when nothing is on record."""
        if self.affinity is Affinity.UNKNOWN:
            return None
        return self.affinity in {Affinity.BINDS, Affinity.LABILE}


@dataclass(frozen=True, slots=True)
class _Rule:
    affinity: Affinity
    reason: str
    source: str


def anchors(species: Species) -> tuple[Anchor, ...]:
    """The surface groups of a species, those that bind most specifically first.

    An atom belongs to one group only: the sulfur of a dithiocarbamate is no thiolate. Dithiols have two
    anchors.

    >>> [a.group for a in anchors(Species.from_smiles("OC(=O)CCS", multiplicity=1))]
    ['thiol', 'carboxylate']
    """
    molecule = species.shared_molecule()
    taken: set[int] = set()
    found = []
    for group, pattern, binding in _groups():
        for match in molecule.GetSubstructMatches(pattern, maxMatches=10_000):
            atoms = tuple(sorted(match[place] for place in binding))
            if taken.isdisjoint(atoms):
                taken.update(atoms)
                found.append(Anchor(group, atoms))
    return tuple(found)


def verdict(found: tuple[Anchor, ...], surface: str) -> Verdict:
    """How a molecule with these anchors fits a surface.

    Args:
        found: Its surface groups.
        surface: One of `SURFACES`; `surface_of` names that of a nanocrystal.

    Raises:
        InputError: No such surface.

    >>> verdict((Anchor("thiol", (0,)),), "oxide").suits
    False
    """
    if surface not in SURFACES:
        raise InputError(f"surface {surface!r}; expected {', '.join(SURFACES)}")
    if not found:
        return Verdict(Affinity.NONE, "", "it has no group that binds to a surface", "")
    groups = list(dict.fromkeys(anchor.group for anchor in found))
    verdicts = [_verdict(group, surface) for group in groups]
    harmful = [v for v in verdicts if v.affinity is Affinity.HARMS]
    order = list(Affinity)
    return harmful[0] if harmful else min(verdicts, key=lambda v: order.index(v.affinity))


def surface_of(nanocrystal: str) -> str:
    """Class of the surface a ligand meets: that of the outermost shell.

    Args:
        nanocrystal: A formula without charges, core first, shells behind "/" or "@"; MA and FA are the
            organic cations of perovskites.

    Raises:
        InputError: Not a nanocrystal that the rules cover.

    >>> surface_of("InP/ZnSe/ZnS"), surface_of("FAPbBr3"), surface_of("ITO")
    ('II-VI', 'halide perovskite', 'oxide')
    """
    outermost = re.split("[/@]", nanocrystal)[-1].strip()
    elements = set(_elements(outermost))
    if outermost in _OXIDE_NAMES or ("O" in elements and len(elements) > 1):
        return "oxide"
    if elements == {"Au"}:
        return "gold"
    if elements & {"Pb", "Sn"} and elements & _HALOGENS:
        return "halide perovskite"
    kinds = {
        "II-VI": ({"Zn", "Cd", "Hg"}, _CHALCOGENS),
        "III-V": ({"In", "Ga", "Al", "Zn"}, _PNICTOGENS),
        "IV-VI": ({"Pb"}, _CHALCOGENS),
    }
    for surface, (cations, anions) in kinds.items():
        if elements & cations and elements & anions and elements <= cations | anions:
            return surface
    raise InputError(
        f"nanocrystal {nanocrystal!r}: no rule for the surface {outermost!r}; expected a formula such as "
        "CdSe/ZnS, InP, PbS, Au, ZnO, ITO or CsPbBr3, the outermost shell last"
    )


def _elements(formula: str) -> list[str]:
    """Symbols in a formula; empty when it is none."""
    bare = _ORGANIC_CATIONS.sub("", formula)
    unit = r"([A-Z][a-z]?)[0-9.]*"
    if not re.fullmatch(rf"[()]*(?:{unit}[()]*)+", bare):
        return []
    symbols = re.findall(unit, bare)
    table = {Chem.GetPeriodicTable().GetElementSymbol(number) for number in range(1, 119)}
    return symbols if set(symbols) <= table else []


def _verdict(group: str, surface: str) -> Verdict:
    rule = _rules().get((group, surface))
    if rule is None:
        return Verdict(Affinity.UNKNOWN, group, f"nothing on record about {group} on {surface}", "")
    return Verdict(rule.affinity, group, rule.reason, rule.source)


@cache
def _groups() -> tuple[tuple[str, Chem.Mol, tuple[int, ...]], ...]:
    """Name, pattern, and the places of its binding atoms."""
    found = []
    for group in _table()["group"]:
        for smarts in group["smarts"]:
            pattern = Chem.MolFromSmarts(smarts)
            binding = tuple(atom.GetIdx() for atom in pattern.GetAtoms() if atom.GetAtomMapNum())
            found.append((str(group["name"]), pattern, binding))
    return tuple(found)


@cache
def _rules() -> dict[tuple[str, str], _Rule]:
    return {
        (group, rule["surface"]): _Rule(Affinity(rule["affinity"]), rule["reason"], rule["source"])
        for rule in _table()["rule"]
        for group in rule["groups"]
    }


@cache
def _table() -> dict[str, Any]:
    text = files("actinic.chemistry").joinpath("anchors.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
