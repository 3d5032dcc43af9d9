"""Reference molecules as points: computed beside measured, and what measuring three of a set would do."""

from collections.abc import Sequence

import numpy as np

from actinic.analysis.absorption_points import AbsorptionPoint, Measured, absorption_point
from actinic.analysis.absorption_validation import errors_elsewhere
from actinic.analysis.calibration import AbsorptionCalibration
from actinic.analysis.local_calibration import LocalTrial, local_trial
from actinic.analysis.merging import conformer_weights
from actinic.analysis.state_rules import state_rules
from actinic.level import Level
from actinic.screening.absorption_references import (
    AbsorptionReference,
    absorption_standing,
    absorption_workflow,
)
from actinic.screening.lookup import Lookup
from actinic.validation_run import Spent

N_MEASURED = 3
"""Own measurements tried on the reference molecules."""


def absorption_points(
    references: Sequence[AbsorptionReference],
    lookup: Lookup,
    level: str | None = None,
    *,
    conformers: bool = False,
) -> tuple[list[AbsorptionPoint], dict[str, str]]:
    """Points of what is computed, and why the others have none.

    Args:
        references: The molecules.
        lookup: What is computed.
        level: Another level than that of the presets.
        conformers: From as many as in the presets, in place of one.
    """
    points: list[AbsorptionPoint] = []
    without: dict[str, str] = {}
    workflow = absorption_workflow("spectra", level)
    assert workflow.spectrum is not None
    level_used = Level.parse(workflow.spectrum.level)
    for reference in references:
        spent = Spent(lookup)
        stand = absorption_standing(reference, workflow, spent, conformers=conformers)
        if stand.state != "done" or not stand.known.spectra:
            without[reference.id] = stand.reason
            continue
        measured = Measured(
            id=reference.id,
            collection=reference.collection,
            band_max_ev=reference.band_max_ev,
            log10_absorptivity=reference.log10_absorptivity,
            band_edge_ev=reference.band_edge_ev,
            edge_is_bound=reference.edge_is_bound,
            relative=reference.relative,
            npi_max_ev=reference.npi_max_ev,
        )
        species = reference.candidate.species
        rules = state_rules(level_used, species)
        spectra = stand.known.spectra
        weights = conformer_weights(stand.known.absorber_conformers, len(spectra), 1)
        weighted = list(zip(weights, spectra, strict=True))
        point = absorption_point(measured, species, weighted, spent.cpu_s, rules)
        if point is None:
            without[reference.id] = "no band is computed"
        else:
            points.append(point)
    return points, without


def local_trials(
    points: Sequence[AbsorptionPoint], calibration: AbsorptionCalibration
) -> tuple[LocalTrial, ...]:
    """Sets and chromophore classes large enough to measure three of and judge on the rest."""
    errors = errors_elsewhere(points)
    labels = [point.measured.collection for point in points], [point.chromophore for point in points]
    return tuple(
        local_trial(
            name, errors[members], calibration.standard_error_ev, calibration.shared_share, N_MEASURED
        )
        for names in map(np.array, labels)
        for name in dict.fromkeys(names.tolist())
        if (members := names == name).sum() >= 2 * N_MEASURED
    )
