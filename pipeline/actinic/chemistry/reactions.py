"""Reactions: what a motif becomes, as balanced species with charge and multiplicity."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec
from rdkit import Chem, rdBase

from actinic.chemistry.motif_table import Channel, Spin, map_numbers
from actinic.chemistry.motifs import Site, atom_label, drawn_with_hydrogens
from actinic.chemistry.reaction_template import Edited, Pair, placements, redrawn
from actinic.chemistry.species import Species
from actinic.errors import EngineError, InputError

__all__ = ["Product", "Reaction", "assembled", "balanced", "can_couple", "channel_reactions", "reactions"]


class Product(msgspec.Struct, frozen=True):
    """A product in the electronic state the reaction leaves it in.

    Attributes:
        species: Canonical SMILES, charge and multiplicity: the same for every reaction that makes it.
        open_shell: A singlet with two unpaired electrons (singlet nitrene, diradical), for which a
            closed-shell calculation is too high; multiplicity is 1 then.
    """

    species: Species
    open_shell: bool


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """One step of one candidate.

    Attributes:
        reactants: The candidate, and what it meets, if anything.
        products: By their lowest atom in the reactants.
        multiplicity: 2S + 1 of the surface the step runs on.
        broken: Bonds that break, 0-based atoms with hydrogens, counted through the reactants.
        formed: Bonds that form.
        label: The bond that gives way, as a person finds it in the drawing: C7-S8.
        motif: Name of the motif; empty when no motif was matched.
        channel: Name of the channel.
        step: Kind of step.
        activation: Stimuli that drive it.
        elementary: False for the sum of several steps.
        n_equivalent: Number of sites equal by symmetry.
    """

    reactants: tuple[Species, ...]
    products: tuple[Product, ...]
    multiplicity: int
    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]
    label: str
    motif: str
    channel: str
    step: str
    activation: tuple[str, ...]
    elementary: bool
    n_equivalent: int


def reactions(species: Species, site: Site) -> tuple[Reaction, ...]:
    """What happens at a site: each channel of the motif, once per set of products.

    A channel that asks for more than the motif shows (a hydrogen to shift, a group to migrate) is left out
    where the molecule has it not.

    Args:
        species: A closed-shell molecule or ion.
        site: One of its sites, from `match`.

    Raises:
        InputError: The species is no closed shell.
        EngineError: A template of the table makes something that is no balanced reaction.
    """
    channels = site.motif.channels
    return tuple(reaction for channel in channels for reaction in channel_reactions(species, site, channel))


def can_couple(multiplicities: Iterable[int], total: int) -> bool:
    """Whether spins can be added up to `total`, all given as 2S + 1.

    >>> can_couple((2, 2), 1), can_couple((2, 2), 3), can_couple((3, 1), 1)
    (True, True, False)
    """
    reachable = {1}
    for m in multiplicities:
        reachable = {k for r in reachable for k in range(abs(r - m) + 1, r + m, 2)}
    return total in reachable


def balanced(reaction: Reaction) -> Reaction:
    """`reaction`, when atoms, charge and spin balance.

    Raises:
        EngineError: They do not; the message says which.
    """
    before, after = reaction.reactants, tuple(product.species for product in reaction.products)
    name = f"{' + '.join(s.smiles for s in before)} -> {' + '.join(s.smiles for s in after)}"
    atoms = [_formula(side) for side in (before, after)]
    if atoms[0] != atoms[1]:
        raise EngineError(f"{name}: atoms do not balance: {dict(atoms[0])} and {dict(atoms[1])}")
    charges = [sum(s.charge for s in side) for side in (before, after)]
    if charges[0] != charges[1]:
        raise EngineError(f"{name}: charges {charges[0]} and {charges[1]} do not balance")
    if not can_couple((s.multiplicity for s in after), reaction.multiplicity):
        raise EngineError(f"{name}: the products cannot have multiplicity {reaction.multiplicity} together")
    if (sum(s.n_electrons for s in before) + reaction.multiplicity) % 2 == 0:
        raise EngineError(f"{name}: multiplicity {reaction.multiplicity} does not fit the electrons")
    return reaction


class _Fragment(NamedTuple):
    """A product as drawn: canonical SMILES, unpaired electrons in all, and whether they sit on two atoms."""

    smiles: str
    unpaired: int
    is_diradical: bool


class _Drawn(NamedTuple):
    """One placement of a template: what it changes and the fragments it leaves."""

    broken: tuple[Pair, ...]
    formed: tuple[Pair, ...]
    fragments: tuple[_Fragment, ...]


def assembled(edit: Edited, spin: Spin, multiplicity: int) -> tuple[Product, ...]:
    """The fragments as species, unpaired electrons counted.

    Two unpaired electrons on one atom (nitrene, carbene) couple as `spin` says. On two atoms (a ring that
    opened) they are a diradical, which has the spin of the surface.

    Args:
        edit: The products as drawn.
        spin: State of a fragment with two unpaired electrons on one atom.
        multiplicity: 2S + 1 of the surface.

    Raises:
        EngineError: A fragment has two unpaired electrons and `spin` does not say how they couple, or more.
    """
    return _products(_fragments(edit), spin, multiplicity)


def _fragments(edit: Edited) -> tuple[_Fragment, ...]:
    found = []
    with rdBase.BlockLogs():  # RDKit warns at every lone hydrogen atom
        for fragment in edit.fragments:
            unpaired = [n for n in _unpaired(fragment) if n]
            smiles = Chem.MolToSmiles(Chem.RemoveHs(fragment))
            found.append(_Fragment(smiles, sum(unpaired), sorted(unpaired) == [1, 1]))
    return tuple(found)


def _products(fragments: Iterable[_Fragment], spin: Spin, multiplicity: int) -> tuple[Product, ...]:
    diradical: Spin = "triplet" if multiplicity == 3 else "open-shell singlet"
    return tuple(
        _product(fragment, spin if spin != "none" or not fragment.is_diradical else diradical)
        for fragment in fragments
    )


def channel_reactions(species: Species, site: Site, channel: Channel) -> list[Reaction]:
    """What one channel of its motif does at a site; as `reactions`."""
    if species.multiplicity != 1:
        raise InputError(
            f"{species.smiles}: multiplicity {species.multiplicity}; reactions start from a closed shell"
        )
    partners = _partner(species, channel)
    fixed = tuple(zip(map_numbers(site.motif.smarts), site.atoms, strict=True))
    together, drawn = _drawn((species, *partners), channel.template, fixed, channel.kekule)
    distinct: dict[tuple[Product, ...], Reaction] = {}
    for edit in drawn:
        products = _products(edit.fragments, channel.spin, channel.multiplicity)
        key = tuple(sorted(products, key=lambda p: (p.species.smiles, p.species.multiplicity)))
        if key in distinct:
            continue
        reaction = Reaction(
            reactants=(species, *partners),
            products=products,
            multiplicity=channel.multiplicity,
            broken=edit.broken,
            formed=edit.formed,
            label="-".join(atom_label(together, atom) for atom in _labelled(site, edit)),
            motif=site.motif.name,
            channel=channel.name,
            step=channel.step,
            activation=channel.activation,
            elementary=channel.elementary,
            n_equivalent=site.n_equivalent,
        )
        distinct[key] = balanced(reaction)
    return list(distinct.values())


@lru_cache(maxsize=64)  # the channels of one spin and the other share their template
def _drawn(
    reactants: tuple[Species, ...], template: str, fixed: tuple[Pair, ...], kekule: tuple[Pair, ...]
) -> tuple[Chem.Mol, tuple[_Drawn, ...]]:
    """The reactants in one, and every way to lay the template over them that may leave other products."""
    molecules = [drawn_with_hydrogens(reactant) for reactant in reactants]
    together = molecules[0] if len(molecules) == 1 else Chem.CombineMols(*molecules)
    places = list(placements(template, molecules, dict(fixed)))
    hydrogens = _carriers(together) if len(places) > 1 else {}
    tried: set[tuple[int, ...]] = set()
    found = []
    for atoms in sorted(places, key=lambda placed: sorted(placed.items())):
        alike = tuple(hydrogens.get(atom, atom) for _, atom in sorted(atoms.items()))
        if alike in tried:  # another hydrogen on the same atom: the same products
            continue
        tried.add(alike)
        edit = redrawn(together, template, atoms, kekule)
        found.append(_Drawn(edit.broken, edit.formed, _fragments(edit)))
    return together, tuple(found)


def _carriers(molecule: Chem.Mol) -> dict[int, int]:
    """Of every hydrogen on one atom a number for that atom, below zero."""
    found = {}
    for bond in molecule.GetBonds():
        pair = bond.GetBeginAtom(), bond.GetEndAtom()
        for end, other in (pair, pair[::-1]):
            if end.GetAtomicNum() == 1 and end.GetDegree() == 1 and not end.GetIsotope():
                found[end.GetIdx()] = -1 - other.GetIdx()
    return found


def _labelled(site: Site, edit: _Drawn) -> tuple[int, ...]:
    """The bond of the motif; for one that maps a single heavy atom, the bond of it that breaks."""
    if len(site.atoms) > 1 and 2 in map_numbers(site.motif.smarts):
        return site.atoms[:2]
    bonds = [pair for pair in edit.broken if site.atoms[0] in pair]
    return bonds[0] if bonds else site.atoms[:1]


def _partner(species: Species, channel: Channel) -> tuple[Species, ...]:
    if not channel.partner:
        return ()
    if channel.partner == "self":
        return (species,)
    molecule = Chem.MolFromSmiles(channel.partner)
    unpaired = sum(atom.GetNumRadicalElectrons() for atom in molecule.GetAtoms())
    return (Species.from_smiles(channel.partner, multiplicity=unpaired + 1),)


def _product(fragment: _Fragment, spin: Spin) -> Product:
    smiles, unpaired, _ = fragment
    if unpaired > 2 or (unpaired == 2 and spin == "none"):
        raise EngineError(
            f"{smiles} has {unpaired} unpaired electrons, and the table does not say how they couple"
        )
    multiplicity = {0: 1, 1: 2}.get(unpaired, 3 if spin == "triplet" else 1)
    try:
        species = Species.from_smiles(smiles, multiplicity=multiplicity)
    except InputError as error:
        raise EngineError(f"a product is no molecule: {error.message}") from error
    return Product(species, open_shell=unpaired == 2 and spin == "open-shell singlet")


def _unpaired(molecule: Chem.Mol) -> list[int]:
    """Unpaired electrons of every atom; by index, which is quicker than RDKit's sequence of atoms."""
    atom = molecule.GetAtomWithIdx
    return [atom(i).GetNumRadicalElectrons() for i in range(molecule.GetNumAtoms())]


def _formula(side: tuple[Species, ...]) -> Counter[str]:
    return sum((Counter(species.formula) for species in side), Counter())
