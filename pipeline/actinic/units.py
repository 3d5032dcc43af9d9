"""The only conversion factors of the package: CODATA 2022 (doi:10.1103/RevModPhys.97.025002).

Exact values follow from the 2019 definitions of h, c, e, k and N_A.

>>> round(nm_from_ev(3.397), 0)
365.0
"""

BOHR_ANGSTROM = 0.529177210544
"""One bohr in angstrom."""

HARTREE_EV = 27.211386245981
"""One hartree in electronvolt."""

HARTREE_KCAL_MOL = 627.5094740
"""One hartree per molecule in kcal/mol (thermochemical calorie, 4.184 J)."""

EV_NM = 1239.841984332
"""Photon energy (eV) times wavelength (nm): h c / e, exact."""

DEBYE_PER_AU = 2.541746473
"""One atomic unit of electric dipole moment (e a0) in debye."""

AVOGADRO_PER_MOL = 6.02214076e23
"""Avogadro constant, exact."""

ELECTRONVOLT_J = 1.602176634e-19
"""One electronvolt in joule, exact."""

BOLTZMANN_KCAL_MOL_K = 1.987204259e-3
"""Molar gas constant in kcal/(mol K), exact."""


def nm_from_ev(energy_ev: float) -> float:
    """Wavelength in nm of a photon of `energy_ev`; raises ZeroDivisionError at 0 eV."""
    return EV_NM / energy_ev


def ev_from_nm(wavelength_nm: float) -> float:
    """Energy in eV of a photon of `wavelength_nm`; raises ZeroDivisionError at 0 nm."""
    return EV_NM / wavelength_nm


INVERSE_CM_PER_EV = 8065.543937
"""Wavenumber in cm-1 of a photon of 1 eV, exact."""

ABSORPTIVITY_AREA_L_MOL_CM2 = 2.31535121e8
"""Area under a band of oscillator strength 1, molar absorptivity (L mol-1 cm-1) over wavenumber (cm-1).

N_A e^2 / (4 ln(10) epsilon_0 m_e c^2) in these units, SI, refractive index 1; its inverse is the 4.319e-9
of textbooks (Turro, Modern Molecular Photochemistry of Organic Molecules, section 4.15).
"""
