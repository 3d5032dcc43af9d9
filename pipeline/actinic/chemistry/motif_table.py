"""The motif table: which groups light, heat or acid breaks, what they become, read from motifs.toml."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from rdkit import Chem

from actinic.errors import EngineError

TABLE = Path(__file__).with_name("motifs.toml")

Stimulus = Literal["light", "heat", "acid"]

Step = Literal[
    "homolysis",
    "heterolysis",
    "n2_loss",
    "wolff",
    "rearrangement",
    "ring_opening",
    "cycloreversion",
    "retro_ene",
    "elimination",
    "decarboxylation",
    "co2_equilibrium",
    "cs2_loss",
    "fragmentation",
    "h_transfer",
    "h_abstraction",
    "electron_transfer",
    "radical_addition",
    "cycloaddition",
]

STEP_WORDS: dict[str, str] = {
    "n2_loss": "loss of N2",
    "cs2_loss": "loss of CS2",
    "co2_equilibrium": "CO2 equilibrium",
    "wolff": "Wolff rearrangement",
    "retro_ene": "retro-ene reaction",
    "h_transfer": "H transfer",
    "h_abstraction": "H abstraction",
}
"""How steps are called in a sentence, where their name alone will not do."""

Spin = Literal["none", "singlet", "open-shell singlet", "triplet"]

Route = Literal["", "retro-ene", "decarboxylation", "electrocyclic", "n2-loss"]
"""How the barrier of a channel is searched for; empty where none is."""


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One elementary step (or the sum of several) a motif may undergo.

    Attributes:
        name: Unique within the motif.
        step: Kind of step; decides how its energy or barrier is calculated.
        activation: Stimuli that drive this channel.
        template: Reaction SMARTS; every mapped atom stands on both sides with the same number, and what is
            not mapped stays as it is. Hydrogens that move are mapped as [#1:n].
        multiplicity: 2S + 1 of the surface the step runs on: 1 from S0 or S1, 3 from T1, 2 for a radical.
        spin: State of the fragment that is left with two unpaired electrons (nitrene, carbene).
        partner: SMILES of the molecule it meets, "self" for another copy of itself, empty when alone.
            The last component of the template's left side is looked for in the partner.
        kekule: Pairs of map numbers of aromatic bonds that are double in the resonance structure that reacts.
        elementary: False for the sum of several steps, which has no barrier of its own.
        path: How its barrier is searched for; empty where none is.
    """

    name: str
    step: Step
    activation: tuple[Stimulus, ...]
    template: str
    multiplicity: int
    spin: Spin = "none"
    partner: str = ""
    kekule: tuple[tuple[int, int], ...] = ()
    elementary: bool = True
    path: Route = ""


class Motif(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of atoms with a bond that gives way.

    Attributes:
        name: Unique; what results and tests call it.
        title: What a chemist calls it.
        family: Group of related motifs.
        smarts: Where it is; the bond that gives way lies between the atoms mapped 1 and 2 (thiols and
            thiolates: at atom 1).
        stimuli: What is known to trigger it.
        beats: Names of less specific motifs it replaces where both claim an atom.
        crosslinks: Whether two of them in a molecule make it a cross-linker.
        alone: False when it reacts only with something else (an initiator, a radical, an oxidant).
        follow_up: What the products do next.
        stays: Change of charge and polarity of what stays on a surface.
        releases: What is set free, with its acid or base class; empty for nothing.
        dois: Sources of the step. Empty, with a word in `note`, where none was verified.
        note: Caveats.
        examples: SMILES that carry the motif, on which every channel is tested.
    """

    name: str
    title: str
    family: str
    smarts: str
    stimuli: tuple[Stimulus, ...]
    follow_up: str
    stays: str
    examples: tuple[str, ...]
    channels: tuple[Channel, ...] = msgspec.field(name="channel")
    beats: tuple[str, ...] = ()
    crosslinks: bool = False
    alone: bool = True
    releases: str = ""
    dois: tuple[str, ...] = ()
    note: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    motif: tuple[Motif, ...]


@cache
def motif_table() -> tuple[Motif, ...]:
    """All motifs, in the order of the file.

    Raises:
        EngineError: The file is not what it should be; the message names the entry.
    """
    return parsed_table(TABLE.read_text(encoding="utf-8"))


def parsed_table(text: str) -> tuple[Motif, ...]:
    """The motifs of a TOML text.

    Raises:
        EngineError: An unknown field or value, a SMARTS that cannot be read, a template whose two sides do
            not map the same atoms, a route for the sum of several steps, a repeated name, or a `beats` that
            names no motif.
    """
    try:
        motifs = msgspec.convert(tomllib.loads(text), _Table).motif
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise EngineError(f"motif table: {error}") from error
    names = [motif.name for motif in motifs]
    for motif in motifs:
        if names.count(motif.name) > 1:
            raise EngineError(f"motif table: the name {motif.name!r} is given twice")
        unknown = sorted(set(motif.beats) - set(names))
        if unknown:
            raise EngineError(f"motif table: {motif.name} beats {', '.join(unknown)}, which is no motif")
        _check(motif)
    return motifs


def motif_named(name: str) -> Motif:
    """The motif called `name`.

    Raises:
        EngineError: There is none.
    """
    for motif in motif_table():
        if motif.name == name:
            return motif
    raise EngineError(f"no motif is called {name!r}")


@cache
def pattern(smarts: str) -> Chem.Mol:
    """The query molecule of `smarts`.

    Raises:
        EngineError: RDKit cannot read it.
    """
    query = Chem.MolFromSmarts(smarts)
    if query is None:
        raise EngineError(f"SMARTS {smarts!r} cannot be read")
    return query


def map_numbers(smarts: str) -> tuple[int, ...]:
    """The atom map numbers of a SMARTS, ascending.

    >>> map_numbers("[c][NX2:1]=[N+:2]=[N-:3]")
    (1, 2, 3)
    """
    return tuple(sorted(int(number) for number in re.findall(r":(\d+)\]", smarts)))


def _check(motif: Motif) -> None:
    if 1 not in map_numbers(motif.smarts):
        raise EngineError(f"motif table: {motif.name}: no atom of the SMARTS is mapped 1")
    pattern(motif.smarts)
    channel_names = [channel.name for channel in motif.channels]
    if len(set(channel_names)) != len(channel_names):
        raise EngineError(f"motif table: {motif.name} has two channels of one name")
    for channel in motif.channels:
        left, arrow, right = channel.template.partition(">>")
        if not arrow or map_numbers(left) != map_numbers(right) or len(set(map_numbers(left))) < 2:
            raise EngineError(
                f"motif table: {motif.name}, {channel.name}: the two sides of {channel.template!r} "
                "do not map the same atoms, at least two of them, once each"
            )
        pattern(left), pattern(right)
        if channel.path and not channel.elementary:
            raise EngineError(
                f"motif table: {motif.name}, {channel.name}: a sum of steps has no barrier to search"
            )
