"""What the pre-screen guesses with, fitted to the full computations shipped with the package."""

from actinic.analysis.prescreen import EdgeLine, fitted_line
from actinic.chemistry.hueckel import hueckel_gap
from actinic.chemistry.species import Species
from actinic.screening.absorption_references import (
    absorption_references,
    absorption_standing,
    absorption_workflow,
)
from actinic.screening.prescreen import HUECKEL, orbital_gap_ev
from actinic.screening.shipped import Shipped
from actinic.units import ev_from_nm

FOLDER, EXPORT = "absorption", "absorption.jsonl.gz"


def fitted_lines() -> dict[str, EdgeLine]:
    """Lines by what gives the gap: `hueckel`, and the level of the shipped minima.

    Fitted to the reference molecules of absorption whose calculation is shipped, each once.
    """
    shipped = Shipped.of(FOLDER, EXPORT)
    found: dict[str, dict[Species, tuple[float, float]]] = {}
    for reference in absorption_references():
        workflow = absorption_workflow(reference.collection)
        where = absorption_standing(reference, workflow, shipped)
        edge = where.assessment.quantities.get("response_edge_nm")
        if edge is None or where.known.ensemble is None:
            continue
        species = reference.candidate.species
        gaps = {HUECKEL: hueckel_gap(species), workflow.ensemble.level: orbital_gap_ev(where.known.ensemble)}
        for name, gap in gaps.items():
            if gap is not None:
                found.setdefault(name, {}).setdefault(species, (gap, ev_from_nm(edge.value)))
    return {name: fitted_line(*zip(*points.values(), strict=True)) for name, points in found.items()}
