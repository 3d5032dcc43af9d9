"""What a validation of levels says as tables of text."""

from collections.abc import Sequence

import numpy as np

from actinic.analysis.electrons import WIDER
from actinic.analysis.level_validation import AFFINITY_ERROR_EV, LevelRow, affinity_error_ev
from actinic.analysis.validation import summary
from actinic.screening.level_references import FILM_DFT
from actinic.validation_levels import LevelValidation
from actinic.validation_text import (
    ERROR_HEADS,
    TextTable,
    better_text,
    coverage_text,
    errors_text,
    paired_text,
    verdict_text,
)

FILM_TARGET_EV = 0.12
"""What was asked for, scaffolds left out; a miss is printed as one."""


def level_tables(found: LevelValidation) -> tuple[TextTable, ...]:
    """All tables of `actinic validate levels`."""
    film = next(row for row in found.film_rows if row.fit == "shift")
    shipped = next(iter(found.calibrations.values()))
    n_dft = len(found.films) - len(found.dft_without)
    tables = [
        _levels(
            "HOMO level of films (eV)",
            found.film_rows,
            (
                f"Fitted: {film.predictor} HOMO + {shipped.shift_ev:.3f} eV, standard error "
                f"{shipped.standard_error_ev:.3f} eV, from {shipped.min_heavy_atoms} heavy atoms on.",
                f"MAE of the shift {verdict_text(film.scaffold_out.mean_absolute, FILM_TARGET_EV)}",
                coverage_text(found.coverage),
                _better(found.film_rows),
                *(
                    ()
                    if found.dft_rows
                    else (
                        f"{FILM_DFT[0]} orbitals: {n_dft} of {len(found.films)} films, too few for a table.",
                    )
                ),
            ),
        ),
        _levels(
            "Vertical ionisation of small molecules in the gas phase (eV): a check of the physics",
            found.gas_rows,
            (f"CCSD(T) of the source against the same measurements: MAE {found.theory:.3f} eV.",),
        ),
    ]
    if found.dft_rows:
        left_out = f"Without (too large for it, or not computed): {', '.join(found.dft_without)}."
        title = f"The same with Kohn-Sham orbitals, {n_dft} films (eV)"
        tables.insert(1, _levels(title, found.dft_rows, (left_out, _better(found.dft_rows))))
    if found.acceptors:
        tables.append(_affinities(found))
    if found.anions:
        tables.append(_detachments(found))
    return tuple(tables)


def _affinities(found: LevelValidation) -> TextTable:
    shipped = [f"{level} {line.shift_ev:+.3f} eV" for level, line in found.affinity.items()]
    pairs = [(level, one) for level in found.acceptors[0].computed_ev for one in found.acceptors]
    return TextTable(
        "Electron affinity of films: acceptors (eV)",
        ("predictor", "acceptor", "measured", "computed", "off, moved by the others"),
        tuple(
            (
                level,
                one.id,
                f"{one.measured_ev:.2f}",
                f"{one.computed_ev[level]:.2f}",
                f"{affinity_error_ev(found.acceptors, one, level):+.2f}",
            )
            for level, one in pairs
        ),
        (
            f"Fitted: {', '.join(shipped)}; standard error {AFFINITY_ERROR_EV:.1f} eV by convention: "
            f"{len(found.acceptors)} acceptors and no hole-transport material.",
        ),
    )


def _detachments(found: LevelValidation) -> TextTable:
    """Nothing is fitted; the stated error is that of the neutral molecules, made wider by convention."""
    rows = [(one, level, raw_ev) for one in found.anions for level, raw_ev in one.computed_ev.items()]
    off = [raw_ev - one.measured_ev for one, _, raw_ev in rows]
    errors = summary(np.array(off))
    stated_ev = WIDER * next(iter(found.ionisation.values())).standard_error_ev
    within = sum(abs(one) <= stated_ev for one in off)
    return TextTable(
        "Detachment of an electron from anions in the gas phase (eV)",
        ("anion", "level", "measured, adiabatic", "computed, vertical", "off"),
        tuple(
            (one.id, level, f"{one.measured_ev:.2f}", f"{raw_ev:.2f}", f"{raw_ev - one.measured_ev:+.2f}")
            for one, level, raw_ev in rows
        ),
        (
            f"ME {errors.mean:+.3f}, MAE {errors.mean_absolute:.3f}, RMSE {errors.root_mean_square:.3f} eV; "
            f"stated {stated_ev:.3f} eV, within it {within} of {len(off)}.",
        ),
    )


def _better(rows: Sequence[LevelRow]) -> str:
    names = [f"{row.predictor} ({row.fit})" for row in rows if row.against_shift.is_better]
    return better_text(names, "the first shift")


def _levels(title: str, rows: Sequence[LevelRow], notes: tuple[str, ...]) -> TextTable:
    return TextTable(
        title,
        ("predictor", "fitted", *ERROR_HEADS, "one left out", "against the first shift", "core-seconds"),
        tuple(
            (
                row.predictor,
                row.fit,
                *errors_text(row.scaffold_out),
                f"{row.one_out.mean_absolute:.3f}",
                paired_text(row.against_shift) if row.against_shift.difference else "",
                f"{row.cpu_s:.2f}" if row.cpu_s else "",
            )
            for row in rows
        ),
        notes,
    )
