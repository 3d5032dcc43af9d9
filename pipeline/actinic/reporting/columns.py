"""The columns of `ranked.csv`: name, meaning, decimals. The table and its documentation come from here."""

from actinic.analysis.electrons import AFFINITY, IONISATION
from actinic.analysis.spectators import SITE_SHARE, SPECTATOR_SHARE
from actinic.reporting.column import Column, with_error
from actinic.reporting.columns_use import ranking_columns, use_columns
from actinic.screening.workflow import Workflow

IDENTITY = (
    Column("rank", "1 is best; equal scores share a rank; empty unless status is done", 0),
    Column("id", "Identifier, unique in the list"),
    Column("name", "Name given in the list"),
    Column("role", "ligand, additive, crosslinker or htm, as given"),
    Column("status", "done, screened_out or failed; waiting in a report on a run that was stopped"),
    Column("score", "Weighted geometric mean of the desirabilities, 0.01 to 1", 4),
    Column("limiting_criterion", "The criterion that costs the score most, with the value that does it"),
    Column(
        "summary",
        "What light does (answers: P of 2/3 or more; silent: 0.05 or less) and what heat does, in a line",
    ),
    Column("reason", "Why the row failed, was screened out or waits"),
)

MOTIFS = (
    Column("anchors", "Surface groups by which it could hold on to a nanocrystal, with their number"),
    Column("motifs", "Motifs of docs/motifs.md it carries, with their number of sites"),
    Column("reactive_sites", "Groups that cross-link, else sites of its first motif", 0, "reactive_sites"),
)

MODEL = Column(
    "spectrum_model",
    "SMILES of the trimmed model whose spectrum stands for the candidate's, with the number of equal ones; "
    "empty where nothing was cut",
)

DETAILS = (
    Column("target_nm", "Exposure line this candidate was judged by: its own, else the workflow's", 1),
    Column("smiles", "Canonical SMILES of what was computed"),
    Column("charge", "Its charge in e", 0),
    Column("counter_ion", "Counter-ion or solvent of the row that was set aside"),
    Column("n_conformers", "Conformers kept after optimisation and deduplication", 0),
    Column("caveats", "What to know before believing the numbers of this row"),
    Column("notes", "How the row of the list was read"),
)


def all_columns(workflow: Workflow, extra: tuple[str, ...]) -> tuple[Column, ...]:
    """Every column of a run, in order.

    Args:
        workflow: Its exposure lines and criteria have columns of their own.
        extra: Headings of the list that are carried through; these columns come last, in this order, with
            `list_` before a heading that is taken.
    """
    wishes = tuple(
        Column(f"desirability_{c.name}", f"{c.title}: 0 (bad) to 1 (good), empty when unknown", 3)
        for c in workflow.criteria
    )
    quantities = (
        *MOTIFS,
        *_reaction(workflow),
        *_heat(workflow),
        *_quantities(workflow),
        *_hole(workflow),
        *_electrons(workflow),
        *use_columns(workflow),
    )
    firm = ranking_columns(workflow)
    taken = {c.name for c in (*IDENTITY, *firm, *quantities, *wishes, *DETAILS)}
    carried = []
    for name in extra:
        heading = name
        while heading in taken:
            heading = f"list_{heading}"
        taken.add(heading)
        carried.append(Column(heading, "Carried through from the list"))
    return (*IDENTITY, *firm, *quantities, *wishes, *DETAILS, *carried)


def _reaction(workflow: Workflow) -> tuple[Column, ...]:
    if workflow.reactions is None:
        return ()
    driving_force = with_error(
        "driving_force", "kcal_mol", "What the relaxed lowest singlet has left after that reaction", 1
    )
    triplet = with_error(
        "t1",
        "ev",
        "Relaxed lowest triplet where a reaction needs it, uncalibrated, its error by convention",
        2,
    )
    return (
        Column("bond", "The bond that gives way first, by the numbers of atoms in `smiles`"),
        Column("reaction", "What happens there; reactions.csv has all that were considered"),
        Column("products", "SMILES of what it becomes"),
        Column("releases", "What is set free, with its acid or base class"),
        *with_error("reaction_enthalpy", "kcal_mol", "Enthalpy of that reaction at 298 K", 1),
        *(driving_force if workflow.spectrum is not None else ()),
        *triplet,
    )


def _hole(workflow: Workflow) -> tuple[Column, ...]:
    if workflow.hole is None:
        return ()
    name = "hole_reorganisation_ev"
    meaning = "Reorganisation energy of a hole, tight binding, uncalibrated: to compare like molecules"
    return (Column(name, meaning, 3, name),)


ELECTRONS = {
    IONISATION: "Vertical ionisation energy (of an anion: detachment) in the gas phase; no film level",
    AFFINITY: "Electron affinity in a film, from three acceptors, empty outside them; not the optical LUMO",
}


def _electrons(workflow: Workflow) -> tuple[Column, ...]:
    pairs = (with_error(n.removesuffix("_ev"), "ev", ELECTRONS[n], 2) for n in workflow.electron_names)
    return tuple(column for pair in pairs for column in pair)


def _heat(workflow: Workflow) -> tuple[Column, ...]:
    bake = f"{workflow.heat.bake_min:g} min at {workflow.heat.bake_c:g} C"
    window = " to ".join(f"{end:g}" for end in workflow.heat.window_c)
    named = (
        (
            "activation_temperature_c",
            "Temperature at which half has reacted in 30 min by the fastest way known; 300: 300 or more",
            0,
        ),
        ("activation_temperature_error_c", "Standard error of activation_temperature_c; empty from 300", 0),
    )
    barrier = (
        (
            "activation_enthalpy_kcal_mol",
            "Its enthalpy of activation: with the entropy, the rate anywhere",
            1,
        ),
        ("activation_entropy_cal_mol_k", "Its entropy of activation", 1),
        ("bake_survival", f"Fraction left after the soft bake, {bake}", 3),
        ("p_survives", "Probability that over half outlasts the soft bake, and a year at 25 C", 3),
        ("p_activates_in_window", f"Probability that the activation temperature lies within {window} C", 3),
    )
    return (
        *(Column(name, meaning, decimals, name) for name, meaning, decimals in named),
        Column(
            "activation_label",
            "Calculated, class value, class range or equilibrium; upper limit, where films react earlier",
        ),
        Column("activation_reaction", "What happens then, and the bond that gives way"),
        *(Column(name, meaning, decimals, name) for name, meaning, decimals in barrier),
        Column(
            "shelf_life", "Half-life at 25 C: days, months, years (1 to 10), stable; with its 68 % interval"
        ),
    )


def _quantities(workflow: Workflow) -> tuple[Column, ...]:
    if workflow.spectrum is None:
        return _levels()
    lines = tuple(c for line in sorted(workflow.exposure.lines_nm) for c in _line(f"{line:g}_nm", line))
    selective = Column(
        "p_selective_target",
        "Probability to answer at the target line and be silent at every longer line",
        3,
        "p_selective_target",
    )
    target = (*_absorptivity("target", "the target line"), selective, *_spectator())
    model = (MODEL,) if workflow.spectrum.trim_reach is not None else ()
    return (*_bands(), *lines, *target, *model, *_levels(), *_dft())


def _spectator() -> tuple[Column, ...]:
    return (
        Column(
            SITE_SHARE,
            "Share of the excitation at the target line on the atoms that react by light; "
            "empty where the candidate is silent, has no such group, or the share was not stored",
            3,
            SITE_SHARE,
        ),
        Column(
            "spectator", f"yes where that share is below {SPECTATOR_SHARE:g}; empty where it is not known"
        ),
    )


def _bands() -> tuple[Column, ...]:
    return (
        *with_error(
            "band_max", "nm", "Lowest absorption maximum with a computed molar absorptivity of at least 50", 1
        ),
        *with_error("band_edge", "nm", "Red edge of that band, at 10 % of its maximum", 1),
        *with_error("response_edge", "nm", "Longest wavelength with a molar absorptivity of 100", 1),
    )


def _line(label: str, line_nm: float) -> tuple[Column, ...]:
    answers = f"p_answers_{label}"
    return (
        *_absorptivity(label, f"{line_nm:g} nm"),
        Column(answers, f"Probability to answer at {line_nm:g} nm", 3, answers),
    )


def _absorptivity(label: str, where: str) -> tuple[Column, ...]:
    quantity = f"absorptivity_{label}_l_mol_cm"
    what = f"Molar absorptivity at {where} in L mol-1 cm-1"
    return (
        Column(quantity, f"{what}; empty when the computed roots do not reach that far", 1, quantity),
        Column(
            f"absorptivity_{label}_low_l_mol_cm",
            f"{what}, lower end of the 68 % interval",
            1,
            quantity,
            "low",
        ),
        Column(
            f"absorptivity_{label}_high_l_mol_cm",
            f"{what}, upper end of the 68 % interval",
            1,
            quantity,
            "high",
        ),
    )


def _levels() -> tuple[Column, ...]:
    return (
        *with_error(
            "film_homo",
            "ev",
            "HOMO level in a film, from the tight-binding HOMO; empty outside its calibration",
            2,
        ),
        *with_error("lumo_optical", "ev", "Film HOMO plus optical edge: the LUMO of stack diagrams", 2),
    )


def _dft() -> tuple[Column, ...]:
    return (
        Column(
            "homo_dft_ev",
            "Kohn-Sham HOMO of the lowest conformer, in the solvent of its spectrum; at or above 0 unbound",
            2,
            "homo_dft_ev",
        ),
        Column("lumo_dft_ev", "Kohn-Sham LUMO of the lowest conformer, likewise", 2, "lumo_dft_ev"),
        Column("gap_dft_ev", "Their difference", 2, "gap_dft_ev"),
        Column("dipole_debye", "Dipole moment of the lowest conformer, likewise", 2, "dipole_debye"),
        Column("s1_raw_ev", "Lowest singlet excitation, vertical, uncalibrated", 2, "s1_raw_ev"),
        Column("s1_oscillator_strength", "Its oscillator strength", 4, "s1_oscillator_strength"),
        Column(
            "s1_charge_transfer",
            "Share of it that moves charge between rings, multiple bonds and chains; empty in old results",
            2,
            "s1_charge_transfer",
        ),
    )
