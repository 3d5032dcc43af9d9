"""The reactions of a candidate as the page shows them."""

from collections import Counter
from dataclasses import dataclass, replace

from actinic.analysis.reaction_energies import TRIPLET, KnownReaction
from actinic.analysis.reaction_report import ExcitedStates
from actinic.reporting.drawings import Drawing, product_drawing
from actinic.reporting.page_numbers import UNKNOWN, Shown, number, with_error
from actinic.screening.tiers import Progress

_SURFACES = {1: "singlet", 2: "doublet", 3: "triplet"}


@dataclass(frozen=True, slots=True)
class Made:
    """A product: how often it is made, its drawing, and its SMILES with its spin where that is not plain."""

    count: int
    drawing: Drawing
    text: str


@dataclass(frozen=True, slots=True)
class ReactionRow:
    """One reaction.

    Attributes:
        bond: Label of the bond that gives way, with the number of sites alike.
        what: Motif and channel.
        surface: Spin of the surface it runs on.
        activation: What drives it.
        products: Their SMILES.
        enthalpy: In kcal/mol.
        left_over: What the excited state has left after it, in kcal/mol.
        gives_way_first: Whether it is the one the table names.
        reason: Why there is no energy; empty when there is one.
    """

    bond: str
    what: str
    surface: str
    activation: str
    products: str
    enthalpy: Shown
    left_over: Shown
    gives_way_first: bool
    reason: str


def reaction_rows(where: Progress) -> tuple[ReactionRow, ...]:
    """All that were considered, the one that gives way first on top."""
    assessment = where.assessment
    ordered = sorted(where.known.reactions, key=lambda known: known is not assessment.reaction)
    return tuple(_row(known, assessment.excited, known is assessment.reaction) for known in ordered)


def made(known: KnownReaction | None) -> tuple[Made, ...]:
    """Products of a reaction, drawn; those alike once."""
    if known is None:
        return ()
    return tuple(
        Made(count, product_drawing(product.species), product.species.smiles + _spin(product.open_shell))
        for product, count in Counter(known.reaction.products).items()
    )


def enthalpy(known: KnownReaction | None) -> Shown:
    """Reaction enthalpy in kcal/mol: calibrated with its error, else as computed and said to be so."""
    if known is None:
        return UNKNOWN
    estimate, raw = known.enthalpy_kcal_mol(), known.raw_enthalpy_kcal_mol()
    if estimate is not None:
        return with_error(estimate, 1)
    if not raw:
        return UNKNOWN
    mean = sum(raw) / len(raw)
    return Shown(number(mean, 1), mean, "uncalibrated, error unknown")


def _spin(open_shell: bool) -> str:
    return " (open-shell singlet)" if open_shell else ""


def _row(known: KnownReaction, excited: ExcitedStates, gives_way_first: bool) -> ReactionRow:
    reaction = known.reaction
    alike = f" ({reaction.n_equivalent} alike)" if reaction.n_equivalent > 1 else ""
    from_triplet = reaction.multiplicity == TRIPLET
    force, enthalpy_known = excited.driving_force_kcal_mol(known), known.enthalpy_kcal_mol()
    if from_triplet and force is not None and enthalpy_known is not None:
        force = replace(force, calibrated=enthalpy_known.calibrated)  # uncalibrated T1 is said, not hidden
    left = with_error(force, 1)
    start = "from T1, uncalibrated" if from_triplet else "from S1"
    shown = Shown(left.text, left.sort, start) if left.is_known else left
    return ReactionRow(
        bond=f"{reaction.label}{alike}",
        what=f"{reaction.motif}: {reaction.channel}" if reaction.motif else reaction.channel,
        surface=_SURFACES.get(reaction.multiplicity, str(reaction.multiplicity)),
        activation=", ".join(reaction.activation),
        products=" + ".join(product.species.smiles for product in reaction.products),
        enthalpy=enthalpy(known),
        left_over=shown,
        gives_way_first=gives_way_first,
        reason=known.reason or ("" if known.raw_enthalpy_kcal_mol() else "a species is no minimum"),
    )
