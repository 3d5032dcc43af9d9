"""Structures drawn by RDKit as small SVG that takes its colours from the page around it."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from actinic.chemistry.motifs import drawn_alike
from actinic.chemistry.reactions import Reaction
from actinic.chemistry.species import Species

BOND_PIXELS = 23.0
"""Length of a bond: the same in every drawing, so that sizes can be compared by eye."""

MARGIN_PIXELS = 6
"""RDKit sizes the canvas without the charges and radical dots at its rim."""

DOT_PIXELS, DOT_CORNERS = 0.95, 40
"""Radius of a radical's dot, and from how many corners a polygon is one."""

_HIGHLIGHT, _NOTE, _CUT = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
_CLASSES = {"#FF0000": "hot", "#00FF00": "numbers", "#0000FF": "cut"}
_NUMBER, _FINER, _ROUND = re.compile(r"-?\d+(?:\.\d+)?"), re.compile(r"\.\d\d"), re.compile(r"\.0(?!\d)")
_SVG = "{http://www.w3.org/2000/svg}"

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One structure; its corner lies at (-`MARGIN_PIXELS`, -`MARGIN_PIXELS`).

    Attributes:
        width: In pixels.
        height: In pixels.
        content: SVG paths without colours of their own; made of numbers alone, hence safe in a page.
        label: What a screen reader says.
    """

    width: int
    height: int
    content: str
    label: str


def candidate_drawing(
    species: Species,
    reactions: Iterable[Reaction],
    first: Reaction | None,
    kept: Collection[int] | None = None,
) -> Drawing:
    """A candidate, the bond that gives way highlighted.

    Args:
        species: The candidate.
        reactions: All that were considered: their atoms are numbered as in the labels of their bonds.
        first: The one that gives way first; None while unknown.
        kept: Heavy atoms of the model of its spectrum, the others are marked as cut off; None for all.
    """
    molecule = _molecule(species)
    n_heavy = molecule.GetNumAtoms()
    pairs = [] if first is None else _bonds(first, species, n_heavy)
    numbered = {atom for reaction in reactions for atom in _labelled(reaction.label)}
    for atom in sorted(a for a in numbered if a < n_heavy):
        molecule.GetAtomWithIdx(atom).SetProp("atomNote", str(atom + 1))
    molecule, bonds = _with_hydrogens(molecule, pairs)
    said = f"Structure of {species.smiles}"
    if first is not None:
        said += f"; bond {first.label} gives way first"
    if kept is None:
        return _drawing(molecule, bonds, said)
    said += f"; {n_heavy - len(kept)} heavy atoms left out of the spectrum"
    return _drawing(molecule, bonds, said, _cut_off(molecule, bonds, set(range(n_heavy)) - set(kept)))


@cache
def product_drawing(species: Species) -> Drawing:
    """A product, nothing highlighted."""
    return _drawing(_molecule(species), [], f"Structure of {species.smiles}")


def cut_drawing(species: Species, reaction: Reaction, kept: Collection[int]) -> Drawing:
    """A candidate whose barrier is searched for in a part of it.

    Args:
        species: The candidate.
        reaction: Its bonds that break are highlighted.
        kept: Heavy atoms of the part; bonds to and between the others are marked as cut off.
    """
    molecule = _molecule(species)
    n_heavy = molecule.GetNumAtoms()
    molecule, bonds = _with_hydrogens(molecule, _bonds(reaction, species, n_heavy))
    left = set(range(n_heavy)) - set(kept)
    cut = _cut_off(molecule, bonds, left)
    return _drawing(molecule, bonds, f"Structure of {species.smiles}; {len(left)} heavy atoms cut off", cut)


def _cut_off(molecule: Chem.Mol, bonds: Collection[int], left: Collection[int]) -> list[int]:
    """Bonds to and between the atoms that are left out; those of `bonds` are highlighted already."""
    return [
        bond.GetIdx()
        for bond in molecule.GetBonds()
        if {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()} & set(left) and bond.GetIdx() not in bonds
    ]


def _molecule(species: Species) -> Chem.Mol:
    with rdBase.BlockLogs():  # RDKit remarks on every lone hydrogen atom
        return drawn_alike(Chem.MolFromSmiles(species.smiles))


def _labelled(label: str) -> list[int]:
    """Atoms of a bond label, counted from 0.

    >>> _labelled("N7-N8"), _labelled("O3-H")
    ([6, 7], [2])
    """
    return [int(number) - 1 for number in re.findall(r"[A-Za-z](\d+)", label)]


def _bonds(reaction: Reaction, species: Species, n_heavy: int) -> list[Pair]:
    """Bonds of the candidate that break; the one of the label alone where a later step breaks it."""
    labelled = _labelled(reaction.label)
    n_atoms = species.shared_molecule().GetNumAtoms()
    broken = [pair for pair in reaction.broken if max(pair) < n_atoms and min(pair) < n_heavy]
    if len(labelled) != 2 or tuple(sorted(labelled)) in {tuple(sorted(pair)) for pair in broken}:
        return broken
    return [(labelled[0], labelled[1])]


def _with_hydrogens(molecule: Chem.Mol, pairs: list[Pair]) -> tuple[Chem.Mol, list[int]]:
    """Draw a hydrogen only where its bond breaks; all on one atom are alike, so any of them serves."""
    n_heavy = molecule.GetNumAtoms()
    carriers = sorted({min(pair) for pair in pairs if max(pair) >= n_heavy})
    shown = Chem.AddHs(molecule, onlyOnAtoms=carriers) if carriers else molecule
    bonds = []
    for first, second in (sorted(pair) for pair in pairs):
        end = second if second < n_heavy else _hydrogen_on(shown, first)
        bond = shown.GetBondBetweenAtoms(first, end)
        if bond is not None:
            bonds.append(bond.GetIdx())
    return shown, bonds


def _hydrogen_on(molecule: Chem.Mol, atom: int) -> int:
    neighbours = molecule.GetAtomWithIdx(atom).GetNeighbors()
    return int(next(n.GetIdx() for n in neighbours if n.GetAtomicNum() == 1))


def _drawing(molecule: Chem.Mol, bonds: list[int], label: str, cut: Sequence[int] = ()) -> Drawing:
    rdDepictor.Compute2DCoords(molecule)
    rdDepictor.StraightenDepiction(molecule)
    canvas = rdMolDraw2D.MolDraw2DSVG(-1, -1)
    options: Any = canvas.drawOptions()
    options.useBWAtomPalette()
    options.clearBackground = False
    options.scalingFactor = BOND_PIXELS / 1.5
    options.minFontSize = 10
    options.bondLineWidth = 1.2
    options.highlightBondWidthMultiplier = 12
    options.setHighlightColour(_HIGHLIGHT)
    options.setAtomNoteColour(_NOTE)
    options.annotationFontScale = 0.65
    rdMolDraw2D.PrepareAndDrawMolecule(
        canvas,
        molecule,
        highlightAtoms=[],
        highlightBonds=[*bonds, *cut],
        highlightBondColors=dict.fromkeys(cut, _CUT),
    )
    canvas.FinishDrawing()
    root = ElementTree.fromstring(canvas.GetDrawingText())
    _, _, width, height = (round(float(n)) for n in root.attrib["viewBox"].split())
    return Drawing(width + 2 * MARGIN_PIXELS, height + 2 * MARGIN_PIXELS, _compact(root), label)


def _compact(root: ElementTree.Element) -> str:
    """One path per kind of stroke; RDKit styles each alone, in colours that suit one background only."""
    gathered: dict[str, list[str]] = {"cut": [], "hot": [], "bonds": [], "glyphs": [], "numbers": []}
    for path in root.iter(f"{_SVG}path"):
        drawn = path.attrib["d"]
        gathered[_kind(path)].append(_dot(drawn) if drawn.count("L") > DOT_CORNERS else _terse(drawn))
    return "".join(
        f'<path class="{kind}" d="{"".join(parts)}"/>' for kind, parts in gathered.items() if parts
    )


def _kind(path: ElementTree.Element) -> str:
    style = dict(part.split(":", 1) for part in path.get("style", "").split(";") if ":" in part)
    colour = style.get("fill", "")
    fill = path.get("fill", "") if colour in {"", "none"} else colour
    stroke = style.get("stroke", "none")
    named = _CLASSES.get(fill.upper()) or _CLASSES.get(stroke.upper())
    if named:
        return named
    return "bonds" if fill in {"", "none"} else "glyphs"


def _dot(path: str) -> str:
    """A circle for a radical's dot, which RDKit draws as a polygon and too small to be seen."""
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]
    x, y = (sum(ends) / 2 for ends in ((min(n), max(n)) for n in (numbers[::2], numbers[1::2])))
    r = DOT_PIXELS
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0"


def _terse(path: str) -> str:
    """The same path with one decimal at most and no blanks that are not needed."""
    # RDKit writes one decimal; rounding each number by itself took a third of the time of a drawing.
    short = _ROUND.sub("", path) if _FINER.search(path) is None else _NUMBER.sub(_rounded, path)
    return re.sub(r"\s*([A-Za-z,])\s*", r"\1", short).replace(",", " ").replace(" -", "-")


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.1f}".removesuffix(".0")
