"""Ways to compute and to place measured spectra as tables of text."""

from collections.abc import Iterable, Sequence

from actinic.analysis.absorption_compared import ALL, SetTable, TrialRow
from actinic.analysis.absorption_tautomers import TautomerRow
from actinic.analysis.absorption_transfer import TransferRow
from actinic.validation_absorption_otherwise import Otherwise
from actinic.validation_text import TextTable, paired_text


def _names(rows: Iterable[TrialRow]) -> str:
    return ", ".join(row.name for row in rows) or "none"


def trial_table(title: str, rows: Sequence[TrialRow]) -> TextTable:
    """Ways to predict measured spectra, against the first of them."""
    return TextTable(
        title,
        ("", "edges", "against the first", "Brier score", "against the first", "balanced accuracy"),
        tuple(
            (
                row.name,
                f"{row.edge_ev:.3f}",
                paired_text(row.edges) if i else "",
                f"{row.brier:.3f}",
                paired_text(row.briers) if i else "",
                f"{row.balanced_accuracy:.3f}",
            )
            for i, row in enumerate(rows)
        ),
        (
            f"Better beyond chance for edges: {_names(row for row in rows if row.edges.is_better)}; "
            f"for probabilities: {_names(row for row in rows if row.briers.is_better)}.",
        ),
    )


def set_tables(what: str, found: Iterable[SetTable]) -> list[TextTable]:
    """The same ways for several sets of molecules."""
    return [
        trial_table(f"{what}, {'all measured spectra' if one.name == ALL else one.name} ({one.n})", one.rows)
        for one in found
    ]


def otherwise_text_tables(level: str, found: Otherwise) -> list[TextTable]:
    """Spectra in a solvent, from several conformers and as the lowest tautomer."""
    return [
        *set_tables(f"Computed in a solvent at {level}", found.solvent),
        *set_tables(f"Computed from several conformers at {level}", found.conformers),
        *set_tables(f"Computed as the lowest tautomer at {level}", found.tautomers),
        *([tautomer_table(level, found.forms)] if found.forms else []),
    ]


def tautomer_table(level: str, rows: Sequence[TautomerRow]) -> TextTable:
    """All forms of reference molecules that have several."""
    return TextTable(
        f"Reference molecules with other tautomers: the form drawn first; lowest maximum at {level}",
        ("", "form", "kcal/mol, gas phase / film", "verdict", "off (eV)"),
        tuple(
            (
                "" if i and rows[i - 1].id == row.id else row.id,
                row.smiles,
                "not computed" if row.difference_kcal_mol is None else _both(row.difference_kcal_mol),
                row.outcome,
                "" if row.error_ev is None else f"{row.error_ev:+.2f}",
            )
            for i, row in enumerate(rows)
        ),
        (
            "Gibbs energy at 298 K above the form drawn (`actinic tautomers`); maxima by the line of other "
            "scaffolds, calculated minus measured.",
        ),
    )


def _both(values: Sequence[float]) -> str:
    return " / ".join(f"{value:+.1f}" for value in values)


def transfer_table(which: str, rows: Sequence[TransferRow]) -> TextTable:
    """What moving weak charge-transfer states does."""
    return TextTable(
        f"Weak charge-transfer states moved up (eV) at {which}, scaffolds left out",
        (
            "by",
            "bands moved",
            f"MAE of {rows[0].n} maxima",
            "against none",
            "edges",
            "against none",
            "Brier score",
            "against none",
            "balanced accuracy",
        ),
        tuple(
            (
                f"{row.shift_ev:g}",
                str(row.n_moved),
                f"{row.maxima_ev:.3f}",
                paired_text(row.maxima) if i else "",
                f"{row.spectra.edge_ev:.3f}",
                paired_text(row.spectra.edges) if i else "",
                f"{row.spectra.brier:.3f}",
                paired_text(row.spectra.briers) if i else "",
                f"{row.spectra.balanced_accuracy:.3f}",
            )
            for i, row in enumerate(rows)
        ),
    )
