"""Measured barriers shipped with the package: first-order rates in the gas phase, melts and solutions."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from actinic.analysis.kinetics import RateLaw, gibbs_kcal_mol
from actinic.units import BOLTZMANN_KCAL_MOL_K


@dataclass(frozen=True, slots=True)
class MeasuredBarrier:
    """One reaction with its measured barrier.

    Attributes:
        id: Unique.
        family: Kind of reaction, as the table calls it.
        reactant_smiles: What reacts.
        product_smiles: What it becomes, as far as the table says; empty otherwise.
        reference_k: Temperature in the middle of the measurements.
        gibbs_kcal_mol: Gibbs energy of activation there.
        law: Rate at other temperatures; None where it was measured at one temperature.
        medium: Gas, solution, melt; empty where the source does not say.
        flag: Why to take care; empty for nothing.
        source: Where the value is from.
    """

    id: str
    family: str
    reactant_smiles: str
    product_smiles: str
    reference_k: float
    gibbs_kcal_mol: float
    law: RateLaw | None
    medium: str
    flag: str
    source: str


@cache
def measured_barriers() -> tuple[MeasuredBarrier, ...]:
    """All rows with a rate, those of labile groups first."""
    labile = [_labile(row) for row in _rows("labile_groups")]
    return (*(one for one in labile if one is not None), *(_gas_phase(row) for row in _rows("gas_phase")))


def _rows(table: str) -> list[dict[str, str]]:
    file = files("actinic").joinpath("reference", "barriers", f"{table}.csv")
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def _gas_phase(row: dict[str, str]) -> MeasuredBarrier:
    gibbs, reference_k = float(row["dG_act_Tref_kcalmol"]), float(row["Tref_K"])
    return MeasuredBarrier(
        id=f"{row['reactant_smiles']} -> {row['product_smiles']}",
        family=row["family"],
        reactant_smiles=row["reactant_smiles"],
        product_smiles=row["product_smiles"],
        reference_k=reference_k,
        gibbs_kcal_mol=gibbs,
        law=_with_slope(gibbs, float(row["Ea_median_kcalmol"]), reference_k),
        medium="gas",
        flag="",
        source="NIST Chemical Kinetics Database",
    )


def _labile(row: dict[str, str]) -> MeasuredBarrier | None:
    """None for a row without a rate at any temperature."""
    if not row["Tref_K"]:
        return None
    reference_k, law = float(row["Tref_K"]), None
    if row["log10A"] and row["Ea_kcalmol"]:
        law = RateLaw.arrhenius(float(row["log10A"]), float(row["Ea_kcalmol"]), reference_k)
    elif row["dH_act_kcalmol_reported"] and row["dS_act_calmolK_reported"]:
        enthalpy, entropy = float(row["dH_act_kcalmol_reported"]), float(row["dS_act_calmolK_reported"])
        law = RateLaw(enthalpy, entropy / 1000.0)
    if law is not None:
        gibbs = law.gibbs_kcal_mol(reference_k)
    elif row["k_s"]:
        reference_k = float(row["k_T_K"])
        gibbs = gibbs_kcal_mol(float(row["k_s"]), reference_k)
    else:
        return None
    return MeasuredBarrier(
        id=row["name"],
        family=row["reaction_class"],
        reactant_smiles=row["reactant_smiles"],
        product_smiles=row["product_smiles"],
        reference_k=reference_k,
        gibbs_kcal_mol=gibbs,
        law=law,
        medium=row["medium"],
        flag=row["flag"],
        source=row["source"],
    )


def _with_slope(gibbs: float, energy_kcal_mol: float, reference_k: float) -> RateLaw:
    """The law with this Gibbs energy and this Arrhenius energy at one temperature."""
    enthalpy = energy_kcal_mol - BOLTZMANN_KCAL_MOL_K * reference_k
    return RateLaw(enthalpy, (enthalpy - gibbs) / reference_k)
