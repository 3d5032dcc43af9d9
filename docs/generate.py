"""Writes the pages that follow from the code: `python docs/generate.py` (a test compares them)."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from actinic.analysis.calibration import STRONG_BAND
from actinic.chemistry.motif_page import motifs_page
from actinic.reporting.columns import all_columns
from actinic.screening.workflow import Workflow
from actinic.validation import validate_bonds
from actinic.validation_absorption import validate_absorption
from actinic.validation_barriers import validate_barriers
from actinic.validation_families import validate_families
from actinic.validation_family_table import families_table
from actinic.validation_figures import Validated, figure_texts
from actinic.validation_heat_tables import barrier_tables, bond_tables
from actinic.validation_level_tables import level_tables
from actinic.validation_levels import validate_levels
from actinic.validation_prices import price_list
from actinic.validation_tables import absorption_tables
from actinic.validation_text import outdated_note, shares_text, without_notes

HERE = Path(__file__).parent
CALIBRATION = HERE.parent / "pipeline" / "actinic" / "analysis" / "calibration.toml"

QUANTITIES = {
    "absorption": "lowest absorption maximum",
    "film_homo": "film HOMO level",
    "gas_ionisation": "vertical ionisation, gas phase",
}

COLUMNS_HEAD = """# Columns of ranked.csv

Written by docs/generate.py for the workflow `photo-ligand` with a device, a film, trimmed spectra
([use.md](use.md)) and `[electrons]`; other exposure lines and criteria change the columns named after them.
One row per row of the list. An empty cell means *unknown* (or does not apply), never zero. Further columns of
the list follow at the end, under their own names.

| column | meaning |
| --- | --- |
"""

CALIBRATION_HEAD = """# Calibration

Written by docs/generate.py from `pipeline/actinic/analysis/calibration.toml`, which
`workflows/fit_calibration.py` makes. Errors are those of molecules left out of the fit, of maxima together
with their whole scaffold; the baseline predicts the mean of the others. More: [validation.md](validation.md).

| quantity | level | molecules | MAE raw (eV) | MAE (eV) | standard error (eV) | baseline MAE (eV) |
| --- | --- | --- | --- | --- | --- | --- |
"""

VALIDATION_HEAD = """# Validation

Written by docs/generate.py from the calculations shipped with the package: what `actinic validate
absorption`, `levels`, `bonds`, `barriers` and `families` and `actinic levels` print, and what `actinic
validate --figures` draws (bars: standard errors; in another colour: sets the line was not fitted to, edges
that are only bounds, electronic energies in place of measured enthalpies, rates of gases above 700 K).
Errors are predicted minus measured, of molecules left out of the fit together with all of their Murcko
scaffold unless a column says otherwise; ME, MAE and RMSE are mean, mean absolute and root mean square error,
with bootstrap intervals of 90 %. Coverage is the share within one and 1.96 standard errors; 68 and 95 % are
wanted. Macro MAE is the mean over chromophore classes.
"""

FAMILIES_FOOT = """`actinic validate families` prints the table from shipped calculations, with
`--recompute` anew. A row is a hit where a molecule answers at a published line with P > 0.5, or reacts
below 250 C where heat is published. *Named* in the review; *shortened*, its saturated chains or repeated
arms cut; a *stand-in* chosen for a family of which the review draws no molecule
(`pipeline/actinic/reference/families`). Weak bands are not sampled, so that n-pi* absorption is a lower
bound. All rows are positives: false alarms cannot show, and at 254 nm most organic chromophores answer.
DMcT answers as the free dianion, with a doubled error; its neutral forms are silent."""

BONDS_HEAD = """## Bond enthalpies at 298 K

`actinic validate bonds` prints the whole tables; kcal/mol. Errors of calibrated values are those of bonds
whose whole family (C-S, N-O, ...) was left out of the fit.

| level | bonds | raw mean error | raw RMSE | RMSE | RMSE, experimental bonds | new kind | new bond |
| --- | --- | --- | --- | --- | --- | --- | --- |"""

BOND_FAMILIES_HEAD = """The last two columns are coverage: the shares of these errors within one and 1.96
standard errors as they would be stated if the kind of bond, or the bond alone, were new: not in the set, so
that no error judges itself.

By kind of bond: mean error with the kind left out of the fit, root mean square error, stated error."""

BARRIERS_HEAD = """## Barriers

`actinic validate barriers` prints more. Gibbs energy of activation, predicted minus measured, kcal/mol, each
member left out; in C the error of the temperature at which half has reacted in 30 min.

| family | reactions | mean error | MAE | RMSE | within one standard error | RMSE (C) | predicted by |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


SEARCHES_HEAD = """## Searched barriers

Gibbs energy of activation by a search for the reaction path, calculated minus measured, kcal/mol, of accepted
searches for the reactions of `reference/barriers/searches.csv`; nothing is fitted. Coverage by the standard
error that follows for a route from its own searches ([method.md](method.md)).

| search | run | accepted | mean error | MAE | RMSE | within 1 and 1.96 standard errors | core-minutes |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


def columns_page() -> str:
    """What docs/columns.md has to say."""
    device = {"hil": "PEDOT:PSS", "htl": "TFB", "emitter": "CdSe/ZnS"}
    film = {"material": "CdSe/ZnS", "thickness_nm": 30, "loading_wt_percent": 20, "t1_ev": 2.0}
    preset = Workflow.load("photo-ligand").model_dump()
    electrons = {"ionisation_level": "wb97x-d3/def2-svp", "affinity_level": "gfn2-xtb@gbe(organic film)"}
    spectrum = preset["spectrum"] | {"trim_reach": 2}
    extras = {"stack": device, "host": film, "electrons": electrons, "spectrum": spectrum}
    flow = Workflow.model_validate(preset | extras)
    rows = (f"| `{c.name}` | {c.meaning} |" for c in all_columns(flow, ()))
    return COLUMNS_HEAD + "\n".join(rows) + "\n"


def calibration_rows() -> list[str]:
    """One table row per calibrated level."""
    table = tomllib.loads(CALIBRATION.read_text(encoding="utf-8"))
    rows = []
    for section, what in QUANTITIES.items():
        for level, row in _in_gas_phase(table[section]).items():
            raw = f"{row['raw_error_ev']:.3f}" if "raw_error_ev" in row else ""
            rows.append(
                f"| {what} | {level} | {row['n']} | {raw} | {row['mean_absolute_error_ev']:.3f} | "
                f"{row['standard_error_ev']:.3f} | {row['baseline_error_ev']:.3f} |"
            )
    return rows


def _in_gas_phase(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without the levels in a solvent: maxima, and absorptivities on them, are those without one."""
    return {level: row for level, row in table.items() if "@" not in level}


def intensity_sentence() -> str:
    """What was found about intensities."""
    table = tomllib.loads(CALIBRATION.read_text(encoding="utf-8"))["absorption"]
    return "\n".join(
        f"Computed absorptivities at {level} are multiplied by {10 ** row['log10_intensity']:.2f} "
        f"(standard error: a factor of {10 ** row['log10_intensity_error']:.1f}; "
        f"{row['n_intensity']} molecules)."
        for level, row in _in_gas_phase(table).items()
    )


def bond_rows() -> list[str]:
    """One table row per level of bond enthalpies, errors with the family of the bond left out."""
    return [
        f"| {table.name} | {table.raw.n} | {table.raw.mean:+.1f} | {table.raw.root_mean_square:.1f} | "
        f"{table.family_left_out.root_mean_square:.1f} | "
        f"{table.family_left_out_experiment.root_mean_square:.1f} | {shares_text(table.coverage)} | "
        f"{shares_text(table.coverage_seen)} |"
        for table in validations().bonds.tables
    ]


def bond_family_rows() -> list[str]:
    """One table row per kind of bond: left-out errors and the stated one at each level."""
    found = validations().bonds
    heads = ["kind", "bonds", *(table.name for table in found.tables)]
    rows = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for families in zip(*found.families, strict=True):
        errors = [(row.left_out, row.standard_error_kcal_mol) for row in families]
        cells = [f"{off.mean:+.1f}, {off.root_mean_square:.1f}, {stated:.1f}" for off, stated in errors]
        rows.append(f"| {' | '.join([families[0].family, str(families[0].raw.n), *cells])} |")
    return rows


def barrier_rows() -> list[str]:
    """One table row per family of measured barriers."""
    rows = []
    for table in validations().barriers.tables:
        errors = table.errors
        in_c = "" if table.errors_c is None else f"{table.errors_c.root_mean_square:.0f}"
        rows.append(
            f"| {table.family} | {errors.n} | {errors.mean:+.1f} | {errors.mean_absolute:.1f} | "
            f"{errors.root_mean_square:.1f} | {table.coverage[0]:.0%} | {in_c} | {table.how} |"
        )
    return rows


def search_table_rows() -> list[str]:
    """One table row per route of searches and per family."""
    rows = []
    for table in validations().barriers.routes:
        errors, shares, minutes = table.errors, table.coverage, table.core_min
        numbers = ["", "", ""]
        if errors is not None:
            values = (errors.mean_absolute, errors.root_mean_square)
            numbers = [f"{errors.mean:+.1f}", *(f"{value:.1f}" for value in values)]
        cells = [
            f"{table.route}, {table.family}" if table.family else f"**{table.route}**",
            f"{table.n} of {table.asked}",
            f"{table.accepted} of {table.n}" if table.n else "",
            *numbers,
            "" if shares is None else f"{shares[0]:.0%}, {shares[1]:.0%}",
            "" if minutes is None else f"{minutes:.1f}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def calibration_page() -> str:
    """What docs/calibration.md has to say."""
    rows = [*calibration_rows(), "", intensity_sentence(), error_sentences(), "", BONDS_HEAD, *bond_rows()]
    rows += ["", BOND_FAMILIES_HEAD, "", *bond_family_rows()]
    rows += ["", BARRIERS_HEAD, *barrier_rows(), "", SEARCHES_HEAD, *search_table_rows()]
    return CALIBRATION_HEAD + "\n".join(rows) + "\n"


@cache
def validations() -> Validated:
    """From what is shipped."""
    return Validated(validate_absorption(), validate_levels(), validate_bonds(), validate_barriers())


def error_sentences() -> str:
    """Errors of edges, widths of bands, and errors that differ between molecules."""
    table = tomllib.loads(CALIBRATION.read_text(encoding="utf-8"))["absorption"]
    found = [
        f"Red edges at {level} have a standard error of {row['edge_error_ev']:.3f} eV."
        for level, row in table.items()
        if "edge_error_ev" in row
    ]
    found += [
        f"Bands at {level} are drawn as Gaussians with a standard deviation of {row['width_ev']:.3f} eV."
        for level, row in table.items()
    ]
    found += [
        f"Standard error of a position at {level}: {row['strong_error_ev']:.2f} eV where the lowest band "
        f"has an oscillator strength of {STRONG_BAND:g} or more, {row['weak_error_ev']:.2f} eV elsewhere."
        for level, row in _in_gas_phase(table).items()
        if "strong_error_ev" in row
    ]
    return "\n".join(found)


def validation_page() -> str:
    """What docs/validation.md has to say."""
    found = validations()
    absorption, levels = found.absorption, found.levels
    pair = absorption, levels
    notes = sorted({outdated_note(one.outdated) for one in (*pair, found.bonds, found.barriers)} - {""})
    parts = [VALIDATION_HEAD, *notes, "## Absorption", *(t.markdown() for t in absorption_tables(absorption))]
    parts += ["## Levels", *(table.markdown() for table in level_tables(levels))]
    parts += ["## Bonds", *(table.markdown() for table in bond_tables(found.bonds))]
    parts += ["## Barriers", *(table.markdown() for table in barrier_tables(found.barriers))]
    parts += ["## Ligand families", families_table(validate_families()).markdown(), FAMILIES_FOOT]
    parts += [
        "## Levels of theory",
        price_list(found.bonds, absorption, levels).markdown(),
        "## Figures",
    ]
    names = sorted(figure_texts(found))
    parts += [f"![{name.replace('-', ' ')}](figures/{name}.svg)" for name in names]
    parts += ["\n".join(f"* {note}" for one in pair for note in without_notes(one.without))]
    return "\n\n".join(filter(None, parts)) + "\n"


@cache
def figures() -> dict[str, str]:
    """All of them, by name."""
    return figure_texts(validations())


def figure_page(name: str) -> Callable[[], str]:
    """One file of docs/figures."""
    return lambda: figures()[name]


PAGES: dict[str, Callable[[], str]] = {
    "columns.md": columns_page,
    "calibration.md": calibration_page,
    "motifs.md": motifs_page,
    "validation.md": validation_page,
    **{f"figures/{name}.svg": figure_page(name) for name in figures()},
}

if __name__ == "__main__":
    (HERE / "figures").mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
