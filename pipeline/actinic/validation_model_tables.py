"""Ways to calibrate absorption as tables of text: models, and two levels of theory."""

from collections.abc import Sequence

from actinic.analysis.absorption_blind import BlindTest
from actinic.analysis.absorption_edges import Predicted, edge_table, line_forecast
from actinic.analysis.absorption_npi import NpiRow
from actinic.analysis.absorption_pair import PairFit
from actinic.analysis.absorption_second import SecondLevel
from actinic.analysis.absorption_trials import edge_error_rows
from actinic.analysis.absorption_validation import ModelRow
from actinic.analysis.absorption_width import WidthFit
from actinic.validation_absorption import AbsorptionValidation
from actinic.validation_spectra_tables import trial_table
from actinic.validation_text import (
    ERROR_HEADS,
    TextTable,
    better_text,
    coverage_text,
    errors_text,
    paired_text,
    shares_text,
    wide_text,
)

MODEL_HEADS = (
    "",
    "n",
    "ME",
    "MAE",
    "90 %",
    "RMSE",
    "one left out",
    "macro MAE",
    "against the line",
    "coverage",
)


def model_cells(row: ModelRow) -> tuple[str, ...]:
    """A row under `MODEL_HEADS`."""
    return (
        row.name,
        *errors_text(row.scaffold_out),
        f"{row.one_out.mean_absolute:.3f}",
        f"{row.macro_ev:.3f}",
        paired_text(row.against_line) if row.against_line.difference else "",
        shares_text(row.coverage) if row.name != "as computed" else "",
    )


def second_table(found: SecondLevel) -> TextTable:
    """A second level alone, in a mean and in a plane with the first."""
    doubt = found.disagreement
    return TextTable(
        f"With {found.level} as a second level: lowest maximum, scaffolds left out (eV)",
        MODEL_HEADS,
        tuple(model_cells(row) for row in found.rows),
        (
            f"Rank correlation of their disagreement with the size of the first one's error: "
            f"{doubt.correlation:+.2f} ({doubt.low:+.2f} to {doubt.high:+.2f}).",
            better_text([row.name for row in found.rows if row.against_line.is_better]),
        ),
    )


def pair_table(found: PairFit) -> TextTable:
    """A spectrum of one level in the middle of two."""
    doubt = found.doubt
    verdict = "it widens the error" if doubt.is_real else "not beyond chance: one error for all"
    return TextTable(
        f"{found.level}, moved to the middle of it and {found.second}, scaffolds left out (eV)",
        ("", *ERROR_HEADS, "against the first level alone", "coverage"),
        (
            (
                "lowest maximum",
                *errors_text(found.errors),
                paired_text(found.against_first),
                shares_text(found.coverage.found),
            ),
            ("red edge", *errors_text(found.edges), "", shares_text(found.edge_coverage.found)),
        ),
        (
            f"Standard error {found.values['standard_error_ev']:.3f} eV, of an edge "
            f"{found.values['edge_error_ev']:.3f} eV; 95 % of edges lie within "
            f"{wide_text((found.values['edge_error_ev'], found.values['edge_tail']))}.",
            f"Maxima: {coverage_text(found.coverage)}",
            f"Edges: {coverage_text(found.edge_coverage)}",
            f"{doubt.share:.2f} of the distance of both as an error besides: gain of the continuous ranked "
            f"probability score {doubt.gain_ev:+.4f} eV ({doubt.low_ev:+.4f} to {doubt.high_ev:+.4f}): "
            f"{verdict}.",
            f"The second puts raw bands up to {found.higher_ev[0]:.2f} eV higher for 95 % of the molecules, "
            f"{found.higher_ev[1]:.2f} eV for all.",
        ),
    )


def beside_table(found: AbsorptionValidation, other: AbsorptionValidation) -> TextTable:
    """What the choice between two levels rests on."""
    names = {one.name: one.errors.mean_absolute for one in other.collections}
    rows = [
        (f"maxima, {one.name} ({one.errors.n})", one.errors.mean_absolute, names[one.name])
        for one in found.collections
        if one.name in names
    ]
    ones, twos = _of_both(found.spectra, other.spectra), _of_both(other.spectra, found.spectra)
    if found.edges and other.edges and ones:
        edges = [edge_table(some).shifted for some in (ones, twos)]
        rows.append((f"red edges ({edges[0].n})", edges[0].mean_absolute, edges[1].mean_absolute))
        first, second = line_forecast(ones, found.calibration), line_forecast(twos, other.calibration)
        rows.append((f"Brier score at 365 nm ({first.n})", first.brier, second.brier))
        accuracies = first.balanced_accuracy, second.balanced_accuracy
        rows.append(("balanced accuracy there, called at 0.5", accuracies[0], accuracies[1]))
    return TextTable(
        "Two levels side by side: mean absolute errors (eV), scaffolds left out",
        ("", found.level, other.level),
        tuple((name, f"{first:.3f}", f"{second:.3f}") for name, first, second in rows),
    )


def _of_both(spectra: Sequence[Predicted], others: Sequence[Predicted]) -> list[Predicted]:
    """Those of `spectra` whose molecules are among `others`."""
    names = {one.point.measured.id for one in others}
    return [one for one in spectra if one.point.measured.id in names]


def width_table(found: WidthFit) -> TextTable:
    """How wide bands are drawn, and how different single molecules are."""
    return TextTable(
        "Width of bands that gives red flanks the length of measured ones (standard deviation, eV)",
        ("flanks", "width", "90 %", "16 to 84 % of molecules"),
        (
            (
                str(found.n),
                f"{found.width_ev:.3f}",
                f"{found.low_ev:.3f} to {found.high_ev:.3f}",
                f"{found.narrow_ev:.2f} to {found.wide_ev:.2f}",
            ),
        ),
        ("A flank runs from the lowest maximum to a tenth of it: no error of position is in its length.",),
    )


def edge_error_table(found: AbsorptionValidation) -> TextTable:
    """What the errors of edges go with, at each level there is."""
    levels = [one for one in (found, found.beside) if one]
    rows = zip(*(edge_error_rows(one.spectra) for one in levels), strict=True)
    return TextTable(
        "What the errors of edges go with: rank correlation, sign kept (90 %)",
        ("", *(one.level for one in levels)),
        tuple(
            (row[0].name, *(f"{one.correlation:+.2f} ({one.low:+.2f} to {one.high:+.2f})" for one in row))
            for row in rows
        ),
    )


def npi_table(level: str, rows: Sequence[NpiRow]) -> TextTable:
    """Whether n-pi* states follow the line."""
    return TextTable(
        f"n-pi* maxima of azo compounds by the lowest excitation at {level}, scaffolds left out (eV)",
        ("", *ERROR_HEADS, "against the first"),
        tuple(
            (row.name, *errors_text(row.errors), paired_text(row.against_line) if i else "")
            for i, row in enumerate(rows)
        ),
    )


def blind_tables(found: BlindTest) -> list[TextTable]:
    """Molecules computed when the line, the width and the error were fixed."""
    first = found.maxima[0]
    return [
        TextTable(
            "Molecules that nobody had looked at, by what the first sets gave: lowest maximum (eV)",
            ("", *ERROR_HEADS, "against the first", "claimed", "coverage"),
            tuple(
                (
                    row.name,
                    *errors_text(row.errors),
                    paired_text(row.against_first) if i else "",
                    f"{row.standard_error_ev:.3f}",
                    shares_text(row.coverage.found),
                )
                for i, row in enumerate(found.maxima)
            ),
            (
                f"{found.new_scaffolds} of {first.errors.n} have a scaffold that none of the first sets has.",
                *(f"{row.name}: {coverage_text(row.coverage)}" for row in found.maxima),
                better_text([row.name for row in found.maxima if row.against_first.is_better]),
            ),
        ),
        trial_table(
            f"The same: edges of {found.n_edges} (MAE, eV) and 365 nm of {found.n_spectra} spectra, "
            f"{found.n_absorbing} of which absorb",
            found.spectra,
        ),
    ]
