"""What a validation says as tables of text: printed on a terminal, written into docs/validation.md."""

from collections.abc import Sequence

from actinic.analysis.absorption_edges import EdgeTable
from actinic.analysis.absorption_models import EARLIER, EARLIER_LEVEL
from actinic.analysis.absorption_validation import GroupRow
from actinic.analysis.calibration import STRONG_BAND
from actinic.analysis.forecast import Forecast, ReliabilityRow
from actinic.analysis.validation import Paired
from actinic.validation_absorption import AbsorptionValidation
from actinic.validation_model_tables import (
    MODEL_HEADS,
    beside_table,
    blind_tables,
    edge_error_table,
    model_cells,
    npi_table,
    pair_table,
    second_table,
    width_table,
)
from actinic.validation_spectra_tables import (
    otherwise_text_tables,
    set_tables,
    transfer_table,
    trial_table,
)
from actinic.validation_text import (
    ERROR_HEADS,
    TextTable,
    better_text,
    coverage_text,
    errors_text,
    paired_text,
    shares_text,
    verdict_text,
    wide_text,
)

MAXIMUM_TARGET_EV, EDGE_TARGET_EV, ACCURACY_TARGET = 0.16, 0.15, 0.90
"""What was asked for, scaffolds left out; a miss is printed as one."""

TRIED = "What was tried for edges (MAE, eV) and at 365 nm, against what is shipped; scaffolds left out"


def absorption_tables(found: AbsorptionValidation) -> tuple[TextTable, ...]:
    """All tables of `actinic validate absorption`."""
    line = next(row for row in found.models if row.name == "line")
    tables = [
        TextTable(
            f"{found.maxima_level}: lowest maximum, scaffolds left out (eV)",
            MODEL_HEADS,
            tuple(model_cells(row) for row in found.models),
            (
                f"Fitted: {found.calibration.slope:.3f} x + {found.calibration.intercept_ev:.3f} eV, "
                f"standard error {found.calibration.standard_error_ev:.3f} eV.",
                f"MAE of the line {verdict_text(line.scaffold_out.mean_absolute, MAXIMUM_TARGET_EV)}",
                coverage_text(found.coverage),
                *_against_the_earlier(found),
                better_text([row.name for row in found.models if row.against_line.is_better]),
                *(
                    f"{row.name}: shrunk to none by its penalty; no molecule moves by more than "
                    f"{row.moved_ev:.4f} eV."
                    for row in found.models
                    if row.is_shrunk
                ),
            ),
        ),
        _groups("The line by set, scaffolds left out (eV)", found.collections),
        _groups("The line by chromophore, sets it is fitted to (eV)", found.chromophores),
        TextTable(
            "Learning curve: lines fitted to n molecules, judged on other scaffolds (eV)",
            ("n", "MAE", "5 to 95 % of choices"),
            tuple(
                (str(row.n), f"{row.mean_ev:.3f}", f"{row.low_ev:.3f} to {row.high_ev:.3f}")
                for row in found.curve
            ),
        ),
        TextTable(
            "What tells large errors beforehand: rank correlation with the size of the error",
            ("", "correlation", "90 %"),
            tuple(
                (row.name, f"{row.correlation:+.2f}", f"{row.low:+.2f} to {row.high:+.2f}")
                for row in found.spread
            ),
        ),
    ]
    tables += [_strength(found), _local(found)]
    tables += [second_table(found.second)] if found.second else []
    tables += [beside_table(found, found.beside)] if found.beside else []
    tables += [pair_table(found.pair)] if found.pair else []
    tables += [width_table(found.width)] if found.width else []
    tables += [_edges(found.edges)] if found.edges else []
    tables += _forecast(found.absorbs) if found.absorbs else []
    tables += [edge_error_table(found)] if found.edges else []
    tables += [trial_table(TRIED, found.trials)] if found.trials else []
    for one in filter(None, (found, found.beside)):
        tables += _of_level(one)
    tables += blind_tables(found.blind) if found.blind else []
    tables += [npi_table(one.maxima_level, one.npi) for one in (found, found.beside) if one and one.npi]
    return tuple(tables)


def _of_level(found: AbsorptionValidation) -> list[TextTable]:
    """What was found of kinds of states and of other ways to compute spectra, at one level."""
    name = f"What counts as an n-pi* state at {found.level}: measured spectra ({len(found.spectra)})"
    tables = [trial_table(name, found.bounds)] if found.bounds else []
    tables += set_tables(f"States beside the lowest band at {found.level}", found.placing)
    halves = zip(("first", "further"), found.transfer, strict=True)
    tables += [transfer_table(f"{found.level}, {which} sets", rows) for which, rows in halves if rows]
    return tables + otherwise_text_tables(found.level, found.otherwise)


def _against_the_earlier(found: AbsorptionValidation) -> list[str]:
    """The line against the one it had to beat: the sign is that of an improvement of the line."""
    rows = [*found.models, *(found.second.rows if found.second else ())]
    away = next((row.against_line for row in rows if row.name == EARLIER), None)
    if away is None:
        return []
    improved = Paired(-away.difference, -away.high, -away.low)
    verdict = "better beyond chance" if improved.is_better else "not beyond chance"
    return [f"The line against the {EARLIER} at {EARLIER_LEVEL}: {paired_text(improved)} eV: {verdict}."]


def _strength(found: AbsorptionValidation) -> TextTable:
    apart = found.strength
    verdict = "two errors" if apart.is_real else "not beyond chance: one error for all"
    return TextTable(
        f"Standard error by strength of the lowest band, f = {STRONG_BAND:g} (eV)",
        ("", "n", "standard error"),
        (
            ("strong", str(apart.n_strong), f"{apart.strong_ev:.3f}"),
            ("weak", str(apart.n_weak), f"{apart.weak_ev:.3f}"),
        ),
        (
            f"Gain of the logarithm of the likelihood per molecule left out: {apart.gain:+.2f} "
            f"({apart.low:+.2f} to {apart.high:+.2f}): {verdict}.",
        ),
    )


def _local(found: AbsorptionValidation) -> TextTable:
    changes = [row.after_ev - row.before_ev for row in found.local]
    return TextTable(
        "Three molecules of a set measured, the others of it predicted: mean absolute error (eV)",
        ("set or class", "before", "after", "worse by 0.01 eV"),
        tuple(
            (row.name, f"{row.before_ev:.3f}", f"{row.after_ev:.3f}", f"{row.worse:.0%} of choices")
            for row in found.local
        ),
        (
            f"Share of the variance that a class has in common: {found.calibration.shared_share:.2f}.",
            f"Change of the mean error: {min(changes):+.3f} to {max(changes):+.3f} eV: "
            + ("some sets gain." if min(changes) < -0.005 else "no set gains, and none loses much."),
        ),
    )


def _groups(title: str, rows: Sequence[GroupRow]) -> TextTable:
    return TextTable(
        title,
        ("", *ERROR_HEADS, "coverage"),
        tuple((row.name, *errors_text(row.errors), shares_text(row.coverage)) for row in rows),
    )


def _edges(table: EdgeTable) -> TextTable:
    return TextTable(
        "Red edge of measured spectra, scaffolds left out (eV)",
        ("", *ERROR_HEADS, "against the first"),
        (
            ("spectrum moved by the line of the maxima", *errors_text(table.shifted), ""),
            ("and by a constant", *errors_text(table.offset), paired_text(table.offset_against_shifted)),
            ("line of the raw edges", *errors_text(table.own_line), paired_text(table.line_against_shifted)),
            ("mean of the others", *errors_text(table.mean_ev), ""),
        ),
        (
            f"MAE of the first {verdict_text(table.shifted.mean_absolute, EDGE_TARGET_EV)}",
            f"Standard error of an edge {table.error_ev[0]:.3f} eV; 95 % lie within "
            f"{wide_text(table.error_ev)}.",
            coverage_text(table.coverage),
            f"{table.n_bounds} edges lie beyond the measured spectra; {table.n_bounds_right} of them are "
            "computed there.",
        ),
    )


def _unreliable(row: ReliabilityRow) -> str:
    """What a bin outside its range means for who reads the probability."""
    side = "more" if row.observed > row.predicted else "less"
    return (
        f"{row.low:.1f} to {row.high:.1f}: {row.observed * row.n:.0f} of {row.n} came true, where "
        f"{row.predicted * row.n:.0f} were expected: what is called that probable absorbs {side} often than "
        "said, and a threshold of 0.5 takes it for a no."
    )


def _forecast(found: Forecast) -> list[TextTable]:
    reached = found.balanced_accuracy >= ACCURACY_TARGET
    note = f"asked for: {ACCURACY_TARGET:.2f}, {'reached' if reached else 'missed'}"
    return [
        TextTable(
            "Absorbs at 365 nm more than 1 % of its maximum",
            ("n", "do", "balanced accuracy", "90 %", "Brier score", "of the mean"),
            (
                (
                    str(found.n),
                    str(found.n_true),
                    f"{found.balanced_accuracy:.2f}",
                    f"{found.balanced_low:.2f} to {found.balanced_high:.2f}",
                    f"{found.brier:.3f}",
                    f"{found.brier_base:.3f}",
                ),
            ),
            (f"Balanced accuracy {found.balanced_accuracy:.2f}, {note}.",),
        ),
        TextTable(
            "Called from another probability on (intervals of the calls as made)",
            ("threshold", "lowest", "highest", "balanced accuracy", "90 %"),
            tuple(
                (
                    row.name,
                    f"{row.low_threshold:.2f}",
                    f"{row.high_threshold:.2f}",
                    f"{row.balanced_accuracy:.3f}",
                    f"{row.low:.2f} to {row.high:.2f}",
                )
                for row in found.thresholds
            ),
            (
                "What counts is the first row. The idea of another threshold came after its result was seen: "
                "the other rows are no test of it, although the last takes thresholds from other scaffolds.",
            ),
        ),
        TextTable(
            "Reliability of that probability",
            ("probability", "n", "predicted", "observed", "95 % range if right"),
            tuple(
                (
                    f"{row.low:.1f} to {row.high:.1f}",
                    str(row.n),
                    f"{row.predicted:.2f}",
                    f"{row.observed:.2f}{'' if row.is_reliable else ' (outside)'}",
                    f"{row.range_low:.2f} to {row.range_high:.2f}",
                )
                for row in found.reliability
            ),
            tuple(_unreliable(row) for row in found.reliability if not row.is_reliable),
        ),
    ]
